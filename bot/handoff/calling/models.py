"""Calls to officers that went out, and the groups that offices named for emergencies."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base

STEPS = ("new", "answered", "called", "repeated", "supervisor", "group")
"""Somebody waits; the own applicant answered; and of an emergency: those on duty, again, the supervisor, the group."""


class HandoffCall(Base):
    """The last call of one step of a handoff. `mark` is what it was about, and only grows: when the wait began (in
    milliseconds), or the message that was answered with. So each step is done once, whoever looks."""

    __tablename__ = "handoff_calls"
    __table_args__ = (CheckConstraint(f"step in ({', '.join(repr(one) for one in STEPS)})", name="step"),)

    handoff_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("handoffs.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[str] = mapped_column(Text, primary_key=True)
    mark: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]


class OfficeGroup(Base):
    """An office's own group on a channel, called when nobody takes an emergency; named by a code that was said there.

    Before that only the code's hash is here. `problem`: why the last call did not arrive, for officers.
    """

    __tablename__ = "office_groups"

    office: Mapped[str] = mapped_column(Text, primary_key=True)
    code_hash: Mapped[str | None] = mapped_column(Text, unique=True)
    code_until: Mapped[datetime | None]
    channel: Mapped[str] = mapped_column(Text, server_default="")
    address: Mapped[str] = mapped_column(Text, server_default="")
    joined_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(Text, server_default="")
