"""Conversations and the messages in them. The only durable record of what was said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKey, Index, Text, UniqueConstraint, literal_column
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, BigId, Created

OWNERS = ("bot", "queue", "officer")
NO_NEWS = ("", "asked", "blocked")
AUTHORS = ("bot", "system", "officer")
STATUSES = ("held", "pending", "sending", "sent", "delivered", "read", "failed", "suppressed")
"""`held`: an answer of the bot that waits for an officer's yes (bot/handoff/answering/approval.py), or what an act says
while its officer can take it back (recall.py): then with `next_at`."""


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(value) for value in values)})"


class Person(Base):
    """Somebody who writes in several conversations. Nothing is known of them here but that they are one."""

    __tablename__ = "persons"

    id: Mapped[BigId]
    created_at: Mapped[Created]


class Conversation(Base):
    """One person on one channel. `owner` says who speaks: the bot, nobody yet (queue), or an officer."""

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("channel", "address"),
        CheckConstraint(_one_of("owner", OWNERS), name="owner"),
        CheckConstraint(_one_of("no_news", NO_NEWS), name="no_news"),
        # For the console's search; neither changes with a message, so that updating the row stays cheap.
        Index("ix_conversations_name", sql("to_tsvector('simple', profile_name)"), postgresql_using="gin"),
        Index(
            "ix_conversations_address_end",
            literal_column("reverse(address)").label("address_end"),
            postgresql_ops={"address_end": "text_pattern_ops"},
        ),
    )

    id: Mapped[BigId]
    channel: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    profile_name: Mapped[str] = mapped_column(Text, server_default="")
    # The name that the channel says, where officers have mended `profile_name`; null where they have not.
    channel_name: Mapped[str | None] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("persons.id", ondelete="SET NULL"), index=True)
    # Conversations that codes have joined bear the same number here; officers' joining proves nothing (persons.py).
    proof: Mapped[int | None] = mapped_column(BigInteger)
    owner: Mapped[str] = mapped_column(Text, server_default="bot")
    office: Mapped[str] = mapped_column(Text, server_default="")  # whose it is (walls.py); "": nobody's yet
    created_at: Mapped[Created]
    last_incoming_at: Mapped[Created]
    introduced_at: Mapped[datetime | None]
    # Why this person gets no news and no survey: they asked for it, or have blocked us; "": they get them (optout.py).
    no_news: Mapped[str] = mapped_column(Text, server_default="")
    # A hidden report was here and is gone; while it is there, it says so itself (hiding.py).
    hides: Mapped[bool] = mapped_column(server_default=sql("false"))
    outage_told_at: Mapped[datetime | None]
    # The newest menu: {"buttons": [{"title", "payload"}], "text": str, "fresh": bool}; not fresh: messages follow it.
    menu: Mapped[dict[str, Any] | None]
    # What an officer's talk left behind, until the bot has spoken again (bot/handoff/ownership/returning.py).
    after_officer: Mapped[dict[str, Any] | None]


class Incoming(Base):
    """A message of an applicant, stored before anything is thought about it."""

    __tablename__ = "incoming_messages"
    __table_args__ = (
        UniqueConstraint("channel", "provider_id"),
        Index(  # messages lie in the order of their time: a few kilobytes lead to any day
            "ix_incoming_messages_received_at",
            "received_at",
            postgresql_using="brin",
            postgresql_with={"autosummarize": "on"},
        ),
        Index("ix_incoming_messages_unhandled", "conversation_id", "id", postgresql_where=sql("handled_at is null")),
        Index("ix_incoming_messages_conversation", "conversation_id", "id"),
        Index("ix_incoming_messages_words", "words", postgresql_using="gin"),
    )

    id: Mapped[BigId]
    conversation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(Text)
    provider_id: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text, server_default="")
    payload: Mapped[str] = mapped_column(Text, server_default="")
    menu: Mapped[int | None] = mapped_column(BigInteger)
    choice: Mapped[int | None]
    attachments: Mapped[list[Any]] = mapped_column(server_default=sql("'[]'"))
    ref: Mapped[str] = mapped_column(Text, server_default="")  # the provider's name of the message in its chat
    quotes: Mapped[int | None] = mapped_column(BigInteger)  # our message that it answers
    quoted: Mapped[str] = mapped_column(Text, server_default="")  # the words that it answers, where they are not ours
    edits: Mapped[int | None] = mapped_column(BigInteger)  # the message that it replaces
    forwarded: Mapped[bool] = mapped_column(server_default=sql("false"))
    sent_at: Mapped[datetime | None]
    received_at: Mapped[Created]
    handled_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(Text)  # answered, for_officer, flood, error, noted
    understood: Mapped[dict[str, Any] | None]
    report_id: Mapped[int | None] = mapped_column(BigInteger)  # the report it was said to; may be gone (hiding.py)
    answered_privately: Mapped[bool] = mapped_column(server_default=sql("false"))  # no staff reads the answers
    # For the console's search; kept with the row, so that it goes when the text goes.
    words: Mapped[str] = mapped_column(
        TSVECTOR, Computed("to_tsvector('indonesian', text)", persisted=True), deferred=True
    )


class Outgoing(Base):
    """A message to an applicant and what the provider said about it. `in_reply_to` is the incoming message's id.

    `officer_id`: the officer who wrote it, or said yes to it. `reply_token`: of the form it was sent with, so that a
    double click sends once. `resend_of`: the failed message that this one repeats.
    """

    __tablename__ = "outgoing_messages"
    __table_args__ = (
        CheckConstraint(_one_of("author", AUTHORS), name="author"),
        CheckConstraint(_one_of("status", STATUSES), name="status"),
        Index(
            "ix_outgoing_messages_open",
            "conversation_id",
            "id",
            postgresql_where=sql("status in ('pending', 'sending')"),
        ),
        Index("ix_outgoing_messages_conversation", "conversation_id", "id"),
        Index("ix_outgoing_messages_in_reply_to", "in_reply_to"),
        Index(
            "uq_outgoing_messages_reply_token", "reply_token", unique=True, postgresql_where=sql("reply_token <> ''")
        ),
        Index(
            "uq_outgoing_messages_resend_of", "resend_of", unique=True, postgresql_where=sql("resend_of is not null")
        ),
        Index(
            "ix_outgoing_messages_officers_words",
            sql("to_tsvector('indonesian', text)"),
            postgresql_using="gin",
            postgresql_where=sql("author = 'officer'"),
        ),
        Index(
            "ix_outgoing_messages_created_at",
            "created_at",
            postgresql_using="brin",
            postgresql_with={"autosummarize": "on"},
        ),
    )

    id: Mapped[BigId]
    conversation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"))
    in_reply_to: Mapped[int | None] = mapped_column(BigInteger)
    author: Mapped[str] = mapped_column(Text, server_default="bot")
    text: Mapped[str] = mapped_column(Text)
    buttons: Mapped[list[Any]] = mapped_column(server_default=sql("'[]'"))
    sources: Mapped[list[Any]] = mapped_column(server_default=sql("'[]'"))
    # News when the channel's window is over: the values of the approved template's variables, {"1": …}.
    template: Mapped[dict[str, Any] | None]
    # {"path", "filename", "media_type", "size", "kind": "photo" | "document"}; path is relative to the files folder.
    file: Mapped[dict[str, Any] | None]
    officer_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("officers.id", ondelete="SET NULL"))
    reply_token: Mapped[str] = mapped_column(Text, server_default="")
    resend_of: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(Text, server_default="pending")
    attempts: Mapped[int] = mapped_column(server_default="0")
    provider_id: Mapped[str] = mapped_column(Text, server_default="")
    error_code: Mapped[str] = mapped_column(Text, server_default="")
    error: Mapped[str] = mapped_column(Text, server_default="")  # also while it waits: what keeps it
    next_at: Mapped[datetime | None]  # not before then, and what comes after it neither
    # The provider's ids of earlier tries that failed after all: what it says of them changes nothing.
    past_provider_ids: Mapped[list[Any]] = mapped_column(server_default=sql("'[]'"))
    doubtful: Mapped[int] = mapped_column(server_default="0")  # tries that the provider may have taken
    created_at: Mapped[Created]
    sent_at: Mapped[datetime | None]


class RecallableAct(Base):
    """An act that its officer can take back until `until`. The row goes when the act is let go or taken back: whoever
    deletes it decides (recall.py).

    `messages`: ids of its messages, held back; `jobs`: [name, arguments] to be queued when it is let go; `undo`: how
    its changes are put back; `action` and `subject` as in the audit log. `batch`: the first act of those with which it
    is taken back.
    """

    __tablename__ = "recallable_acts"

    id: Mapped[BigId]
    officer_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("officers.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    action: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[int] = mapped_column(BigInteger)
    address: Mapped[str] = mapped_column(Text)
    batch: Mapped[int | None] = mapped_column(BigInteger)
    until: Mapped[datetime]
    messages: Mapped[list[Any]]
    jobs: Mapped[list[Any]]
    undo: Mapped[list[Any]]


class Lookback(Base):
    """Up to when a provider's own list of messages was compared with ours (`missed.py`)."""

    __tablename__ = "lookbacks"

    channel: Mapped[str] = mapped_column(Text, primary_key=True)
    looked_until: Mapped[datetime]


