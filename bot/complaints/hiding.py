"""Who reported as Anonim or Rahasia stays hidden from the staff in the chat, too: no name, no number, no words.

A conversation with such a report shows nobody's name and no application; what was said while the report was made is
left out of its transcript, and no search finds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement

from bot.complaints.models import Complaint, ComplaintPart
from bot.conversations.models import Conversation

NAME = "Pelapor, identitas dijaga"
WORDS = "(Bagian dari laporan Anonim atau Rahasia, tidak ditampilkan.)"
HIDES = "exists (select from complaints r where r.conversation_id = {conversation} and r.hides)"
"""SQL: whether the conversation with this id hides whose it is."""
SAID = """exists (select from complaints r where r.hides and r.conversation_id = {message}.conversation_id
    and ({message}.{at} between r.created_at and coalesce(r.confirmed_at, r.updated_at)
        or {message}.id in (select p.message_id from complaint_parts p where p.complaint_id = r.id)))"""
"""SQL: whether an incoming message is part of a hidden report."""


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
    rows = (
        await session.scalars(
            select(Complaint).where(Complaint.conversation_id == conversation_id, Complaint.hides.is_(True))
        )
    ).all()
    if not rows:
        return Hidden()
    told = select(ComplaintPart.message_id).where(ComplaintPart.complaint_id.in_([row.id for row in rows]))
    return Hidden(
        frozenset((await session.scalars(told)).all()),
        tuple((row.created_at, row.confirmed_at or row.updated_at) for row in rows),
        tuple(text for row in rows for text in (row.title, row.body) if text),
    )


def hiding() -> ColumnElement[bool]:
    """Whether the query's conversation hides whose it is."""
    return exists().where(Complaint.conversation_id == Conversation.id, Complaint.hides.is_(True))


def shown_name() -> ColumnElement[str]:
    """The name of the query's conversation as staff may read it."""
    return case((hiding(), NAME), else_=Conversation.profile_name)
