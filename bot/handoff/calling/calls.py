"""Calls that are due: somebody new waits, an applicant answered the officer, an emergency that nobody has taken.

Looked for by a job, so that a request waits for nothing and a call is not lost with a process. What was called is
claimed first (`HandoffCall`): of many workers one calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.jobs import defer
from bot.handoff.calling import words
from bot.handoff.calling.people import Called, devices_of
from bot.knowledge.load import get_knowledge

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

NOT_OLDER = timedelta(hours=12)
"""What began earlier is called for no more: after a long stop nobody hears of last week."""
SETTLES = timedelta(seconds=15)
"""Who has the conversation open reads an answer in this time, and need not be called."""
LASTS = {"new": timedelta(hours=1), "answered": timedelta(hours=4), "emergency": timedelta(hours=1)}
"""After this time a call that did not arrive is of no use."""

_WAITING = text("""
select h.id, h.conversation_id, h.service, h.team_id, h.queued_at, c.office,
    cast(extract(epoch from h.queued_at) * 1000 as bigint) as mark
from handoffs h join conversations c on c.id = h.conversation_id
left join handoff_calls k on k.handoff_id = h.id and k.step = 'new'
where h.closed_at is null and h.owned_at is null and h.kind <> 'emergency' and h.queued_at > :since
    and coalesce(k.mark, 0) < cast(extract(epoch from h.queued_at) * 1000 as bigint)
order by h.queued_at
""")
_ANSWERED = text("""
select h.id, h.conversation_id, h.service, h.officer_id, c.office, max(m.id) as mark
from handoffs h join conversations c on c.id = h.conversation_id
join incoming_messages m on m.conversation_id = h.conversation_id and m.id > h.read_up_to
left join handoff_calls k on k.handoff_id = h.id and k.step = 'answered'
where h.closed_at is null and h.officer_id is not null and coalesce(k.mark, 0) <= h.read_up_to
    and m.received_at > :since and m.received_at <= :settled and m.received_at > h.owned_at
group by h.id, c.office
""")
_CLAIM = text("""
insert into handoff_calls (handoff_id, step, mark, at) values (:handoff, :step, :mark, :now)
on conflict (handoff_id, step) do update set mark = excluded.mark, at = excluded.at
where handoff_calls.mark < excluded.mark returning handoff_id
""")


@dataclass(frozen=True, slots=True)
class Call:
    """What a device shows, and about which wait or answer (`mark`) it is. `later`: the title where it is held until the
    office opens."""

    kind: str
    title: str
    later: str
    body: str
    conversation: int
    handoff: int
    mark: int

    def job(self, until: datetime) -> dict[str, Any]:
        """As a job's arguments; no personal data."""
        shown = {"title": self.title, "body": self.body, "url": f"/console/conversations/{self.conversation}"}
        said = shown | {"kind": self.kind, "tag": "antrean" if self.kind == "new" else f"c{self.conversation}"}
        return {"said": said, "handoff": self.handoff, "mark": self.mark, "until": until.isoformat()}


async def call_due(runtime: Runtime, now: datetime) -> None:
    """One look: who waits newly, who was answered."""
    async with runtime.database.session() as session:
        for row in (await session.execute(_WAITING, {"since": now - NOT_OLDER})).all():
            if await claim(session, row.id, "new", row.mark, now):
                devices = await devices_of(session, row.office, "new", now, runtime.settings.timezone)
                team = await _members(session, row.team_id)
                await tell_devices(runtime, session, _new(row, now), [one for one in devices if one.of(team)], now)
        given = {"since": now - NOT_OLDER, "settled": now - SETTLES}
        for row in (await session.execute(_ANSWERED, given)).all():
            if await claim(session, row.id, "answered", row.mark, now):
                devices = await devices_of(session, row.office, "answered", now, runtime.settings.timezone)
                await tell_devices(
                    runtime, session, _answered(row), [one for one in devices if one.of([row.officer_id])], now
                )


async def claim(session: AsyncSession, handoff: int, step: str, mark: int, now: datetime) -> bool:
    """Whether this step about this mark is ours to do; nobody else does it then."""
    values = {"handoff": handoff, "step": step, "mark": mark, "now": now}
    return (await session.execute(_CLAIM, values)).first() is not None


async def tell_devices(
    runtime: Runtime, session: AsyncSession, call: Call, devices: Sequence[Called], now: datetime
) -> None:
    """A job each, so that one push service that is away delays no other; it waits where the office is closed."""
    for one in devices:
        at = one.at or now
        held = at > now
        job = call.job(at + LASTS[call.kind])
        if held:
            job["said"] |= {"title": call.later}
        await defer(runtime.jobs, session, "call_device", at=at if held else None, subscription=one.subscription, **job)


def minutes(since: datetime, now: datetime) -> int:
    return int((now - since).total_seconds() // 60)


def office_label(office: str) -> str:
    """As it stands below a call's title; "" for nobody's."""
    known = get_knowledge().offices.get(office)
    return known.label if known else ""


def titled(title: str, waited: int, service: str) -> str:
    """ "Percakapan baru menunggu 5 menit – Izin praktik"."""
    said = words.WAITING.format(title=title, minutes=waited) if waited else title
    known = get_knowledge().services.get(service)
    return words.WITH_SERVICE.format(title=said, service=known.title) if known else said


def _new(row: Row[Any], now: datetime) -> Call:
    title = titled(words.NEW, minutes(row.queued_at, now), row.service)
    later = titled(words.NEW_BEFORE_OPENING, 0, row.service)
    return Call("new", title, later, office_label(row.office), row.conversation_id, row.id, row.mark)


def _answered(row: Row[Any]) -> Call:
    title = titled(words.ANSWERED, 0, row.service)
    number = words.NUMBERED.format(number=row.conversation_id)
    return Call("answered", title, title, number, row.conversation_id, row.id, row.mark)


async def _members(session: AsyncSession, team: int | None) -> list[int] | None:
    """Of the team whose queue it is; None: everybody."""
    if team is None:
        return None
    found = await session.execute(text("select officer_id from team_members where team_id = :team"), {"team": team})
    return list(found.scalars())
