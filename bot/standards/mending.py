"""Mending the knowledge in small: one fact, or one question entry, as entries that can be published."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field, ValidationError

from bot.hearing.words import plain
from bot.knowledge.entries import as_content
from bot.knowledge.models import Knowledge
from bot.knowledge.publications import Key
from bot.knowledge.question_models import SAY
from bot.knowledge.statements import Statement, statements
from bot.standards.models import DraftModel
from bot.standards.work import slug

Entries = dict[Key, dict[str, Any] | None]
SECTION = "keterangan-lain"
_LISTS = {"product": "product", "legal": "legal_basis", "caution": "cautions"}
_SHARED = {"term": "terms", "topic": "topics", "law": "legal_notes"}
LEAST_ASKS = 3


class CannotMend(Exception):
    """Why, in Indonesian for the officer."""


class FactChange(DraftModel):
    """The new words of a statement (`bot/knowledge/statements.py`); `value` of a contact."""

    fact: str
    text: Annotated[str, Field(min_length=1, max_length=600)]
    value: Annotated[str, Field(max_length=200)] = ""


class NewFact(DraftModel):
    """A sentence of a service's own document that no fact says yet."""

    service: str
    clause: Annotated[str, Field(min_length=1, max_length=120)]
    printed: Annotated[str, Field(min_length=1, max_length=600)]


class NewQuestion(DraftModel):
    """An entry that is asked for with `ask` and rests on `facts`, or on a new one."""

    ask: Annotated[list[Annotated[str, Field(min_length=3, max_length=200)]], Field(min_length=1, max_length=30)]
    short: Annotated[str, Field(min_length=2, max_length=24)]
    answer: Annotated[str, Field(min_length=3, max_length=SAY)]
    facts: list[str] = Field(default_factory=list)
    new_fact: NewFact | None = None


def read(kind: str, content: Mapping[str, Any]) -> FactChange | NewQuestion:
    """Raises CannotMend with the field that is wrong."""
    try:
        return (FactChange if kind == "fact" else NewQuestion).model_validate(content)
    except ValidationError as error:
        place = str(error.errors()[0]["loc"][0])
        raise CannotMend(_WRONG.get(place, "Isian belum lengkap atau terlalu panjang.")) from error


_WRONG = {
    "text": "Kalimatnya kosong atau lebih dari 600 huruf.",
    "ask": "Tulis pertanyaannya, satu baris satu cara bertanya, 3 sampai 200 huruf.",
    "short": "Nama tombol: 2 sampai 24 huruf.",
    "answer": f"Jawaban: 3 sampai {SAY} huruf.",
    "new_fact": "Sumber baru: isi bagian dokumen dan kalimatnya seperti tertulis di dokumen.",
}


def place_of(knowledge: Knowledge, change: FactChange | NewQuestion) -> str | None:
    """The office whose knowledge it is; None: all offices'. Raises CannotMend."""
    held = statements(knowledge)
    if isinstance(change, FactChange):
        return _held(held, change.fact).office
    places = {_held(held, one).office for one in change.facts} - {None}
    if change.new_fact:
        service = knowledge.services.get(change.new_fact.service)
        if service is None:
            raise CannotMend("Pilih layanan yang dokumennya menjadi sumber.")
        if knowledge.offices[service.office].national:
            return None
        places.add(service.office)
    return places.pop() if len(places) == 1 else None


def entries_of(knowledge: Knowledge, change: FactChange | NewQuestion, number: int) -> Entries:
    """What publishing puts into the knowledge in force. Raises CannotMend. `number` is the proposal's."""
    if isinstance(change, FactChange):
        return _fact(knowledge, change)
    return _question(knowledge, change, number)


def words_of(knowledge: Knowledge, fact: str) -> dict[str, str]:
    """What of a statement can be mended: {"text", "value", "printed"}. Raises CannotMend."""
    part = _part(_owner(knowledge, fact)[1], fact)
    text = part.get("text") or part.get("label") or ""
    return {"text": text, "value": part.get("value") or "", "printed": part.get("printed") or ""}


def _held(held: Mapping[str, Statement], fact: str) -> Statement:
    if fact not in held:
        raise CannotMend("Fakta itu tidak ada lagi; mungkin sudah diganti rekan Anda.")
    return held[fact]


def _fact(knowledge: Knowledge, change: FactChange) -> Entries:
    key, content = _owner(knowledge, change.fact)
    part = _part(content, change.fact)
    if "label" in part and "kind" in part:
        part["label"] = change.text
        part["value"] = change.value or None
    else:
        part["text"] = change.text
    return {key: content}


def _owner(knowledge: Knowledge, fact: str) -> tuple[Key, dict[str, Any]]:
    """The entry that holds a statement, as YAML holds it."""
    first, _, rest = fact.partition("/")
    if fact in knowledge.national:
        return ("national", fact), as_content(knowledge.national[fact])
    if first == "office" and (office := knowledge.offices.get(rest.split("/")[0])):
        return ("offices", office.id), as_content(office)
    if first in _SHARED and (entry := getattr(knowledge, _SHARED[first]).get(rest.split("/")[0])):
        return (_SHARED[first], entry.id), as_content(entry)
    if service := knowledge.services.get(first):
        return ("services", service.id), as_content(service)
    raise CannotMend("Fakta ini tidak diubah dari sini; ia bagian dari berkas pengetahuan nasional.")


