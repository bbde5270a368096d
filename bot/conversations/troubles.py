"""Troubles that keep messages back at present, read from the waiting messages themselves: true for every process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import text

from bot import metrics
from bot.channels.advice import advice

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

log = structlog.get_logger()

HELD_BACK = """
select c.channel, o.error_code as code, max(o.error) as explanation, count(*) as count
from outgoing_messages o join conversations c on c.id = o.conversation_id
where o.status in ('pending', 'sending') and o.error_code <> '' group by 1, 2 order by 4 desc
"""
"""SQL: waiting messages by channel and by what their provider said last."""
_HELD_BACK = text(HELD_BACK)


@dataclass(frozen=True, slots=True)
class Trouble:
    """`advice` (English) is there where the office's set-up is the cause, and a person has to act."""

    channel: str
    code: str
    explanation: str
    count: int
    advice: str


async def troubles(runtime: Runtime) -> list[Trouble]:
    rows = await runtime.database.run(_HELD_BACK)
    return [Trouble(row.channel, row.code, row.explanation, row.count, advice(row.channel, row.code)) for row in rows]


async def measure(runtime: Runtime) -> None:
    """The gauges of what is held back."""
    found = await troubles(runtime)
    metrics.held_back.clear()
    metrics.setup_alarm.clear()
    for one in found:
        metrics.held_back.labels(one.channel, one.code).set(one.count)
        if one.advice:
            metrics.setup_alarm.labels(one.channel, one.code).set(1)


async def tell(runtime: Runtime) -> int:
    """An error in the log for each set-up that keeps messages back; returns how many."""
    found = [one for one in await troubles(runtime) if one.advice]
    for one in found:
        log.error(
            "messages wait until the set-up is mended",
            channel=one.channel,
            code=one.code,
            count=one.count,
            advice=one.advice,
        )
    return len(found)
