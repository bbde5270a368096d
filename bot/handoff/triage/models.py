"""Tables of triage: an office's rules, labels, saved views, and which services an officer knows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, BigId, Created

COLORS = ("terakota", "hijau", "biru", "ungu", "kuning", "abu")


class DeskRule(Base):
    """How an office works. `reply_minutes`: within so many minutes of office hours an applicant is answered (None: no
    target); `assigns`: who waits is given to those present. `office` "" holds for offices without a rule of their own.
    """

    __tablename__ = "desk_rules"
    __table_args__ = (CheckConstraint("reply_minutes between 1 and 10000", name="minutes"),)

    office: Mapped[str] = mapped_column(Text, primary_key=True)
    reply_minutes: Mapped[int | None]
    assigns: Mapped[bool] = mapped_column(server_default=sql("false"))


class Label(Base):
    """A word that officers put on conversations. `office` "": for all offices."""

    __tablename__ = "labels"
    __table_args__ = (Index("uq_labels_office_name", "office", sql("lower(name)"), unique=True),)

    id: Mapped[BigId]
    office: Mapped[str] = mapped_column(Text, server_default="")
    name: Mapped[str] = mapped_column(Text)
    color: Mapped[str] = mapped_column(Text)
    created_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("officers.id", ondelete="SET NULL"))
    created_at: Mapped[Created]


class ConversationLabel(Base):
    __tablename__ = "conversation_labels"
    __table_args__ = (Index("ix_conversation_labels_label", "label_id"),)

    conversation_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    label_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("labels.id", ondelete="CASCADE"), primary_key=True)
    set_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("officers.id", ondelete="SET NULL"))
    created_at: Mapped[Created]


class SavedView(Base):
    """A filter and an order under a name: an officer's own, or (`officer_id` None) an office's ("" for all offices).

    `wanted`: the list's address as data, such as `{"view": "waiting", "label": "3", "sort": "due"}`.
    """

    __tablename__ = "saved_views"
    __table_args__ = (Index("ix_saved_views_officer", "officer_id"),)

    id: Mapped[BigId]
    officer_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("officers.id", ondelete="CASCADE"))
    office: Mapped[str] = mapped_column(Text, server_default="")
    name: Mapped[str] = mapped_column(Text)
    wanted: Mapped[dict[str, Any]]
    created_at: Mapped[Created]


class OfficerSkill(Base):
    """A service that an officer knows, an id of knowledge/services."""

    __tablename__ = "officer_skills"

    officer_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("officers.id", ondelete="CASCADE"), primary_key=True)
    service: Mapped[str] = mapped_column(Text, primary_key=True)
