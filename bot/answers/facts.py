"""Answers about one service: requirements, steps, duration, cost, product, legal basis, further parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.answers import wording
from bot.answers.contacts import contact_items, office_contacts, whom_to_ask
from bot.answers.context import Asked
from bot.answers.payloads import TO_PERSON, button, payload
from bot.answers.text import Item, Page, fact_items, fact_text, item, lines, numbered, pages, sources_of, with_actor
from bot.knowledge.models import (
    Fact,
    Knowledge,
    LegalBasis,
    NotStated,
    Office,
    Procedure,
    Requirement,
    Service,
    Source,
    Step,
)
from bot.messages import Button, Reply

# After an answer: the question that people ask next.
_NEXT = {
    "ask_requirements": "ask_duration",
    "ask_procedure": "ask_requirements",
    "ask_duration": "ask_cost",
    "ask_cost": "ask_duration",
    "ask_product": "ask_requirements",
    "ask_legal_basis": "ask_requirements",
    "ask_contact": "ask_requirements",
    "ask_detail": "ask_requirements",
}
STEP_TIMES = "waktu-langkah"
BUBBLES = 2  # of a long list at once; the rest comes by "Lanjut daftar"


def tell(
    knowledge: Knowledge, topic: str, service: Service, procedure: Procedure | None, asked: Asked
) -> tuple[Reply, ...]:
    """One or two bubbles that answer `topic` for `service`; `asked.page` chooses the part of a long list."""
    match topic:
        case "ask_requirements":
            found = _listed(knowledge, topic, service, service.requirements, _requirements(service))
        case "ask_duration" if asked.detail == STEP_TIMES:
            found = _step_times(knowledge, service)
        case "ask_duration":
            items = [] if isinstance(service.duration, NotStated) else [Item(_duration(service), (_at(service),))]
            found = _listed(knowledge, topic, service, service.duration, items)
        case "ask_cost":
            items = [] if isinstance(service.cost, NotStated) else [item(service.cost)]
            found = _listed(knowledge, topic, service, service.cost, items)
        case "ask_product":
            items = [] if isinstance(service.product, NotStated) else numbered(service.product)
            found = _listed(knowledge, topic, service, service.product, items)
        case "ask_legal_basis":
            found = _listed(knowledge, topic, service, service.legal_basis, _laws(knowledge, service), gap="\n\n")
        case "ask_procedure" if procedure:
            found = _steps(knowledge, service, procedure, asked.step)
        case "ask_procedure" if not service.procedures:
            gap = NotStated(not_stated=True, source=Source(document=service.document))
            found = _listed(knowledge, topic, service, gap, [])
        case "ask_detail":
            asked = replace(asked, detail=section_named(service, asked))
            found = _section(knowledge, service, asked.detail)
        case _:
            raise ValueError(f"no answer for {topic}")
    return _with_buttons(knowledge, topic, service, procedure, asked, found)


def stuck(knowledge: Knowledge, service: Service) -> tuple[Reply, ...]:
    """What is known to go wrong on the steps of a service; empty when nothing is."""
    known = {fact.text: fact for way in service.procedures for step in way.steps for fact in step.stuck}
    if not known:
        return ()
    found = pages(knowledge, f"Kendala – {service.title}", fact_items(list(known.values())), gap="\n\n")
    buttons = (
        button(wording.TOPIC_BUTTONS["ask_procedure"], "ask_procedure", service=service.id),
        TO_PERSON,
    )
    return bubbles(found, buttons)


def tell_contacts(knowledge: Knowledge, office: Office, asked: Asked) -> tuple[Reply, ...]:
    """The office's contacts, or that none is printed and whom to ask instead."""
    items = contact_items(office_contacts(knowledge, office))
    head = f"Kontak {office.name}"
    if not items:
        assert isinstance(office.contacts, NotStated)
        found = [_not_stated(knowledge, head, office.contacts, *whom_to_ask(knowledge, office))]
    else:
        found = pages(knowledge, head, items)
    shown, following = part(found, asked.page)
    buttons = [button(wording.MORE, "ask_contact", office=office.id, page=following)] if following else []
    buttons.append(button("Layanan di sini", "inform", office=office.id, detail="menu"))
    buttons.append(TO_PERSON)
    return bubbles(shown, buttons)


