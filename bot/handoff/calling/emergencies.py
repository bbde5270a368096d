"""Emergencies reach somebody: those on duty, again, the supervisor, the office's group; until one of them takes it.

One step a look, each after the waiting time since the one before, each once a wait, each in the audit log. What is
taken, closed or back with the bot has no further step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit.service import note
from bot.conversations.jobs import defer
from bot.handoff.calling import words
from bot.handoff.calling.calls import LASTS, NOT_OLDER, Call, claim, minutes, office_label, tell_devices, titled
from bot.handoff.calling.groups import group_of
from bot.handoff.calling.people import devices_of, supervisors_of
from bot.handoff.desk import tell
from bot.handoff.models import Note

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

_OPEN = text("""
select h.id, h.conversation_id, h.service, h.queued_at, c.office, last.step, last.at,
    cast(extract(epoch from h.queued_at) * 1000 as bigint) as mark
from handoffs h join conversations c on c.id = h.conversation_id
left join lateral (
    select k.step, k.at from handoff_calls k
    where k.handoff_id = h.id and k.step = any(:steps)
        and k.mark = cast(extract(epoch from h.queued_at) * 1000 as bigint)
    order by array_position(:steps, k.step) desc limit 1) last on true
where h.closed_at is null and h.owned_at is null and h.kind = 'emergency' and h.queued_at > :since
order by h.queued_at for update of h skip locked
""")


@dataclass(frozen=True, slots=True)
class Step:
    """`action` in the audit log, `event` in the transcript that officers read."""

    name: str
    action: str
    event: str


STEPS = (
    Step("called", "emergency.called", words.E_CALLED),
    Step("repeated", "emergency.repeated", words.E_REPEATED),
    Step("supervisor", "emergency.supervisor", words.E_SUPERVISOR),
    Step("group", "emergency.group", words.E_GROUP),
)
_NAMES = [one.name for one in STEPS]


async def call_for_help(runtime: Runtime, now: datetime) -> None:
    """One look: the next step of every emergency for which it is time."""
    wait = timedelta(minutes=runtime.settings.emergency_minutes)
    async with runtime.database.session() as session:
        for row in (await session.execute(_OPEN, {"steps": _NAMES, "since": now - NOT_OLDER})).all():
            step = _next(row, now, wait)
            if step is not None and await claim(session, row.id, step.name, row.mark, now):
                await _take(runtime, session, row, step, now)


def _next(row: Row[Any], now: datetime, wait: timedelta) -> Step | None:
    """The step that is due; None: not yet, or all are done."""
    if row.step is None:
        return STEPS[0]
    done = _NAMES.index(row.step)
    return STEPS[done + 1] if done + 1 < len(STEPS) and now >= row.at + wait else None


async def _take(runtime: Runtime, session: AsyncSession, row: Row[Any], step: Step, now: datetime) -> None:
    if step.name == "group":
        await _group(runtime, session, row, step, now)
        return
    devices = await devices_of(session, row.office, "emergency", now, runtime.settings.timezone)
    named: Sequence[int] = ()
    if step.name == "supervisor":
        named = [one.id for one in await supervisors_of(session, row.office)]
        devices = [one for one in devices if one.of(named)]
    await tell_devices(runtime, session, _call(row, now), devices, now)
    if step.name != "called":  # the first time pages have rung when it came
        sound = {"named": list(named)} if named else {"sound": True}
        await tell(session, row.conversation_id, "waiting", owner="queue", officer=None, kind="emergency", **sound)
    await _record(session, row, step.action, step.event, devices=len(devices))


async def _group(runtime: Runtime, session: AsyncSession, row: Row[Any], step: Step, now: datetime) -> None:
    group = await group_of(session, row.office)
    if group is None:
        await _record(session, row, "emergency.no-group", words.E_NO_GROUP)
        return
    until = (now + LASTS["emergency"]).isoformat()
    await defer(runtime.jobs, session, "call_group", office=group.office, handoff=row.id, mark=row.mark, until=until)
    await _record(session, row, step.action, step.event, office=group.office)


def _call(row: Row[Any], now: datetime) -> Call:
    title = titled(words.EMERGENCY, minutes(row.queued_at, now), row.service)
    return Call("emergency", title, title, office_label(row.office), row.conversation_id, row.id, row.mark)


async def _record(session: AsyncSession, row: Row[Any], action: str, event: str, **detail: Any) -> None:
    await note(session, "system", action, "conversation", row.conversation_id, **detail)
    session.add(Note(conversation_id=row.conversation_id, kind="event", text=event))
