"""The engine's return: turns that waited for it are tried at once, not when their next try would have come."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.storage.patience import is_away

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

MOST_TRIES = 8  # what has failed so often (two minutes) may be why the engine goes away
_AT_ONCE = text("""
update procrastinate_jobs set scheduled_at = null
where status = 'todo' and task_name = 'turn' and scheduled_at > now() and attempts <= :most
    and cast(args ->> 'conversation_id' as bigint) = any(:conversations)
""")


async def wake_turns(runtime: Runtime, every: float) -> None:
    """Until cancelled, look every so many seconds whether the engine that turns here waited for is back."""
    left = 0  # times to wake: a job that was just being put back is met by the second
    while True:
        await asyncio.sleep(every)
        if not runtime.without_engine:
            left = 0
        elif not await runtime.engine.healthy():
            left = 2
        elif left == 0:
            runtime.without_engine.clear()  # it was gone for a moment only
        elif await woken(runtime):
            left -= 1


async def woken(runtime: Runtime) -> bool:
    """Whether the database could be told that these turns are due now."""
    try:
        await runtime.database.run(_AT_ONCE, {"most": MOST_TRIES, "conversations": list(runtime.without_engine)})
    except Exception as error:
        if not is_away(error):
            raise
        return False
    return True
