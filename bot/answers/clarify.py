"""Asking back: for the region, the service or the way, with buttons that carry the whole question."""

from __future__ import annotations

from bot.answers import wording
from bot.answers.context import Asked
from bot.answers.payloads import button
from bot.answers.scope import NotHeld, Scope, Unclear, UnclearFlow, services_of
from bot.knowledge.models import Knowledge, Office, Service
from bot.messages import Button, Reply

MAX_BUTTONS = 10  # what every channel can show


def ask_back(knowledge: Knowledge, scope: Scope, topic: str, asked: Asked, variant: int = 0) -> Reply:
    """The question that settles `scope`. `variant` picks another wording, so that nobody reads the same one twice."""
    match scope:
        case UnclearFlow(service=service):
            return _ask_flow(service, topic, asked, variant)
        case Unclear(services=services) if services:
            return _ask_service(knowledge, services, topic, asked, scope.switched, variant)
        case Unclear(offices=offices, kind=kind):
            return _ask_office(knowledge, offices, kind, topic, asked, variant)
        case NotHeld(office=office, kind=kind) if office and kind:
            return _not_held(knowledge, office, kind, topic, asked)
        case NotHeld(region=region):
            text = wording.UNKNOWN_REGION.format(region=region or wording.THAT_REGION)
            return Reply(text, _offices(knowledge, tuple(knowledge.offices.values()), None, topic, asked, other=False))
    raise TypeError(f"nothing to ask about {scope}")


def ask_region(knowledge: Knowledge, topic: str, asked: Asked, variant: int = 0) -> Reply:
    """For questions that need only the office (contacts, complaints)."""
    return _ask_office(knowledge, tuple(knowledge.offices.values()), None, topic, asked, variant)


def _ask_office(
    knowledge: Knowledge, offices: tuple[Office, ...], kind: str | None, topic: str, asked: Asked, variant: int
) -> Reply:
    texts = wording.ASK_KIND_OFFICE if kind else wording.ASK_REGION
    national = all(office.region is None for office in offices)  # then no region is the question
    if topic == "guide_start" and not kind:
        return Reply(wording.ASK_GUIDE, _offices(knowledge, offices, kind, topic, asked, other=not national))
    text = texts[-1 if national else variant % len(texts)].format(kind=_name_of(knowledge, kind))
    return Reply(text, _offices(knowledge, offices, kind, topic, asked, other=not national))


def _offices(
    knowledge: Knowledge,
    offices: tuple[Office, ...],
    kind: str | None,
    topic: str,
    asked: Asked,
    *,
    other: bool = True,
) -> tuple[Button, ...]:
    """One button an office, regions first (for a guide national systems); the rest is on the next page."""
    ordered = sorted(offices, key=lambda one: one.region is None)
    if topic == "guide_start" and kind is None:
        ordered = sorted(ordered, key=lambda one: not one.national)
    choices = [_office_button(knowledge, office, kind, topic, asked) for office in ordered]
    rest = [button(wording.OTHER_REGION, topic, office="lain")] if other else []
    room = MAX_BUTTONS - len(rest)
    if len(choices) <= room:
        return (*choices, *rest)
    room -= 1
    start = (asked.page - 1) * room
    more = [button(wording.MORE, topic, office="", page=asked.page + 1)] if start + room < len(choices) else []
    return (*choices[start : start + room], *more, *rest)


def _office_button(knowledge: Knowledge, office: Office, kind: str | None, topic: str, asked: Asked) -> Button:
    every = services_of(knowledge, office.id)
    same = [one for one in every if one.kind == kind]
    detail = asked.detail if topic == "inform" else None
    title = every[0].label if office.region is None and len(every) == 1 else office.label
    if len(same) == 1:
        return button(title, topic, service=same[0].id, flow=asked.flow, detail=detail)
    return button(title, topic, office=office.id, flow=asked.flow, detail=detail)


def _ask_service(
    knowledge: Knowledge, services: tuple[Service, ...], topic: str, asked: Asked, switched: bool, variant: int
) -> Reply:
    office = knowledge.offices[services[0].office]
    texts = wording.ASK_SERVICE
    text = wording.SWITCHED_SERVICE if switched else texts[variant % len(texts)]
    if switched and len(services) == 1:
        text = wording.SWITCHED_TO_ONE.replace("{service}", services[0].label)
    detail = asked.detail if topic in ("inform", "ask_detail") else None
    choices = [button(one.label, topic, service=one.id, flow=asked.flow, detail=detail) for one in services]
    return Reply(text.format(office=office.label), tuple(choices[:MAX_BUTTONS]))


def _ask_flow(service: Service, topic: str, asked: Asked, variant: int) -> Reply:
    text = wording.ASK_FLOW[variant % len(wording.ASK_FLOW)].format(service=service.label)
    options = [f"• {one.label}: {one.summary}" for one in service.procedures if one.summary]
    choices = [button(one.label, topic, service=service.id, flow=one.id, step=asked.step) for one in service.procedures]
    return Reply("\n\n".join(part for part in (text, "\n".join(options)) if part), tuple(choices))


def _not_held(knowledge: Knowledge, office: Office, kind: str, topic: str, asked: Asked) -> Reply:
    text = wording.NO_SUCH_SERVICE.format(kind=_name_of(knowledge, kind), office=office.label)
    here = [button(one.label, topic, service=one.id) for one in services_of(knowledge, office.id)]
    elsewhere = [one for one in knowledge.services.values() if one.kind == kind and one.office != office.id]
    labels = dict.fromkeys(knowledge.offices[one.office].label for one in elsewhere)
    also = wording.ALSO_ELSEWHERE.format(offices=", ".join(labels)) if labels else ""
    there = [button(knowledge.offices[one.office].label, topic, service=one.id, flow=asked.flow) for one in elsewhere]
    return Reply("\n\n".join(part for part in (text, also) if part), tuple([*here, *there][:MAX_BUTTONS]))


def _name_of(knowledge: Knowledge, kind: str | None) -> str:
    """How a question names a kind of service."""
    if kind in knowledge.kinds:
        return knowledge.kinds[kind].name
    return next((one.label for one in knowledge.services.values() if one.kind == kind), "")
