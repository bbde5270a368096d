"""Handing over to a person: who asked, who has it, what officers write among themselves, what waits for their yes."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, Literal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, Text, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, BigId, Created

Kind = Literal["requested", "failures", "anger", "emergency", "topic", "stepped_in", "survey", "complaint"]
KINDS: tuple[Kind, ...] = (
    "requested",
    "failures",
    "anger",
    "emergency",
    "topic",
    "stepped_in",
    "survey",
    "complaint",
)
Outcome = Literal["given_back", "closed", "back_to_bot"]
OUTCOMES: tuple[Outcome, ...] = ("given_back", "closed", "back_to_bot")
"""By the officer (the bot goes on), by the officer (solved), by the applicant ("Kembali ke Pandu")."""
ACTS = ("approve", "hand_over")
DECISIONS = ("approved", "edited", "rejected", "expired")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(value) for value in values)})"


def _conversation() -> Mapped[int]:
    return mapped_column(BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"))


def _officer(*, key: bool = False) -> Mapped[int]:
    return mapped_column(BigInteger, ForeignKey("officers.id", ondelete="CASCADE"), primary_key=key)


class Handoff(Base):
    """One request for a person, from the first word to the end. A conversation has at most one that is open.

    Open and without `officer_id` it waits in the queue (conversations.owner "queue"), of `team_id` where that is set.
    `queued_at`: since when it waits, or waited last. `claimed_at`: the first claim; `owned_at`: the present officer's.
    After `lease_until` it returns to the queue; `warned_at` is when its officer was told so. `read_up_to`: newest
    incoming message that its officer has seen. `asked_at`: since when the applicant waits for a person's word, None
    when nothing waits; `due_at`: until when it is to come (triage/targets.py). Put off until `snoozed_until`. `untold`:
    the applicant does not know yet that this officer has it, and reads it before the first reply.
    """

    __tablename__ = "handoffs"
    __table_args__ = (
        CheckConstraint(_one_of("kind", KINDS), name="kind"),
        CheckConstraint(_one_of("outcome", OUTCOMES), name="outcome"),
        CheckConstraint("(closed_at is null) = (outcome is null)", name="closed_has_outcome"),
        Index("ix_handoffs_conversation", "conversation_id"),
        Index("uq_handoffs_open", "conversation_id", unique=True, postgresql_where=sql("closed_at is null")),
        Index("ix_handoffs_lease", "lease_until", postgresql_where=sql("closed_at is null")),
        Index("ix_handoffs_claimed", "claimed_at", postgresql_where=sql("claimed_at is not null")),
        Index("ix_handoffs_closed", "closed_at", postgresql_where=sql("closed_at is not null")),
    )

    id: Mapped[BigId]
    conversation_id: Mapped[int] = _conversation()
    kind: Mapped[str] = mapped_column(Text, server_default="requested")
    reason: Mapped[str] = mapped_column(Text)
    office: Mapped[str] = mapped_column(Text, server_default="")
    service: Mapped[str] = mapped_column(Text, server_default="")
    team_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("teams.id", ondelete="SET NULL"))
    officer_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("officers.id", ondelete="SET NULL"))
    created_at: Mapped[Created]
    queued_at: Mapped[Created]
    asked_at: Mapped[datetime | None] = mapped_column(server_default=func.now())
    due_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    owned_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    first_reply_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(Text)
    read_up_to: Mapped[int] = mapped_column(BigInteger, server_default="0")
    untold: Mapped[bool] = mapped_column(server_default="false")


class Note(Base):
    """What officers read in a transcript and applicants do not: a colleague's note, or what happened ("event")."""

    __tablename__ = "conversation_notes"
    __table_args__ = (
        CheckConstraint("kind in ('note', 'event')", name="kind"),
        Index("ix_conversation_notes_conversation", "conversation_id", "id"),
    )

    id: Mapped[BigId]
    conversation_id: Mapped[int] = _conversation()
    officer_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("officers.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(Text, server_default="note")
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Created]


class Mention(Base):
    """An officer named in a note ("@rina")."""

    __tablename__ = "note_mentions"
    __table_args__ = (Index("ix_note_mentions_unseen", "officer_id", postgresql_where=sql("seen_at is null")),)

    note_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("conversation_notes.id", ondelete="CASCADE"), primary_key=True
    )
    officer_id: Mapped[int] = _officer(key=True)
    seen_at: Mapped[datetime | None]


