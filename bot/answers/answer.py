"""The one entrance for questions: a topic, what the message names and what is remembered, to replies."""

from __future__ import annotations

from dataclasses import replace

from bot.answers import cards, clarify, facts, wording
from bot.answers.context import Answer, Asked, Context
from bot.answers.payloads import payload
from bot.answers.scope import Found, NotHeld, Scope, Unclear, find_procedure, find_service
from bot.knowledge.models import Knowledge, Office, Service
from bot.messages import Reply

TOPICS = frozenset(wording.TOPIC_TITLES)
"""The intents that `answer` knows."""

SIINAS_KINDS = {
    "siinas_registration": "account",
    "siinas_company_data": "company-data",
    "siinas_reporting": "reporting",
    "siinas_verification": "verification",
    "siinas_exemption": "exemption",
}


def answer(
    knowledge: Knowledge, topic: str, asked: Asked, memory: Context, default_office: str = "", variant: int = 0
) -> Answer:
    """Answers `topic` (one of TOPICS), or asks back for what the answer depends on."""
    asked = with_flow_service(knowledge, asked, memory)
    if topic == "ask_contact":
        return _contact(knowledge, asked, memory, default_office, variant)
    scope = scope_of(knowledge, topic, asked, memory, default_office)
    if not isinstance(scope, Found):
        return unsettled(knowledge, scope, topic, asked, memory, variant)
    replies = facts.tell(knowledge, topic, scope.service, scope.procedure, asked)
    flow = scope.procedure.id if scope.procedure else (memory.flow if memory.service == scope.service.id else None)
    context = settled(knowledge, scope.service, memory).with_(topic=topic, flow=flow)
    has_more = any(button.title == wording.MORE for button in replies[-1].buttons)
    offered = facts.more(topic, scope.service, scope.procedure, asked) if has_more else None
    return Answer(replies, context, offered)


def scope_of(knowledge: Knowledge, topic: str, asked: Asked, memory: Context, default_office: str) -> Scope:
    """Which service (and procedure, for topics that depend on it) is meant."""
    find = find_procedure if topic in ("ask_procedure", "guide_start") else find_service
    return find(knowledge, asked, memory, default_office)


def unsettled(
    knowledge: Knowledge, scope: Scope, topic: str, asked: Asked, memory: Context, variant: int = 0
) -> Answer:
    """Asks for what is missing, and remembers what is already known."""
    reply = clarify.ask_back(knowledge, scope, topic, asked, variant)
    context = memory.with_(topic=topic)
    office = knowledge.offices.get(asked.office or "")
    if office and office.region:
        context = context.with_(office=office.id)
    match scope:
        case Unclear(services=services) if services:
            context = context.with_(service=None, flow=None, kind=None, office=_home(knowledge, services[0], memory))
        case Unclear(kind=kind):
            context = context.with_(service=None, flow=asked.flow, kind=kind)
        case NotHeld():
            context = context.with_(service=None, flow=None, kind=asked.kind or memory.kind)
        case _:
            context = settled(knowledge, scope.service, memory).with_(topic=topic)
    only = reply.buttons[0].payload if len(reply.buttons) == 1 else None  # one choice: "ya" takes it
    return Answer((reply,), context, only)


def settled(knowledge: Knowledge, service: Service, memory: Context) -> Context:
    """The context once the service is known. A national service does not make us forget the person's region."""
    flow = memory.flow if memory.service == service.id else None
    return replace(memory, service=service.id, flow=flow, kind=None, office=_home(knowledge, service, memory))


def inform(knowledge: Knowledge, asked: Asked, memory: Context, default_office: str = "", variant: int = 0) -> Answer:
    """Only a region, a service or a way was named and nothing was asked before: shows what there is."""
    office = knowledge.offices.get(asked.office or "")
    if not asked.service and not asked.kind and office:
        context = memory.with_(service=None, flow=None, kind=None, topic=None)
        return Answer((cards.office_card(knowledge, office),), context.with_(office=_office_home(office, memory)))
    if not (asked.service or asked.kind or asked.flow or asked.region is not None):
        question = clarify.ask_region(knowledge, "inform", replace(asked, detail="menu"), variant)
        return Answer((Reply(wording.WHICH_OFFICE_MENU, question.buttons),), memory)
    scope = find_service(knowledge, asked, memory, default_office)
    if isinstance(scope, Found):
        context = settled(knowledge, scope.service, memory)
        return Answer(cards.service_card(knowledge, scope.service), context)
    return unsettled(knowledge, scope, "inform", replace(asked, detail="menu"), memory, variant)


def with_flow_service(knowledge: Knowledge, asked: Asked, memory: Context) -> Asked:
    """ "mandiri" names the one service (of the office, when one is named) that has such a procedure."""
    if not asked.flow or asked.service or asked.kind or asked.region is not None:
        return asked
    services = [one for one in knowledge.services.values() if asked.office in (None, one.office)]
    having = [one for one in services if any(way.id == asked.flow for way in one.procedures)]
    if len(having) == 1 and not any(one.id == memory.service for one in having):
        return replace(asked, service=having[0].id)
    return asked


def _contact(knowledge: Knowledge, asked: Asked, memory: Context, default_office: str, variant: int) -> Answer:
    office = office_meant(knowledge, asked, memory, default_office)
    if isinstance(office, NotHeld):
        return unsettled(knowledge, office, "ask_contact", asked, memory, variant)
    if office is None:
        return Answer(
            (clarify.ask_region(knowledge, "ask_contact", asked, variant),), memory.with_(topic="ask_contact")
        )
    replies = facts.tell_contacts(knowledge, office, asked)
    context = memory.with_(topic="ask_contact", office=_office_home(office, memory))
    if asked.service in knowledge.services:
        context = settled(knowledge, knowledge.services[asked.service], context)
    else:
        known = _known(knowledge, memory)
        if asked.office and known and known.office != office.id:
            context = context.with_(service=None, flow=None, kind=known.kind)
    offered = payload("ask_contact", office=office.id, page=asked.page + 1)
    return Answer(replies, context, offered if replies[-1].buttons[0].title == wording.MORE else None)


def office_meant(knowledge: Knowledge, asked: Asked, memory: Context, default_office: str) -> Office | NotHeld | None:
    """For questions that need only the office: named, the named or remembered service's, remembered, default."""
    if asked.region is not None:
        return NotHeld(region=asked.region)
    for service in (knowledge.services.get(asked.service or ""), None if asked.office else _known(knowledge, memory)):
        if service:
            return knowledge.offices[service.office]
    return knowledge.offices.get(asked.office or memory.office or default_office)


def _known(knowledge: Knowledge, memory: Context) -> Service | None:
    return knowledge.services.get(memory.service or "")


def _home(knowledge: Knowledge, service: Service, memory: Context) -> str | None:
    return _office_home(knowledge.offices[service.office], memory)


def _office_home(office: Office, memory: Context) -> str | None:
    return office.id if office.region else memory.office
