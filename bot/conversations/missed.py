"""Messages whose webhook found nobody: fetched from the provider where it keeps them, and stored as if they had come.

Only what is older than a webhook may take is fetched: the webhook says more (which button was tapped) and goes first.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import text

from bot import metrics
from bot.channels.base import LooksBack, SendError
from bot.conversations import inbox

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

log = structlog.get_logger()

SETTLED = timedelta(seconds=30)  # a webhook has 15 seconds, with its second try
OVERLAP = timedelta(seconds=60)  # by which two looks overlap: clocks differ, lists come late
LONGEST = timedelta(days=1)  # an older question is not answered out of the blue

_LOOKED = text("""
insert into lookbacks (channel, looked_until) values (:channel, now())
on conflict (channel) do update set channel = excluded.channel
returning looked_until, now() as now
""")
_STORED = text("select provider_id from incoming_messages where channel = :channel and provider_id = any(:ids)")
_NOTED = text("update lookbacks set looked_until = :until where channel = :channel and looked_until < :until")


async def fetch_missed(runtime: Runtime) -> int:
    """Look back at every provider that can be asked. Returns how many messages were new."""
    count = 0
    for name, channel in runtime.channels.items():
        if isinstance(channel, LooksBack):
            count += await _fetch(runtime, name, channel)
    return count


async def _fetch(runtime: Runtime, name: str, channel: LooksBack) -> int:
    looked = (await runtime.database.run(_LOOKED, {"channel": name}))[0]
    since: datetime = max(looked.looked_until - OVERLAP - SETTLED, looked.now - LONGEST)
    until: datetime = looked.now - SETTLED
    try:
        found = await channel.missed(since, until)
    except SendError as error:
        log.warning("could not look for missed messages", channel=name, code=error.code)
        return 0
    query = {"channel": name, "ids": [message.provider_id for message in found]}
    known = {row.provider_id for row in await runtime.database.run(_STORED, query)}
    count = 0
    for message in found:
        if message.provider_id not in known and await inbox.store(runtime, message) is not None:
            count += 1
    await runtime.database.run(_NOTED, {"channel": name, "until": looked.now})
    if count:
        metrics.fetched.labels(name).inc(count)
        log.warning("messages came by no webhook and were fetched", channel=name, count=count)
    return count
