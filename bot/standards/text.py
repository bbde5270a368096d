"""Lines and cells, the one shape that all kinds of files are brought to."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u3000]+")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


@dataclass(frozen=True)
class Line:
    """A line of text (one cell) or a row of a table. A cell may hold several lines."""

    cells: tuple[str, ...]

    @property
    def filled(self) -> tuple[str, ...]:
        return tuple(cell for cell in self.cells if cell.strip())

    @property
    def text(self) -> str:
        return " ".join(squeeze(cell) for cell in self.filled)

    @property
    def is_row(self) -> bool:
        return len(self.cells) > 1


def squeeze(text: str) -> str:
    """The same words with single spaces."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def sub_lines(cell: str) -> list[str]:
    return [squeeze(line) for line in cell.split("\n")]
