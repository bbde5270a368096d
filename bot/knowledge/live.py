"""The knowledge of a running process: files and publications, renewed when somebody publishes."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import batched
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import structlog

from bot.knowledge import load
from bot.knowledge.entries import laid, read
from bot.knowledge.publications import Key, Row, Version, contents_at, rows_in_effect, version
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


def nothing(_: Knowledge) -> object:
    """Where nobody is answered, nothing is made ready."""
    return None


async def refresh(session: AsyncSession, zone: ZoneInfo, prepare: Prepare = nothing) -> bool:
    """Takes over what was published, or came into effect, since the last time; True when something changed.

    `prepare` makes what answers need of a knowledge: in a thread, before the first turn that has it.
    """
    global _seen  # of the process, like the knowledge itself
    today = datetime.now(UTC).astimezone(zone).date()
    now = await version(session, today)
    if now == _seen:
        return False
    rows = await rows_in_effect(session, today)
    renewed = await _laid(session, rows) if rows else None
    _forget(rows)
    await asyncio.to_thread(prepare, renewed or load.of_files())
    load.use(renewed)
    first, _seen = _seen is None, now
    if not first:
        await asyncio.to_thread(_settle)
    if rows or not first:
        log.info("knowledge renewed", publications=now.count, newest=now.newest, entries=len(rows))
    return True


def _settle() -> None:
    """What stays until the next publication is not walked through meanwhile."""
    gc.collect(1)
    gc.freeze()


async def known(session: AsyncSession, today: date) -> Knowledge:
    """The knowledge that is in effect for this session: mostly that of this process."""
    if await version(session, today) == _seen:
        return load.get_knowledge()
    return await _laid(session, await rows_in_effect(session, today))


_read: dict[Row, Any] = {}
"""Published entries that were read: another publication leaves them as they are."""
_AT_ONCE = 500
_SPARE = 1000


async def _laid(session: AsyncSession, rows: Mapping[Key, Row]) -> Knowledge:
    """Files and publications as one; only what is new is fetched and read, outside the event loop."""
    new = [(key, row) for key, row in rows.items() if row not in _read]
    found: dict[Row, Any] = {}
    for some in batched(new, _AT_ONCE):
        contents = await contents_at(session, [row for _, row in some])
        found |= await asyncio.to_thread(_all_read, some, contents)
    entries = {key: found[row] if row in found else _read[row] for key, row in rows.items()}
    _read.update(found)
    return await asyncio.to_thread(lambda: laid(load.of_files(), entries))


def _all_read(some: Iterable[tuple[Key, Row]], contents: Mapping[int, dict[str, Any] | None]) -> dict[Row, Any]:
    return {row: read(key, contents[row[0]], _left_out) for key, row in some}


def _forget(rows: Mapping[Key, Row]) -> None:
    """Drops what was read and is no longer published, once there is much of it."""
    if len(_read) > 2 * len(rows) + _SPARE:
        named = set(rows.values())
        for row in [one for one in _read if one not in named]:
            _read.pop(row, None)


async def keep_fresh(
    database: Database,
    events: Events,
    zone: ZoneInfo,
    every: float = EVERY,
    prepare: Prepare = nothing,
    looked: asyncio.Event | None = None,
) -> None:
    """Run until cancelled: looks when somebody publishes, and from time to time.

    `looked` is set after the first look, when what was published is known; what answers need of it is made after that:
    a start does not wait for it.
    """
    looked = looked or asyncio.Event()
    with events.everything() as news:
        while True:
            try:
                async with database.session() as session:
                    await load_clocks(session)
                    await refresh(session, zone, prepare if looked.is_set() else nothing)
            except DATABASE_ERRORS as error:
                log.warning("knowledge not renewed", error=type(error).__name__)
            if not looked.is_set():
                looked.set()
                await asyncio.to_thread(prepare, load.get_knowledge())
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
