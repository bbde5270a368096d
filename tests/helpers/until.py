"""Waiting for a condition instead of for time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable


async def until[T](condition: Callable[[], Awaitable[T]], seconds: float = 20.0) -> T:
    """The first true value of `condition`; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (value := await condition()):
        assert time.monotonic() < deadline, "the condition did not come true in time"
        await asyncio.sleep(0.02)
    return value
