"""The place of every applicant in every guide."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, BigId

RUNNING = "select from guide_progress where conversation_id = :id and status = 'active'"
"""The guide that a conversation is in, to be asked for with `exists`."""


class GuideProgress(Base):
    """One guide of one conversation; at most one is active.

    `step` is the document's number of the step on screen, 0 while preparing. `moved_by` is the incoming message that
    changed the row last, so that a message handled twice moves once.
    """

    __tablename__ = "guide_progress"
    __table_args__ = (
        UniqueConstraint("conversation_id", "service", "procedure"),
        CheckConstraint("status in ('active', 'paused', 'done', 'stopped')", name="status"),
        CheckConstraint("step >= 0", name="step"),
        Index("uq_guide_progress_active", "conversation_id", unique=True, postgresql_where=text("status = 'active'")),
    )

    id: Mapped[BigId]
    conversation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"))
    service: Mapped[str] = mapped_column(Text)
    procedure: Mapped[str] = mapped_column(Text)
    step: Mapped[int] = mapped_column(server_default="0")
    answers: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    status: Mapped[str] = mapped_column(Text, server_default="active")
    moved_by: Mapped[int | None] = mapped_column(BigInteger)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.clock_timestamp())
