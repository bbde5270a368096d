"""The knowledge of a running process: files and publications, renewed when somebody publishes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from bot.knowledge import load
from bot.knowledge.entries import forget, merge
from bot.knowledge.publications import Key, Version, in_effect, version
from bot.storage.database import DATABASE_ERRORS
from bot.working_days import load_clocks

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from bot.knowledge.models import Knowledge
    from bot.storage.database import Database
    from bot.storage.events import Events

Prepare = Callable[["Knowledge"], object]
log = structlog.get_logger(__name__)

EVERY = 15.0  # seconds, where no news comes
_seen: Version | None = None


def _nothing(_: Knowledge) -> object:
    return None


async def refresh(session: AsyncSession, zone: ZoneInfo, prepare: Prepare = _nothing) -> bool:
    """Takes over what was published, or came into effect, since the last time; True when something changed.

    `prepare` makes what answers need of a knowledge: in a thread, before the first turn that has it.
    """
    global _seen  # of the process, like the knowledge itself
    today = datetime.now(UTC).astimezone(zone).date()
    now = await version(session, today)
    if now == _seen:
        return False
    published = await in_effect(session, today)
    renewed = await asyncio.to_thread(merge, load.of_files(), published, _left_out) if published else None
    forget(published)
    await asyncio.to_thread(prepare, renewed or load.of_files())
    load.use(renewed)
    first, _seen = _seen is None, now
    if published or not first:
        log.info("knowledge renewed", publications=now.count, newest=now.newest, entries=len(published))
    return True


async def newest(session: AsyncSession, today: date) -> Knowledge | None:
    """What this process knows, unless something else is in effect for this session."""
    now = await version(session, today)
    return load.get_knowledge() if now == _seen else None


async def keep_fresh(
    database: Database, events: Events, zone: ZoneInfo, every: float = EVERY, prepare: Prepare = _nothing
) -> None:
    """Run until cancelled: looks when somebody publishes, and from time to time."""
    with events.everything() as news:
        while True:
            try:
                async with database.session() as session:
                    await load_clocks(session)
                    await refresh(session, zone, prepare)
            except DATABASE_ERRORS as error:
                log.warning("knowledge not renewed", error=type(error).__name__)
            await _news_of_knowledge(news, every)


async def _news_of_knowledge(news: asyncio.Queue[dict[str, object]], every: float) -> None:
    try:
        async with asyncio.timeout(every):
            while "knowledge" not in await news.get():
                pass
    except TimeoutError:
        return


def _left_out(key: Key, problem: str) -> None:
    log.error("a published entry does not fit and is left out", kind=key[0], entry=key[1], problem=problem[:300])
