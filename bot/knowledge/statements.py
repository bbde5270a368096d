"""Every sentence of the knowledge that an answer may rest on, by a stable id, with the place where it holds.

Ids: `nib-satu` (knowledge/national/), `topic/edisi-kbli/1`, `term/nib/1`, `law/pp-5-2021/1`, `office/kudus/contact/1`,
`lapor/body/ombudsman`, `lapor/stage/reply`; of a service `kudus-iui/summary`, `kudus-iui/requirement/ktp`,
`kudus-iui/step/utama/5`, `kudus-iui/cost`, `kudus-iui/duration`, `kudus-iui/product/1`, `kudus-iui/legal/2`,
`kudus-iui/contact/1`, `kudus-iui/section/kompetensi/1`, `kudus-iui/caution/1`, `kudus-iui/applies-to`,
`kudus-iui/outcome/utama`, `kudus-iui/checklist/mandiri/nib`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.knowledge.base import Fact, Source
from bot.knowledge.models import Contact, Knowledge, NotStated, Office, Procedure, Service, Step


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence and where it holds. `office` None: everywhere. `stated` False: the document was read and is silent."""

    id: str
    text: str
    sources: tuple[Source, ...]
    aspect: str  # requirement, step, duration, cost, product, legal, contact, section, caution, summary, fact, term, …
    system: str = "oss"
    office: str | None = None
    service: str | None = None
    way: str | None = None
    step: int | None = None
    stated: bool = True
    title: str = ""  # of what it is a part

    @property
    def second(self) -> bool:
        """Whether it rests on a secondary source."""
        return any(one.mark == "2nd" for one in self.sources)


def statements(knowledge: Knowledge) -> dict[str, Statement]:
    """All of them; an id occurs once."""
    return {one.id: one for one in _all(knowledge)}


def _all(knowledge: Knowledge) -> Iterator[Statement]:
    for fact in knowledge.national.values():
        yield Statement(fact.id, _whole(fact), (fact.source,), "fact", fact.system)
    for topic in knowledge.topics.values():
        yield from _listed(f"topic/{topic.id}", topic.facts, "fact", "oss", title=topic.title)
    for term in knowledge.terms.values():
        yield from _listed(f"term/{term.id}", term.facts, "term", "oss", title=term.term)
    for note in knowledge.legal_notes.values():
        yield from _listed(f"law/{note.id}", note.facts, "legal", "oss", title=note.subject)
    yield from _of_lapor(knowledge)
    for office in knowledge.offices.values():
        place = None if office.national else office.id
        contacts = office.contacts
        if not isinstance(contacts, NotStated):
            yield from _contacts(f"office/{office.id}/contact", contacts, place, None, office.name)
    for service in knowledge.services.values():
        yield from _kept_of(service, knowledge.offices.get(service.office))


_kept: dict[str, tuple[Service, Office | None, tuple[Statement, ...]]] = {}
"""By the service's id, of the last knowledge: another publication leaves the service and its statements as they are."""


def _kept_of(service: Service, office: Office | None) -> tuple[Statement, ...]:
    kept = _kept.get(service.id)
    if kept is None or kept[0] is not service or kept[1] is not office:
        kept = _kept[service.id] = (service, office, tuple(_of_service(service, office)))
    return kept[2]


def _whole(fact: Fact) -> str:
    return f"{fact.text} {fact.remark}" if fact.remark else fact.text


def _listed(stem: str, facts: Sequence[Fact], aspect: str, system: str, title: str = "") -> Iterator[Statement]:
    for number, fact in enumerate(facts, start=1):
        yield Statement(f"{stem}/{number}", _whole(fact), (fact.source,), aspect, system, title=title)


def _of_lapor(knowledge: Knowledge) -> Iterator[Statement]:
    rules = knowledge.complaints
    for body in rules.bodies:
        told = [f"{one.label}: {one.value}" if one.value else one.label for one in body.contacts]
        sources = (body.fact.source, *(one.source for one in body.contacts))
        yield Statement(
            f"lapor/body/{body.id}", " ".join([body.fact.text, *told]), sources, "contact", "lapor", title=body.name
        )
    for stage in rules.stages:
        yield Statement(f"lapor/stage/{stage.id}", stage.fact.text, (stage.fact.source,), "duration", "lapor")
    yield Statement("lapor/tracking", rules.tracking.text, (rules.tracking.source,), "fact", "lapor")
    yield Statement("lapor/emergency", rules.emergency.text, (rules.emergency.source,), "contact", "other")


