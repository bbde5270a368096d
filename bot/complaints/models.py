"""Reports that people make, from the first word to the last answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, BigId, Created
from bot.storage.encrypted import Encrypted, EncryptedJson

DRAFTS = ("drafting", "paused")
OPEN = ("ready", "handed", "queued", "sending", "received", "submitted", "answered", "reopened")
STATUSES = (*DRAFTS, *OPEN, "closed")
OF_CONVERSATION = "select from complaints where conversation_id = :id"
"""The reports of a conversation, to be asked for with `exists`."""


class Complaint(Base):
    """One report. `answers` holds what was said to each question (see `bot.complaints.facts`).

    drafting ⇄ paused → ready (the text was agreed to) → handed (the citizen sends it) | queued (an officer does) |
    sending → received (a connector does) → submitted (a tracking id is known) → answered (by the office) → closed
    ⇄ reopened.
    `title` and `body` are the text that was agreed to; nothing else is ever sent. `moved_by` is the incoming message
    that changed the row last, so that a message handled twice moves once. `reminded` notes which news were given.
    """

    __tablename__ = "complaints"
    __table_args__ = (
        CheckConstraint(f"status in ({', '.join(repr(one) for one in STATUSES)})", name="status"),
        CheckConstraint(
            "status in ('drafting', 'paused') or (title <> '' and body <> '' and confirmed_at is not null)",
            name="agreed",
        ),
        CheckConstraint(r"tracking_id is null or tracking_id ~ '^[0-9]{5,10}$'", name="tracking_id"),
        Index("uq_complaints_drafting", "conversation_id", unique=True, postgresql_where=sql("status = 'drafting'")),
        Index("ix_complaints_conversation", "conversation_id", "id"),
        Index("ix_complaints_status", "status"),
    )

    id: Mapped[BigId]
    conversation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"))
    status: Mapped[str] = mapped_column(Text, server_default="drafting")
    step: Mapped[str] = mapped_column(Text)
    answers: Mapped[dict[str, Any]] = mapped_column(EncryptedJson, server_default=sql("'{}'"))
    moved_by: Mapped[int | None] = mapped_column(BigInteger)
    title: Mapped[str] = mapped_column(Encrypted, server_default="")
    body: Mapped[str] = mapped_column(Encrypted, server_default="")
    route: Mapped[str] = mapped_column(Text, server_default="")  # id of the cause in complaint_routes.yaml
    recipient: Mapped[str] = mapped_column(Text, server_default="")  # id of the body
    office: Mapped[str] = mapped_column(Text, server_default="")  # id of the office, where it is one of ours
    service: Mapped[str] = mapped_column(Text, server_default="")
    stage: Mapped[str] = mapped_column(Text, server_default="")  # of the application, where the register knows it
    tracking_id: Mapped[str | None] = mapped_column(Text)
    submitted_by: Mapped[str] = mapped_column(Text, server_default="")  # citizen, officer, connector
    created_at: Mapped[Created]
    updated_at: Mapped[Created]
    confirmed_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    answered_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    reminded: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'"))
    hides: Mapped[bool] = mapped_column(server_default=sql("false"))  # chosen as Anonim or Rahasia (hiding.py)


class ComplaintPart(Base):
    """What the person told in one message, in their own words."""

    __tablename__ = "complaint_parts"
    __table_args__ = (UniqueConstraint("complaint_id", "message_id"),)

    id: Mapped[BigId]
    complaint_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("complaints.id", ondelete="CASCADE"))
    message_id: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str] = mapped_column(Encrypted)


class ComplaintFile(Base):
    """A file for the report: an incoming message's attachment, and after `prepare` its small copy.

    `path` is relative to the files folder and empty until the copy is made; `error` says why there is none.
    """

    __tablename__ = "complaint_files"
    __table_args__ = (UniqueConstraint("complaint_id", "message_id"),)

    id: Mapped[BigId]
    complaint_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("complaints.id", ondelete="CASCADE"))
    message_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("incoming_messages.id", ondelete="CASCADE"), index=True
    )
    filename: Mapped[str] = mapped_column(Text, server_default="")
    media_type: Mapped[str] = mapped_column(Text, server_default="")
    size: Mapped[int | None] = mapped_column(BigInteger)
    path: Mapped[str] = mapped_column(Text, server_default="")
    error: Mapped[str] = mapped_column(Text, server_default="")


class ComplaintEvent(Base):
    """What happened to a report after it was agreed to. `text` is the office's answer as the person reported it."""

    __tablename__ = "complaint_events"
    __table_args__ = (Index("ix_complaint_events_complaint", "complaint_id", "id"),)

    id: Mapped[BigId]
    complaint_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("complaints.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)  # citizen, officer, pandu
    text: Mapped[str] = mapped_column(Encrypted, server_default="")
    created_at: Mapped[Created]


class ComplaintDelivery(Base):
    """One report on its way through a connector. `key` makes repeated sending harmless on the other side."""

    __tablename__ = "complaint_deliveries"
    __table_args__ = (
        CheckConstraint("status in ('pending', 'sent', 'dead')", name="status"),
        Index("ix_complaint_deliveries_due", "next_at", postgresql_where=sql("status = 'pending'")),
    )

    id: Mapped[BigId]
    complaint_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("complaints.id", ondelete="CASCADE"), unique=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    status: Mapped[str] = mapped_column(Text, server_default="pending")
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_at: Mapped[Created]
    receipt: Mapped[str] = mapped_column(Text, server_default="")
    error: Mapped[str] = mapped_column(Text, server_default="")
    created_at: Mapped[Created]
