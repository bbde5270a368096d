"""Requests for a person."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, BigId, Created


class Handoff(Base):
    """One request. It waits as long as the conversation's owner is "queue"."""

    __tablename__ = "handoffs"
    __table_args__ = (Index("ix_handoffs_conversation", "conversation_id"),)

    id: Mapped[BigId]
    conversation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Created]