def _contacts(
    stem: str, contacts: Sequence[Contact], office: str | None, service: str | None, title: str
) -> Iterator[Statement]:
    for number, one in enumerate(contacts, start=1):
        text = f"{one.label}: {one.value}" if one.value else one.label
        text = f"{text} ({one.remark})" if one.remark else text
        yield Statement(
            f"{stem}/{number}", text, (one.source,), "contact", "office", office=office, service=service, title=title
        )


def _of_service(service: Service, office: Office | None) -> Iterator[Statement]:
    place = None if office and office.national else service.office

    def of(name: str, fact: Fact, aspect: str) -> Statement:
        return Statement(
            f"{service.id}/{name}",
            _whole(fact),
            (fact.source,),
            aspect,
            service.system,
            place,
            service.id,
            title=service.title,
        )

    def silent(name: str, gap: NotStated, aspect: str) -> Statement:
        text = gap.remark or "Tidak disebutkan dalam dokumen ini."
        return Statement(
            f"{service.id}/{name}",
            text,
            (gap.source,),
            aspect,
            service.system,
            place,
            service.id,
            stated=False,
            title=service.title,
        )

    yield of("summary", service.summary, "summary")
    parts: list[tuple[str, Fact | NotStated, str]] = [
        ("applies-to", service.applies_to, "applies"),
        ("duration", service.duration, "duration"),
        ("cost", service.cost, "cost"),
    ]
    for name, part, aspect in parts:
        yield silent(name, part, aspect) if isinstance(part, NotStated) else of(name, part, aspect)
    if isinstance(service.requirements, NotStated):
        yield silent("requirement", service.requirements, "requirement")
    else:
        yield from (of(f"requirement/{one.id}", one, "requirement") for one in service.requirements)
    numbered: list[tuple[str, Sequence[Fact] | NotStated]] = [
        ("product", service.product),
        ("legal", service.legal_basis),
        ("caution", service.cautions),
    ]
    for name, several in numbered:
        if isinstance(several, NotStated):
            yield silent(name, several, name)
        else:
            yield from (of(f"{name}/{number}", one, name) for number, one in enumerate(several, start=1))
    if isinstance(service.complaints, NotStated):
        yield silent("contact", service.complaints, "contact")
    else:
        yield from _contacts(f"{service.id}/contact", service.complaints, place, service.id, service.title)
    for section in service.sections:
        yield from (
            of(f"section/{section.id}/{number}", one, "section") for number, one in enumerate(section.items, start=1)
        )
    for procedure in service.procedures:
        yield from _of_procedure(service, procedure, place)


def _of_procedure(service: Service, procedure: Procedure, place: str | None) -> Iterator[Statement]:
    system = service.system
    if procedure.outcome:
        out = procedure.outcome
        yield Statement(
            f"{service.id}/outcome/{procedure.id}",
            _whole(out),
            (out.source,),
            "outcome",
            system,
            place,
            service.id,
            procedure.id,
            title=procedure.title,
        )
    for one in procedure.checklist or ():
        yield Statement(
            f"{service.id}/checklist/{procedure.id}/{one.id}",
            _whole(one),
            (one.source,),
            "requirement",
            system,
            place,
            service.id,
            procedure.id,
            title=procedure.title,
        )
    for step in procedure.steps:
        yield Statement(
            f"{service.id}/step/{procedure.id}/{step.number}",
            step_text(step),
            (step.source, *((step.time.source,) if step.time else ()), *(one.source for one in step.details)),
            "step",
            system,
            place,
            service.id,
            procedure.id,
            step.number,
            title=procedure.title,
        )
        for number, fact in enumerate(step.stuck, start=1):
            yield Statement(
                f"{service.id}/stuck/{procedure.id}/{step.number}/{number}",
                _whole(fact),
                (fact.source,),
                "trouble",
                system,
                place,
                service.id,
                procedure.id,
                step.number,
                title=procedure.title,
            )


def step_text(step: Step) -> str:
    """Everything a document says about one step, in one paragraph."""
    parts = [step.text]
    if step.actor != "applicant":
        parts.append(f"Dikerjakan oleh: {step.actor_label}.")
    parts += [detail.text for detail in step.details]
    if step.needs:
        parts.append("Kelengkapan: " + ", ".join(step.needs) + ".")
    if step.time:
        parts.append(f"Waktu: {step.time.text}.")
    if step.output:
        parts.append("Hasil: " + ", ".join(step.output) + ".")
    if step.remark:
        parts.append(step.remark)
    return " ".join(parts)