class Draft(Base):
    """A reply that an officer is writing; survives a reload."""

    __tablename__ = "reply_drafts"

    officer_id: Mapped[int] = _officer(key=True)
    conversation_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    text: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Viewer(Base):
    """An officer who has a conversation open. Counts only while `seen_at` is fresh (presence.FRESH)."""

    __tablename__ = "conversation_viewers"

    conversation_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    officer_id: Mapped[int] = _officer(key=True)
    seen_at: Mapped[datetime]
    typing_at: Mapped[datetime | None]


class CallBack(Base):
    """A question left outside office hours, with the time in which an answer is wanted."""

    __tablename__ = "call_backs"
    __table_args__ = (
        Index("uq_call_backs_open", "conversation_id", unique=True, postgresql_where=sql("done_at is null")),
        Index("ix_call_backs_due", "wanted_from", postgresql_where=sql("done_at is null")),
    )

    id: Mapped[BigId]
    conversation_id: Mapped[int] = _conversation()
    office: Mapped[str] = mapped_column(Text, server_default="")
    question: Mapped[str] = mapped_column(Text, server_default="")
    wanted_from: Mapped[datetime]
    wanted_until: Mapped[datetime]
    created_at: Mapped[Created]
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("officers.id", ondelete="SET NULL"))


class OfficeHours(Base):
    """When officers of an office answer, in its local time. `office` "" holds for offices without hours of their own.

    `weekday`: 0 is Monday. A day with a break has two rows.
    """

    __tablename__ = "office_hours"
    __table_args__ = (
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        CheckConstraint("opens < closes", name="order"),
    )

    office: Mapped[str] = mapped_column(Text, primary_key=True)
    weekday: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    opens: Mapped[time] = mapped_column(primary_key=True)
    closes: Mapped[time]


class SpecialHours(Base):
    """Hours of an office for a span of dates, such as Ramadan: they replace those of the week from `first_day` to
    `last_day`. `week`: {"0": [["08:00", "14:00"]]}, 0 is Monday; a weekday without times is closed.
    """

    __tablename__ = "office_special_hours"
    __table_args__ = (CheckConstraint("first_day <= last_day", name="order"),)

    id: Mapped[BigId]
    office: Mapped[str] = mapped_column(Text, index=True)
    name: Mapped[str] = mapped_column(Text)
    first_day: Mapped[date]
    last_day: Mapped[date]
    week: Mapped[dict[str, Any]]


class CannedReply(Base):
    """A reply kept for use again. `source` is shown to the officer; `office` and `service`: "" for all."""

    __tablename__ = "canned_replies"

    id: Mapped[BigId]
    title: Mapped[str] = mapped_column(Text, unique=True)
    text: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text, server_default="")
    office: Mapped[str] = mapped_column(Text, server_default="")
    service: Mapped[str] = mapped_column(Text, server_default="")
    created_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("officers.id", ondelete="SET NULL"))
    created_at: Mapped[Created]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Rule(Base):
    """What the bot does not say alone. `act`: "approve" (an officer looks first) or "hand_over" (a person answers).

    Holds for `topic` (an intent or a family of bot/dialogue/intents.py; "" for any) and, where `below` is set, only
    for understanding less sure than it (0 to 1); where `office` or `service` is set, only for answers of theirs; until
    `ends_at`, where that is set.
    """

    __tablename__ = "handoff_rules"
    __table_args__ = (
        CheckConstraint(_one_of("act", ACTS), name="act"),
        CheckConstraint("topic <> '' or below is not null or office <> '' or service <> ''", name="says_something"),
        CheckConstraint("below > 0 and below <= 1", name="below"),
    )

    id: Mapped[BigId]
    act: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(Text, server_default="")
    below: Mapped[float | None]
    office: Mapped[str] = mapped_column(Text, server_default="")
    service: Mapped[str] = mapped_column(Text, server_default="")
    ends_at: Mapped[datetime | None]
    created_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("officers.id", ondelete="SET NULL"))
    created_at: Mapped[Created]
    ended_at: Mapped[datetime | None]


class HeldAnswer(Base):
    """The bot's answer to one message, waiting for an officer. Its bubbles are outgoing messages of status "held"."""

    __tablename__ = "held_answers"
    __table_args__ = (
        CheckConstraint(_one_of("decision", DECISIONS), name="decision"),
        Index("ix_held_answers_waiting", "expires_at", postgresql_where=sql("decision is null")),
        Index("ix_held_answers_conversation", "conversation_id"),
    )

    id: Mapped[BigId]
    conversation_id: Mapped[int] = _conversation()
    incoming_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("incoming_messages.id", ondelete="CASCADE"), unique=True
    )
    rule_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("handoff_rules.id", ondelete="SET NULL"))
    created_at: Mapped[Created]
    expires_at: Mapped[datetime]
    decision: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    officer_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("officers.id", ondelete="SET NULL"))
