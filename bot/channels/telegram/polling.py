"""Long polling that acknowledges an update only when it is stored.

The library's own Updater asks for the next updates, and so acknowledges the last ones, as soon as they are in its queue
in memory; a crash would lose those. Here the offset moves only past what `handle` has taken.
https://core.telegram.org/bots/api#getupdates
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot import metrics
from bot.channels.telegram.errors import TOKEN_PAUSE, seconds, understood

log = structlog.get_logger(__name__)

SUSPECT_AFTER = 5  # failures of one update after which the next ones are tried, to see whose fault it is
LONGEST_PAUSE = 30.0  # seconds

Raw = dict[str, Any]


class Poller:
    """`fetch(offset)` gives updates from that id on; `handle(raw)` stores one or raises; `pause`: first back-off."""

    def __init__(
        self,
        fetch: Callable[[int], Awaitable[list[Raw]]],
        handle: Callable[[Raw], Awaitable[None]],
        on_conflict: Callable[[], Awaitable[Any]],
        pause: float = 1.0,
    ) -> None:
        self._fetch = fetch
        self._handle = handle
        self._on_conflict = on_conflict
        self._pause = pause
        self._failures: dict[int, int] = {}
        self.problem = ""
        self.offset = 0

    async def run(self) -> None:
        """Polls until cancelled."""
        delay = self._pause
        while True:
            wait = await self._round()
            if wait is None:
                delay, self.problem = self._pause, ""
                continue
            await asyncio.sleep(wait or delay)
            delay = min(delay * 2, LONGEST_PAUSE)

    async def _round(self) -> float | None:
        """One call and its updates. None: all well; else seconds to wait, 0 meaning the usual back-off."""
        try:
            batch = await self._fetch(self.offset)
        except RetryAfter as error:
            return seconds(error)
        except TelegramError as error:
            return await self._trouble(error)
        return None if await self.take(batch) else 0.0

    async def _trouble(self, error: TelegramError) -> float:
        name = type(error).__name__
        if name != self.problem:
            log.warning("telegram polling failed", error=name)
        self.problem = name
        if isinstance(error, Conflict):  # a webhook is set again, or another process polls with this token
            try:
                await understood(self._on_conflict())
            except TelegramError as further:
                log.debug("could not resolve the conflict", error=type(further).__name__)
        return TOKEN_PAUSE if isinstance(error, InvalidToken) else 0.0

    async def take(self, batch: list[Raw]) -> bool:
        """Stores the batch in order and moves the offset past what is stored; False when something is left.

        An update that fails again and again while a later one succeeds is itself the cause, and is given up.
        """
        suspects: list[int] = []
        for raw in batch:
            number = raw.get("update_id")
            if type(number) is not int:
                continue
            if await self._stored(raw, number):
                for suspect in suspects:
                    log.error("gave up an update that cannot be stored", update_id=suspect)
                    metrics.ignored.labels("telegram", "cannot be stored").inc()
                suspects.clear()
                self.offset = number + 1
            elif self._failures[number] < SUSPECT_AFTER:
                return False
            else:
                suspects.append(number)
        if not suspects:
            self._failures.clear()
        return not suspects

    async def _stored(self, raw: Raw, number: int) -> bool:
        try:
            await self._handle(raw)
        except Exception as error:  # whatever keeps it from being stored, it must not be acknowledged
            self._failures[number] = self._failures.get(number, 0) + 1
            log.warning("could not store an update", error=type(error).__name__, failures=self._failures[number])
            return False
        return True