def _part(content: dict[str, Any], fact: str) -> dict[str, Any]:
    """The piece of an entry's content that a statement's id names. Raises CannotMend for what is not stated."""
    try:
        found = _walked(content, fact.split("/"))
    except (KeyError, IndexError, StopIteration, TypeError, ValueError) as error:
        raise CannotMend("Fakta itu tidak ada lagi; mungkin sudah diganti rekan Anda.") from error
    if found.get("not_stated"):
        raise CannotMend("Dokumennya tidak menyebutkan ini. Terbitkan standar yang menyebutkannya, jangan mengarang.")
    return found


def _walked(content: dict[str, Any], parts: Sequence[str]) -> dict[str, Any]:
    match parts:
        case [_]:
            return content  # a national fact
        case ["office", _, "contact", n]:
            return _at(content["contacts"], n)
        case ["term" | "topic" | "law", _, n]:
            return _at(content["facts"], n)
        case [_, "requirement", name]:
            return _named(content["requirements"], name)
        case [_, "contact", n]:
            return _at(content["complaints"], n)
        case [_, "product" | "legal" | "caution" as name, n]:
            return _at(content[_LISTS[name]], n)
        case [_, "section", section, n]:
            return _at(_named(content["sections"], section)["items"], n)
        case [_, "step" | "outcome" | "checklist" | "stuck" as name, way, *rest]:
            return _of_way(_named(content["procedures"], way), name, rest)
        case [_, name]:
            one = content[name.replace("-", "_") if name != "requirement" else "requirements"]
            return one if isinstance(one, dict) else {"not_stated": True}
    raise KeyError("/".join(parts))


def _of_way(way: dict[str, Any], name: str, rest: Sequence[str]) -> dict[str, Any]:
    if name == "outcome":
        found: dict[str, Any] = way["outcome"]
        return found
    if name == "checklist":
        return _named(way["checklist"], rest[0])
    step = next(one for one in way["steps"] if one["number"] == int(rest[0]))
    return step if name == "step" else _at(step["stuck"], rest[1])


def _at(items: list[dict[str, Any]], number: str) -> dict[str, Any]:
    return items[int(number) - 1]


def _named(items: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(one for one in items if one["id"] == name)


# --- question entries ---------------------------------------------------------------------------------------------


def _question(knowledge: Knowledge, change: NewQuestion, number: int) -> Entries:
    entries: Entries = {}
    facts = list(change.facts)
    if change.new_fact:
        fact, key, content = _added(knowledge, change.new_fact)
        entries[key] = content
        facts.append(fact)
    if not facts:
        raise CannotMend("Pilih sumbernya: tanpa sumber, Pandu tidak menyatakan apa pun.")
    held = statements(knowledge)
    known = [_held(held, one) for one in change.facts]
    place = place_of(knowledge, change) or "umum"
    identity = f"{place[:24].strip('-')}-{slug(change.short)[:24].strip('-')}-{number}"
    entries["questions", identity] = {
        "id": identity,
        "short": change.short,
        "ask": wordings(change.ask, change.short),
        "answer": change.answer,
        "facts": facts,
        "system": known[0].system if known else knowledge.services[facts[0].split("/")[0]].system,
    }
    return entries


def wordings(asked: Sequence[str], short: str) -> list[str]:
    """At least three ways to ask: what was typed, the same spelled out, with the name of the button."""
    one = " ".join(asked[0].split())
    spelled = plain(one)
    more = (spelled, short, f"{short} bagaimana", f"tanya {short}")
    found = {re.sub(r"\W+", " ", ask.lower()).strip(): ask for ask in reversed([*asked, *more]) if ask.strip()}
    ordered = list(reversed(found.values()))
    return ordered[: max(LEAST_ASKS, len(asked))]


def _added(knowledge: Knowledge, new: NewFact) -> tuple[str, Key, dict[str, Any]]:
    """The service with the sentence in a section of its own: the statement's id, the entry and its content."""
    service = knowledge.services.get(new.service)
    if service is None:
        raise CannotMend("Pilih layanan yang dokumennya menjadi sumber.")
    content = as_content(service)
    sections = content.setdefault("sections", [])
    section = next((one for one in sections if one["id"] == SECTION), None)
    if section is None:
        section = {"id": SECTION, "title": "Keterangan lain", "items": []}
        sections.append(section)
    mark = "" if knowledge.documents[service.document].file else " [V]"
    source = f"{service.document}{mark}, {new.clause}"
    section["items"].append({"text": new.printed, "printed": new.printed, "source": source})
    fact = f"{service.id}/section/{SECTION}/{len(section['items'])}"
    return fact, ("services", service.id), content
