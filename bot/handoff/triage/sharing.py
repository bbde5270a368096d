"""Giving those who wait to the officers who are present: per office and skill, whoever has the fewest first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.handoff.desk import Act, open_handoff
from bot.handoff.ownership.hours import hours_of
from bot.handoff.ownership.service import assign
from bot.handoff.reading.presence import here
from bot.handoff.triage.models import DeskRule, OfficerSkill
from bot.handoff.triage.targets import put_rule
from bot.officers.models import Officer

MOST = 8
"""Conversations that one officer has; more are given to nobody, and may be taken by hand."""

# Who was given it before and let it go is not given it again.
_WAITING = text("""
select h.id, h.conversation_id, h.service, h.team_id, coalesce(nullif(c.office, ''), h.office) as office,
    array(select cast(a.detail->>'to' as bigint) from audit_lines a where a.subject = 'conversation'
        and a.subject_id = h.conversation_id and a.action = 'handoff.assigned' and a.at >= h.created_at) as before
from handoffs h join conversations c on c.id = h.conversation_id
where h.closed_at is null and h.owned_at is null and h.officer_id is null
    and (h.snoozed_until is null or h.snoozed_until <= :now)
    and coalesce(nullif(c.office, ''), h.office) = any(:offices)
order by (h.kind = 'emergency') desc, coalesce(h.asked_at, h.queued_at), h.id limit 50
""")
_LOADS = text("""
select officer_id, count(*) as has from handoffs where closed_at is null and owned_at is not null
    and (snoozed_until is null or snoozed_until <= :now) group by officer_id
""")
_MEMBERS = text("select team_id, officer_id from team_members")


@dataclass(slots=True)
class Staff:
    """Somebody who may be given conversations. `skills`: services; none: all."""

    officer: Officer
    skills: frozenset[str]
    teams: frozenset[int]
    has: int

    def fits(self, waiting: Any) -> bool:
        if waiting.office not in self.officer.offices or self.officer.id in waiting.before or self.has >= MOST:
            return False
        if waiting.team_id is not None and waiting.team_id not in self.teams:
            return False
        return not waiting.service or not self.skills or waiting.service in self.skills


async def set_assigns(desk: Act, office: str, on: bool) -> None:
    """Whether this office's conversations are given out. Raises NotAllowed."""
    desk.only_own(office)
    await put_rule(desk, office, assigns=on)
    await desk.note("office.sharing-set", "office", office=office, on=on)


async def set_skills(desk: Act, officer: Officer, services: Collection[str]) -> None:
    """The services that the officer knows; none: all."""
    await desk.session.execute(delete(OfficerSkill).where(OfficerSkill.officer_id == officer.id))
    if services:
        rows = [{"officer_id": officer.id, "service": one} for one in sorted(set(services))]
        await desk.session.execute(insert(OfficerSkill).values(rows))
    await desk.note("officer.skills-set", "officer", officer.id, service=sorted(set(services)))


async def skills(session: AsyncSession) -> dict[int, set[str]]:
    """By officer."""
    found: dict[int, set[str]] = {}
    for one in await session.scalars(select(OfficerSkill)):
        found.setdefault(one.officer_id, set()).add(one.service)
    return found


async def loads(session: AsyncSession, now: datetime) -> dict[int, int]:
    """How many conversations each officer has now, without those put off."""
    return {one.officer_id: one.has for one in (await session.execute(_LOADS, {"now": now})).all()}


async def share(desk: Act) -> int:
    """The periodic job: in offices that share, within their hours. Returns how many were given to somebody."""
    offices = await _open_offices(desk)
    if not offices:
        return 0
    waiting = (await desk.session.execute(_WAITING, {"now": desk.now(), "offices": offices})).all()
    present = await _present(desk) if waiting else []
    given = 0
    for one in waiting:
        fitting = [staff for staff in present if staff.fits(one)]
        if not fitting:
            continue
        # Who knows the service by name goes before who knows all.
        to = min(fitting, key=lambda staff: (staff.has, one.service not in staff.skills, staff.officer.id))
        handoff = await open_handoff(desk.session, one.conversation_id, lock=True)
        if handoff is None or handoff.id != one.id or handoff.owned_at is not None:
            continue
        await assign(desk, handoff, to.officer)
        to.has += 1
        given += 1
    return given


async def _open_offices(desk: Act) -> list[str]:
    """Those that share and are open now; one whose hours nobody has set is."""
    query = select(DeskRule.office).where(DeskRule.assigns.is_(True), DeskRule.office != "")
    timezone = desk.runtime.settings.timezone
    return [
        office
        for office in await desk.session.scalars(query)
        if (await hours_of(desk.session, office, timezone)).is_open(desk.now()) is not False
    ]


async def _present(desk: Act) -> Sequence[Staff]:
    """Officers and supervisors who are at the console now."""
    ids = await here(desk.session, desk.now())
    query = select(Officer).where(Officer.id.in_(ids), Officer.disabled_at.is_(None), Officer.role != "administrator")
    known, has = await skills(desk.session), await loads(desk.session, desk.now())
    teams: dict[int, set[int]] = {}
    for team, officer in (await desk.session.execute(_MEMBERS)).all():
        teams.setdefault(officer, set()).add(team)
    return [
        Staff(one, frozenset(known.get(one.id, ())), frozenset(teams.get(one.id, ())), has.get(one.id, 0))
        for one in await desk.session.scalars(query.order_by(Officer.id))
    ]