def part(found: Sequence[Page], number: int) -> tuple[Sequence[Page], int | None]:
    """The bubbles of part `number` of a list (from 1; beyond the end the last), and the next part's number."""
    last = (len(found) - 1) // BUBBLES + 1
    number = min(number, last)
    return found[(number - 1) * BUBBLES : number * BUBBLES], number + 1 if number < last else None


def bubbles(found: Sequence[Page], buttons: Sequence[Button]) -> tuple[Reply, ...]:
    """Pages as replies; the buttons stand under the last."""
    last = len(found) - 1
    return tuple(Reply(page.text, tuple(buttons) if i == last else (), page.sources) for i, page in enumerate(found))


def more(topic: str, service: Service, procedure: Procedure | None, asked: Asked) -> str:
    """The payload of the next page of the same answer."""
    return payload(
        topic,
        service=service.id,
        flow=procedure.id if procedure and len(service.procedures) > 1 else None,
        detail=asked.detail,
        page=asked.page + 1,
    )


def steps_line(step: Step) -> str:
    """One step in a list: the actor is named unless the sentence already does."""
    text = step.text if step.actor == "applicant" else with_actor(step.text, step.actor_label)
    return f"{step.number}. {text}"


def _head(topic: str, service: Service) -> str:
    return f"{wording.TOPIC_TITLES[topic]} – {service.title}"


def _listed(
    knowledge: Knowledge,
    topic: str,
    service: Service,
    stated: object,
    items: Sequence[Item],
    gap: str = "\n",
) -> list[Page]:
    head = _head(topic, service)
    if isinstance(stated, NotStated):
        office = knowledge.offices[service.office]
        return [_not_stated(knowledge, head, stated, *whom_to_ask(knowledge, office))]
    return pages(knowledge, head, items, gap=gap)


def _not_stated(knowledge: Knowledge, head: str, gap: NotStated, whom: str, sources: tuple[Source, ...] = ()) -> Page:
    silent = wording.NOT_STATED if gap.source.mark == "S" else wording.NOT_STATED_ANYWHERE
    body = "\n\n".join(part for part in (silent, gap.remark or "", whom) if part)
    return pages(knowledge, head, [Item(body, (gap.source, *sources))], limit=900)[0]


def _requirements(service: Service) -> list[Item]:
    return [] if isinstance(service.requirements, NotStated) else requirement_items(service.requirements)


def requirement_items(requirements: Sequence[Requirement]) -> list[Item]:
    return numbered(requirements)


def _duration(service: Service) -> str:
    duration = service.duration
    assert not isinstance(duration, NotStated)
    starts = duration.starts if duration.starts and duration.starts not in duration.text else ""
    counted = wording.COMPUTED if duration.computed and not duration.remark else ""
    return lines(fact_text(duration), f"Dihitung sejak: {starts}" if starts else "", counted)


def _at(service: Service) -> Source:
    assert not isinstance(service.duration, NotStated)
    return service.duration.source


def _step_times(knowledge: Knowledge, service: Service) -> list[Page]:
    items = [
        Item(f"{step.number}. {_brief(step.text)}: {fact_text(step.time)}", (step.time.source,))
        for procedure in service.procedures
        for step in procedure.steps
        if step.time
    ]
    return pages(knowledge, f"Waktu tiap langkah – {service.title}", items) if items else _silent(knowledge, service)


def _silent(knowledge: Knowledge, service: Service) -> list[Page]:
    source = Source(document=service.document)
    return pages(knowledge, _head("ask_duration", service), [Item(wording.NOT_STATED, (source,))])


def _brief(text: str) -> str:
    """The first sentence of a step, at most 60 characters, for a list of times."""
    first = text.split(". ", 1)[0].rstrip(".")
    return first if len(first) <= 60 else first[:59].rsplit(" ", 1)[0] + "…"


def _laws(knowledge: Knowledge, service: Service) -> list[Item]:
    if isinstance(service.legal_basis, NotStated):
        return []
    return [_law(knowledge, law, number) for number, law in enumerate(service.legal_basis, start=1)]


