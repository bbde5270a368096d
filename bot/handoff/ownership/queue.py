"""The queue as applicants hear of it: their place, how long others waited, when somebody is back.

The waiting time is measured, never guessed: the median of the last claims made at a like hour, of at most 90 days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers.payloads import button
from bot.conversations.wording import BACK_TO_BOT
from bot.handoff import wording
from bot.handoff.desk import open_handoff
from bot.handoff.models import Handoff
from bot.handoff.ownership.callbacks import slots
from bot.handoff.ownership.hours import Hours, hours_of, say_moment
from bot.messages import Button, Reply
from bot.working_days import zone_of

MEASURED = 30  # claims that the median is made of
FEWEST = 5  # below that there is no measure yet
_ASKS = re.compile(
    r"\W*(?:cek |lihat |berapa |gimana |bagaimana )?(?:no(?:mor)? )?(?:antri(?:an)?|antre(?:an)?|urutan|giliran)"
    r"(?:nya| saya| ke berapa| berapa| sampai mana)*\W*"
    r"|\W*(?:masih |brp |berapa )?lama(?: lagi| menunggu| nunggu| ya| kah)*\W*"
    r"|\W*kapan (?:di(?:jawab|balas|layani)|giliran)(?: \w+){0,3}\W*",
    re.IGNORECASE,
)

_PLACE = text("""
select count(*) filter (
    where (o.kind = 'emergency', -extract(epoch from coalesce(o.asked_at, o.queued_at)), -o.id)
        > (h.kind = 'emergency', -extract(epoch from coalesce(h.asked_at, h.queued_at)), -h.id)
        and o.team_id is not distinct from h.team_id) as ahead
from handoffs h join handoffs o on o.closed_at is null and o.officer_id is null and o.owned_at is null
where h.id = :id group by h.id
""")

# Like hours: the same hour of the day, one more or less, working days and weekends apart.
_MEDIAN = text("""
select count(*) as measured, percentile_cont(0.5) within group (order by seconds) as median from (
    select extract(epoch from claimed_at - created_at) as seconds
    from handoffs
    where claimed_at > :now - interval '90 days' and claimed_at <= :now and kind <> 'stepped_in'
        and (extract(isodow from created_at at time zone :zone) > 5)
            = (extract(isodow from cast(:now as timestamptz) at time zone :zone) > 5)
        and least(
            abs(extract(hour from created_at at time zone :zone) - :hour),
            24 - abs(extract(hour from created_at at time zone :zone) - :hour)
        ) <= 1
    order by claimed_at desc limit :most
) last
""")


@dataclass(frozen=True, slots=True)
class Place:
    """`ahead`: people before; `minutes`: median of the last claims in like hours, None when there are too few."""

    ahead: int
    minutes: int | None
    measured: int  # claims behind `minutes`


async def place(session: AsyncSession, conversation_id: int, now: datetime, timezone: str) -> Place | None:
    """None when the conversation does not wait."""
    handoff = await open_handoff(session, conversation_id)
    if handoff is None or handoff.owned_at is not None:
        return None
    ahead = (await session.execute(_PLACE, {"id": handoff.id})).scalar_one_or_none() or 0
    zone = zone_of(handoff.office, timezone)
    hour = now.astimezone(zone).hour
    values = {"now": now, "zone": zone.key, "hour": hour, "most": MEASURED}
    found = (await session.execute(_MEDIAN, values)).one()
    minutes = max(1, round(found.median / 60)) if found.measured >= FEWEST else None
    return Place(ahead, minutes, found.measured)


async def stand(session: AsyncSession, conversation_id: int, now: datetime, timezone: str) -> Reply | None:
    """How it stands for somebody who waits, with buttons; None when nothing is waited for."""
    handoff = await open_handoff(session, conversation_id)
    where = await place(session, conversation_id, now, timezone)
    if handoff is None or where is None:
        return None
    hours = await hours_of(session, handoff.office, timezone)
    return Reply(_told(where, hours, now), tuple(_buttons(handoff, hours, now)))


def asks_place(text: str) -> bool:
    """Whether somebody who waits asks how long it takes, in so many words."""
    return bool(_ASKS.fullmatch(text.strip()))


def _told(where: Place, hours: Hours, now: datetime) -> str:
    opening = hours.next_opening(now)
    if opening is not None:
        return wording.OUTSIDE_HOURS.format(when=say_moment(opening, now))
    told = wording.PLACE.format(place=where.ahead + 1)
    if where.minutes is None:
        return f"{told} {wording.NO_MEASURE}"
    return f"{told} {wording.MEASURE.format(count=where.measured, minutes=where.minutes)}"


def _buttons(handoff: Handoff, hours: Hours, now: datetime) -> list[Button]:
    if hours.next_opening(now) is None:
        return [button(wording.B_PLACE, "queue_place"), BACK_TO_BOT]
    offered = [button(title, "call_back", slot=key) for key, title in slots(hours, now)]
    return [*offered, BACK_TO_BOT]
