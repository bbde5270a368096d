"""From what was heard to the passages that may answer it: the scope first, then the search, then how sure it is.

Scope is a filter, never a preference: a passage of another office is not found at all while an office is known. Where
none is known, passages of offices are found to see whether the answer depends on the region, and are said as theirs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import Literal

from bot.answers.asked import holding
from bot.answers.context import Context
from bot.answers.indexes import about_system, passage_of, searched
from bot.answers.parts import parts_of
from bot.answers.passages import Passage
from bot.answers.ranking import Candidate, Query, Searched, asks_meaning
from bot.answers.wordings import SERVICE_KEYS
from bot.hearing import Heard, listen
from bot.hearing.signs import aspects_of
from bot.hearing.words import STOP, key_of, keys
from bot.knowledge.models import Knowledge

Outcome = Literal["sure", "between", "unsure"]

SURE = 0.68
BETWEEN = 0.42
"""Scores at which an answer is said, and at which it is offered. Set on tests/answers (docs/understanding.md)."""
_UNNAMED = "unnamed"
_OPENERS = re.compile(
    r"^(?:terus|lalu|lha|trus|kalau|nek|yen|kalo|jika|bagaimana (?:kalau|dengan)|yang|untuk|buat|nah|oh|oke|lanjut|"
    r"habis itu|sesudah itu|setelah itu|selanjutnya|dan|and|then|what about|lah|nek sing|kok)\b"
)
_WHOLE_TROUBLE = 0.8  # of a message's words in a card that it names by itself: it needs no question before it
_CLEARER = 0.04  # how much better a short message has to be understood by itself
_WHOLE_QUESTION = 3  # keys of its own, all in the wording found, with which a message needs nothing before it
_MOST_ELLIPTIC = 4  # keys of its own that a message may have and still lean on the question before
_SAME_OFFICE = 0.9  # the factor of another service of the office that was talked about
_SHARE = 0.92
_NEAR = 0.8  # of the best score: fits nearly as well
_BY_FAR, _IN_REACH = 0.15, 4
"""How much surer one of the first so many in order has to be to go before the first."""
_OTHERS = 0.5  # of a card of a system that was not named, an office's passage in an affair of OSS, a mere definition
_TALKED = 0.6  # of what is not of the service that was talked about, in a question that leans on the one before
_OWN_FIRST = 0.8  # of what holds everywhere, where the person's own office may say it itself
_STRANGE, _FOREIGN, _SHORT = 0.4, 0.6, 10
"""Share of a message's weight in words that no answer knows, from which on it is doubted and not answered at all; and
keys of a message that is short. Where it names an office, a service or a system of ours, it is no foreign matter."""
_SOMEWHERE = 0.7  # of an office's passage where no region is known


@dataclass(frozen=True, slots=True)
class Scope:
    """Where the answer has to hold. `offices` empty: no region is known. `elsewhere`: only unheld regions are."""

    offices: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    talked: str | None = None  # the service of the talk, where the message names none
    ways: tuple[str, ...] = ()
    elsewhere: bool = False
    system: str = ""
    named: bool = False  # the message itself names the office
    leaning: bool = False  # the question before is taken up
    other: str = ""  # the name of a system that is none of ours, whose affair it is

    def factor(self, knowledge: Knowledge, one: Passage) -> float:
        """0 where a passage does not hold, 1 where it fits, between where it fits less."""
        if one.office and not self._holds(one):
            return 0.0
        other_service = bool(one.service and self.services and one.service not in self.services)
        if other_service and one.office and one.office != _UNNAMED:
            return 0.0
        somewhere = bool(one.office and not self.offices and one.office != _UNNAMED)
        foreign = one.system in ("siinas", "lapor") and one.system != self.system and not self.leaning
        general = self.system in ("siinas", "lapor") and one.system not in (self.system, "other")
        own_first = bool(self.offices) and one.office is None and one.kind != "card"
        card = one.kind == "card"
        less = (
            (other_service and one.office != _UNNAMED, 0.85),
            (somewhere, _SOMEWHERE * (_OTHERS if self.system == "oss" else 1.0)),
            (bool(self.offices) and one.asks_region, _OTHERS),
            (bool(one.service and not self.services and self.talked and one.service != self.talked), _SAME_OFFICE),
            (self.leaning and bool(self.talked) and one.service != self.talked, _TALKED),
            (self.leaning and card, _OTHERS * _TALKED),
            (bool(one.way and self.ways and one.way not in self.ways), 0.8),
            (foreign, _OTHERS if card else _OWN_FIRST),
            (general and card and self.system == "lapor", _OTHERS),
            (general, _SHARE if self.system == "siinas" and not card else _OTHERS),
            (
                bool(self.other) and one.id not in about_system(knowledge, self.other),
                _OTHERS * (_OTHERS if self.system == "other" else 1.0),
            ),
            (own_first and (one.system != self.system or self.named), _OWN_FIRST),
        )
        return math.prod(weight for holds, weight in less if holds)

    @property
    def searched(self) -> tuple[str, ...]:
        """The offices whose passages may hold; empty: every one's."""
        return (*self.offices, _UNNAMED) if self.offices else ()

    def _holds(self, one: Passage) -> bool:
        if self.elsewhere:
            return False
        if one.office == _UNNAMED:
            return not self.offices or one.service in self.services
        return not self.offices or one.office in self.offices


