"""Half-done drafts, kept until they are published or thrown away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, BigId, Created


class Worked:
    """What officers work on. `version` grows with every change, so that two people cannot overwrite each other.

    `office` None: it concerns all offices, or one that is not there yet.
    """

    id: Mapped[BigId]
    at: Mapped[Created]
    changed_at: Mapped[Created]
    changed_by: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(server_default=text("1"))
    office: Mapped[str | None] = mapped_column(Text)


class StandardDraftRow(Worked, Base):
    """A draft of a service.

    `source` is the text it was read from, `content` the work so far (`bot/standards/work.py`).
    """

    __tablename__ = "standard_drafts"

    title: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]]
    publication_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("publications.id"))
    trial: Mapped[dict[str, Any] | None]
    """What the last trial showed: {"version", "asked", "changed", "broken"}; of an older version it says nothing."""


class TrialQuestion(Base):
    """A question to try drafts with. `office` "" for all; `holds`: words that the answer must hold."""

    __tablename__ = "trial_questions"
    __table_args__ = (UniqueConstraint("office", "text"),)

    id: Mapped[BigId]
    at: Mapped[Created]
    by: Mapped[str] = mapped_column(Text)
    office: Mapped[str] = mapped_column(Text, server_default="")
    text: Mapped[str] = mapped_column(Text)
    holds: Mapped[str] = mapped_column(Text, server_default="")


class Proposal(Worked, Base):
    """A change of one fact, or a new question entry, that a supervisor publishes or declines.

    `kind` "fact" or "question"; `content` is what `bot/standards/mending.py` makes entries of, when it is published:
    always from what is in force then. `office` None: it concerns all offices.
    """

    __tablename__ = "knowledge_proposals"
    __table_args__ = (CheckConstraint("kind in ('fact', 'question')", name="kind"),)

    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]]
    conversation_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("conversations.id", ondelete="SET NULL"), index=True
    )
    publication_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("publications.id"))
    declined_at: Mapped[datetime | None]
