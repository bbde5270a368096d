"""Figures kept for a moment, so that ten officers looking at them cost one look."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable

_MOST = 100


class Kept[T]:
    """Results by key, each good for `seconds` from when it was asked for. Who asks meanwhile waits for the same one."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._found: OrderedDict[Hashable, tuple[float, asyncio.Task[T]]] = OrderedDict()

    async def get(self, key: Hashable, make: Callable[[], Coroutine[None, None, T]]) -> T:
        """What is kept under `key`, or a new one. A failure of `make` is raised and not kept."""
        until, task = self._found.get(key, (0.0, None))
        if task is None or until <= self._clock():
            task = asyncio.create_task(make())
            self._found[key] = (self._clock() + self._seconds, task)
            task.add_done_callback(lambda done: self._forget_failed(key, done))
            while len(self._found) > _MOST:
                self._found.popitem(last=False)
        return await asyncio.shield(task)

    def _forget_failed(self, key: Hashable, task: asyncio.Task[T]) -> None:
        failed = task.cancelled() or task.exception() is not None
        if failed and self._found.get(key, (0.0, None))[1] is task:
            del self._found[key]
