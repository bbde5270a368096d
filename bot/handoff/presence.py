"""Who is looking at a conversation, and replies that are not finished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.handoff.desk import Desk

FRESH = timedelta(seconds=45)
"""A page says every 20 seconds that it is open; after this time without a word nobody looks any more."""


@dataclass(frozen=True, slots=True)
class Looking:
    officer_id: int
    name: str
    typing: bool


async def look(desk: Desk, conversation_id: int) -> list[Looking]:
    """Notes that the officer has the conversation open (call it every 20 s); returns who else has."""
    raise NotImplementedError


async def leave(desk: Desk, conversation_id: int) -> None:
    """The officer closed the page."""
    raise NotImplementedError


async def save_draft(desk: Desk, conversation_id: int, text: str) -> None:
    """Keeps what is written so far (an empty text removes it). An act: renews the lease of the conversation's owner."""
    raise NotImplementedError


async def draft(desk: Desk, conversation_id: int) -> str:
    """What the officer had written; "" when nothing."""
    raise NotImplementedError
