"""The things that a conversation has under way, in one look: mostly there is nothing, and no further question."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
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


class Ahead:
    """Looks that begin while the engine still thinks, where turn and action run in one process.

    Nothing of what is looked at changes in between by the conversation itself: its turns run one after the other.
    """

    def __init__(self, read: Read, now: Callable[[], datetime]) -> None:
        self._read = read
        self._now = now
        self._begun: dict[int, asyncio.Task[list[Any]]] = {}

    @contextmanager
    def looking(self, conversation: int) -> Iterator[None]:
        """Around the engine's turn: `read` of its action finds the look begun."""
        look = asyncio.ensure_future(self._read(_LOOK, {"id": conversation, "since": lately(self._now())}))
        look.add_done_callback(_seen)
        self._begun[conversation] = look
        try:
            yield
        finally:
            if self._begun.get(conversation) is look:  # no action asked
                del self._begun[conversation]
                look.cancel()

    async def read(self, statement: TextClause, given: dict[str, Any]) -> list[Any]:
        """`Database.run`, but the first look of a turn was begun already. One that failed is done again."""
        begun = self._begun.pop(given["id"], None) if statement is _LOOK else None
        if begun is not None:
            await asyncio.wait({begun})
            if not begun.cancelled() and begun.exception() is None:
                return begun.result()
        return await self._read(statement, given)


def _seen(look: asyncio.Future[list[Any]]) -> None:
    """A look that nobody waits for any more may fail without a word."""
    if not look.cancelled():
        look.exception()
