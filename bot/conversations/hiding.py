"""The part of a conversation that the staff may read: the gate that every reader of people's words passes.

The views `staff_incoming` and `staff_outgoing` are the messages as staff, searches, lists and figures may read them:
`withheld` ones have no words, no file and no meaning. The console, the officers' desk and learning read nothing else.

Withheld is
- what was said to a report, as long as it was not agreed to in one's own name: while it is made, and for good when it
  is anonymous or secret, was cancelled or was withdrawn;
- in a conversation with an anonymous or secret report, everything that was said to the bot and by it. What was said to
  the staff is theirs to read, without a name;
- what is for the person's own eyes only: the copy of their data as file, pages or link, and codes for another chat.

`incoming_messages.report_id` says which report a message was said to; it stays when the report is gone. What was said
to any report teaches nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, Boolean, DateTime, TableClause, Text, case, column, exists, or_, select, table, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement
from sqlalchemy.types import TypeEngine

from bot.conversations.models import Conversation

NAME = "Pelapor, identitas dijaga"
WORDS = "(Tidak ditampilkan, untuk menjaga rahasia pemohon.)"
"""Instead of words that are withheld; does not say whether there is a report."""

_TYPES: dict[str, type[TypeEngine[Any]]] = {
    **{"id": BigInteger, "conversation_id": BigInteger, "in_reply_to": BigInteger, "withheld": Boolean},
    **{
        "understood": JSONB,
        "buttons": JSONB,
        "sources": JSONB,
        "file": JSONB,
        "received_at": DateTime,
        "created_at": DateTime,
    },
}


def _view(name: str, *columns: str) -> TableClause:
    return table(name, *(column(one, _TYPES.get(one, Text)) for one in columns))


_BOTH = ("id", "conversation_id", "text", "withheld")
staff_incoming = _view("staff_incoming", *_BOTH, "kind", "received_at", "outcome", "understood")
"""Applicants' messages as staff may read them; more columns in migration 0011_private."""
staff_outgoing = _view(
    "staff_outgoing", *_BOTH, "in_reply_to", "author", "created_at", "status", "buttons", "sources", "file"
)
"""Our messages as staff may read them. A copy of a person's own data has no file here."""

HIDES = """(exists (select from complaints hidden where hidden.conversation_id = {conversation} and hidden.hides)
    or exists (select from conversations hidden where hidden.id = {conversation} and hidden.hides))"""
"""SQL: whether the conversation with this id hides whose it is. The second outlives a report that was cancelled."""
TEACHES = f"({{message}}.report_id is null and not {HIDES.format(conversation='{message}.conversation_id')})"
"""SQL: whether an incoming message may be learned from."""
DRAFTING = """(select report.id from complaints report
    where report.conversation_id = {conversation} and report.status = 'drafting')"""
"""SQL: the report that is being made in a conversation; null where there is none."""


async def hides(session: AsyncSession, conversation_id: int) -> bool:
    """Whether the conversation hides whose it is."""
    query = text(f"select {HIDES.format(conversation=':id')}")
    return bool((await session.execute(query, {"id": conversation_id})).scalar_one())


async def drafting(session: AsyncSession, conversation_id: int) -> bool:
    """Whether a report is being made, so that the next message is its answer."""
    query = text(f"select {DRAFTING.format(conversation=':id')}")
    return (await session.execute(query, {"id": conversation_id})).scalar_one() is not None


async def said_to_report(session: AsyncSession, report_id: int, messages: Collection[int]) -> None:
    """Notes that these incoming messages are words of a report."""
    change = text("update incoming_messages set report_id = :report where id = any(:ids)")
    await session.execute(change, {"report": report_id, "ids": sorted(messages)})


async def answer_privately(session: AsyncSession, message_id: int | None) -> None:
    """The answers to this incoming message are for the person alone."""
    change = text("update incoming_messages set answered_privately = true where id = :id")
    await session.execute(change, {"id": message_id})


def hiding() -> ColumnElement[bool]:
    """Whether the query's conversation hides whose it is."""
    reports = table("complaints", column("conversation_id", BigInteger), column("hides", Boolean))
    own = exists(select(reports.c.conversation_id)).where(
        reports.c.conversation_id == Conversation.id, reports.c.hides.is_(True)
    )
    return or_(Conversation.hides, own)


def shown_name() -> ColumnElement[str]:
    """The name of the query's conversation as staff may read it."""
    return case((hiding(), NAME), else_=Conversation.profile_name)
