"""Documents whose whole text stands on one line: lines are made before the labels."""

from __future__ import annotations

import itertools
import re

from bot.standards.labels import HEAD_COMPONENTS, FoundLabel, find_at_start
from bot.standards.text import Line, squeeze

LONG = 600
_WORD_START = re.compile(r"(?<!\S)(?:(\d{1,2})\s?[.)]?\s+)?(?=[A-Z])")
_COLUMN_HEAD = re.compile(r"(?<!\S)no\.?\s+komponen(?:\s+standar\s+pelayanan)?\s+uraian(?!\S)", re.IGNORECASE)
_PAGES = re.compile(r"\s(\d{1,3})\s+(\d{1,3})\s(?=[A-Z])")
_CUT_NUMBER = re.compile(r"\s\d{1,2}[.)]?$")  # of an item that was cut off
_LIST_START = re.compile(r"\s{0,9}(?:1\s{0,3}[.)]|1\s{1,3}[A-Z]|a[.)]\s|:)")


def break_lines(lines: list[Line]) -> tuple[list[Line], bool]:
    """The lines, and whether one of them was a whole document."""
    found: list[Line] = []
    broken = False
    for line in lines:
        text = squeeze(line.text)
        parts = [] if line.is_row or len(text) < LONG else _parts(text)
        if len(parts) < 4:
            found.append(line)
        else:
            broken = True
            found.extend(Line((part,)) for part in parts)
    return found, broken


def _parts(text: str) -> list[str]:
    """A blank line stands where a page begins: "… pelajar 1 2 Penggantian …"."""
    text = _CUT_NUMBER.sub("", text)
    ends = sorted({0, *_cuts(text), len(text)})
    parts: list[str] = []
    for part in (text[start:end].strip() for start, end in itertools.pairwise(ends)):
        at = next((found for found in _PAGES.finditer(part) if int(found[2]) == int(found[1]) + 1), None)
        parts.extend([part] if at is None else [part[: at.start()], "", part[at.end() :]])
    return parts


def _cuts(text: str) -> list[int]:
    cuts: list[int] = []
    for head in _COLUMN_HEAD.finditer(text):
        cuts += [head.start(), head.end()]
    last = 0
    end = 0
    seen: set[str] = set()
    for place in _WORD_START.finditer(text):
        if place.start() < end:
            continue
        found = find_at_start([text[place.end() :]])
        if found is None:
            continue
        number = int(place[1]) if place[1] else None
        counted = number is not None and (last < number <= last + 2 or number == 1)
        name = found.component + found.label
        if not _is_label(found, number, counted=counted, again=name in seen):
            continue
        if number == 1:
            seen.clear()
        if counted and number is not None:
            last = number
        seen.add(name)
        cuts.append(place.start())
        end = len(text) - len(found.rest)
    return cuts


def _is_label(found: FoundLabel, number: int | None, *, counted: bool, again: bool) -> bool:
    if found.rest.lstrip().startswith(":"):
        return True
    if counted and found.component not in HEAD_COMPONENTS:
        return number == 1 or not again
    return number is None and found.words > 1 and bool(_LIST_START.match(found.rest))
