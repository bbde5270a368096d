"""The cells of CSV, XLSX and tables saved as web pages, line by line, as text."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

MAX_UNPACKED = 100_000_000  # bytes of an XLSX when unpacked
MAX_COLUMNS = 100  # that are looked at; a file can claim any number of them in a million rows
MAX_LETTERS = 5_000  # of a cell that are read
MAX_LINES = 100_000  # with empty ones
EXACT = 10**15  # a spreadsheet keeps fifteen digits of a number; of longer ones the rest became zeros
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_PAGE = re.compile(rb"<\s{0,3}(?:html|table|meta|!doctype)", re.IGNORECASE)
_FIRST_LINES = 50

Line = tuple[int, list[str]]


class Unreadable(Exception):
    """A file as a whole cannot be read. `said` is the reason in Indonesian, for the office's staff."""

    def __init__(self, message: str, said: str) -> None:
        super().__init__(message)
        self.said = said


def sheets_of(content: bytes) -> Iterator[tuple[str, Iterator[Line]]]:
    """Every visible sheet by its name ("" where there are no sheets), with its lines that are not empty."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        yield from _workbook(content)
    elif content.startswith(_OLD_EXCEL):
        raise Unreadable(
            "the file is an old XLS (or has a password): save it as XLSX",
            "berkasnya XLS lama atau berkata sandi; buka di Excel, lalu simpan sebagai XLSX tanpa kata sandi",
        )
    elif _PAGE.search(content[:1000]):
        yield "", _written(enumerate(_page(content), start=1))
    else:
        yield "", _written(_csv(content))


def _written(lines: Iterator[tuple[int, Sequence[Any]]]) -> Iterator[Line]:
    for number, all_cells in lines:
        if number > MAX_LINES:
            raise Unreadable(
                f"the file has more than {MAX_LINES} lines: split it into parts",
                f"berkasnya lebih dari {MAX_LINES} baris; bagilah",
            )
        cells = all_cells[:MAX_COLUMNS]
        if not any(one is not None and one != "" for one in cells):  # quickly: a file can claim many empty lines
            continue
        texts = [text_of(cell) for cell in cells]
        if any(texts):
            yield number, texts


def text_of(cell: object) -> str:
    """A cell as text. What a spreadsheet made of a long number is left as it shows it: 8,12E+12."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float):
        return _number(cell)
    return " ".join(_CONTROL.sub("", str(cell)[:MAX_LETTERS]).split())


def _number(value: float) -> str:
    if isinstance(value, float) and not value.is_integer():  # also what is no number at all
        return repr(value).replace(".", ",")
    whole = int(value)
    cut = 10 ** max(0, len(str(abs(whole))) - 15)
    if abs(whole) >= EXACT and whole % cut == 0:
        return f"{whole:.5E}".replace(".", ",")
    return str(whole)


def _csv(content: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    text = _decoded(content)
    start = 1
    if found := re.match(r"sep=(.)\r?\n", text):  # Excel's own hint
        delimiter, start, text = found[1], 2, text[found.end() :]
    else:
        delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = start - 1
    try:
        for cells in reader:
            yield start, cells
            start = before + reader.line_num + 1
    except csv.Error as error:
        line = before + reader.line_num
        raise Unreadable(f"line {line}: {error}", f"baris {line} tidak terbaca sebagai CSV") from None


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    if b"\0" in content:
        raise Unreadable("the file is neither CSV nor XLSX", "berkasnya bukan CSV atau XLSX")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _delimiter(text: str) -> str:
    """The one that most of the first lines have equally often."""
    first = text[:100_000].splitlines()[:_FIRST_LINES]

    def weight(one: str) -> int:
        counts = Counter(count for line in first if (count := line.count(one)))
        return max((number * count for count, number in counts.items()), default=0)

    return max(";,\t|", key=weight)


def _workbook(content: bytes) -> Iterator[tuple[str, Iterator[Line]]]:
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise Unreadable(
                "the file is too large when unpacked: split it into parts", "isi berkasnya terlalu besar; bagilah"
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            try:
                for page in book.worksheets:
                    if page.sheet_state == "visible":
                        page.reset_dimensions()  # files of other programs often say a wrong size
                        cells = page.iter_rows(max_col=MAX_COLUMNS, values_only=True)
                        yield page.title, _written(_guarded(enumerate(cells, start=1)))
            finally:
                book.close()
    except (Unreadable, MemoryError, GeneratorExit):
        raise
    except Exception as error:  # a broken workbook fails anywhere in the library, in many ways
        raise _broken(error) from None


def _guarded(lines: Iterator[tuple[int, Sequence[Any]]]) -> Iterator[tuple[int, Sequence[Any]]]:
    """Rows are read when they are asked for, and fail then."""
    try:
        yield from lines
    except (Unreadable, MemoryError, GeneratorExit):
        raise
    except Exception as error:
        raise _broken(error) from None


def _broken(error: Exception) -> Unreadable:
    return Unreadable(
        f"the file cannot be read as XLSX ({type(error).__name__})", "berkasnya tidak terbaca sebagai XLSX"
    )


def _page(content: bytes) -> Iterator[list[str]]:
    """The rows of the first large table of a web page: many systems save one and call it XLS. Cells that reach over
    several rows or columns stand in the first of them."""
    from lxml import etree

    root = etree.fromstring(_decoded(content).encode(), etree.HTMLParser(encoding="utf-8", huge_tree=False))
    tables = [] if root is None else list(root.iter("table"))
    if not tables:
        raise Unreadable("the page has no table", "tidak ada tabel di berkas itu")
    table = max(tables, key=lambda one: sum(1 for _ in one.iter("tr")))
    taken: dict[int, int] = {}  # column -> rows that it is still reached into
    for row in table.iter("tr"):
        cells: list[str] = []
        below: dict[int, int] = {}
        for cell in row.iterchildren("td", "th"):
            while taken.get(len(cells), 0):
                cells.append("")
            width, height = (_span(cell.get(name)) for name in ("colspan", "rowspan"))
            below |= {len(cells) + number: height - 1 for number in range(width)}
            cells += [text_of("".join(cell.itertext())), *[""] * (width - 1)]
            if len(cells) > MAX_COLUMNS:
                break
        taken = {place: rows - 1 for place, rows in taken.items() if rows > 1} | {
            place: rows for place, rows in below.items() if rows
        }
        yield cells


def _span(said: str | None) -> int:
    return min(int(said), MAX_COLUMNS) if said and said.isdecimal() and len(said) < 5 else 1
