"""From what people call their trade to at most three codes, and the question that decides between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from bot.kbli.words import Named, joined, named_in, roles_in, words_of
from bot.knowledge.trades import Closed, Code, Trade, get_table

if TYPE_CHECKING:
    from bot.kbli.classification import Classification

MOST = 3
Kind = Literal["found", "several", "searched", "closed", "unknown"]
_ROLE, _HINT = 10, 8

_ROLE_ASKS = {  # which activities the candidates have -> the question
    frozenset({"make", "sell"}): ("apakah Anda membuatnya", "Anda membuatnya sendiri, atau menjual buatan orang lain?"),
    frozenset({"make", "sell", "wholesale"}): (
        "apakah Anda membuatnya",
        "Anda membuatnya sendiri, menjual eceran, atau menjual partai besar?",
    ),
    frozenset({"make", "wholesale"}): ("apakah Anda membuatnya", "Anda membuatnya sendiri, atau menjual partai besar?"),
    frozenset({"grow", "sell"}): ("kegiatannya", "Anda membudidayakan, atau hanya menjual?"),
    frozenset({"grow", "wholesale"}): ("kegiatannya", "Anda membudidayakan, atau menjual partai besar?"),
    frozenset({"grow", "make"}): ("kegiatannya", "Anda membudidayakan, atau mengolah hasilnya?"),
    frozenset({"sell", "repair"}): ("kegiatannya", "Anda menjual, atau memperbaiki?"),
    frozenset({"make", "repair"}): ("kegiatannya", "Anda membuat, atau memperbaiki?"),
    frozenset({"sell", "rent"}): ("kegiatannya", "Anda menjual, atau menyewakan?"),
    frozenset({"make", "install"}): ("kegiatannya", "Anda membuat, atau memasang?"),
    frozenset({"sell", "install"}): ("kegiatannya", "Anda menjual, atau memasang?"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One code of KBLI 2025 that may be meant. `was`: the nearest codes of edition 2020."""

    code: str
    title: str
    when: str
    button: str
    was: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundCodes:
    """What a text leads to.

    found: `candidates`, the likeliest first; `sure` when the text itself decides for the first.
    several: two or three trades, each a finding of its own in `parts`.
    searched: from the words of the classification. closed: nobody licenses it here.
    unknown: no word is known; candidates may hold the activity's general codes.
    """

    kind: Kind
    candidates: tuple[Candidate, ...] = ()
    trade: str = ""
    name: str = ""  # as people call it
    depends: str = ""
    ask: str = ""
    sure: bool = False
    brand: str = ""
    closed: Closed | None = None
    parts: tuple[FoundCodes, ...] = ()


def find(text: str, classification: Classification | None = None) -> FoundCodes:
    """The codes of the trade that `text` tells of."""
    words = words_of(text)
    named = named_in(words)
    shut = next((one for one in named if one.trade in _closed()), None)
    if shut:
        return FoundCodes("closed", trade=shut.trade, name=shut.name, closed=_closed()[shut.trade])
    several = _several(words, named)
    if several:
        ends = [one.start for one in several[1:]] + [len(words)]
        begins = [0] + [one.end for one in several[:-1]]
        cut = zip(several, begins, ends, strict=True)
        return FoundCodes("several", parts=tuple(_of(one, words[:end], begin) for one, begin, end in cut))
    if named:
        return _of(max(named, key=_weight), words)
    return _unnamed(text, words, classification)


def of_trade(identity: str, text: str = "") -> FoundCodes | None:
    """The finding of a trade of the table, as if its name had been written; `text` says more ("pakai gerobak")."""
    trade = get_table().trades.get(identity)
    if trade is None:
        return None
    if identity in _closed():
        return FoundCodes("closed", trade=identity, name=trade.names[0], closed=_closed()[identity])
    words = words_of(text)
    return _finding(trade, trade.names[0], words, roles_in(words))


def candidate(code: str) -> Candidate | None:
    """A code of the table; None for one without everyday words."""
    words = get_table().codes.get(code)
    return _candidate(code, words) if words else None


def role_of(code: str) -> str:
    """The activity that a code belongs to: "make", "sell" …, "" for services."""
    roles = get_table().words.roles.items()
    return next((name for name, role in roles if code.startswith(tuple(role.codes))), "")


@lru_cache
def _vague() -> frozenset[str]:
    return frozenset(get_table().words.vague)


def _closed() -> dict[str, Closed]:
    return {one.trade: one for one in get_table().words.closed}


