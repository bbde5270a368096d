"""Numbers of applications that came in and came to an end in a period, by office and service."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.applications.models import Application, ApplicationEvent
from bot.applications.service import Register
from bot.conversations.walls import mine


@dataclass(frozen=True, slots=True)
class Flow:
    """`ended`: with the licence or with a refusal, `refused` of them with the latter."""

    received: int = 0
    ended: int = 0
    refused: int = 0


async def flow(register: Register, start: datetime, end: datetime) -> dict[tuple[str, str], Flow]:
    """(office, service) -> what came in from `start` until before `end`, and what ended then."""
    sight = mine(Application.office, register.sight)
    place = (Application.office, Application.service)
    first, last = register.day(start), register.day(end)
    query = select(*place, func.count()).where(sight, Application.received_on >= first, Application.received_on < last)
    received = {(one[0], one[1]): one[2] for one in await register.session.execute(query.group_by(*place))}
    moved = (
        select(*place, Application.procedure, ApplicationEvent.stage, func.count(Application.id.distinct()))
        .join(ApplicationEvent, ApplicationEvent.application_id == Application.id)
        .where(sight, ApplicationEvent.happened_at >= start, ApplicationEvent.happened_at < end)
        .where(ApplicationEvent.kind.in_(("stage", "import")))
        .group_by(*place, Application.procedure, ApplicationEvent.stage)
    )
    ended: Counter[tuple[str, str]] = Counter()
    refused: Counter[tuple[str, str]] = Counter()
    for office, service, procedure, name, number in await register.session.execute(moved):
        entry = register.knowledge.stages.get(service)
        found = entry.of(procedure) if entry else None
        stage = found.stage(name) if found else None
        if stage and stage.end:
            ended[office, service] += number
            refused[office, service] += number if stage.end == "rejected" else 0
    places = sorted({*received, *ended})
    return {one: Flow(received.get(one, 0), ended[one], refused[one]) for one in places}
