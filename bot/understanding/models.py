"""Messages that were not understood."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, BigId

REASONS = ("asked_back", "out_of_scope", "corrected")


class UnknownMessage(Base):
    """What an applicant wrote, masked. It goes when the message it was taken from goes.

    `person` is a keyed hash of the conversation, only good for counting people. `understood` is what the engine made of
    it. `chosen` is the intent that the applicant then chose ("button") or said in other words ("rephrased"). `vector`
    is the meaning as half-precision floats; null until the engine was asked. `label` is the intent that a person gave,
    or "-" for nothing to learn.
    """

    __tablename__ = "unknown_messages"
    __table_args__ = (
        CheckConstraint(f"reason in ({', '.join(map(repr, REASONS))})", name="reason"),
        Index("ix_unknown_messages_open", "id", postgresql_where=sql("label is null")),
    )

    id: Mapped[BigId]
    message_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("incoming_messages.id", ondelete="CASCADE"), unique=True
    )
    person: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    understood: Mapped[dict[str, Any]]
    chosen: Mapped[str | None] = mapped_column(Text)
    chosen_by: Mapped[str | None] = mapped_column(Text)  # button, rephrased
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
    label: Mapped[str | None] = mapped_column(Text)
    labelled_at: Mapped[datetime | None]
    written_at: Mapped[datetime]
