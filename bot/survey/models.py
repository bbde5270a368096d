"""Invitations to the survey, its answers, and "did this answer help?".

A row outlives the conversation it came from, without it: what is left are figures of nobody.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, BigId, Created

OCCASIONS = ("handoff", "licence")
STATUSES = ("waiting", "lapsed", "invited", "answering", "stopped", "done")
INVITED = ("invited", "answering", "stopped", "done")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(map(repr, values))})"


class Survey(Base):
    """One occasion to ask, and what became of it.

    waiting → invited → answering ⇄ stopped → done; or lapsed, with the reason in `lapse`, when nobody could be asked.
    `occasion_id` is the handoff's or the application's id: nobody is asked twice about the same thing.
    """

    __tablename__ = "surveys"
    __table_args__ = (
        UniqueConstraint("occasion", "occasion_id"),
        CheckConstraint(_one_of("occasion", OCCASIONS), name="occasion"),
        CheckConstraint(_one_of("status", STATUSES), name="status"),
        Index("ix_surveys_waiting", "id", postgresql_where=sql("status = 'waiting'")),
        Index("ix_surveys_conversation", "conversation_id", "invited_at"),
        Index("ix_surveys_invited_at", "invited_at"),
    )

    id: Mapped[BigId]
    conversation_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("conversations.id", ondelete="SET NULL"))
    occasion: Mapped[str] = mapped_column(Text)
    occasion_id: Mapped[int] = mapped_column(BigInteger)
    office: Mapped[str] = mapped_column(Text, server_default="")
    service: Mapped[str] = mapped_column(Text, server_default="")
    status: Mapped[str] = mapped_column(Text, server_default="waiting")
    lapse: Mapped[str] = mapped_column(Text, server_default="")
    created_at: Mapped[Created]
    invited_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]


class SurveyAnswer(Base):
    """The score of one element, 1 to 4; null when the person skipped it."""

    __tablename__ = "survey_answers"
    __table_args__ = (CheckConstraint("score between 1 and 4", name="score"),)

    survey_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("surveys.id", ondelete="CASCADE"), primary_key=True)
    element: Mapped[str] = mapped_column(Text, primary_key=True)
    score: Mapped[int | None] = mapped_column(SmallInteger)


class AnswerCheck(Base):
    """ "Apakah jawaban ini membantu?" under one answer of the bot; `helpful` is null until the person says."""

    __tablename__ = "answer_checks"
    __table_args__ = (
        Index("ix_answer_checks_conversation", "conversation_id", "asked_at"),
        Index("ix_answer_checks_asked_at", "asked_at"),
    )

    id: Mapped[BigId]
    conversation_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("conversations.id", ondelete="SET NULL"))
    topic: Mapped[str] = mapped_column(Text)
    service: Mapped[str] = mapped_column(Text, server_default="")
    asked_at: Mapped[Created]
    helpful: Mapped[bool | None]
