"""Notices shown, requests for a copy or for erasing, and what may not be erased for now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, BigId, Created

SUBJECTS = ("conversation", "application", "complaint")
KINDS = ("export", "erase")
STATUSES = ("asked", "confirmed", "done", "held")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(map(repr, values))})"


class NoticeShown(Base):
    """Which version of the notice about data a conversation has read, and with the answer to which message."""

    __tablename__ = "privacy_notices"
    __table_args__ = (UniqueConstraint("conversation_id", "version"),)

    id: Mapped[BigId]
    conversation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"))
    version: Mapped[int]
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    shown_at: Mapped[Created]


class PrivacyRequest(Base):
    """A request for a copy or for erasing. It outlives the conversation and holds nothing of it but its number.

    asked → confirmed → done; held: a legal hold forbade it. `expires_at`: until when the copy's link, or the question
    "are you sure", is good. `token_hash` belongs to the link; `uses` counts downloads. `detail`: counts.
    """

    __tablename__ = "privacy_requests"
    __table_args__ = (
        CheckConstraint(_one_of("kind", KINDS), name="kind"),
        CheckConstraint(_one_of("status", STATUSES), name="status"),
        Index("ix_privacy_requests_conversation", "conversation_id", "id"),
    )

    id: Mapped[BigId]
    conversation_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default="asked")
    asked_by: Mapped[str] = mapped_column(Text)  # as in the audit log
    asked_at: Mapped[Created]
    expires_at: Mapped[datetime]
    token_hash: Mapped[str | None] = mapped_column(Text, unique=True)
    uses: Mapped[int] = mapped_column(server_default="0")
    done_at: Mapped[datetime | None]
    detail: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'"))


class LegalHold(Base):
    """What may not be erased as long as `released_at` is null. A hold covers what belongs to its subject, too:

    that of a report or an application covers the conversations it belongs to (view `held_conversations`).
    """

    __tablename__ = "legal_holds"
    __table_args__ = (
        CheckConstraint(_one_of("subject", SUBJECTS), name="subject"),
        CheckConstraint("reason <> ''", name="reason"),
        Index(
            "uq_legal_holds_active", "subject", "subject_id", unique=True, postgresql_where=sql("released_at is null")
        ),
    )

    id: Mapped[BigId]
    subject: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(Text)
    made_at: Mapped[Created]
    released_by: Mapped[str] = mapped_column(Text, server_default="")
    released_at: Mapped[datetime | None]