class StoredFile(Base):
    """A photo or document kept for an officer. `path` is relative to the files folder; empty until fetched."""

    __tablename__ = "stored_files"
    __table_args__ = (Index("ix_stored_files_wanted", "created_at", postgresql_where=sql("path = '' and error = ''")),)

    id: Mapped[BigId]
    incoming_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("incoming_messages.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text)
    filename: Mapped[str] = mapped_column(Text, server_default="")
    media_type: Mapped[str] = mapped_column(Text, server_default="")
    size: Mapped[int | None] = mapped_column(BigInteger)
    path: Mapped[str] = mapped_column(Text, server_default="")
    error: Mapped[str] = mapped_column(Text, server_default="")
    created_at: Mapped[Created]


class ErasedMessage(Base):
    """A message that was erased, as a keyed hash of its provider's id (erased.py).

    `provider_id` stays until the provider has deleted it, too; `media`: it had a file.
    """

    __tablename__ = "erased_messages"
    __table_args__ = (Index("ix_erased_messages_waiting", "next_at", postgresql_where=sql("provider_id <> ''")),)

    hash: Mapped[str] = mapped_column(Text, primary_key=True)
    channel: Mapped[str] = mapped_column(Text)
    provider_id: Mapped[str] = mapped_column(Text, server_default="")
    media: Mapped[bool] = mapped_column(server_default=sql("false"))
    tries: Mapped[int] = mapped_column(server_default="0")
    next_at: Mapped[Created]
    erased_at: Mapped[Created]


class ErasedPerson(Base):
    """Somebody who was erased, as a keyed hash of channel and address; what they sent before is not stored again."""

    __tablename__ = "erased_people"

    hash: Mapped[str] = mapped_column(Text, primary_key=True)
    erased_at: Mapped[datetime]