def _weight(named: Named) -> tuple[bool, int, int]:
    """What before where, with what or how; long names before short ones; the first of equals."""
    return (not named.aside and named.name not in _vague(), named.end - named.start, -named.start)


def _several(words: list[str], named: list[Named]) -> list[Named]:
    """Two or three different trades with "dan" or a comma between them; empty when there is one."""
    whole = [one for one in named if not one.aside and one.name not in _vague()]
    usual = {one.trade: get_table().trades[one.trade].codes[0] for one in whole}
    found: list[Named] = []
    for first, second in pairwise(whole):
        if usual[first.trade] != usual[second.trade] and joined(words, first, second):
            found += [one for one in (first, second) if usual[one.trade] not in {usual[each.trade] for each in found}]
    return found[:MOST] if len(found) > 1 else []


def _of(named: Named, words: list[str], since: int = 0) -> FoundCodes:
    """`since`: where in `words` what is said about this trade begins."""
    trade = get_table().trades[named.trade]
    outside = roles_in(words[since : named.start] + words[named.end :])
    found = _finding(trade, named.name, words[since:], outside)
    return replace(found, brand=named.name) if named.brand else found


def _finding(trade: Trade, name: str, words: list[str], outside: frozenset[str] = frozenset()) -> FoundCodes:
    """`outside`: activities that stand beside the name, not in it ("rental" of "rental ps" is part of the name)."""
    table = get_table()
    roles = roles_in(words)
    codes = _with_activity(trade.codes, outside)
    points = {code: _points(code, table.codes[code], codes, roles, frozenset(words)) for code in codes}
    ordered = sorted(codes, key=lambda code: (-points[code], codes.index(code)))[:MOST]
    candidates = tuple(_candidate(code, table.codes[code]) for code in ordered)
    ahead = points[ordered[0]] > max((points[code] for code in ordered[1:]), default=0)
    depends, ask = _question(trade, ordered)
    return FoundCodes("found", candidates, trade.id, name, depends, ask, sure=ahead or not ask)


def _with_activity(codes: list[str], roles: frozenset[str]) -> list[str]:
    """For "sewa piano": the general codes of renting, when the trade has none of its own."""
    all_roles = get_table().words.roles
    missing = [
        all_roles[role].rest
        for role in roles
        if all_roles[role].rest and not any(code.startswith(tuple(all_roles[role].codes)) for code in codes)
    ]
    return [code for rest in missing for code in rest] + codes


def _points(code: str, words: Code, codes: list[str], roles: frozenset[str], said: frozenset[str]) -> int:
    activities = get_table().words.roles
    fits = any(code.startswith(tuple(activities[role].codes)) for role in roles)
    if codes[0].startswith("56") and roles <= {"sell", "make"}:  # who cooks and serves also "makes" and "sells"
        fits = fits and code.startswith("56")
    elif roles == {"sell"} and not role_of(codes[0]):  # services are "sold" too
        fits = False
    return (_ROLE if fits else 0) + (_HINT if said & set(words.hints.split()) else 0)


def _question(trade: Trade, codes: list[str]) -> tuple[str, str]:
    """What it depends on, and how to ask for it; no question where the first code is the usual one."""
    if trade.ask or len(codes) < 2:
        return trade.depends or "kegiatannya", trade.ask
    roles = frozenset(role_of(code) for code in codes)
    depends, ask = _ROLE_ASKS.get(roles, ("kegiatannya", ""))
    if trade.depends and not ask:
        ask = "Mana yang paling dekat dengan kegiatan Anda?"
    return trade.depends or depends, ask


def _candidate(code: str, words: Code) -> Candidate:
    return Candidate(code, words.title, words.when, words.button, tuple(words.was))


def _unnamed(text: str, words: list[str], classification: Classification | None) -> FoundCodes:
    roles = roles_in(words)
    prefixes = tuple(one for role in roles for one in get_table().words.roles[role].codes)
    if classification is not None:
        found = classification.search(text, prefixes)[:MOST]
        if found:
            candidates = tuple(candidate(one.code) or one.as_candidate() for one in found)
            return FoundCodes("searched", candidates, ask="Mana yang paling dekat dengan kegiatan Anda?")
    activities = [get_table().words.roles[role] for role in sorted(roles)]
    rest = [code for one in activities for code in one.rest or one.general][:MOST]
    general = tuple(_candidate(code, get_table().codes[code]) for code in rest)
    return FoundCodes("unknown", general)
