"""A CSV or XLSX file as rows of text, with the line each row stands on. Knows columns, not their meaning.

Files of others are read in a process of their own (bot/files/apart.py): a small workbook can unpack to anything.
"""

from __future__ import annotations

import csv
import io
import json
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.files.apart import Died, Limits, TookTooLong, TookTooMuch, apart, apart_from_loop

MAX_BYTES = 20_000_000
MAX_UNPACKED = 100_000_000  # bytes of an XLSX when unpacked
LIMITS = Limits(seconds=40.0, cpu_seconds=20, memory=1_000_000_000)
MAX_ROWS = 50_000
MAX_LINES = 2 * MAX_ROWS  # with empty ones
MAX_COLUMNS = 100  # of an XLSX that are looked at; a file can claim 16,384 of them in a million rows
_WORK = f"{__name__}:answer"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Unreadable(Exception):
    """A file as a whole cannot be read. `said` is the reason in Indonesian, for the office's staff."""

    def __init__(self, message: str, said: str) -> None:
        super().__init__(message)
        self.said = said


@dataclass(frozen=True, slots=True)
class Row:
    """`values` by column name; `line` as a spreadsheet or an editor counts."""

    line: int
    values: dict[str, str]


def too_large(size: int) -> Unreadable:
    """For a file of `size` bytes; also for those who see it before it is a file."""
    return Unreadable(
        f"the file has {size / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB: split it into parts",
        f"berkasnya {size / 1e6:.0f} MB, paling besar {MAX_BYTES / 1e6:.0f} MB; bagilah menjadi beberapa berkas",
    )


def read(path: Path, columns: Mapping[str, Sequence[str]], required: Sequence[str]) -> list[Row]:
    """All rows that are not empty, by our names of their columns. Raises Unreadable with a reason."""
    if (size := path.stat().st_size) > MAX_BYTES:
        raise too_large(size)
    with _explained():
        return _rows(apart(_WORK, path.read_bytes(), json.dumps(columns), json.dumps(required), limits=LIMITS))


async def read_upload(content: bytes, columns: Mapping[str, Sequence[str]], required: Sequence[str]) -> list[Row]:
    """The same for the web process. Not inside a transaction, which would wait for it."""
    if len(content) > MAX_BYTES:
        raise too_large(len(content))
    with _explained():
        given = json.dumps(columns), json.dumps(required)
        return _rows(await apart_from_loop(_WORK, content, *given, limits=LIMITS))


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (TookTooLong, TookTooMuch):
        raise Unreadable(
            "the file takes too long to read: split it into parts, or save it as CSV",
            "berkasnya terlalu lama dibaca dan dihentikan; bagilah, atau simpan sebagai CSV",
        ) from None
    except Died:
        raise Unreadable("the file cannot be read", "berkasnya tidak terbaca") from None


def _rows(answer: Any) -> list[Row]:
    if "unreadable" in answer:
        raise Unreadable(*answer["unreadable"])
    return [Row(line, values) for line, values in answer["rows"]]


def answer(content: bytes, columns: str, required: str) -> dict[str, Any]:
    """`parse` for the process apart: the rows, or why there are none."""
    try:
        rows = parse(content, json.loads(columns), json.loads(required))
    except Unreadable as why:
        return {"unreadable": (str(why), why.said)}
    return {"rows": [(row.line, row.values) for row in rows]}


def parse(content: bytes, columns: Mapping[str, Sequence[str]], required: Sequence[str]) -> list[Row]:
    """The rows, read in this process."""
    lines = _xlsx(content) if zipfile.is_zipfile(io.BytesIO(content)) else _csv(content)
    header: dict[int, str] | None = None
    rows: list[Row] = []
    for number, cells in lines:
        if number > MAX_LINES:
            raise Unreadable(
                f"the file has more than {MAX_LINES} lines: split it into parts",
                f"berkasnya lebih dari {MAX_LINES} baris; bagilah",
            )
        if not any(cells):  # quickly: a file can claim a hundred thousand empty lines
            continue
        texts = [_text(cell) for cell in cells]
        if not any(texts):
            continue
        if header is None:
            header = _header(texts, columns, required)
            continue
        rows.append(Row(number, {name: texts[place] for place, name in header.items() if place < len(texts)}))
        if len(rows) > MAX_ROWS:
            raise Unreadable(
                f"the file has more than {MAX_ROWS} rows: split it into parts",
                f"berkasnya lebih dari {MAX_ROWS} baris; bagilah",
            )
    if header is None:
        raise Unreadable("the file is empty", "berkasnya kosong")
    return rows


def _header(texts: list[str], columns: Mapping[str, Sequence[str]], required: Sequence[str]) -> dict[int, str]:
    names = {alias: name for name, aliases in columns.items() for alias in (name, *aliases)}
    found: dict[int, str] = {}
    for place, text in enumerate(texts):
        name = names.get(re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_"))
        if name in found.values():
            raise Unreadable(
                f"two columns mean '{name}': '{text}' is the second", f"ada dua kolom untuk “{name}”; kedua: “{text}”"
            )
        if name:
            found[place] = name
    missing = [name for name in required if name not in found.values()]
    if missing:
        raise Unreadable(
            f"missing column: {', '.join(missing)}; the first line has: {', '.join(filter(None, texts))[:300]}. "
            f"Known columns: {', '.join(columns)}",
            f"kolom ini tidak ada: {', '.join(missing)}; baris pertama berisi: {', '.join(filter(None, texts))[:300]}",
        )
    return found


def _csv(content: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    if b"\0" in content:
        raise Unreadable("the file is neither CSV nor XLSX", "berkasnya bukan CSV atau XLSX")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    first = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t|", key=first.count))
    start = 1
    try:
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        line = reader.line_num
        raise Unreadable(f"line {line}: {error}", f"baris {line} tidak terbaca sebagai CSV") from None


def _xlsx(content: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
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
                yield from enumerate(book.worksheets[0].iter_rows(max_col=MAX_COLUMNS, values_only=True), start=1)
            finally:
                book.close()
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # a broken workbook fails anywhere in the library, in many ways
        raise Unreadable(
            f"the file cannot be read as XLSX ({type(error).__name__})", "berkasnya tidak terbaca sebagai XLSX"
        ) from None


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return _CONTROL.sub("", str(cell)).strip()
