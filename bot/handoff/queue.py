"""The applicant's place in the queue, and how long others waited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True)
class Place:
    """`ahead`: people before; `minutes`: median of the last claims in like hours, None when there are too few."""

    ahead: int
    minutes: int | None
    measured: int  # claims behind `minutes`


async def place(session: AsyncSession, conversation_id: int, now: datetime, timezone: str) -> Place | None:
    """None when the conversation does not wait."""
    raise NotImplementedError