@dataclass(frozen=True, slots=True)
class Finding:
    """The passages found for one question, best first, and how sure the first is."""

    heard: Heard
    scope: Scope
    query: Query
    candidates: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate | None:
        return self.candidates[0] if self.candidates else None

    @property
    def outcome(self) -> Outcome:
        best = self.best
        if best is None or best.score < BETWEEN:
            return "unsure"
        return "sure" if best.score >= SURE else "between"

    @property
    def depends(self) -> bool:
        """Whether the best passage is an office's though no region is known.

        The standard of no named region is said as it is, unless nothing names its service and others say as much.
        """
        best = self.best
        if best is None or best.passage.office is None or self.scope.offices:
            return False
        if best.passage.office != _UNNAMED:
            return True
        near = [one.passage.office for one in self.candidates if one.score > best.score * _NEAR]
        return not (self.scope.services or self.scope.talked) and bool({*near} - {None, _UNNAMED})


def scope_of(knowledge: Knowledge, heard: Heard, memory: Context, default_office: str = "") -> Scope:
    """Where an answer to `heard` has to hold."""
    offices = heard.offices
    elsewhere = heard.elsewhere or bool(memory.region and not offices)
    if not offices and not elsewhere and (known := memory.office or default_office) in knowledge.offices:
        offices = (str(known),)
    services = heard.services
    if offices and services:  # names that another office's standard shares
        here = tuple(one for one in services if home(knowledge, one) in (*offices, None))
        services = here or services
    elif offices:
        services = _of_kinds(knowledge, offices, heard.kinds)
    else:
        services = parts_of(knowledge).compared(services)
    subject = passage_of(knowledge, (memory.subject or "").partition("|")[0])
    talked = (subject.service if subject else None) or memory.service
    talked = talked if talked in knowledge.services else None
    if talked and heard.offices and home(knowledge, talked) not in (*heard.offices, None):
        talked = None
    return Scope(
        offices,
        services,
        None if services else talked,
        heard.ways,
        elsewhere,
        heard.system,
        bool(heard.offices),
        other=heard.other if heard.system == "other" else "",
    )


def find(
    knowledge: Knowledge,
    heard: Heard,
    memory: Context,
    default_office: str = "",
) -> Finding:
    """The passages for a message; a short one leans on the question before it."""
    scope = scope_of(knowledge, heard, memory, default_office)
    alone = _found(knowledge, heard, scope, _query(heard))
    if not memory.question or not leans(heard) or heard.intent == "out_of_scope":
        return alone
    before = listen(knowledge, memory.question)
    merged = _merged(knowledge, heard, before)
    scope = replace(_with_subject(knowledge, scope, before), leaning=True)
    own = frozenset(heard.keys)
    together = _found(knowledge, merged, scope, replace(_query(merged), before=frozenset(merged.keys) - own))
    again = bool(together.best and together.best.passage.id == (memory.subject or "").partition("|")[0])
    if again:
        together = _with_the_new(together, own - STOP)
    if alone.outcome == "sure" and again and not _changes(heard):
        return alone  # the answer of a moment ago once more is not what was asked for
    if _opens(heard) or not (alone.best and together.best):
        return together
    if together.outcome == "sure" and _only_asks(heard):
        return together
    if alone.outcome == "sure" and _says_more(heard, alone.best, together.best):
        return alone
    trouble = alone.outcome == "sure" and alone.best.passage.kind == "card" and alone.best.union >= _WHOLE_TROUBLE
    return alone if trouble or alone.best.score > together.best.score + _CLEARER else together