def _law(knowledge: Knowledge, law: LegalBasis, number: int) -> Item:
    """The law as the document quotes it, then what became of it."""
    note = knowledge.legal_notes.get(law.note or "")
    facts: Sequence[Fact] = note.facts if note else ()
    now = [("→ Sekarang: " if index == 0 else "→ ") + fact_text(fact) for index, fact in enumerate(facts)]
    return Item(lines(f"{number}. {fact_text(law)}", *now), (law.source, *(fact.source for fact in facts)))


def _steps(knowledge: Knowledge, service: Service, procedure: Procedure, number: int | None) -> list[Page]:
    if number is not None:
        for step in procedure.steps:
            if step.number == number:
                head = f"Langkah {number} dari {len(procedure.steps)} – {procedure.title}"
                return pages(knowledge, head, step_items(step), limit=900)
    items = [Item(steps_line(step), (step.source,)) for step in procedure.steps]
    if procedure.summary:
        items.insert(0, Item(procedure.summary + "\n"))
    if any(step.source.mark == "2nd" for step in procedure.steps):
        items.insert(0, Item(wording.SECOND_STEPS))
    return pages(knowledge, procedure.title, items)


def step_items(step: Step) -> list[Item]:
    """Everything a document says about one step."""
    found = [Item(step.text, (step.source,))]
    if step.actor != "applicant":
        found.append(Item(f"Dikerjakan oleh: {step.actor_label}"))
    found += [item(detail) for detail in step.details]
    if step.needs:
        found.append(Item("Kelengkapan: " + ", ".join(step.needs)))
    if step.time:
        found.append(Item("Waktu: " + fact_text(step.time), sources_of(step)))
    if step.output:
        found.append(Item("Hasil: " + ", ".join(step.output)))
    if step.remark:
        found.append(Item("Catatan: " + step.remark))
    if step.source.mark == "2nd":
        found.append(Item(wording.SECOND_STEP))
    return found


def section_named(service: Service, asked: Asked) -> str | None:
    """The part that was chosen, or the only one whose title shares a long word with what was typed."""
    if any(section.id == asked.detail for section in service.sections):
        return asked.detail
    typed = set(re.findall(r"[a-z]{5,}", asked.text.lower())) - {"pelayanan", "layanan", "pelaksana"}
    named = [one.id for one in service.sections if typed & set(re.findall(r"[a-z]{5,}", one.title.lower()))]
    return named[0] if len(named) == 1 else None


def _section(knowledge: Knowledge, service: Service, detail: str | None) -> list[Page]:
    for section in service.sections:
        if section.id == detail:
            return pages(knowledge, f"{section.title} – {service.title}", numbered(section.items))
    text = wording.WHICH_DETAIL.format(service=service.title) if service.sections else wording.NO_DETAIL
    return [Page(text)]


def _with_buttons(
    knowledge: Knowledge, topic: str, service: Service, procedure: Procedure | None, asked: Asked, found: list[Page]
) -> tuple[Reply, ...]:
    shown, following = part(found, asked.page)
    buttons: list[Button] = []
    if following:
        buttons.append(Button(wording.MORE, more(topic, service, procedure, asked)))
    if topic == "ask_detail" and not any(section.id == asked.detail for section in service.sections):
        buttons += [button(it.title, "ask_detail", service=service.id, detail=it.id) for it in service.sections[:8]]
    elif topic == "ask_duration" and asked.detail != STEP_TIMES and _has_times(service):
        buttons.append(button("Waktu tiap langkah", "ask_duration", service=service.id, detail=STEP_TIMES))
    elif any(silent in shown[0].text for silent in (wording.NOT_STATED, wording.NOT_STATED_ANYWHERE)):
        buttons.append(TO_PERSON)
    elif len(buttons) == 0:
        after = _NEXT[topic]
        buttons.append(button(wording.TOPIC_BUTTONS[after], after, service=service.id))
    flow = procedure.id if procedure and len(service.procedures) > 1 else None
    if service.procedures:
        buttons.append(button(wording.START_GUIDE, "guide_start", service=service.id, flow=flow))
    buttons.append(button(wording.MORE_INFO, "inform", service=service.id, detail="menu"))
    return bubbles(shown, buttons)


def _has_times(service: Service) -> bool:
    return any(step.time for procedure in service.procedures for step in procedure.steps)
