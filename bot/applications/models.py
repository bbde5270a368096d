"""The register of applications. Events are only ever added (a trigger of the database sees to it)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Table, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, BigId, Created
from bot.storage.encrypted import INDEX, Encrypted, hash_of

TURNS = ("applicant", "office", "system", "nobody")
EVENT_KINDS = ("received", "stage", "correction", "import", "note")
CONTACT_KINDS = ("phone", "email")
HABIT_KINDS = ("column", "service")
NEWS_KINDS = ("stage", "reminder-3", "reminder-7")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(value) for value in values)})"


def table_of(model: type[Base]) -> Table:
    """For bulk inserts: those of the ORM go row by row."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


class Application(Base):
    """One application. `reference` is the office's own number; `stage` and what follows from it mirror the events.

    `version` grows with every change, so that two officers cannot change the same state. `due_on` is the last day of
    the promise while its time runs; None otherwise.
    """

    __tablename__ = "applications"
    __table_args__ = (
        UniqueConstraint("office", "reference"),
        CheckConstraint(_one_of("turn", TURNS), name="turn"),
        Index("ix_applications_due", "due_on", postgresql_where=sql("due_on is not null")),
        Index("ix_applications_applicants_turn", "stage_since", postgresql_where=sql("turn = 'applicant'")),
    )

    id: Mapped[BigId]
    number: Mapped[str] = mapped_column(Text, unique=True)
    office: Mapped[str] = mapped_column(Text)
    service: Mapped[str] = mapped_column(Text)
    procedure: Mapped[str] = mapped_column(Text)
    reference: Mapped[str | None] = mapped_column(Text)
    applicant: Mapped[str] = mapped_column(Text, server_default="")
    business: Mapped[str] = mapped_column(Text, server_default="")
    received_on: Mapped[date]
    stage: Mapped[str] = mapped_column(Text)
    stage_since: Mapped[datetime]
    turn: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[Created]


class ApplicationContact(Base):
    """How the office reaches the applicant, checked by the office. `value`: E.164 ("+628…") or an e-mail address."""

    __tablename__ = "application_contacts"
    __table_args__ = (
        UniqueConstraint("application_id", "kind", "value_hash"),
        CheckConstraint(_one_of("kind", CONTACT_KINDS), name="kind"),
        Index("ix_application_contacts_value_hash", "value_hash"),
    )

    id: Mapped[BigId]
    application_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("applications.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Encrypted, info={INDEX: "value_hash"})
    value_hash: Mapped[str | None] = mapped_column(Text, default=hash_of("value"))  # looked for by hashes_of()
    verified_by: Mapped[str] = mapped_column(Text)
    verified_at: Mapped[Created]


class ApplicationEvent(Base):
    """What happened, when (`happened_at`) and who wrote it down. `reason` is read by the applicant."""

    __tablename__ = "application_events"
    __table_args__ = (
        CheckConstraint(_one_of("kind", EVENT_KINDS), name="kind"),
        CheckConstraint("kind <> 'correction' or reason <> ''", name="correction_has_reason"),
        Index("ix_application_events_application", "application_id", "id"),
    )

    id: Mapped[BigId]
    application_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("applications.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Text)
    stage: Mapped[str] = mapped_column(Text)
    before: Mapped[str | None] = mapped_column(Text)  # the stage before
    reason: Mapped[str] = mapped_column(Text, server_default="")
    actor: Mapped[str] = mapped_column(Text)
    happened_at: Mapped[datetime]
    recorded_at: Mapped[Created]


class ApplicationLink(Base):
    """A conversation that proved to be the owner's: `how` is "code" (claim code) or "channel" (another chat of hers).

    A chat whose telephone number is a verified contact needs no link.
    """

    __tablename__ = "application_links"
    __table_args__ = (
        UniqueConstraint("application_id", "conversation_id"),
        Index("ix_application_links_conversation", "conversation_id"),
    )

    id: Mapped[BigId]
    application_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("applications.id", ondelete="CASCADE"))
    conversation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"))
    how: Mapped[str] = mapped_column(Text)
    linked_at: Mapped[Created]


class ClaimCode(Base):
    """Proof of ownership, used once. Only its hash is kept. It opens one application, or all of one conversation."""

    __tablename__ = "claim_codes"
    __table_args__ = (
        CheckConstraint("num_nonnulls(application_id, from_conversation) = 1", name="opens_one_thing"),
        Index("ix_claim_codes_application", "application_id"),
        Index("ix_claim_codes_from_conversation", "from_conversation"),
        Index("ix_claim_codes_used_by", "used_by"),
    )

    id: Mapped[BigId]
    hash: Mapped[str] = mapped_column(Text, unique=True)
    application_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("applications.id", ondelete="CASCADE"))
    from_conversation: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("conversations.id", ondelete="CASCADE")
    )
    made_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Created]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("conversations.id", ondelete="SET NULL"))


