"""The work of officers in a period: requests for a person by office, channel, service and officer, with their times."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.walls import ALL, Sight
from bot.figures.periods import Period

# The office that the request was for; where none was named, that of the conversation.
_HANDLED = text("""
with chosen as (
    select coalesce(nullif(h.office, ''), c.office) as office, c.channel, h.service, h.officer_id, h.outcome,
        extract(epoch from h.first_reply_at - h.created_at) as reply,
        extract(epoch from h.closed_at - h.created_at) as solution
    from handoffs h join conversations c on c.id = h.conversation_id
    where h.created_at >= :start and h.created_at < :end
)
select * from chosen where cast(:sight as text[]) is null or office = any(cast(:sight as text[]))
""")
_WRITTEN = text("""
select o.officer_id, count(*) as messages, count(distinct o.conversation_id) as people
from outgoing_messages o join conversations c on c.id = o.conversation_id
where o.created_at >= :start and o.created_at < :end and o.author = 'officer' and o.officer_id is not null
    and (cast(:sight as text[]) is null or c.office = any(cast(:sight as text[])))
group by 1
""")


@dataclass(frozen=True, slots=True)
class Handled:
    """One request for a person: seconds to the first reply and to the end, None where there was none."""

    office: str
    channel: str
    service: str
    officer_id: int | None
    outcome: str | None
    reply: float | None
    solution: float | None


@dataclass(frozen=True, slots=True)
class Work:
    """Of several requests: how many, how many were answered and ended, and half of the times at most so long."""

    requests: int
    answered: int
    closed: int
    reply: timedelta | None
    solution: timedelta | None


async def handled(session: AsyncSession, period: Period, sight: Sight = ALL) -> list[Handled]:
    """Every request that was made in the period."""
    values = {"start": period.start, "end": period.end, **sight.values}
    rows = (await session.execute(_HANDLED, values)).all()
    return [
        Handled(
            one.office, one.channel, one.service, one.officer_id, one.outcome, _number(one.reply), _number(one.solution)
        )
        for one in rows
    ]


async def written(session: AsyncSession, period: Period, sight: Sight = ALL) -> dict[int, tuple[int, int]]:
    """Officer -> messages that they sent, and to how many people."""
    values = {"start": period.start, "end": period.end, **sight.values}
    return {one.officer_id: (one.messages, one.people) for one in await session.execute(_WRITTEN, values)}


def work(rows: Sequence[Handled]) -> Work:
    """What several requests come to."""
    replies = [one.reply for one in rows if one.reply is not None]
    ends = [one.solution for one in rows if one.solution is not None]
    return Work(len(rows), len(replies), len(ends), _half(replies), _half(ends))


def by[K: Hashable](rows: Iterable[Handled], key: Callable[[Handled], K]) -> dict[K, list[Handled]]:
    """The requests in groups."""
    found: dict[K, list[Handled]] = {}
    for one in rows:
        found.setdefault(key(one), []).append(one)
    return found


def _half(seconds: Sequence[float]) -> timedelta | None:
    return timedelta(seconds=median(seconds)) if seconds else None


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
