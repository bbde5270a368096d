"""One turn as an action sees it: what was said, what is remembered, what is answered."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from actions.standing import Read, UnderWay
from bot.answers import Answer, Asked, Context
from bot.answers.answer import office_meant
from bot.answers.finding import Finding
from bot.answers.scope import NotHeld
from bot.applications.service import utc_now
from bot.conversations.wording import BACK_TO_BOT
from bot.guides.service import GuideDesk, Target
from bot.guides.walk import State
from bot.handoff.models import Kind as HandoffKind
from bot.handoff.people import RequestPerson
from bot.hearing import Heard, listen
from bot.kbli.classification import Classification
from bot.knowledge.load import get_knowledge
from bot.knowledge.models import Knowledge, Office
from bot.messages import Reply
from bot.settings import Settings
from bot.slowly import Beside
from bot.survey.wording import HELPED


async def nothing_to_tell(*_: object) -> list[Any]:
    """Without notes before answers."""
    return []


async def nothing_imported() -> Classification | None:
    """Without an imported classification the table of everyday trades answers by itself."""
    return None


@dataclass(frozen=True, slots=True)
class ActionServices:
    """What the actions need from the application."""

    knowledge: Knowledge | None  # None: what is live at each turn
    settings: Settings
    session: Callable[[], AbstractAsyncContextManager[AsyncSession]]
    request_person: RequestPerson
    now: Callable[[], datetime] = utc_now
    read: Read | None = None  # Database.run; without it everything happens in the turn's session
    erase_later: Callable[[AsyncSession, int, int], Awaitable[None]] | None = None
    """Queues erasing a conversation for a confirmed request: session, conversation id, request id."""
    classification: Callable[[], Awaitable[Classification | None]] = nothing_imported
    """The classification of businesses that was imported, if any."""
    untold: Callable[[int, str, str], Awaitable[list[Any]]] = nothing_to_tell
    """The notes before answers that a conversation has not been told: conversation, office, service."""
    informed: set[int] = field(default_factory=set)
    """Conversations known to have read the present notice about data."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.timezone)


@dataclass(slots=True)
class Turn:
    """The state of one turn. Handlers read it, call `say` and set `context`, `offered` and `failures`.

    `offered` is a payload: what a bare "ya" would mean next. `failures` counts misunderstandings in a row.
    """

    services: ActionServices
    knowledge: Knowledge  # one for the whole turn, though another may be published meanwhile
    session: AsyncSession
    conversation: int
    intent: str
    entities: dict[str, str]
    text: str  # as typed; empty for a tapped button
    metadata: dict[str, Any]
    confidence: float  # of the engine, that the intent is meant
    ranking: list[tuple[str, float]]
    parts: list[str]  # intents of the parts of a long message, in order
    likely: dict[str, float]  # the engine's: answers that the message may need, with logarithms of probabilities
    context: Context
    was_offered: str | None
    failed_before: int
    said_before: tuple[str, ...]  # texts of the bot since the person's message before this one
    slots_before: dict[str, Any] = field(default_factory=dict)
    replies: list[Reply] = field(default_factory=list)
    offered: str | None = None
    failures: int = 0
    redirect: str | None = None  # a payload to be handled instead
    afterword: str = ""  # said at the end of the last reply
    guide: State | None = None  # the guide that was running when the message came
    under_way: UnderWay = field(default_factory=UnderWay)  # what was under way when the message came
    found: Finding | None = None  # the passages that were looked at
    asked_region: bool = False  # the answer ends by asking for the region
    passage: str = ""  # the one that was said
    beside: Beside = field(default_factory=Beside)  # what is slow and was made outside of the transaction
    answered_apart: bool = False  # each question of the message got its answer
    _heard: Heard | None = None

    @property
    def office(self) -> str:
        """The office's own installation answers for its office when no region is named."""
        return self.services.settings.office

    @property
    def first_contact(self) -> bool:
        return bool(self.metadata.get("first_contact"))

    @property
    def desk(self) -> GuideDesk:
        message = self.metadata.get("message_id")
        return GuideDesk(self.session, self.knowledge, self.conversation, message if isinstance(message, int) else None)

    @property
    def variant(self) -> int:
        """1 when the bot asked back just before, so that another wording is chosen."""
        return 1 if self.said_before and self.said_before[-1].rstrip().endswith(("?", ":")) else 0

    def say(self, *replies: Reply) -> None:
        self.replies.extend(replies)

    async def ask_person(self, text: str, reason: str, kind: HandoffKind = "requested") -> Reply:
        """Hands the conversation over; returns `text` with how it stands in the queue below it."""
        stands = await self.services.request_person(
            self.session,
            self.conversation,
            reason,
            kind=kind,
            office=self.context.office or self.office,
            service=self.context.service or "",
        )
        if stands is None:
            return Reply(text, (BACK_TO_BOT,))
        return Reply(f"{text}\n\n{stands.text}", stands.buttons)

    def give(self, answer: Answer) -> None:
        """Says an answer and takes over its context."""
        self.say(*answer.replies)
        self.context, self.offered = answer.context, answer.offered

    @property
    def heard(self) -> Heard:
        """What the message says; made once."""
        if self._heard is None or self._heard.text != self.text:
            quoted = str(self.metadata.get("quoted") or "")
            self._heard = listen(
                self.knowledge, self.text, self.intent, self.confidence, self.entities, quoted, self.likely
            )
        return self._heard

    def asked(self) -> Asked:
        """What this message names, with ids checked against the knowledge."""
        named, heard = self.entities, self.heard
        office = heard.offices[0] if heard.offices else None
        where = heard.regions[0].title if heard.elsewhere else None
        tapped = named.get("office")
        if not self.text and tapped and tapped not in self.knowledge.offices:  # "Daerah lain"
            where = ""
        service, kind = self._service(office)
        return Asked(
            office=office,
            service=service,
            kind=kind,
            flow=_identifier(named.get("flow")) or (heard.ways[0] if heard.ways else None),
            term=named.get("term"),
            topic=_identifier(named.get("topic")),
            detail=_identifier(named.get("detail")),
            page=_number(named.get("page")) or 1,
            step=_number(named.get("step")) or (heard.steps[0] if heard.steps else None),
            region=where,
            text=self.text,
        )

    def case_office(self) -> Office | NotHeld | None:
        """The office a case lies with: the person's region goes before a national service that was talked about."""
        asked, context = self.asked(), self.context
        if context.office and not asked.service:
            context = context.with_(service=None)
        return office_meant(self.knowledge, asked, context, self.office)

    def _service(self, office: str | None) -> tuple[str | None, str | None]:
        """The service and the kind named. Typed words name a region's service only where that region is meant."""
        heard, services = self.heard, self.knowledge.services
        told = self.entities.get("service_kind") or (heard.kinds[0] if heard.kinds else "")
        kind = told if any(one.kind == told for one in services.values()) else None
        meant = office or self.context.office or self.office
        for one in heard.services:
            home = self.knowledge.offices[services[one].office]
            if not self.text or home.region is None or home.id == meant:
                return one, kind
        return None, kind

    def target(self) -> Target | None:
        """The guide and step a tapped button belongs to; None for typed words and buttons that name no guide."""
        service, flow = self.entities.get("service"), self.entities.get("flow")
        if self.text or not (service and flow):
            return None
        return Target(service, flow, _number(self.entities.get("step"), least=0))

    def events(self) -> list[dict[str, Any]]:
        """The slots that changed their value are set, nothing else."""
        values: dict[str, Any] = {**self.context.slots(), "offered": self.offered, "failures": self.failures or None}
        return [SlotSet(name, value) for name, value in values.items() if value != self.slots_before.get(name)]


