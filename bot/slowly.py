"""Slow work of the processor (hashes, printed pages) beside transactions: in turn, in threads that give way.

What a transaction needs of it is made beside it: the work begins, says what it wants (`Beside.get`), is undone, and
begins again when that is there (`with_slow`). So no connection and no lock waits for it.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bot.storage.transaction import in_transaction

GIVES_WAY = 15  # niceness: a twentieth of what somebody else gets who wants the same processor
REMEMBERED = 10_000  # of those who are counted
_HOUR = 3600.0
_MOST_WANTED = 200  # in one piece of work


class TooBusy(Exception):
    """More waits than anybody waits for, or one wants too much."""


class Wanted(Exception):
    """Something slow that is to be made beside the transaction."""

    def __init__(self, key: object, make: Callable[[], Awaitable[Any]]) -> None:
        super().__init__("wanted beside a transaction")
        self.key, self.make = key, make


class Slow:
    """One thread. `most` may wait for it, `each` of one who asks; `an_hour`: of one who asks, where it is counted."""

    def __init__(self, name: str, most: int, each: int, now: Callable[[], float] = time.monotonic) -> None:
        self.most, self.each, self.now = most, each, now
        self._thread = giving_way(name)
        self._waiting: Counter[str] = Counter()
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()

    async def run[Made](self, who: str, work: Callable[..., Made], *arguments: Any, an_hour: int = 0) -> Made:
        """What `work` returns. Raises TooBusy; RuntimeError inside a transaction."""
        outside()
        if self._waiting.total() >= self.most or self._waiting[who] >= self.each or not self._may(who, an_hour):
            raise TooBusy
        self._waiting[who] += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(*arguments))
        finally:
            self._waiting[who] -= 1
            if not self._waiting[who]:
                del self._waiting[who]

    def _may(self, who: str, an_hour: int) -> bool:
        if not an_hour:
            return True
        now = self.now()
        asked = self._asked.setdefault(who, deque(maxlen=an_hour))
        self._asked.move_to_end(who)
        if len(self._asked) > REMEMBERED:
            self._asked.popitem(last=False)
        if len(asked) == an_hour and asked[0] > now - _HOUR:
            return False
        asked.append(now)
        return True


class Beside:
    """What is slow and was made beside the work; None stands for what could not be made."""

    def __init__(self) -> None:
        self.made: dict[object, Any] = {}

    def get(self, key: object, make: Callable[[], Awaitable[Any]]) -> Any:
        """Raises Wanted where it is not there yet; None where too much is wanted at the moment."""
        if key not in self.made:
            raise Wanted(key, make)
        return self.made[key]


async def with_slow[Done](work: Callable[[Beside], Awaitable[Done]]) -> Done:
    """Does the work, which opens its transaction itself, as often as it wants something slow."""
    beside = Beside()
    for _ in range(_MOST_WANTED):
        try:
            return await work(beside)
        except Wanted as wanted:
            try:
                beside.made[wanted.key] = await wanted.make()
            except TooBusy:
                beside.made[wanted.key] = None
    raise RuntimeError("the same work wants ever more")


def giving_way(name: str) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, name, _give_way)


def outside() -> None:
    """A transaction that waits for slow work keeps its connection and its locks from others: RuntimeError."""
    if in_transaction():
        raise RuntimeError("something slow is done inside a transaction")


def _give_way() -> None:
    if sys.platform == "linux":  # elsewhere the niceness is the whole process's
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), GIVES_WAY)
