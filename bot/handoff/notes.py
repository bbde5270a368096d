"""Notes that only officers read, and who is named in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.handoff.desk import Desk

MAX_NOTE = 4000


@dataclass(frozen=True, slots=True)
class Named:
    """A note in which the officer is named."""

    note_id: int
    conversation_id: int
    by: str
    text: str
    at: datetime


async def add_note(desk: Desk, conversation_id: int, text: str) -> int:
    """Adds a note by anybody who may read the conversation. "@username" names a colleague. Returns the note's id.

    Raises BadInput (empty, too long) and NoConversation.
    """
    raise NotImplementedError


async def mentions(desk: Desk, *, unseen: bool = True, limit: int = 50) -> list[Named]:
    """Notes that name the officer, newest first."""
    raise NotImplementedError


async def seen(desk: Desk, conversation_id: int) -> None:
    """The officer has read the notes of this conversation."""
    raise NotImplementedError
