"""What a conversation has under way, in one look: most messages come when there is nothing, and then ask no further."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.complaints.models import OF_CONVERSATION
from bot.guides.models import RUNNING
from bot.survey.helpful import ASKED_LATELY, lately

Read = Callable[[TextClause, dict[str, Any]], Awaitable[list[Any]]]
"""One statement by itself: `Database.run`."""

_LOOK = text(
    f"select exists({RUNNING}) as guide, exists({OF_CONVERSATION}) as reports, exists({ASKED_LATELY}) as asked_lately"
)


@dataclass(frozen=True, slots=True)
class UnderWay:
    """Whether a guide is running, whether there are reports of any kind, and whether a while ago it was asked if an
    answer helped. What is not known is True where somebody has to look closer."""

    guide: bool = True
    reports: bool = True
    asked_lately: bool = False


async def under_way(read: Read | None, session: AsyncSession, conversation: int, now: datetime) -> UnderWay:
    """Looks with `read`, without a transaction; in the session where there is none."""
    given = {"id": conversation, "since": lately(now)}
    rows = await read(_LOOK, given) if read else (await session.execute(_LOOK, given)).all()
    return UnderWay(rows[0].guide, rows[0].reports, rows[0].asked_lately)
