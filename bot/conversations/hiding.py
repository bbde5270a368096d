"""The gate before everything that staff read of a conversation: who reported as Anonim or Rahasia stays hidden in the
chat, too: no name, no number, no words.

A conversation with such a report shows nobody's name and no application; what was said while the report was made is
left out of its transcript, and no search finds it. The tables of reports are named here, not imported: they lie above.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Boolean, DateTime, case, column, exists, select, table
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement

from bot.conversations.models import Conversation
from bot.storage.encrypted import Encrypted

NAME = "Pelapor, identitas dijaga"
WORDS = "(Bagian dari laporan Anonim atau Rahasia, tidak ditampilkan.)"
HIDES = "exists (select from complaints r where r.conversation_id = {conversation} and r.hides)"
"""SQL: whether the conversation with this id hides whose it is."""
SAID = """exists (select from complaints r where r.hides and r.conversation_id = {message}.conversation_id
    and ({message}.{at} between r.created_at and coalesce(r.confirmed_at, r.updated_at)
        or {message}.id in (select p.message_id from complaint_parts p where p.complaint_id = r.id)))"""
"""SQL: whether an incoming message is part of a hidden report."""


_WHEN = DateTime(timezone=True)
_REPORT = table(
    "complaints",
    column("id", BigInteger),
    column("conversation_id", BigInteger),
    column("hides", Boolean),
    column("title", Encrypted),
    column("body", Encrypted),
    column("created_at", _WHEN),
    column("updated_at", _WHEN),
    column("confirmed_at", _WHEN),
)
_PART = table("complaint_parts", column("complaint_id", BigInteger), column("message_id", BigInteger))


@dataclass(frozen=True, slots=True)
class Hidden:
    """What of a conversation is not shown. `parts`: incoming messages' ids; `spans`: from the beginning of a report to
    the yes; `texts`: a report's title and body, wherever Pandu repeats them. All empty: nothing is hidden."""

    parts: frozenset[int] = frozenset()
    spans: tuple[tuple[datetime, datetime], ...] = ()
    texts: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.spans)

    def hides(self, incoming_id: int | None, at: datetime, text: str) -> bool:
        """Whether a message belongs to the report; `incoming_id` is None for one of ours."""
        return (
            (incoming_id is not None and incoming_id in self.parts)
            or any(begin <= at <= end for begin, end in self.spans)
            or any(one in text for one in self.texts)
        )


async def hidden(session: AsyncSession, conversation_id: int) -> Hidden:
    hiding_reports = select(_REPORT).where(_REPORT.c.conversation_id == conversation_id, _REPORT.c.hides.is_(True))
    rows = (await session.execute(hiding_reports)).all()
    if not rows:
        return Hidden()
    told = select(_PART.c.message_id).where(_PART.c.complaint_id.in_([row.id for row in rows]))
    return Hidden(
        frozenset((await session.scalars(told)).all()),
        tuple((row.created_at, row.confirmed_at or row.updated_at) for row in rows),
        tuple(text for row in rows for text in (row.title, row.body) if text),
    )


def hiding() -> ColumnElement[bool]:
    """Whether the query's conversation hides whose it is."""
    return exists().where(_REPORT.c.conversation_id == Conversation.id, _REPORT.c.hides.is_(True))


def shown_name() -> ColumnElement[str]:
    """The name of the query's conversation as staff may read it."""
    return case((hiding(), NAME), else_=Conversation.profile_name)
