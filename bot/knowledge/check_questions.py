"""The check that question entries and trouble cards say only what their facts say.

An answer may use its own words, but no number, quoted menu, address or name that none of its facts holds; what rests on
a secondary source says so; and two offices are never mixed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.knowledge.base import Source
from bot.knowledge.models import Knowledge
from bot.knowledge.question_models import Matter, QuestionEntry, TroubleCard
from bot.knowledge.statements import Statement, statements

_NUMBER = re.compile(r"\d+(?:[.,:/–-]\d+)*")
_QUOTED = re.compile(r"[\"“]([^\"”]{2,60})[\"”]")
_ADDRESS = re.compile(
    r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+|(?<![\w.-])(?:[\w-]+\.)+(?:id|com|org|net)\b", re.IGNORECASE
)
_NAME = re.compile(r"(?<![.?!:\n“\"] )(?<!^)\b[A-Z][a-z]{3,}\b")
_FREE_WORDS = frozenset(
    re.findall(
        r"\w+",
        "Anda Pandu Indonesia Sumber Januari Februari Maret April Mei Juni Juli Agustus September Oktober November "
        "Desember Senin Selasa Rabu Kamis Jumat Sabtu Minggu Lembaga Bantuan Pasal Kota Kabupaten Peraturan Pemerintah",
    )
)
_PLACEHOLDER = re.compile(r"<[^<>\n]{2,80}>")
_OFFICE_WORDS = re.compile(
    r"\b(?:dimaksud|yang bersangkutan|guna|sehubungan|dikarenakan|mohon kesabarannya|silakan berkoordinasi|"
    r"sesuai ketentuan yang berlaku|mohon bersabar)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\?(?: (?:Saya|Yang saya|Sebagian|Sebutkan|Angkanya)\b[^?]*)?$")
"""An answer that ends by asking, also with a word on why."""
_SECOND = re.compile(r"sekunder", re.IGNORECASE)
_LIST = re.compile(r"^[^\S\n]{0,20}(\d)\.\s", re.MULTILINE)


def question_problems(knowledge: Knowledge) -> Iterator[str]:
    """One line a problem of knowledge/national, knowledge/questions, knowledge/troubles and knowledge/tried.yaml."""
    held = statements(knowledge)
    yield from _clashes(knowledge)
    targets = {*knowledge.questions, *knowledge.troubles, *_guides(knowledge)}
    names = _names(knowledge)
    for entry in knowledge.questions.values():
        where = f"questions: {entry.id}"
        yield from (f"{where}: {one}" for one in _said(entry.answer, entry.facts, held, names))
        yield from (f"{where}: next: there is no {one}" for one in entry.next if one not in targets)
        heard = bool(entry.awaits or entry.replies)
        if heard != bool(_ASKS.search(entry.answer)):
            yield f"{where}: awaits a reply and asks nothing" if heard else f"{where}: asks what nobody hears"
        yield from (f"{where}: replies: there is no {one.to}" for one in entry.replies if one.to not in targets)
    for matter in knowledge.matters.values():
        yield from (f"matters: {matter.id}: {one}" for one in _matter(knowledge, matter, held, names))
    for card in knowledge.troubles.values():
        yield from (f"troubles/{card.id}.yaml: {one}" for one in _card(knowledge, card, held, names, targets))


def places_of(facts: Iterable[str], held: Mapping[str, Statement]) -> set[str]:
    """The offices whose facts are used."""
    return {place for one in facts if one in held and (place := held[one].office)}


def _card(
    knowledge: Knowledge, card: TroubleCard, held: Mapping[str, Statement], names: frozenset[str], targets: set[str]
) -> Iterator[str]:
    every = [*card.facts, *(fact for step in card.steps for fact in step.facts)]
    for name, text in (("first", card.first), ("last", card.last)):
        yield from (f"{name}: {one}" for one in _said(text, every, held, names))
    for number, step in enumerate(card.steps, start=1):
        yield from (f"steps.{number}: {one}" for one in _said(step.text, step.facts, held, names))
        yield from (f"steps.{number}: there is no tried way {one}" for one in step.tried if one not in knowledge.tried)
    if card.message:
        yield from (f"message: {one}" for one in _words(_PLACEHOLDER.sub("", card.message), _texts(every, held), names))
    yield from (f"next: there is no {one}" for one in card.next if one not in targets)
    yield from (f"near: there is no card {one}" for one in card.near if one not in knowledge.troubles)


def _matter(
    knowledge: Knowledge, matter: Matter, held: Mapping[str, Statement], names: frozenset[str]
) -> Iterator[str]:
    if bool(matter.entry) == bool(matter.answer):
        yield "has an answer or an entry that answers, one of the two"
    if matter.entry and matter.entry not in knowledge.questions:
        yield f"there is no entry {matter.entry}"
    if matter.facts:
        yield from _said(matter.answer, matter.facts, held, names)
    elif stated := [one for pattern in (_NUMBER, _ADDRESS) for one in pattern.findall(matter.answer)]:
        yield f"states {stated[0]} without a fact"


def _said(answer: str, facts: Sequence[str], held: Mapping[str, Statement], names: frozenset[str]) -> Iterator[str]:
    missing = [one for one in facts if one not in held]
    yield from (f"there is no fact {one}" for one in missing)
    if missing:
        return
    if len(places := places_of(facts, held)) > 1:
        yield f"mixes the offices {', '.join(sorted(places))}"
    if all(held[one].second for one in facts) and not _SECOND.search(answer):
        yield "rests on secondary sources only and does not say so ('menurut sumber sekunder, periksa lagi')"
    if found := _OFFICE_WORDS.search(answer):
        yield f"'{found.group()}' is office language"
    yield from _words(_LIST.sub("", answer), _texts(facts, held), names)


def _texts(facts: Iterable[str], held: Mapping[str, Statement]) -> str:
    return " ".join(_text_of(held[one]) for one in facts if one in held)


def _text_of(statement: Statement) -> str:
    places = " ".join(f"{one.document} {one.clause}" for one in statement.sources)
    return f"{statement.text} {statement.title} {places} {statement.step or ''}"


def _words(answer: str, facts: str, names: frozenset[str]) -> Iterator[str]:
    """Numbers, quoted names, addresses and capitalised names that do not stand in `facts`."""
    plain = facts.lower()
    digits = set(_NUMBER.findall(facts)) | set(re.findall(r"\d+", facts))
    for number in _NUMBER.findall(answer):
        if number not in digits and not set(re.findall(r"\d+", number)) <= digits:
            yield f"the number {number} stands in none of its facts"
    for pattern, what in ((_QUOTED, "the name"), (_ADDRESS, "the address")):
        for found in pattern.findall(answer):
            if found.lower().strip(" .,") not in plain:
                yield f"{what} '{found}' stands in none of its facts"
    for name in _NAME.findall(_QUOTED.sub("", answer)):
        if name not in _FREE_WORDS and name.lower() not in names and name.lower() not in plain:
            yield f"the name '{name}' stands in none of its facts"


def _names(knowledge: Knowledge) -> frozenset[str]:
    """Words of names that any answer may use: terms, offices, bodies."""
    said = [
        *(f"{one.term} {one.expansion or ''}" for one in knowledge.terms.values()),
        *(f"{one.name} {one.label} {one.region or ''}" for one in knowledge.offices.values()),
        *(one.name for one in knowledge.complaints.bodies),
    ]
    return frozenset(re.findall(r"[a-z]+", " ".join(said).lower()))


def _guides(knowledge: Knowledge) -> Iterator[str]:
    for service in knowledge.services.values():
        yield f"guide/{service.id}"
        yield from (f"guide/{service.id}/{one.id}" for one in service.procedures)


def _clashes(knowledge: Knowledge) -> Iterator[str]:
    """Ids are shared by buttons and logs; a wording points to one answer in one place."""
    counts = Counter([*knowledge.national, *knowledge.questions, *knowledge.troubles])
    yield from (f"the id {one} is used {count} times" for one, count in counts.items() if count > 1)
    held = statements(knowledge)
    owners: dict[tuple[str, str], str] = {}
    for entry in knowledge.questions.values():
        place = ",".join(sorted(places_of(entry.facts, held)))
        for ask in entry.ask:
            key = (place, " ".join(re.findall(r"\w+", ask.lower())))
            if (first := owners.setdefault(key, entry.id)) != entry.id:
                yield f"questions: {entry.id}: '{ask}' is also asked by {first}"


def facts_of(one: QuestionEntry | TroubleCard) -> list[str]:
    """The statements an entry or card rests on, each once."""
    more = [fact for step in one.steps for fact in step.facts] if isinstance(one, TroubleCard) else []
    return list(dict.fromkeys([*one.facts, *more]))


def sources_of(facts: Iterable[str], held: Mapping[str, Statement]) -> tuple[Source, ...]:
    """Where they stand, each place once."""
    return tuple(dict.fromkeys(source for one in facts if one in held for source in held[one].sources))