def _with_the_new(finding: Finding, own: Set[str]) -> Finding:
    """What was just said is no answer to a new word that it does not hold, where another passage holds it."""
    first, *rest = finding.candidates
    if not own or own & set(keys(first.wording)):
        return finding
    for place, one in enumerate(rest):
        if one.score >= BETWEEN and own & set(keys(one.wording)):
            return replace(finding, candidates=(one, first, *rest[:place], *rest[place + 1 :]))
    return finding


def _changes(heard: Heard) -> bool:
    """Whether a message puts another place, service or way into the question before it."""
    return bool(heard.offices or heard.regions or heard.services or heard.kinds or heard.ways)


def _only_asks(heard: Heard) -> bool:
    """Whether a message names nothing of its own but what is asked ("nomor wa?", "biayanya?")."""
    own = [one for one in heard.keys if one not in STOP and one not in _PLAIN_ASKING]
    return bool(heard.aspects) and not heard.system and all(aspects_of("", one) for one in own)


def _says_more(heard: Heard, alone: Candidate, together: Candidate) -> bool:
    """Whether what a message says by itself is what was found without the question before it, not with it."""
    own = {key for key in heard.keys if key not in STOP}
    here, there = (len(own & set(keys(one.wording))) for one in (alone, together))
    return here > there or (here == there == len(own) and len(own) >= _WHOLE_QUESTION)


def with_question(knowledge: Knowledge, heard: Heard, question: str) -> Heard:
    """A message that leans on `question`, with what it changes."""
    return _merged(knowledge, heard, listen(knowledge, question))


def leans(heard: Heard) -> bool:
    """Whether a message may need the one before it to be understood."""
    own = [one for one in heard.keys if one not in STOP]
    return _opens(heard) or (len(own) <= _MOST_ELLIPTIC and not (own and asks_meaning(heard.plain)))


def only_names(knowledge: Knowledge, heard: Heard) -> bool:
    """Whether a message says nothing but a place, a service or a way."""
    scope = _query(heard).scope
    named = {key for one in heard.services for key in _name_keys(knowledge, one)}
    named |= {key for way in heard.ways for key in keys(way.replace("-", " "))}
    return all(one in STOP or one in scope or one in named for one in heard.keys) and not heard.aspects


def _name_keys(knowledge: Knowledge, service: str) -> set[str]:
    """The words of a service's other names."""
    return {key for name in knowledge.services[service].aliases for key in keys(name)}


def _opens(heard: Heard) -> bool:
    return bool(_OPENERS.match(heard.plain))


def _query(heard: Heard) -> Query:
    held = (part for one in (*heard.offices, *heard.likened) for part in (one, *one.split("-")))
    named = (*held, *(word for one in heard.regions for word in one.name.lower().split()))
    places = {*named, *map(key_of, named)} | _PLACE_KEYS
    denied = {key_of(one) for one in _DENIED.findall(heard.plain)} - STOP
    return Query(
        heard.plain,
        tuple(one for one in heard.keys if one not in denied),
        SERVICE_KEYS | places,
        frozenset(places),
        heard.aspects,
        heard.intent,
        heard.confidence,
        likely=heard.likely,
    )


_DENIED = re.compile(r"\bbukan (?:soal |masalah |urusan |kode )*(\w+) (?:ya|lho|loh|tapi|melainkan)\b")
"""What a message says that it is not about ("bukan OTP ya")."""
_PLAIN_ASKING = frozenset({"nomor", "ada", "nama", "jam", "hari", "menit", "kah", "angka", "akun", "link"})
_PLACE_KEYS = frozenset({"kabupaten", "kota", "kab", "daerah"})


def _found(knowledge: Knowledge, heard: Heard, scope: Scope, query: Query) -> Finding:
    query = replace(query, own=scope.named or (scope.leaning and bool(scope.offices)))
    apart = about_system(knowledge, scope.other) if scope.other else frozenset()
    among = _searched(knowledge, scope)
    candidates = among.search(query, lambda one: scope.factor(knowledge, one), scope.searched, apart)
    ours = heard.offices or heard.services or heard.kinds or heard.system
    if candidates and not ours and len(query.keys) <= _SHORT and (most := _most_sure(among.strange(query))) < 1:
        candidates = [replace(one, score=min(one.score, most)) for one in candidates]
    return Finding(heard, scope, query, holding(heard, _surest_first(heard, candidates), SURE))


