"""The return of the engine, or of a provider: what waited for it is tried soon, not when its next try had come."""

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


# In the order in which they were written, and no faster than the provider takes them: nobody else's messages wait for a
# heap of jobs.
_SOON = text("""
with soon as (
    select o.id, o.conversation_id, now() + make_interval(secs => row_number() over (order by o.id) / :rate) as at
    from outgoing_messages o where o.id = any(:messages) and o.status in ('pending', 'sending') and o.next_at > now()
), due as (
    update outgoing_messages o set next_at = soon.at from soon where o.id = soon.id and o.next_at > soon.at
    returning o.conversation_id, soon.at
)
update procrastinate_jobs j set scheduled_at = due.at from due
where j.status = 'todo' and j.task_name = 'wake' and j.scheduled_at > due.at
    and cast(j.args ->> 'conversation_id' as bigint) = due.conversation_id
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


async def wake_messages(runtime: Runtime, every: float) -> None:
    """Until cancelled, look every so many seconds whether a provider that messages here waited for is back."""
    while True:
        await asyncio.sleep(every)
        for channel in list(runtime.channels):
            if runtime.strains[channel].looks:
                await hurry(runtime, channel)


async def hurry(runtime: Runtime, channel: str) -> None:
    """What waits for this channel's provider is due soon; while the database is away, the next look sees to it."""
    strain, pace = runtime.strains[channel], runtime.paces[channel]
    try:
        await runtime.database.run(_SOON, {"messages": sorted(strain.left), "rate": pace.rate / pace.senders})
    except Exception as error:
        if not is_away(error):
            raise
        return
    strain.looks -= 1
    if not strain.looks:
        strain.left.clear()
