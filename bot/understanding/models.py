"""Messages that were not understood."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, BigId, Created

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


class Measurement(Base):
    """What the labelled messages would bring: the model in use and one trained with them, on the same messages.

    `result` holds two sets, "held" (labelled messages that the candidate was not trained with) and "own" (the test set
    of the repository), each with the figures of both models.
    """

    __tablename__ = "understanding_measurements"

    id: Mapped[BigId]
    asked_at: Mapped[Created]
    asked_by: Mapped[str] = mapped_column(Text)
    labelled: Mapped[int]
    finished_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, server_default="")
    result: Mapped[dict[str, Any] | None]
