"""Tables as files: XLSX, and CSV that opens in columns in an Indonesian spreadsheet. Neither does anything there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WIDEST = 60  # characters of a column
_MOST_TEXT = 32_000  # a cell of a workbook holds little more
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | int | float | date | datetime | None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its title; `note` is said below it. Numbers stand right."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Text with semicolons, one line a row. Text that a spreadsheet would take for a formula begins with '.

    In Indonesia the comma stands in numbers, so a spreadsheet there takes semicolons between columns, and "3.5" for a
    date. None is an empty cell.
    """
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\n")
    writer.writerow(head)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return target.getvalue()


def safe(cell: Cell) -> str | int | None:
    """The cell as data: a text that begins like a formula is quoted with an apostrophe (OWASP, CSV injection)."""
    if isinstance(cell, str):
        one = cell.replace("\r\n", "\n").replace("\r", "\n")  # Python writes a lone CR unquoted: a new row
        return f"'{one}" if cell.lstrip(" ").startswith(_FORMULA) else one
    if isinstance(cell, float):
        return f"{round(cell, 4):.10g}".replace(".", ",")
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    return cell.isoformat() if isinstance(cell, date) else cell


def as_xlsx(grids: Sequence[Grid]) -> bytes:
    """A workbook with a sheet for each table: heading bold and fixed, columns as wide as their words."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    names: set[str] = set()
    for grid in grids:
        page = book.create_sheet(_sheet_name(grid.title, names))
        _fill(page, grid)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _fill(page: object, grid: Grid) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.worksheet import Worksheet

    assert isinstance(page, Worksheet)
    widths = [len(one) for one in grid.head]
    for number, row in enumerate([grid.head, *grid.rows], start=1):
        for place, value in enumerate(row, start=1):
            _write(page, number, place, value)
            widths[place - 1] = max(widths[place - 1], *(len(line) for line in str(value or "").split("\n")))
    for place, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(place)].width = min(width, _WIDEST) + 3
        head = page.cell(1, place)
        head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "A2"
    if grid.rows:
        page.auto_filter.ref = page.dimensions
    if grid.note:
        _write(page, len(grid.rows) + 3, 1, grid.note)


def _write(page: object, row: int, column: int, value: Cell) -> None:
    from openpyxl.worksheet.worksheet import Worksheet

    assert isinstance(page, Worksheet)
    cell = page.cell(row, column)
    if isinstance(value, str):
        cell.value = _CONTROL.sub("", value)[:_MOST_TEXT]
        cell.data_type = "s"  # never a formula
        if value.lstrip(" ").startswith(_FORMULA):
            cell.quotePrefix = True  # nor when somebody edits it
    elif isinstance(value, datetime):
        cell.value, cell.number_format = value.replace(tzinfo=None), "DD/MM/YYYY HH:MM"
    elif isinstance(value, date):
        cell.value, cell.number_format = value, "DD/MM/YYYY"
    elif isinstance(value, float):
        cell.value, cell.number_format = round(value, 4), "#,##0.00"
    else:
        cell.value = value


def _sheet_name(title: str, taken: set[str]) -> str:
    plain = _NO_SHEET_NAME.sub(" ", title).strip("' ")[:28] or "Tabel"
    name, number = plain, 2
    while name.lower() in taken:
        name, number = f"{plain} {number}", number + 1
    taken.add(name.lower())
    return name
