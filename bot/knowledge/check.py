"""The check that the knowledge is whole and true to its documents: quotations, sources, links, steps, wording.

`check` returns one line a problem: file, id, place, what is wrong. `run` is `pandu knowledge check`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from pathlib import Path

from pydantic import BaseModel

from bot.knowledge.check_questions import question_problems
from bot.knowledge.check_stages import stage_problems
from bot.knowledge.complaint_models import ComplaintRules
from bot.knowledge.load import FOLDER, KnowledgeError, load
from bot.knowledge.models import (
    Condition,
    Contact,
    Document,
    Duration,
    Fact,
    Knowledge,
    LegalBasis,
    NotStated,
    Procedure,
    Service,
    Source,
    Step,
)
from bot.knowledge.region_list import region_problems
from bot.knowledge.survey_models import survey_problems
from bot.knowledge.trades import trade_problems

BUBBLE = 600  # characters that one message shows; text and remark of a fact must fit together
_MARKUP = re.compile(r"[*_`#~]|\]\(")
_APPLICANT_FIELDS = (
    "text",
    "title",
    "label",
    "summary",
    "remark",
    "term",
    "expansion",
    "actor_label",
    "waits_for",
    "starts",
    "name",
    "answer",
    "first",
    "last",
    "whose",
    "short",
    "message",
)
_APPLICANT_LISTS = ("needs", "output")


def run(folder: Path = FOLDER) -> int:
    """Prints every problem and the number of facts per document; 0 when there is no problem."""
    try:
        knowledge = load(folder)
    except KnowledgeError as error:
        return _report(error.problems)
    problems = check(knowledge, folder)
    for document, count in facts_per_document(knowledge).items():
        print(f"{count:5d} facts from {document}: {knowledge.documents[document].short}")
    counts = (len(knowledge.services), len(knowledge.offices), len(knowledge.terms), len(knowledge.topics))
    print("{} services, {} offices, {} terms, {} topics".format(*counts))
    more = (len(knowledge.national), len(knowledge.questions), len(knowledge.troubles))
    print("{} national facts, {} question entries, {} trouble cards".format(*more))
    return _report(problems)


def check(knowledge: Knowledge, folder: Path) -> list[str]:
    """Everything that is wrong with `knowledge`, whose files lie in `folder`."""
    problems = list(_documents(knowledge, folder))
    texts = _stored_texts(knowledge, folder)
    for where, entry in _entries(knowledge):
        for place, part in walk(entry):
            problems += [f"{where}: {place}: {problem}" for problem in _part(knowledge, texts, part)]
    for service in knowledge.services.values():
        problems += [f"services/{service.id}.yaml: {problem}" for problem in _service(knowledge, service)]
    problems += stage_problems(knowledge)
    problems += question_problems(knowledge)
    for term in knowledge.terms.values():
        missing = [one for one in term.see_also if one not in knowledge.terms]
        problems += [f"glossary.yaml: {term.id}: see_also: there is no term {one}" for one in missing]
    problems += [f"complaint_routes.yaml: {problem}" for problem in _complaints(knowledge.complaints)]
    problems += [
        f"privacy.yaml: {one}" for one in _repeated("retention", (kind.id for kind in knowledge.privacy.retention))
    ]
    problems += [f"survey.yaml: {problem}" for problem in survey_problems(knowledge.survey)]
    problems += region_problems(folder)
    problems += trade_problems(folder)
    return problems + list(_aliases(knowledge))


def check_part(knowledge: Knowledge, folder: Path, keys: Collection[tuple[str, str]]) -> list[str]:
    """What is wrong with some documents, offices and services of `knowledge`, without looking at all the rest."""
    entries = [(f"{kind}/{entry}", getattr(knowledge, kind).get(entry)) for kind, entry in keys if kind != "sources"]
    parts = [(where, place, part) for where, one in entries if one is not None for place, part in walk(one)]
    named = {part.document for _, _, part in parts if isinstance(part, Source)}
    texts = _stored_texts(knowledge, folder, named)
    problems = [f"{where}: {place}: {one}" for where, place, part in parts for one in _part(knowledge, texts, part)]
    for _, one in entries:
        if isinstance(one, Document) and one.file and _text(knowledge, folder, one.file) is None:
            problems.append(f"documents.yaml: {one.id}: the file {one.file} is missing")
        if isinstance(one, Service):
            problems += [f"services/{one.id}.yaml: {problem}" for problem in _service(knowledge, one)]
    stages = {entry: knowledge.stages[entry] for _, entry in keys if entry in knowledge.stages}
    problems += stage_problems(knowledge.model_copy(update={"stages": stages}))
    return problems + list(_aliases(knowledge))


def facts_per_document(knowledge: Knowledge) -> dict[str, int]:
    """How many facts, steps and contacts name each document, in the order of documents.yaml."""
    parts = (part for _, entry in _entries(knowledge) for _, part in walk(entry))
    found = Counter(part.document for part in parts if isinstance(part, Source))
    return {document: found[document] for document in knowledge.documents}


def walk(model: BaseModel, place: str = "") -> Iterator[tuple[str, BaseModel]]:
    """`model` and every model inside it, each with its place ("procedures.0.steps.3.time")."""
    yield place or "entry", model
    for name in type(model).model_fields:
        inner = getattr(model, name)
        here = f"{place}.{name}" if place else name
        if isinstance(inner, BaseModel):
            yield from walk(inner, here)
        elif isinstance(inner, list):
            for index, one in enumerate(inner):
                if isinstance(one, BaseModel):
                    yield from walk(one, f"{here}.{index}")


def normalised(text: str) -> str:
    """Every run of white space, no-break spaces included, as one space."""
    return " ".join(text.split())


def _report(problems: list[str]) -> int:
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems" if problems else "No problems.")
    return 1 if problems else 0


def _entries(knowledge: Knowledge) -> Iterator[tuple[str, BaseModel]]:
    """Each entry with the file and id that a reader looks for."""
    yield from ((f"offices/{one.id}.yaml", one) for one in knowledge.offices.values())
    yield from ((f"services/{one.id}.yaml", one) for one in knowledge.services.values())
    yield from ((f"glossary.yaml: {one.id}", one) for one in knowledge.terms.values())
    yield from ((f"legal_notes.yaml: {one.id}", one) for one in knowledge.legal_notes.values())
    yield from ((f"topics.yaml: {one.id}", one) for one in knowledge.topics.values())
    yield from ((f"stages/{one.id}.yaml", one) for one in knowledge.stages.values())
    yield from ((f"oss_status.yaml: {one.id}", one) for one in knowledge.oss_status.values())
    yield from ((f"national: {one.id}", one) for one in knowledge.national.values())
    yield from ((f"questions: {one.id}", one) for one in knowledge.questions.values())
    yield from ((f"troubles/{one.id}.yaml", one) for one in knowledge.troubles.values())
    yield "complaint_routes.yaml", knowledge.complaints
    yield "privacy.yaml", knowledge.privacy
    yield "survey.yaml", knowledge.survey


def _stored_texts(knowledge: Knowledge, folder: Path, named: Collection[str] | None = None) -> dict[str, str]:
    """Of all documents, or of those that are named."""
    stored = {
        one.id: one.file for one in knowledge.documents.values() if one.file and (named is None or one.id in named)
    }
    texts = {identity: _text(knowledge, folder, file) for identity, file in stored.items()}
    return {identity: normalised(text) for identity, text in texts.items() if text is not None}


def _text(knowledge: Knowledge, folder: Path, file: str) -> str | None:
    """A published text, or one that lies in the folder."""
    published = knowledge.sources.get(file.removeprefix("sources/"))
    if published is not None:
        return published
    return (folder / file).read_text("utf-8") if (folder / file).is_file() else None


def _documents(knowledge: Knowledge, folder: Path) -> Iterator[str]:
    stored = {one.file for one in knowledge.documents.values() if one.file}
    facts = facts_per_document(knowledge)
    for document in knowledge.documents.values():
        if document.file and _text(knowledge, folder, document.file) is None:
            yield f"documents.yaml: {document.id}: the file {document.file} is missing"
        if not (document.file or document.url or document.remark):
            yield f"documents.yaml: {document.id}: needs a file, a url, or a remark on where it was read"
        if not facts[document.id]:
            yield f"documents.yaml: {document.id}: no fact comes from it"
    for path in sorted((folder / "sources").glob("*")):
        if f"sources/{path.name}" not in stored:
            yield f"sources/{path.name}: no entry of documents.yaml names this file"


def _part(knowledge: Knowledge, texts: dict[str, str], part: BaseModel) -> Iterator[str]:
    """What is wrong with one model, whatever kind it is."""
    if isinstance(part, Source):
        yield from _source(knowledge.documents.get(part.document), part)
    if isinstance(part, Fact | Step):
        yield from _quotation(texts, part)
    if isinstance(part, Fact) and len(part.text) + len(part.remark or "") > BUBBLE:
        yield f"text and remark have more than {BUBBLE} characters"
    if isinstance(part, Contact):
        yield from _contact(texts, knowledge.national.values(), part)
    if isinstance(part, LegalBasis) and part.note and part.note not in knowledge.legal_notes:
        yield f"there is no legal note {part.note}"
    for name, text in _applicant_texts(part):
        if found := _MARKUP.search(text):
            yield f"{name}: '{found.group()}' is formatting in a chat channel"


def _source(document: Document | None, source: Source) -> Iterator[str]:
    if document is None:
        yield f"there is no document {source.document}"
        return
    if (source.mark == "S") != bool(document.file):
        yield f"{source.document} is marked {source.mark}; mark S, and only S, names a stored document"
    if source.mark == "S" and not source.clause:
        yield f"the place in {source.document} is not named"


def _quotation(texts: dict[str, str], part: Fact | Step) -> Iterator[str]:
    """A quotation of a stored document must occur in it. Of other documents no text is kept."""
    text = texts.get(part.source.document)
    if text is None:
        return
    if part.printed is None:
        if isinstance(part, Step):
            yield f"step {part.number}: quotes nothing of {part.source.document}"
        return
    if normalised(part.printed) not in text:
        yield f"printed: '{part.printed}' does not occur in {part.source.document}"


def _contact(texts: dict[str, str], national: Iterable[Fact], contact: Contact) -> Iterator[str]:
    if contact.value is None:
        return
    if contact.source.document not in texts:
        held = [one.text for one in national if one.source.document == contact.source.document]
        if not any(contact.value in text for text in held):
            yield f"{contact.value}: stands neither in a stored document nor in a national fact of the same document"
    elif contact.value not in texts[contact.source.document]:
        yield f"{contact.value} does not occur in {contact.source.document}"


def _applicant_texts(part: BaseModel) -> Iterator[tuple[str, str]]:
    fields = type(part).model_fields
    for name in _APPLICANT_FIELDS:
        if name in fields and isinstance(text := getattr(part, name), str):
            yield name, text
    for name in _APPLICANT_LISTS:
        if name in fields:
            yield from ((name, text) for text in getattr(part, name) or [] if isinstance(text, str))


def _service(knowledge: Knowledge, service: Service) -> Iterator[str]:
    if service.office not in knowledge.offices:
        yield f"office: there is no office {service.office}"
    if service.document not in knowledge.documents:
        yield f"document: there is no document {service.document}"
    yield from (f"next_services: there is no {one}" for one in service.next_services if one not in knowledge.services)
    yield from _borrowed(service)
    yield from _own_standards(knowledge, service)
    yield from _repeated("procedures", (one.id for one in service.procedures))
    yield from _repeated("sections", (one.id for one in service.sections))
    if not isinstance(service.requirements, NotStated):
        yield from _repeated("requirements", (one.id for one in service.requirements))
    for procedure in service.procedures:
        problems = (*_steps(procedure), *_conditions(service, procedure))
        yield from (f"procedures: {procedure.id}: {problem}" for problem in problems)
    yield from _total(service)


def _borrowed(service: Service) -> Iterator[str]:
    """Two standards are never merged: only a caution may point to another document of the same kind."""
    for place, part in walk(service):
        if not isinstance(part, Source) or part.mark != "S" or place.startswith(("cautions.", "own_standards.")):
            continue
        if part.document != service.document:
            yield f"{place}: taken from {part.document}; this standard is {service.document}"


def _own_standards(knowledge: Knowledge, service: Service) -> Iterator[str]:
    """A national guide points to standards of regional offices, each office once."""
    yield from _repeated("own_standards", (one.office for one in service.own_standards))
    for one in service.own_standards:
        there = knowledge.services.get(one.service)
        if there is None or there.office != one.office:
            yield f"own_standards: {one.office} has no service {one.service}"


def _steps(procedure: Procedure) -> Iterator[str]:
    numbers = [step.number for step in procedure.steps]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"the steps are numbered {numbers}; they must run from 1 without gaps or repetitions"
    for step in procedure.steps:
        missing = [one for one in step.refers_to if one not in numbers or one == step.number]
        yield from (f"step {step.number} refers to step {one}" for one in missing)


def _conditions(service: Service, procedure: Procedure) -> Iterator[str]:
    """Every condition has its question and answers; every question decides something."""
    options = {one.id: {option.id for option in one.options} for one in procedure.questions}
    yield from _repeated("questions", (one.id for one in procedure.questions))
    for question in procedure.questions:
        yield from _repeated(f"options of {question.id}", (option.id for option in question.options))
    used: set[str] = set()
    for place, condition in _conditions_of(service, procedure):
        used.add(condition.question)
        known = options.get(condition.question)
        if known is None:
            yield f"{place}: there is no question {condition.question}"
        else:
            unknown = [one for one in condition.answers if one not in known]
            yield from (f"{place}: {condition.question} has no answer {one}" for one in unknown)
    yield from (f"questions: nothing depends on {one}" for one in options if one not in used)


def _conditions_of(service: Service, procedure: Procedure) -> Iterator[tuple[str, Condition]]:
    """Those inside the procedure, and those of the requirements where it has no checklist of its own."""
    found = list(walk(procedure))
    if procedure.checklist is None and not isinstance(service.requirements, NotStated):
        for index, requirement in enumerate(service.requirements):
            found += walk(requirement, f"requirements.{index}")
    yield from ((place, part) for place, part in found if isinstance(part, Condition))


def _total(service: Service) -> Iterator[str]:
    """A total that we computed is the sum of the step times, in each procedure."""
    for place, part in walk(service):
        if isinstance(part, Duration) and part.printed:
            figures = {int(one) for one in re.findall(r"\d+", part.printed)}
            stated = {one for one in (part.days, part.minutes) if one is not None}
            if not stated <= figures:
                yield f"{place}: {sorted(stated)} is not what '{part.printed}' says"
    total = service.duration
    if isinstance(total, NotStated) or not total.computed:
        return
    for procedure in service.procedures:
        times = [step.time for step in procedure.steps if step.time]
        days, minutes = sum(one.days or 0 for one in times), sum(one.minutes or 0 for one in times)
        if (days, minutes) != (total.days or 0, total.minutes or 0):
            yield f"duration: the steps of {procedure.id} add up to {days} days and {minutes} minutes"


def _complaints(rules: ComplaintRules) -> Iterator[str]:
    """Every body that a route names exists; the last route takes what no sign tells."""
    bodies = {one.id for one in rules.bodies}
    yield from _repeated("bodies", (one.id for one in rules.bodies))
    yield from _repeated("routes", (one.id for one in rules.routes))
    for route in rules.routes:
        orders = [route, route.without_proof] if route.without_proof else [route]
        named = [body for order in orders for body in (*order.first, *order.then)]
        yield from (f"routes: {route.id}: there is no body {one}" for one in named if one not in bodies)
        if route.advice and route.advice not in {one.id for one in rules.visibility}:
            yield f"routes: {route.id}: there is no visibility {route.advice}"
    if rules.routes[-1].signs or any(not one.signs for one in rules.routes[:-1]):
        yield "routes: the last route, and only that, has no signs"
    if [one.id for one in rules.stages] != ["verification", "followup", "reply"]:
        yield "stages: must be verification, followup, reply"


def _repeated(place: str, names: Iterable[str]) -> Iterator[str]:
    yield from (f"{place}: {name} occurs {count} times" for name, count in Counter(names).items() if count > 1)


def _aliases(knowledge: Knowledge) -> Iterator[str]:
    """One name, one thing: among offices, among the services of one office, among terms and topics."""
    offices = [(f"offices/{one.id}.yaml", [one.name, one.label, *one.aliases]) for one in knowledge.offices.values()]
    yield from _ambiguous(offices)
    for office in knowledge.offices:
        services = [one for one in knowledge.services.values() if one.office == office]
        yield from _ambiguous([(f"services/{one.id}.yaml", [one.label, *one.aliases]) for one in services])
    terms = [
        (f"glossary.yaml: {one.id}", [one.term, one.expansion or "", *one.aliases]) for one in knowledge.terms.values()
    ]
    topics = [(f"topics.yaml: {one.id}", [one.title, *one.aliases]) for one in knowledge.topics.values()]
    yield from _ambiguous([*terms, *topics])


def _ambiguous(named: list[tuple[str, list[str]]]) -> Iterator[str]:
    owners: dict[str, str] = {}
    fold = partial(re.sub, r"[^a-z0-9]+", " ")
    for where, names in named:
        for name in {fold(one.lower()).strip() for one in names if one}:
            first = owners.setdefault(name, where)
            if first != where:
                yield f"{where}: the name '{name}' also points to {first}"
