"""Figures as CSV that a spreadsheet opens without doing anything with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Cell = str | int | float | None


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Comma-separated text, one line a row. Text that a spreadsheet would take for a formula begins with '.

    Numbers keep a point, so that any program reads them; None is an empty cell.
    """
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return target.getvalue()


def safe(cell: Cell) -> Cell:
    """The cell as data: a text that begins like a formula is quoted with an apostrophe (OWASP, CSV injection)."""
    if isinstance(cell, str):
        one = cell.replace("\r\n", "\n").replace("\r", "\n")  # Python writes a lone CR unquoted: a new row
        return f"'{one}" if cell.lstrip(" ").startswith(_FORMULA) else one
    return round(cell, 4) if isinstance(cell, float) else cell
