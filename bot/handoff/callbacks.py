"""Questions left outside office hours, with a time in which an answer is wanted: kept, counted, on the officers' list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.handoff.desk import Desk


@dataclass(frozen=True, slots=True)
class Waiting:
    id: int
    conversation_id: int
    name: str
    channel: str
    question: str
    wanted_from: datetime
    wanted_until: datetime
    late: bool


async def waiting(session: AsyncSession, now: datetime, office: str = "") -> list[Waiting]:
    """Not done yet, soonest first."""
    raise NotImplementedError


async def done(desk: Desk, call_back_id: int) -> None:
    """Answered. (A reply in the conversation does the same.)"""
    raise NotImplementedError
