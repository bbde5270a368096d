"""The shape of `knowledge/regions.yaml`, and what can be wrong in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.knowledge.load import FOLDER

FILE = "regions.yaml"
PROVINCES, REGENCIES, CITIES = 38, 416, 98


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Province(_Strict):
    """Its regencies and cities by name, each with what people write instead."""

    name: str
    spellings: list[str]
    kabupaten: dict[str, list[str]] = {}
    kota: dict[str, list[str]] = {}


class RegionList(_Strict):
    """Everything in the file; its comments say what each part is for."""

    provinces: list[Province]
    areas: dict[str, list[str]]
    words: dict[str, str]
    everyday: list[list[str]]
    styles: list[list[str]]
    before: dict[str, list[str]]
    behind: dict[str, list[str]]


@lru_cache
def get_list(folder: Path = FOLDER) -> RegionList:
    """The list, read once. Raises OSError, YAMLError or ValidationError."""
    raw = yaml.load((folder / FILE).read_text("utf-8"), Loader=yaml.CSafeLoader)
    return RegionList.model_validate(raw)


@lru_cache
def words_for(purpose: str) -> frozenset[str]:
    """The words under `words:` that serve this purpose."""
    return frozenset(get_list().words[purpose].split())


def words_of(name: str) -> str:
    """A name or spelling as it is looked up: "Tojo Una-Una" -> "tojo una una"."""
    return " ".join(re.findall(r"[a-z0-9]+", name.lower()))


def region_problems(folder: Path = FOLDER) -> list[str]:
    """One line each: not 38 provinces, 416 regencies and 98 cities; a rule about a word that names no place."""
    try:
        listed = get_list(folder)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        return [f"{FILE}: {' '.join(str(error).split())}"]
    return [f"{FILE}: {problem}" for problem in _problems(listed)]


def _problems(listed: RegionList) -> Iterator[str]:
    counts = (
        len(listed.provinces),
        sum(len(one.kabupaten) for one in listed.provinces),
        sum(len(one.kota) for one in listed.provinces),
    )
    if counts != (PROVINCES, REGENCIES, CITIES):
        yield "{} provinces, {} kabupaten, {} kota; Indonesia has 38, 416 and 98".format(*counts)
    known = set(_everything(listed))
    everyday = Counter(word for line in listed.everyday for word in line)
    for word, times in everyday.items():
        if times > 1:
            yield f"everyday: {word} stands {times} times"
    for part, words in (("everyday", everyday), ("before", listed.before), ("behind", listed.behind)):
        for word in words:
            if word not in known:
                yield f"{part}: {word} names no place of this list"


def _everything(listed: RegionList) -> Iterator[str]:
    for province in listed.provinces:
        yield from map(words_of, (province.name, *province.spellings))
        for places in (province.kabupaten, province.kota):
            for name, spellings in places.items():
                yield from map(words_of, (name, *spellings))
    for name, spellings in listed.areas.items():
        yield from map(words_of, (name, *spellings))
