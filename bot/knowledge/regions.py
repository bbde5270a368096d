"""Provinces, regencies and cities as people name them (`knowledge/regions.yaml`), and where a text names one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import DamerauLevenshtein

from bot.knowledge.region_list import RegionList, get_list, words_for, words_of

Kind = Literal["provinsi", "kabupaten", "kota", "kabupaten/kota", "wilayah"]

_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("kab", "kabupaten", "kabupatenn", "pemkab"), "kabupaten"),
    **dict.fromkeys(("kota", "kotamadya", "kotamadia", "kodya", "pemkot"), "kota"),
    **dict.fromkeys(("prov", "provinsi", "propinsi", "prop", "pemprov"), "provinsi"),
}


@dataclass(frozen=True, slots=True)
class Region:
    """One province, regency, city or larger area.

    `kind` "kabupaten/kota": the name stands for several and the text does not say which; their ids are `options`.
    `province` is empty for areas and for names whose options lie in several provinces.
    """

    id: str
    name: str
    kind: Kind
    province: str
    options: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """ "Kabupaten Bandung", "Kota Administrasi Jakarta Barat", "Provinsi Jawa Barat"; "Bandung" when unclear."""
        if self.kind in ("kabupaten/kota", "wilayah"):
            return self.name
        kind = self.kind.capitalize()
        return f"{kind} Administrasi {self.name}" if self._administrative else f"{kind} {self.name}"

    @property
    def office(self) -> str:
        """Who licenses there: "DPMPTSP Kabupaten Bandung". Jakarta's five cities and Kepulauan Seribu are not
        autonomous, their province's office is named. The sign at the door may call it otherwise (DPMPTSPTK …)."""
        if self.options:
            return " atau ".join(dict.fromkeys(region(one).office for one in self.options))
        if self.kind == "wilayah":
            return "DPMPTSP kabupaten atau kota setempat"
        return f"DPMPTSP Provinsi {self.province}" if self._administrative else f"DPMPTSP {self.title}"

    @property
    def _administrative(self) -> bool:
        return self.province == "DKI Jakarta" and self.kind in ("kabupaten", "kota")


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int  # after the name
    spelling: str


def regions_in(text: str) -> list[Region]:
    """The regions that `text` names, in order of appearance, each once.

    Words that are also everyday language count by context: "di batu", "kab pati", "banjar kalsel", or alone.
    A province behind a place only says which one is meant ("malang jawa timur" is one region).
    """
    words = re.findall(r"[a-z0-9]+", text.lower().replace("'", ""))
    found: dict[str, Region] = {}
    done = 0
    for match in _matches(words):
        if match.start < done or not _is_place(words, match):
            continue
        candidates = _of_kind(_spellings()[match.spelling], _kinds_before(words, match.start))
        candidates, done = _narrowed(words, match, candidates)
        one = _one(candidates)
        found.setdefault(one.id, one)
    return _without_wholes(list(found.values()))


def region(identity: str) -> Region:
    """The region with this id. Raises KeyError."""
    return all_regions()[identity]


@lru_cache
def all_regions() -> dict[str, Region]:
    """All 38 provinces and 514 regencies and cities by id, and the larger areas."""
    found: list[Region] = []
    for province in get_list().provinces:
        found.append(_region(province.name, "provinsi", province.name))
        found += [_region(name, "kabupaten", province.name) for name in province.kabupaten]
        found += [_region(name, "kota", province.name) for name in province.kota]
    found += [_region(name, "wilayah", "") for name in get_list().areas]
    return {one.id: one for one in found}


def _region(name: str, kind: Kind, province: str) -> Region:
    return Region(f"{kind}-{words_of(name).replace(' ', '-')}", name, kind, province)


@lru_cache
def _spellings() -> dict[str, tuple[Region, ...]]:
    """Spelling -> the regions it may mean."""
    found: dict[str, list[Region]] = {}

    def add(one: Region, others: list[str]) -> None:
        for spelling in dict.fromkeys(words_of(each) for each in [one.name, *others]):
            found.setdefault(spelling, []).append(one)

    known = all_regions()
    for province in get_list().provinces:
        add(known[_region(province.name, "provinsi", "").id], province.spellings)
        for name, others in province.kabupaten.items():
            add(known[_region(name, "kabupaten", "").id], others)
        for name, others in province.kota.items():
            add(known[_region(name, "kota", "").id], others)
    for name, others in get_list().areas.items():
        if words_of(name) not in found:
            add(known[_region(name, "wilayah", "").id], others)
    return {spelling: tuple(regions) for spelling, regions in found.items()}


@lru_cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """First word of a spelling -> how many words such spellings have, the longest first."""
    found: dict[str, set[int]] = {}
    for spelling in _spellings():
        parts = spelling.split()
        found.setdefault(parts[0], set()).add(len(parts))
    return {first: tuple(sorted(sizes, reverse=True)) for first, sizes in found.items()}


@lru_cache
def _everyday() -> frozenset[str]:
    return frozenset(words_of(one) for line in get_list().everyday for one in line)


@lru_cache
def _styles() -> frozenset[str]:
    return frozenset(one for line in get_list().styles for one in line)