def read_turn(services: ActionServices, session: AsyncSession, tracker: Tracker) -> Turn:
    """The turn that a tracker describes. Raises ValueError when the sender is no conversation of ours."""
    message = tracker.latest_message
    text = str(message.get("text") or "")
    slots = tracker.current_slot_values()
    offered, failures = slots.get("offered"), slots.get("failures")
    return Turn(
        services=services,
        knowledge=services.knowledge or get_knowledge(),
        session=session,
        conversation=int(tracker.sender_id),
        intent=str((message.get("intent") or {}).get("name") or "nlu_fallback"),
        entities=_entities(message.get("entities") or []),
        text="" if text.startswith("/") else text,
        metadata=message.get("metadata") or {},
        confidence=float((message.get("intent") or {}).get("confidence") or 0.0),
        ranking=[(one["name"], float(one["confidence"])) for one in message.get("intent_ranking") or []],
        parts=[str(one["name"]) for one in message.get("parts") or []],
        likely={str(name): float(chance) for name, chance in message.get("answers") or []},
        context=Context.from_slots(slots),
        was_offered=offered if isinstance(offered, str) else None,
        failed_before=failures if isinstance(failures, int) else 0,
        said_before=_said_before(tracker.events),
        slots_before=dict(slots),
    )


def _entities(found: list[dict[str, Any]]) -> dict[str, str]:
    """Name -> value; the first of each name counts (what stands first is usually what is meant)."""
    values: dict[str, str] = {}
    for one in found:
        value = one.get("value")
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value):
            values.setdefault(str(one.get("entity")), str(value))
    return values


def _said_before(events: list[dict[str, Any]]) -> tuple[str, ...]:
    """The bot's texts of the turn before this one, without "did this help?" under them."""
    texts: list[str] = []
    people = 0
    for event in reversed(events):
        if event.get("event") == "user":
            people += 1
            if people == 2:
                break
        elif event.get("event") == "bot" and people == 1 and event.get("text"):
            texts.append(str(event["text"]).removesuffix(f"\n\n{HELPED}"))
    return tuple(reversed(texts))


def _identifier(value: str | None) -> str | None:
    """An id as the knowledge has them; anything else (typed by hand, or heard wrongly) counts as not named."""
    return value if value and re.fullmatch(r"[a-z0-9-]{1,40}", value) else None


def _number(value: str | None, least: int = 1) -> int | None:
    """A small whole number out of an entity ("6", "langkah 6"); None for anything else."""
    match = re.fullmatch(r"\D{0,20}(\d{1,3})\D{0,20}", value or "")
    return int(match[1]) if match and int(match[1]) >= least else None


def message_of(reply: Reply, decision: dict[str, Any] | None) -> dict[str, Any]:
    """The reply as rasa_sdk's dispatcher takes it."""
    sources = [{"document": one.document, "clause": one.clause} for one in reply.sources]
    return {
        "text": reply.text,
        "buttons": [{"title": one.title, "payload": one.payload} for one in reply.buttons],
        "json_message": {"sources": sources, **({"decision": decision} if decision else {})},
    }