def _surest_first(heard: Heard, found: Sequence[Candidate]) -> Sequence[Candidate]:
    """Who tells of a trouble: one of the next three cards goes first where it is by far surer than the first."""
    surest = max(found[:_IN_REACH], key=lambda one: one.score, default=None)
    troubled = heard.wish in ("mend", "vent") and surest is not None and surest.passage.kind == "card"
    if surest is None or not troubled or surest.score <= found[0].score + _BY_FAR:
        return found
    return [surest, *(one for one in found if one is not surest)]


def _most_sure(strange: float) -> float:
    """How sure one may be at most of a short message of which `strange` is in words that no answer knows."""
    if strange >= _FOREIGN:
        return math.nextafter(BETWEEN, 0)
    return math.nextafter(SURE, 0) if strange >= _STRANGE else 1.0


def _searched(knowledge: Knowledge, scope: Scope) -> Searched:
    return searched(knowledge, scope.offices, scope.services)


def _merged(knowledge: Knowledge, heard: Heard, before: Heard) -> Heard:
    """The question before with what this message changes: its aspect where it has one, its place, its service."""
    own = [one for one in heard.keys if one not in STOP]
    old = [one for one in before.keys if one not in own]
    if heard.aspects:
        old = [one for one in old if not aspects_of("", one)]
    if heard.kinds:
        replaced = {key for one in before.services for key in _name_keys(knowledge, one)}
        old = [one for one in old if one not in replaced]
    keys = (*own, *old)
    return replace(
        heard,
        plain=f"{heard.plain} {' '.join(old)}",
        keys=keys,
        aspects=heard.aspects or before.aspects,
        system=heard.system or before.system,
        likely={},
    )


def _with_subject(knowledge: Knowledge, scope: Scope, before: Heard) -> Scope:
    """The service that was talked about, where neither message named another."""
    if scope.services or not before.services:
        return scope
    here = tuple(one for one in before.services if not scope.offices or home(knowledge, one) in (*scope.offices, None))
    return replace(scope, services=here) if here else scope


def home(knowledge: Knowledge, service: str) -> str | None:
    """The office of a service; None for a national system."""
    office = knowledge.offices[knowledge.services[service].office]
    return None if office.national else office.id


def _of_kinds(knowledge: Knowledge, offices: Sequence[str], kinds: Sequence[str]) -> tuple[str, ...]:
    """What the kinds that were named ("yang baru") are at these offices."""
    return tuple(one.id for one in knowledge.services.values() if one.office in offices and one.kind in kinds)


def offices_that_answer(knowledge: Knowledge, finding: Finding) -> Sequence[str]:
    """Offices whose own passage fits the question nearly as well as the best."""
    best = finding.best
    if best is None:
        return ()
    near = [one for one in finding.candidates if one.score > best.score * _NEAR and one.passage.office]
    return list(dict.fromkeys(str(one.passage.office) for one in near if one.passage.office != _UNNAMED))


def scope_in(knowledge: Knowledge, heard: Heard, office: str) -> Scope:
    """One office alone, with the services of it that were meant."""
    mine = tuple(one for one in heard.services if home(knowledge, one) == office)
    return Scope((office,), mine or _of_kinds(knowledge, (office,), heard.kinds), None, heard.ways)


def within(knowledge: Knowledge, heard: Heard, scope: Scope) -> Finding:
    """The best passages of one side of a comparison: what holds everywhere is no difference."""
    query = _query(heard)
    wanted = query.aspects - {"compare", "where"}
    said = tuple(one for one in query.keys if one not in COMPARING)
    named = {name for key in said for name in aspects_of("", key)}
    meant = tuple(key for name, key in _MEANT.items() if name in wanted and name not in named)
    query = replace(query, keys=(*said, *meant), aspects=wanted)

    def factor(one: Passage) -> float:
        mine = one.office in scope.offices or one.service in scope.services
        plain_list = one.kind == "list" and one.aspect not in wanted
        return scope.factor(knowledge, one) if mine and not plain_list else 0.0

    return Finding(heard, scope, query, tuple(_searched(knowledge, scope).search(query, factor)))


COMPARING = frozenset({"beda", "banding", "sama", "lebih", "cepat", "cepet", "mana", "dimana", "luwih"})
"""Keys that only compare."""
_MEANT = {"duration": "lama", "cost": "bayar"}
"""What "lebih cepat" and "lebih murah" ask for."""
