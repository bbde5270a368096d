"""Documents whose whole text stands on one line: lines are made before the labels."""

from __future__ import annotations

import itertools
import re

from bot.standards.labels import HEAD_COMPONENTS, find_at_start
from bot.standards.text import Line, squeeze

LONG = 600
_WORD_START = re.compile(r"(?<!\S)(?:(\d{1,2})\s*[.)]?\s+)?(?=[A-Z])")
_COLUMN_HEAD = re.compile(r"(?<!\S)no\.?\s+komponen(?:\s+standar\s+pelayanan)?\s+uraian(?!\S)", re.IGNORECASE)
_CUT_NUMBER = re.compile(r"\s\d{1,2}[.)]?$")  # of an item that was cut off
_LIST_START = re.compile(r"\s*(?:1\s*[.)]|1\s+[A-Z]|a[.)]\s|:)")


def break_lines(lines: list[Line]) -> tuple[list[Line], bool]:
    """The lines, and whether one of them was a whole document."""
    found: list[Line] = []
    broken = False
    for line in lines:
        text = squeeze(line.text)
        cuts = [] if line.is_row or len(text) < LONG else _cuts(text)
        if len(cuts) < 3:
            found.append(line)
            continue
        broken = True
        text = _CUT_NUMBER.sub("", text)
        ends = sorted({0, *cuts, len(text)})
        found.extend(Line((text[start:end].strip(),)) for start, end in itertools.pairwise(ends))
    return found, broken


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
        rest = found.rest
        counted = number is not None and (last < number <= last + 2 or number == 1)
        is_label = (
            counted and found.component not in HEAD_COMPONENTS and found.component + found.label not in seen
        ) or (rest.lstrip().startswith(":") or (number is None and found.words > 1 and bool(_LIST_START.match(rest))))
        if not is_label:
            continue
        if counted and number is not None:
            last = number
        seen.add(found.component + found.label)
        cuts.append(place.start())
        end = len(text) - len(rest)
    return cuts
