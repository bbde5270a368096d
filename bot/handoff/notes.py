"""Notes that only officers read, and who is named in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from bot.conversations import walls
from bot.conversations.models import Conversation
from bot.handoff import wording
from bot.handoff.desk import Act, BadInput, NoConversation, tell
from bot.handoff.models import Mention, Note
from bot.officers.models import Officer

MAX_NOTE = 4000
_NAMED = re.compile(r"(?<![\w@.])@([a-z0-9][a-z0-9._-]{0,60}[a-z0-9]|[a-z0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """A note in which the officer is named."""

    note_id: int
    conversation_id: int
    by: str
    text: str
    at: datetime
    seen: bool


async def add_note(desk: Act, conversation_id: int, text: str) -> int:
    """Adds a note by anybody who may read the conversation. "@username" names a colleague. Returns the note's id.

    Raises BadInput (empty, too long) and NoConversation.
    """
    text = text.strip()
    if not text or len(text) > MAX_NOTE:
        raise BadInput(wording.EMPTY_NOTE if not text else wording.LONG_NOTE.format(most=MAX_NOTE))
    if await desk.session.get(Conversation, conversation_id) is None:
        raise NoConversation(wording.UNKNOWN)
    note = Note(conversation_id=conversation_id, officer_id=desk.officer_id, text=text)
    desk.session.add(note)
    await desk.session.flush()
    usernames = {name.lower() for name in _NAMED.findall(text)}
    query = select(Officer.id).where(Officer.username.in_(usernames), Officer.disabled_at.is_(None))
    named = [one for one in await desk.session.scalars(query) if one != desk.officer_id] if usernames else []
    desk.session.add_all(Mention(note_id=note.id, officer_id=one) for one in named)
    await desk.record("conversation.noted", conversation_id, named=named)
    await tell(desk.session, conversation_id, "note", note=note.id, named=named)
    return note.id


async def mentions(desk: Act, *, unseen: bool = True, limit: int = 50) -> list[Named]:
    """Notes that name the officer, newest first."""
    author = aliased(Officer)
    query = (
        select(Note, func.coalesce(author.name, ""), Mention.seen_at.is_not(None))
        .join(Mention, Mention.note_id == Note.id)
        .outerjoin(author, author.id == Note.officer_id)
        .join(Conversation, Conversation.id == Note.conversation_id)
        .where(Mention.officer_id == desk.officer_id, walls.seen(desk.sight))
        .order_by(Note.id.desc())
        .limit(limit)
    )
    if unseen:
        query = query.where(Mention.seen_at.is_(None))
    rows = (await desk.session.execute(query)).all()
    return [Named(note.id, note.conversation_id, by, note.text, note.created_at, was) for note, by, was in rows]


async def seen(desk: Act, conversation_id: int) -> None:
    """The officer has read the notes of this conversation."""
    here = select(Note.id).where(Note.conversation_id == conversation_id)
    await desk.session.execute(
        update(Mention)
        .where(Mention.officer_id == desk.officer_id, Mention.seen_at.is_(None), Mention.note_id.in_(here))
        .values(seen_at=desk.now())
    )