class ApplicationLook(Base):
    """The audit log: who looked, at what, and what came of it. `actor`: "conversation", "officer", "api:NAME"."""

    __tablename__ = "application_looks"
    __table_args__ = (
        Index("ix_application_looks_conversation", "conversation_id", "at"),
        Index("ix_application_looks_application", "application_id", "at"),
    )

    id: Mapped[BigId]
    at: Mapped[Created]
    actor: Mapped[str] = mapped_column(Text)
    conversation_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("conversations.id", ondelete="SET NULL"))
    application_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("applications.id", ondelete="CASCADE"))
    outcome: Mapped[str] = mapped_column(Text)  # shown, listed, linked, refused, paused


class ApplicationNews(Base):
    """One piece of news for one conversation. `outgoing_id` is its message once it has been handed to the outbox."""

    __tablename__ = "application_news"
    __table_args__ = (
        UniqueConstraint("event_id", "conversation_id", "kind"),
        CheckConstraint(_one_of("kind", NEWS_KINDS), name="kind"),
        Index("ix_application_news_waiting", "id", postgresql_where=sql("posted_at is null")),
        Index("ix_application_news_application", "application_id"),
        Index("ix_application_news_conversation", "conversation_id"),
        Index("ix_application_news_outgoing", "outgoing_id"),
    )

    id: Mapped[BigId]
    application_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("applications.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("application_events.id", ondelete="CASCADE"))
    conversation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Created]
    posted_at: Mapped[datetime | None]
    outgoing_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("outgoing_messages.id", ondelete="SET NULL"))
    skipped: Mapped[str] = mapped_column(Text, server_default="")  # why it was not sent: muted, overtaken


class NewsMute(Base):
    """A conversation that said "berhenti notifikasi"."""

    __tablename__ = "application_news_mutes"

    conversation_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    muted_at: Mapped[Created]


class ApplicationWarning(Base):
    """For officers: a promise that is about to break (`near`) or is broken. One row each, kept."""

    __tablename__ = "application_warnings"
    __table_args__ = (UniqueConstraint("application_id", "kind", "due_on"),)

    id: Mapped[BigId]
    application_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("applications.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    created_at: Mapped[Created]


class ApplicationImport(Base):
    """A list that an officer has uploaded and looks through before it is written. Kept for an hour at most.

    `columns`: what the officer said its titles mean; `services`: what the names in it mean; `service`: the one of all
    rows, where the list names none. `written_at`: it is written, and kept only in case that is taken back.
    """

    __tablename__ = "application_imports"

    id: Mapped[BigId]
    actor: Mapped[str] = mapped_column(Text)
    filename: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    office: Mapped[str] = mapped_column(Text, server_default="")
    service: Mapped[str] = mapped_column(Text, server_default="")
    sheet: Mapped[str] = mapped_column(Text, server_default="")
    columns: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    services: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    created_at: Mapped[Created]
    written_at: Mapped[datetime | None]


class ListHabit(Base):
    """How the lists of an office say something: a column's title (`kind` "column"), or a service ("service").

    `said`: the title's key or the folded name; `means`: our column, or the service's id; "": nothing.
    """

    __tablename__ = "list_habits"
    __table_args__ = (CheckConstraint(_one_of("kind", HABIT_KINDS), name="kind"),)

    office: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    said: Mapped[str] = mapped_column(Text, primary_key=True)
    means: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Created]


class ApiKey(Base):
    """A key of another system. `office`: the only office it may write for and read of; "" for all."""

    __tablename__ = "api_keys"

    id: Mapped[BigId]
    name: Mapped[str] = mapped_column(Text, unique=True)
    hash: Mapped[str] = mapped_column(Text, unique=True)
    office: Mapped[str] = mapped_column(Text, server_default="")
    created_at: Mapped[Created]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ApiRequest(Base):
    """What a request with an Idempotency-Key was answered, so that repeating it changes nothing."""

    __tablename__ = "api_requests"

    key_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("api_keys.id", ondelete="CASCADE"), primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(Text, primary_key=True)
    request_hash: Mapped[str] = mapped_column(Text)
    status: Mapped[int]
    answer: Mapped[dict[str, Any]]
    created_at: Mapped[Created]
