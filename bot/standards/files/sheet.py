"""Spreadsheets, row by row."""

from __future__ import annotations

import io
import warnings

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from bot.standards.refusal import BROKEN, BROKEN_PARTS, UNPACKS_TOO_BIG, Refused
from bot.standards.text import Line

MOST_ROWS = 5_000
MOST_COLUMNS = 100
MOST_CELLS = 100_000


def read_xlsx(data: bytes) -> list[Line]:
    """Raises Refused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _lines(load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False))
    except (*BROKEN_PARTS, InvalidFileException) as error:
        raise Refused(BROKEN) from error


def _lines(workbook: Workbook) -> list[Line]:
    """Parts are unpacked and parsed only here, row by row."""
    lines: list[Line] = []
    cells = 0
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible":
            continue
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)):
            cells += len(row)
            if number >= MOST_ROWS or cells > MOST_CELLS:
                raise Refused(UNPACKS_TOO_BIG)
            lines.append(Line(_trimmed(tuple("" if value is None else str(value) for value in row))))
        lines.append(Line(("",)))
    return lines


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    while len(cells) > 1 and not cells[-1].strip():
        cells = cells[:-1]
    return cells
