"""The officers' desk as a turn and the actions see it (bot/conversations/people.py), and its periodic job."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers.payloads import parse
from bot.answers.wording import CHOICE_TITLES
from bot.conversations.outbox import say
from bot.conversations.people import Verdict
from bot.conversations.wording import BACK_TO_BOT
from bot.dialogue.client import Spoken, Understanding
from bot.handoff import wording
from bot.handoff.answering import approval
from bot.handoff.desk import Act, open_handoff, utc_now
from bot.handoff.models import Handoff, Kind
from bot.handoff.ownership import callbacks, queue
from bot.handoff.ownership.hours import hours_of, say_moment
from bot.handoff.ownership.service import back_to_bot, request_person, watch_leases
from bot.handoff.reading.asked import asks
from bot.handoff.triage import sharing, snoozing, targets, waiting
from bot.messages import Reply
from bot.settings import Settings
from bot.storage.database import Database

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

PLACE, CALL_BACK = "/queue_place", "/call_back"


class RequestPerson(Protocol):
    """Hands the conversation to a person. `reason` is Indonesian, for the officer; `kind` is a handoff's.

    Returns how it stands in the queue, with buttons, to be said below the action's own words; None: nothing to add.
    """

    async def __call__(
        self,
        session: AsyncSession,
        conversation_id: int,
        reason: str,
        *,
        kind: Kind = "requested",
        office: str = "",
        service: str = "",
    ) -> Reply | None: ...


class OfficersDesk:
    """One a process; follows the protocol `People`."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self.rules = approval.Rules(database)

    async def ask(
        self,
        session: AsyncSession,
        conversation_id: int,
        reason: str,
        *,
        kind: Kind = "requested",
        office: str = "",
        service: str = "",
    ) -> Reply | None:
        """Puts the conversation into the queue; returns how it stands there, with buttons."""
        await request_person(session, conversation_id, reason, kind=kind, office=office, service=service)
        await targets.refresh(session, self._settings.timezone, conversation_id)
        return await queue.stand(session, conversation_id, utc_now(), self._settings.timezone)

    async def while_waiting(
        self, session: AsyncSession, conversation_id: int, message_id: int, payload: str, text: str
    ) -> list[Reply]:
        """Place in the queue, a call-back that is wished for; none for anything else."""
        if payload.startswith(CALL_BACK):
            return await self._call_back(session, conversation_id, payload)
        if payload == PLACE or (text and queue.asks_place(text)):
            stands = await queue.stand(session, conversation_id, utc_now(), self._settings.timezone)
            return [stands] if stands else []
        return []

    async def back_to_bot(self, session: AsyncSession, conversation_id: int) -> None:
        await back_to_bot(session, conversation_id, utc_now())

    async def wrote(self, session: AsyncSession, conversation_id: int, kind: str, text: str) -> None:
        if await waiting.wrote(session, conversation_id, asks=kind != "text" or asks(text)):
            await targets.refresh(session, self._settings.timezone, conversation_id)

    async def verdict(self, spoken: Spoken) -> Verdict | None:
        return await self.rules.verdict(spoken.understood, spoken.decision)

    async def hold(self, session: AsyncSession, conversation_id: int, message_id: int, verdict: Verdict) -> bool:
        if await open_handoff(session, conversation_id) is not None:
            return False
        expires_at = utc_now() + timedelta(minutes=self._settings.approval_minutes)
        await approval.hold(session, conversation_id, message_id, verdict, expires_at)
        return True

    async def hand_over(self, session: AsyncSession, conversation_id: int, understood: Understanding) -> Reply | None:
        if await open_handoff(session, conversation_id) is not None:
            return None
        topic = CHOICE_TITLES.get(understood.intent, understood.intent)
        stands = await self.ask(session, conversation_id, wording.R_TOPIC.format(topic=topic), kind="topic")
        return joined(wording.HANDED_OVER, stands)

    async def _call_back(self, session: AsyncSession, conversation_id: int, payload: str) -> list[Reply]:
        handoff = await open_handoff(session, conversation_id)
        if handoff is None:
            return []
        now = utc_now()
        hours = await hours_of(session, handoff.office, self._settings.timezone)
        span = await callbacks.wish(session, handoff, hours, _slot(payload), now)
        if span is None:
            stands = await queue.stand(session, conversation_id, now, self._settings.timezone)
            return [joined(wording.CALL_BACK_GONE, stands)]
        told = wording.CALL_BACK_KEPT.format(when=say_moment(span[0].astimezone(hours.zone), now))
        return [Reply(told, (BACK_TO_BOT,))]


def joined(text: str, stands: Reply | None) -> Reply:
    """`text`, and below it how it stands in the queue, with its buttons."""
    if stands is None:
        return Reply(text, (BACK_TO_BOT,))
    return Reply(f"{text}\n\n{stands.text}", stands.buttons)


async def watch(runtime: Runtime) -> None:
    """The periodic job: leases, what was put off, targets of those who wait, answers that nobody approved in time."""
    async with runtime.database.session() as session:
        desk = Act(session, runtime, own=True)
        await watch_leases(desk)
        await snoozing.wake(desk)
        await sharing.share(desk)
        await targets.refresh(session, runtime.settings.timezone)
        for conversation_id in await approval.expired(session, desk.now()):
            await _after_expiry(desk, conversation_id)


async def _after_expiry(desk: Act, conversation_id: int) -> None:
    """A kind message and a place in the queue, unless an officer has the conversation already."""
    handoff: Handoff | None = await open_handoff(desk.session, conversation_id)
    if handoff is None:
        await request_person(desk.session, conversation_id, wording.R_EXPIRED, kind="topic")
        stands = await queue.stand(desk.session, conversation_id, desk.now(), desk.runtime.settings.timezone)
        told = joined(wording.HOLDING, stands)
        await say(desk.runtime, desk.session, conversation_id, told.text, "system", told.buttons)


def _slot(payload: str) -> str:
    try:
        return parse(payload)[1].get("slot", "")
    except ValueError:
        return ""
