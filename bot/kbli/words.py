"""Names of trades in a text: the longest, the nearest spelling, and which of several is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.knowledge.trades import get_table

_TOKEN = re.compile(r"[a-z0-9]+|[,+&;]")
_ENDINGS = ("nya", "ku", "mu")
LONGEST = 1000  # characters that are looked at
_MOST_FUZZY = 40  # words whose spelling is looked up
_LEAST_FUZZY = 5  # letters
_LIGHT = frozenset({"jasa", "usaha", "tukang"})


@dataclass(frozen=True, slots=True)
class Named:
    """A name in the text: `start` and `end` count words."""

    start: int
    end: int
    trade: str
    name: str
    aside: bool  # it says where or with what: "di ruko"
    brand: bool = False


def words_of(text: str) -> list[str]:
    """Words and joining signs, in lower case; of a very long text its beginning."""
    return _TOKEN.findall(text.lower().replace("'", "").replace("é", "e")[:LONGEST])


def named_in(words: list[str]) -> list[Named]:
    """The trades that are named, in order; by nearest spelling when none is named exactly."""
    found = _exact(words)
    return found or [replace(one, brand=False) for one in _exact(_corrected(words))]


def joined(words: list[str], first: Named, second: Named) -> bool:
    """Something like "dan" stands between the two."""
    return any(word in _joiners() for word in words[first.end : second.start])


def roles_in(words: list[str]) -> frozenset[str]:
    """What they do: "make", "sell" … by the verbs of the text."""
    return frozenset(role for word in words for role in _roles().get(word, ()))


@lru_cache
def _joiners() -> frozenset[str]:
    return frozenset(get_table().words.joiners.split())


@lru_cache
def _aside() -> frozenset[str]:
    return frozenset(get_table().words.aside.split())


@lru_cache
def _roles() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, role in get_table().words.roles.items():
        for verb in role.verbs.split():
            found.setdefault(verb, []).append(name)
    return found


@lru_cache
def _names() -> dict[str, dict[tuple[str, ...], tuple[str, str, bool]]]:
    """First word -> the words of each name that begins with it -> (trade, name, whether it is a brand)."""
    table = get_table()
    found: dict[str, dict[tuple[str, ...], tuple[str, str, bool]]] = {}

    def add(name: str, trade: str, brand: bool) -> None:
        key = tuple(words_of(name))
        if key:
            found.setdefault(key[0], {}).setdefault(key, (trade, name, brand))

    for trade in table.trades.values():
        for name in trade.names:
            add(name, trade.id, False)
    for closed in table.words.closed:
        for name in closed.names:
            add(name, closed.trade, False)
    for brand, trade_id in table.words.brands.items():
        add(brand, trade_id, True)
    return found


@lru_cache
def _vocabulary() -> frozenset[str]:
    return frozenset(word for names in _names().values() for key in names for word in key)


def _exact(words: list[str]) -> list[Named]:
    found: list[Named] = []
    at = 0
    while at < len(words):
        one = _longest(words, at)
        if one and one.end > at + 1 and _is_light(words[at]):  # "jual hewan kurban": not "jual hewan"
            later = _longest(words, at + 1)
            one = None if later and later.end > one.end else one
        if one:
            found.append(one)
        at = one.end if one else at + 1
    return found


def _is_light(word: str) -> bool:
    """It says that something is done or sold, not what."""
    return word in _LIGHT or word in _roles()


def _longest(words: list[str], at: int) -> Named | None:
    best: tuple[int, tuple[str, str, bool]] | None = None
    for first in _forms(words[at]):
        for key, meant in _names().get(first, {}).items():
            size = len(key)
            if (best is None or size > best[0]) and _same(words[at : at + size], key):
                best = (size, meant)
    if best is None:
        return None
    aside = bool(at) and words[at - 1] in _aside()
    return Named(at, at + best[0], best[1][0], best[1][1], aside, best[1][2])


def _same(words: list[str], key: tuple[str, ...]) -> bool:
    return len(words) == len(key) and all(part in _forms(word) for word, part in zip(words, key, strict=True))


@lru_cache(maxsize=4096)
def _forms(word: str) -> tuple[str, ...]:
    """The word itself and without "-nya"."""
    return (word, *(word.removesuffix(end) for end in _ENDINGS if word.endswith(end) and len(word) > len(end) + 2))


def _corrected(words: list[str]) -> list[str]:
    return [_nearest(word) for word in words[:_MOST_FUZZY]] + words[_MOST_FUZZY:]


@lru_cache(maxsize=4096)
def _nearest(word: str) -> str:
    """The word of a name that is one letter away (two in a long word); itself when there is none, or two."""
    if not _LEAST_FUZZY <= len(word) <= 20 or word in _vocabulary() or word in _roles() or word.isdigit():
        return word
    limit = 1 if len(word) < 8 else 2
    near = process.extract(
        word, _vocabulary(), scorer=DamerauLevenshtein.distance, score_cutoff=limit, limit=4, processor=None
    )
    near = [one for one in near if len(one[0]) >= _LEAST_FUZZY - 1]
    best = [one[0] for one in near if one[1] == near[0][1]]
    whole = [_names()[one][(one,)] for one in best if (one,) in _names().get(one, {})]
    meant = {trade for trade, *_ in whole}
    return best[0] if best and (len(best) == 1 or len(meant) == 1) else word
