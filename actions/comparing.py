"""Two things side by side: offices, services, ways, or terms; each with its own source, or said not to be held."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from actions import wording
from actions.turn import Turn
from bot.answers import finding, saying
from bot.answers.context import Context
from bot.answers.explain import longest_named
from bot.answers.payloads import button
from bot.answers.text import source_line
from bot.answers.wording import NOT_STATED
from bot.hearing import Heard, listen
from bot.hearing.words import STOP, keys
from bot.knowledge.models import Knowledge
from bot.messages import Reply, SourceRef

_MOST_QUESTION = 160
_AND = r"(?:sama|dan|dengan|karo|vs|versus|atau|dibanding|daripada|terhadap)"
_DIFFER = r"(?:beda\w*|perbedaan\w*)"
_ONE, _OTHER = r"(?P<one>.{2,50}?)", r"(?P<other>.{2,50}?)"
_PAIR = rf"{_ONE} {_AND} {_OTHER}"
_AFTER = r"apa|tidak|apakah|bagaimana|itu|ya|sih|dong|dimana|di mana|kah|kak|pak|bu|min|untuk"
_END = rf"(?:$|[?,.;!]| (?:{_AFTER}|{_DIFFER})\b)"
_ASKED = (
    re.compile(rf"^{_ONE} (?:itu )?beda(?: tidak| kah| apa)? (?:sama|dengan|dari) {_OTHER}{_END}"),
    re.compile(rf"\b(?:{_DIFFER}|membedakan|banding\w*)(?: apa| antara| sih| ya)* {_PAIR}{_END}"),
    re.compile(rf"^(?:apa (?:itu )?)?{_PAIR} (?:itu )?(?:apa )?(?:sama(?: saja| kah)?|{_DIFFER})\b"),
    re.compile(rf"^{_ONE} (?:vs|versus) {_OTHER}{_END}"),
)
"""How people ask for the difference of two things, in plain words."""
_LOCAL = ("berapa lama", "biaya", "lewat mana daftar")
"""What is told of offices that are compared without saying in what."""
_PART = 300  # characters of one side


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the things that are compared."""

    label: str
    scope: finding.Scope


def compared(turn: Turn) -> bool:
    """Answers a comparison with both of its sides; False where none is asked for, or where nothing is held."""
    return _places(turn) or _things(turn)


def _places(turn: Turn) -> bool:
    """Offices, services or ways side by side, each with its own source."""
    heard, knowledge = turn.heard, turn.knowledge
    sides = _sides(turn)
    if len(sides) < 2:
        return False
    if turn.context.question and finding.leans(heard):
        heard = finding.with_question(knowledge, heard, turn.context.question)
    elif len(heard.offices) > 1 and finding.only_names(knowledge, _without_comparing(heard)):
        _in_short(turn)
        return True
    parts: list[str] = []
    refs: list[SourceRef] = []
    for side in sides[:3]:
        best = finding.within(knowledge, heard, side.scope).best
        text, sources = wording.NOT_IN_STANDARD, tuple[SourceRef, ...]()
        if best is not None and best.score >= finding.BETWEEN * 0.75:
            text, sources = saying.told(knowledge, best.passage, heard, short=True)
        parts.append(f"{side.label}: {text}")
        refs += [one for one in sources if one not in refs]
    if not refs:
        return False
    taps = [button(knowledge.offices[one].label, "inform", office=one, detail="menu") for one in heard.offices[:3]]
    turn.say(Reply("\n\n".join([*parts, source_line(refs)]), tuple(taps), tuple(refs)))
    turn.context = turn.context.with_(question=heard.plain[:_MOST_QUESTION])
    return True


def _without_comparing(heard: Heard) -> Heard:
    """What is left of a message without the words that compare."""
    keys = tuple(one for one in heard.keys if one not in finding.COMPARING)
    return replace(heard, keys=keys, aspects=heard.aspects - {"compare", "where"})


def _in_short(turn: Turn) -> None:
    """Offices compared without saying in what: the services of a kind that all have, else what is held of each."""
    knowledge, offices = turn.knowledge, turn.heard.offices[:3]
    held = {one: [it for it in knowledge.services.values() if it.office == one] for one in offices}
    kinds = set.intersection(*({it.kind for it in mine} for mine in held.values()))
    parts: list[str] = []
    refs: list[SourceRef] = []
    for office, mine in held.items():
        shared = [it for it in mine if it.kind in kinds]
        said = [f"{knowledge.offices[office].label}: {', '.join(it.label for it in shared or mine)}."]
        for service in shared[:1]:
            for asked in _LOCAL:
                heard = listen(knowledge, f"{asked} {service.label}")
                best = finding.within(knowledge, heard, finding.Scope((office,), (service.id,))).best
                if best is not None and best.score >= finding.BETWEEN:
                    text, sources = saying.told(knowledge, best.passage, heard, short=True)
                    silent = text.startswith(NOT_STATED)
                    said.append(f"{asked.capitalize()}: tidak disebutkan." if silent else text)
                    refs += [one for one in sources if one not in refs]
        parts.append(" ".join(said))
    text = "\n\n".join([*parts, source_line(refs) if kinds else wording.NOTHING_SHARED])
    taps = [button(knowledge.offices[one].label, "inform", office=one, detail="menu") for one in offices]
    turn.say(Reply(text, tuple(taps), tuple(refs)))
    turn.context = turn.context.with_(question=turn.heard.plain[:_MOST_QUESTION])


