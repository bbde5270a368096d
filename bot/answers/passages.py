"""Everything that can be an answer, as one list to search: question entries, trouble cards, lists, facts, terms.

Entries and cards are written; what follows from the structure of a service (its lists, each step, each requirement) is
made here. A passage holds where its facts hold: in one office, one service, or everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.hearing.listen import ASPECT_OF
from bot.knowledge.check_questions import facts_of, places_of
from bot.knowledge.derived import derived
from bot.knowledge.models import Knowledge, Service, Step
from bot.knowledge.question_models import QuestionEntry, TroubleCard
from bot.knowledge.statements import Statement, statements

_ASKS_REGION = re.compile(r"\b[Dd]aerah(?:nya)? mana\b")
Kind = Literal["entry", "card", "list", "fact", "term", "topic"]


@dataclass(frozen=True, slots=True)
class Passage:
    """Something that can be said. `id` is stable: an entry's or card's, a statement's, or `list/<service>/<topic>`.

    `asks` are wordings of the question it answers; `about` is what it says, which may be matched, too. `office` None:
    everywhere. `topic` is the intent whose whole list it is.
    """

    id: str
    kind: Kind
    asks: tuple[str, ...]
    about: str = ""
    title: str = ""
    office: str | None = None
    service: str | None = None
    way: str | None = None
    step: int | None = None
    system: str = "oss"
    aspect: str = ""
    topic: str = ""
    asks_region: bool = False  # it ends by asking where, so it is nothing for who said so
    general: bool = False  # a card that is said only where nothing else fits
    intents: tuple[str, ...] = ()  # of the engine, that point to a card

    @property
    def place(self) -> tuple[Hashable, ...]:
        """All that a scope looks at, but the id: passages of one place count alike."""
        return (self.office, self.service, self.way, self.system, self.kind == "card", self.asks_region)


@derived
def statements_of(knowledge: Knowledge) -> dict[str, Statement]:
    """The statements of a knowledge by id, made once."""
    return statements(knowledge)


def passages_in(knowledge: Knowledge, whole: Mapping[str, Statement] | None = None) -> tuple[Passage, ...]:
    """Every passage; an id occurs once. `whole`: the statements of the knowledge that this one is a part of."""
    held = statements(knowledge)
    found = [
        *(_entry(one, whole or held) for one in knowledge.questions.values()),
        *(_card(one, held) for one in knowledge.troubles.values()),
        *(passage for service in _searched(knowledge) for passage in _lists(knowledge, service)),
        *_facts(knowledge, held),
        *_terms(knowledge),
    ]
    return tuple({one.id: one for one in found}.values())


def _entry(entry: QuestionEntry, held: Mapping[str, Statement]) -> Passage:
    place = next(iter(places_of(entry.facts, held)), None)
    service, way = _same(entry.facts, held)
    return Passage(
        entry.id,
        "entry",
        tuple(entry.ask),
        f"{entry.short}. {entry.answer}",
        entry.short,
        place,
        service,
        way,
        system=entry.system,
        asks_region=bool(_ASKS_REGION.search(entry.answer)),
    )


def _card(card: TroubleCard, held: Mapping[str, Statement]) -> Passage:
    place = next(iter(places_of(facts_of(card), held)), None)
    return Passage(
        card.id,
        "card",
        (card.title, *card.signs),
        card.first,
        card.title,
        place,
        system=card.system,
        aspect="trouble",
        asks_region=bool(_ASKS_REGION.search(card.first)),
        general=card.general,
        intents=tuple(card.intents),
    )


def _same(facts: Iterable[str], held: Mapping[str, Statement]) -> tuple[str | None, str | None]:
    """The one service (and way) all its service facts are of."""
    services = {one.service for fact in facts if (one := held.get(fact)) and one.service}
    ways = {one.way for fact in facts if (one := held.get(fact)) and one.way}
    return (services.pop() if len(services) == 1 else None, ways.pop() if len(ways) == 1 else None)


_LIST_ASKS: dict[str, Sequence[str]] = {
    "ask_requirements": (
        "apa saja syarat {}",
        "syarat {}",
        "persyaratan {} apa saja",
        "dokumen apa saja yang disiapkan untuk {}",
        "berkas yang diperlukan {}",
        "kelengkapan {}",
    ),
    "ask_procedure": (
        "bagaimana cara mengurus {}",
        "langkah langkah {}",
        "prosedur {}",
        "alur {} dari awal sampai akhir",
        "tahapan {} apa saja",
        "cara mengajukan {}",
    ),
    "ask_duration": (
        "berapa lama {}",
        "lama proses {}",
        "berapa hari {} selesai",
        "jangka waktu {}",
        "{} jadinya kapan",
    ),
    "ask_cost": ("biaya {}", "berapa biaya {}", "{} bayar berapa", "apakah {} gratis", "tarif {}"),
    "ask_product": ("hasil {} apa", "produk layanan {}", "dokumen yang terbit dari {}", "dapat apa dari {}"),
    "ask_legal_basis": ("dasar hukum {}", "peraturan yang mengatur {}", "aturan {} apa saja"),
    "ask_contact": ("kontak pengaduan {}", "ke mana mengadu soal {}", "nomor telepon {}", "hubungi siapa untuk {}"),
}


def _lists(knowledge: Knowledge, service: Service) -> Iterator[Passage]:
    """The whole of each component of a standard, for who asks for the whole."""
    names = [service.label, service.title, *service.aliases[:4]]
    for topic, patterns in _LIST_ASKS.items():
        yield Passage(
            f"list/{service.id}/{topic.removeprefix('ask_').replace('_', '-')}",
            "list",
            tuple(pattern.format(name) for pattern in patterns for name in names),
            title=service.title,
            office=_place(knowledge, service),
            service=service.id,
            system=service.system,
            aspect=ASPECT_OF[topic],
            topic=topic,
        )


def _searched(knowledge: Knowledge) -> Iterator[Service]:
    """Services whose parts are answers of their own. What a national guide says, the entries about OSS say shorter."""
    return (one for one in knowledge.services.values() if not knowledge.is_national_guide(one))


def _place(knowledge: Knowledge, service: Service) -> str | None:
    office = knowledge.offices.get(service.office)
    return None if office and office.national else service.office


def _facts(knowledge: Knowledge, held: Mapping[str, Statement]) -> Iterator[Passage]:
    steps = {
        f"{service.id}/step/{way.id}/{step.number}": (service, step, _before(way.steps, step))
        for service in knowledge.services.values()
        for way in service.procedures
        for step in way.steps
    }
    searched = {service.id for service in _searched(knowledge)}
    for one in held.values():
        if one.aspect == "term" or (one.service and one.service not in searched):
            continue
        asks = _step_asks(*steps[one.id]) if one.id in steps else _fact_asks(one)
        yield Passage(
            one.id,
            "fact",
            tuple(asks),
            one.text,
            one.title,
            one.office,
            one.service,
            one.way,
            one.step,
            one.system,
            one.aspect,
        )


def _before(steps: Sequence[Step], step: Step) -> Step | None:
    return next((one for one in steps if one.number == step.number - 1), None)


def _step_asks(service: Service, step: Step, before: Step | None) -> Iterator[str]:
    """Who does it, how long, what is needed, what comes out, what comes after the step before."""
    yield f"langkah {step.number} {service.label}"
    yield f"siapa yang {step.text}"
    if step.time:
        yield f"berapa lama {step.text}"
    if step.needs:
        yield f"apa yang disiapkan untuk {step.text}"
    if step.output:
        yield f"apa hasil {step.text}"
    if before:
        yield f"sesudah {before.text} langkah apa"


_FACT_ASKS = {
    "requirement": ("apakah perlu {}", "{} harus bagaimana"),
    "contact": ("{} berapa", "{} apa"),
    "product": ("apakah hasilnya {}",),
}


def _fact_asks(one: Statement) -> Iterator[str]:
    for pattern in _FACT_ASKS.get(one.aspect, ()):
        yield pattern.format(one.text[:80])
    if one.aspect == "fact" and one.title:
        yield one.title


def _terms(knowledge: Knowledge) -> Iterator[Passage]:
    for term in knowledge.terms.values():
        names = [term.term, *([term.expansion] if term.expansion else []), *term.aliases]
        asks = [pattern.format(name) for name in names for pattern in ("apa itu {}", "{} itu apa", "arti {}")]
        yield Passage(f"term/{term.id}", "term", tuple(asks), term.facts[0].text, term.term, aspect="term")
    for topic in knowledge.topics.values():
        yield Passage(
            f"topic/{topic.id}", "topic", (topic.title, *topic.aliases), topic.facts[0].text, topic.title, aspect="fact"
        )


passages_of = derived(passages_in)
