"""The words of a draft, found again in the text it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.standards.work import PARTS, Work

MOST_MARKS = 500


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the source; `key` names the line of the draft that says it, empty for the rest."""

    text: str
    key: str = ""


def pieces(source: str, work: Work) -> list[Piece]:
    """The whole source in order. A line that stands twice is marked where it stands first."""
    found: list[tuple[int, int, str]] = []
    for key, printed in list(_printed(work))[:MOST_MARKS]:
        place = _find(source, printed, [(start, end) for start, end, _ in found])
        if place is not None:
            found.append((*place, key))
    parts: list[Piece] = []
    done = 0
    for start, end, key in sorted(found):
        parts += [Piece(source[done:start]), Piece(source[start:end], key)]
        done = end
    return [piece for piece in [*parts, Piece(source[done:])] if piece.text]


def _printed(work: Work) -> Iterator[tuple[str, str]]:
    for part in PARTS:
        yield from ((f"{part}-{n}", line.printed) for n, line in enumerate(getattr(work, part)))
    for number, way in enumerate(work.ways):
        yield from ((f"step-{number}-{n}", step.printed) for n, step in enumerate(way.steps))
    yield from ((f"contact-{n}", one.value) for n, one in enumerate(work.complaints) if one.value)


def _find(source: str, printed: str, taken: list[tuple[int, int]]) -> tuple[int, int] | None:
    """White space may differ; what another line has is passed over."""
    words = printed.split()
    if not words or len(printed) < 3:
        return None
    for found in re.finditer(r"\s+".join(map(re.escape, words)), source):
        if all(found.end() <= start or found.start() >= end for start, end in taken):
            return found.span()
    return None