def _matches(words: list[str]) -> Iterator[_Match]:
    position = 0
    while position < len(words):
        match = _match_at(words, position)
        if match:
            yield match
        position = match.end if match else position + 1


def _match_at(words: list[str], start: int) -> _Match | None:
    for size in _lengths().get(words[start], ()):
        spelling = " ".join(words[start : start + size])
        if spelling in _spellings():
            return _Match(start, start + size, spelling)
    return _misspelt(words, start)


def _misspelt(words: list[str], start: int) -> _Match | None:
    """One wrong letter in a name that a word of place announces."""
    word, before = words[start], words[start - 1] if start else ""
    least = 8 if before in ("di", "kota") else 6 if before in _KINDS else 0
    if not least or len(word) < least - 1 or word in words_for("not_misspelt"):
        return None
    near = [name for name in _long_names() if len(name) >= least and _one_off(name, word)]
    return _Match(start, start + 1, near[0]) if len(near) == 1 else None


def _one_off(name: str, word: str) -> bool:
    return abs(len(name) - len(word)) <= 1 and DamerauLevenshtein.distance(name, word, score_cutoff=1) == 1


@lru_cache
def _long_names() -> tuple[str, ...]:
    names = (words_of(one.name) for one in all_regions().values())
    return tuple(sorted({name for name in names if " " not in name and len(name) >= 6}))


def _is_place(words: list[str], match: _Match) -> bool:
    before = words[match.start - 1] if match.start else ""
    pair = " ".join(words[max(0, match.start - 2) : match.start])
    after = words[match.end] if match.end < len(words) else ""
    rules: RegionList = get_list()
    if after in rules.behind.get(match.spelling, ()):
        return False
    at_start = match.start == 1 and before == "yang"  # "yang malang": the one of Malang
    if before in rules.before.get(match.spelling, ()) and not at_start:
        return False
    if match.spelling in _everyday():
        return _announced(words, match) or _alone(words, match) or _province_follows(words, match)
    return not (before in _styles() or pair in _styles())


def _announced(words: list[str], match: _Match) -> bool:
    """A word of place stands before the name."""
    before = words[match.start - 1] if match.start else ""
    if before in words_for("announce") or before in _KINDS:
        return True
    earlier = words[match.start - 2] if match.start > 1 else ""
    return before == "dari" and (match.start == 1 or earlier in words_for("origin"))


def _alone(words: list[str], match: _Match) -> bool:
    rest = words[: match.start] + words[match.end :]
    idle = words_for("fillers") | words_for("loose") | _KINDS.keys()
    return all(word in idle for word in rest)


def _province_follows(words: list[str], match: _Match) -> bool:
    at = _skipped(words, match.end)
    following = _match_at(words, at) if at < len(words) else None
    if following is None:
        return False
    provinces = {one.name for one in _spellings()[following.spelling] if one.kind == "provinsi"}
    return any(one.province in provinces for one in _spellings()[match.spelling])


def _kinds_before(words: list[str], start: int) -> set[Kind]:
    """The words "kab", "kota", "provinsi" right before a name: "kab/kota bogor" has two."""
    kinds: set[Kind] = set()
    while start and words[start - 1] in _KINDS:
        start -= 1
        kinds.add(_KINDS[words[start]])
    return kinds


def _of_kind(candidates: tuple[Region, ...], kinds: set[Kind]) -> tuple[Region, ...]:
    return tuple(one for one in candidates if one.kind in kinds) or candidates


def _narrowed(words: list[str], match: _Match, candidates: tuple[Region, ...]) -> tuple[tuple[Region, ...], int]:
    """What follows the name may choose: "bogor kota", "banjar, kalsel". Also the place in the text after it."""
    end = match.end
    if end < len(words) and words[end] in _KINDS and (end + 1 == len(words) or not _match_at(words, end + 1)):
        candidates, end = _of_kind(candidates, {_KINDS[words[end]]}), end + 1
    at = _skipped(words, end)
    following = _match_at(words, at) if at < len(words) else None
    if following:
        provinces = {one.name for one in _spellings()[following.spelling] if one.kind == "provinsi"}
        inside = tuple(one for one in candidates if one.kind != "provinsi" and one.province in provinces)
        if inside and not {one.id for one in _spellings()[following.spelling]} & {one.id for one in candidates}:
            return inside, following.end
    return candidates, end


def _skipped(words: list[str], at: int) -> int:
    """Past "provinsi", "di", "kab" between a place and its province."""
    while at < len(words) and (words[at] in ("di", "ada") or _KINDS.get(words[at]) == "provinsi"):
        at += 1
    return at


def _one(candidates: tuple[Region, ...]) -> Region:
    if len(candidates) == 1:
        return candidates[0]
    provinces = {one.province for one in candidates}
    name = min((one.name for one in candidates), key=len)
    options = tuple(one.id for one in candidates)
    identity = words_of(name).replace(" ", "-")
    return Region(identity, name, "kabupaten/kota", provinces.pop() if len(provinces) == 1 else "", options)


def _without_wholes(regions: list[Region]) -> list[Region]:
    """ "Bandung" beside "Kota Bandung" says nothing new."""
    named = {one.id for one in regions}
    return [one for one in regions if not (one.options and named & set(one.options))]