def _sides(turn: Turn) -> list[_Side]:
    """What a message compares: several offices; else, where it asks for a difference, services or ways of one."""
    heard, knowledge = turn.heard, turn.knowledge
    offices = list(heard.offices)
    compares = "compare" in heard.aspects
    if compares and len(offices) == 1 and turn.context.office not in (None, *offices):
        offices.insert(0, str(turn.context.office))
    if len(offices) > 1:
        return [_Side(knowledge.offices[one].label, finding.scope_in(knowledge, heard, one)) for one in offices]
    if not compares:
        return []
    outside = [one for one in heard.services if offices and knowledge.services[one].office != offices[0]]
    if offices and outside:
        office, other = offices[0], knowledge.services[outside[0]]
        sides = [_Side(other.label, finding.Scope((other.office,), (other.id,)))]
        return [*sides, _Side(knowledge.offices[office].label, finding.scope_in(knowledge, heard, office))]
    here = [one for one in heard.services if not offices or knowledge.services[one].office == offices[0]]
    if len(here) > 1:
        return [
            _Side(knowledge.services[one].label, finding.Scope((knowledge.services[one].office,), (one,)))
            for one in here
        ]
    talked = knowledge.services.get(here[0] if here else turn.context.service or "")
    if talked and len(heard.ways) > 1:
        ways = [one for one in talked.procedures if one.id in heard.ways]
        return [_Side(one.label, finding.Scope((talked.office,), (talked.id,), ways=(one.id,))) for one in ways]
    return []


def _things(turn: Turn) -> bool:
    """Two terms side by side, where no written answer compares the two."""
    knowledge = turn.knowledge
    names = _named(turn.heard.plain)
    if len(names) < 2 or "compare" not in turn.heard.aspects:
        return False
    both = [{*keys(one)} - STOP for one in names]
    if not all(both) or both[0] == both[1]:
        return False
    found = turn.found = finding.find(knowledge, turn.heard, turn.context, turn.office)
    for one in found.candidates[:4]:
        said = {*keys(one.wording)}
        if one.score >= finding.BETWEEN / 2 and all(any(key in said for key in mine) for mine in both):
            rest = tuple(other for other in found.candidates if other is not one)
            first = replace(one, score=max(one.score, finding.SURE))  # a written answer compares them
            turn.found = replace(found, candidates=(first, *rest))
            return False
    told = [_meaning(knowledge, one) for one in names]
    refs = [ref for _, mine in told for ref in mine]
    if not refs:
        return False
    parts = [
        f"{number}. {text or wording.SIDE_NOT_HELD.format(name=name)}"
        for number, (name, (text, _)) in enumerate(zip(names, told, strict=True), start=1)
    ]
    once = tuple(dict.fromkeys(refs))
    turn.say(Reply("\n\n".join([*parts, source_line(once)]), (), once))
    turn.context = turn.context.with_(question=turn.heard.plain[:_MOST_QUESTION], subject=None)
    return True


def _named(plain: str) -> list[str]:
    """The two things that plain words ask the difference of."""
    hit = next((hit for pattern in _ASKED if (hit := pattern.search(plain))), None)
    return [hit[name].strip(" ,.?!") for name in ("one", "other")] if hit else []


def _meaning(knowledge: Knowledge, name: str) -> tuple[str, Sequence[SourceRef]]:
    """What a thing is, in short, and its sources; empty where it is not held."""
    terms = {
        one.id: [one.term, *([one.expansion] if one.expansion else []), *one.aliases]
        for one in knowledge.terms.values()
    }
    if term := longest_named(terms, name):
        text, refs = saying.with_source(knowledge, knowledge.terms[term].facts[0].text, [f"term/{term}/1"])
        return text.removesuffix(source_line(refs)).rstrip(), refs
    heard = listen(knowledge, f"apa itu {name}")
    best = finding.find(knowledge, heard, Context()).best
    own = {*keys(name)} - STOP
    if best is None or best.score < finding.SURE or not own <= {*keys(best.wording)}:
        return "", ()
    text, refs = saying.told(knowledge, best.passage, heard, short=True)
    return (text if len(text) <= _PART else f"{text[:_PART].rpartition('. ')[0]}."), refs
