"""The words of a draft, found again in the text it was read from."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence
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
    words = [(one.start(), one.end()) for one in re.finditer(r"\S+", source)]
    text = _Text(" ".join(source[start:end] for start, end in words), words)
    for key, printed in list(_printed(work))[:MOST_MARKS]:
        place = text.find(printed, [(start, end) for start, end, _ in found])
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
    for number, more in enumerate(work.further):
        yield from ((f"further-{number}-{n}", line.printed) for n, line in enumerate(more.lines))
    yield from ((f"contact-{n}", one.value) for n, one in enumerate(work.complaints) if one.value)


class _Text:
    """A source with single blanks, in which a line is looked for in linear time, and where its words stand."""

    def __init__(self, joined: str, words: Sequence[tuple[int, int]]) -> None:
        self._joined = joined
        self._words = words
        lengths = (end - start + 1 for start, end in words)
        self._starts = [0, *itertools.accumulate(lengths)]

    def find(self, printed: str, taken: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
        """White space may differ; what another line has is passed over."""
        line = " ".join(printed.split())
        if len(printed) < 3 or not line:
            return None
        at = self._joined.find(line)
        while at >= 0:
            start, end = self._in_source(at), self._in_source(at + len(line) - 1) + 1
            if all(end <= other or start >= until for other, until in taken):
                return start, end
            at = self._joined.find(line, at + len(line))
        return None

    def _in_source(self, at: int) -> int:
        """The place in the source of a sign that is no blank."""
        word = bisect.bisect_right(self._starts, at) - 1
        return self._words[word][0] + at - self._starts[word]
