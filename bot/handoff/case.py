"""The case behind a conversation: office, service, question and application, from what is on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers.context import Context
from bot.applications import access
from bot.applications.models import Application
from bot.applications.service import Register
from bot.conversations.hiding import hides
from bot.conversations.walls import ALL, Sight
from bot.dialogue.models import RasaTracker
from bot.handoff.models import Handoff
from bot.knowledge.models import Knowledge, Office, Service


@dataclass(frozen=True, slots=True)
class Case:
    """`applications`: those that this applicant may see, open ones first; none where a report `hides` whose the
    conversation is, as they tell the name. `context`: what the bot remembers."""

    context: Context
    office: Office | None
    service: Service | None
    applications: Sequence[Application] = ()
    hides: bool = False

    @property
    def application(self) -> Application | None:
        """The one that is probably meant: the only one of this service, or the only one at all."""
        fitting = [one for one in self.applications if self.service and one.service == self.service.id]
        for some in (fitting, self.applications):
            if len(some) == 1:
                return some[0]
        return None


async def case_of(session: AsyncSession, knowledge: Knowledge, conversation_id: int, sight: Sight = ALL) -> Case:
    """What the newest handoff says goes before what the bot remembers. Of applications, those in sight."""
    query = select(Handoff.office, Handoff.service).where(Handoff.conversation_id == conversation_id)
    handoff = (await session.execute(query.order_by(Handoff.id.desc()).limit(1))).one_or_none()
    memory = await remembered(session, conversation_id)
    service = knowledge.services.get((handoff and handoff.service) or memory.service or "")
    office = knowledge.offices.get((handoff and handoff.office) or (service and service.office) or memory.office or "")
    hidden = await hides(session, conversation_id)
    found_there = [] if hidden else await access.mine(Register(session, knowledge), conversation_id)
    applications = [one for one in found_there if sight.own(one.office)]
    found = Case(memory, office, service, applications, hidden)
    if service is None and (application := found.application) is not None:
        service = knowledge.services.get(application.service)
        office = office or knowledge.offices.get(application.office)
    return Case(memory, office, service, applications, hidden)


async def remembered(session: AsyncSession, conversation_id: int) -> Context:
    """The bot's working memory of the conversation; empty where there is none."""
    query = select(RasaTracker.state).where(RasaTracker.sender_id == str(conversation_id))
    state = (await session.execute(query)).scalar_one_or_none()
    slots: dict[str, Any] = {}
    for event in (state or {}).get("events", ()):
        if isinstance(event, dict) and event.get("event") == "slot":
            slots[str(event.get("name"))] = event.get("value")
    return Context.from_slots(slots)
