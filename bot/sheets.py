"""A CSV, XLSX or saved web page as a table: its heading found, its rows as text, with the line each stands on.

Knows columns, not their meaning. Files of others are read in a process of their own (bot/files/apart.py): a small
workbook can unpack to anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bot import headings
from bot.cells import Unreadable, sheets_of
from bot.files.apart import Died, Limits, TookTooLong, TookTooMuch, apart, apart_from_loop
from bot.headings import Heading

MAX_BYTES = 20_000_000
LIMITS = Limits(seconds=40.0, cpu_seconds=20, memory=1_000_000_000)
MAX_ROWS = 50_000
SAMPLE = 5  # rows that are shown to whoever says what the columns mean
_WORK = f"{__name__}:answer"

__all__ = ["MAX_BYTES", "Column", "Row", "Table", "Unreadable", "Wanted", "parse", "read", "read_upload", "too_large"]


@dataclass(frozen=True, slots=True)
class Row:
    """`values` by column name; `line` as a spreadsheet or an editor counts."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: its title there, the key of that title for `Wanted.chosen`, and our name of it or ""."""

    title: str
    key: str
    name: str


@dataclass(slots=True)
class Table:
    """What a file holds. `sample`: the first rows, all columns; `left_out`: lines that are no rows, with their words.

    `missing`: required columns that were not found; then there are no rows. `twice`: our name, and the title of the
    second column that means it. `sheets`: every visible sheet of a workbook; `sheet` is the one that was read.
    """

    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    line: int = 0
    columns: list[Column] = field(default_factory=list)
    sample: list[list[str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    twice: list[tuple[str, str]] = field(default_factory=list)

    def wrong(self, known: Sequence[str]) -> Unreadable | None:
        """Why the columns do not do as they are."""
        if self.twice:
            name, title = self.twice[0]
            return Unreadable(
                f"two columns mean '{name}': '{title}' is the second",
                f"ada dua kolom untuk “{name}”; kedua: “{title}”",
            )
        if self.missing:
            names, titles = ", ".join(self.missing), ", ".join(one.title for one in self.columns)[:300]
            return Unreadable(
                f"missing column: {names}; line {self.line} has: {titles}. Known columns: {', '.join(known)}",
                f"kolom ini tidak ada: {names}; baris {self.line} berisi: {titles}",
            )
        return None


@dataclass(frozen=True, slots=True)
class Wanted:
    """`columns`: our names and how files call them, the surest first; `chosen`: keys of titles and what somebody said
    they mean ("": nothing); `sheet`: the one to read, where somebody said which."""

    columns: Mapping[str, Sequence[str]]
    required: Sequence[str] = ()
    chosen: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""


def too_large(size: int) -> Unreadable:
    """For a file of `size` bytes; also for those who see it before it is a file."""
    return Unreadable(
        f"the file has {size / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB: split it into parts",
        f"berkasnya {size / 1e6:.0f} MB, paling besar {MAX_BYTES / 1e6:.0f} MB; bagilah menjadi beberapa berkas",
    )


def read(path: Path, wanted: Wanted) -> Table:
    """The whole table. Raises Unreadable with a reason; columns that are missing are no reason."""
    if (size := path.stat().st_size) > MAX_BYTES:
        raise too_large(size)
    with _explained():
        return _table(apart(_WORK, path.read_bytes(), _told(wanted), limits=LIMITS))


async def read_upload(content: bytes, wanted: Wanted) -> Table:
    """The same for the web process. Not inside a transaction, which would wait for it."""
    if len(content) > MAX_BYTES:
        raise too_large(len(content))
    with _explained():
        return _table(await apart_from_loop(_WORK, content, _told(wanted), limits=LIMITS))


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


def _told(wanted: Wanted) -> str:
    return json.dumps(asdict(wanted))


def _table(answer: Any) -> Table:
    if "unreadable" in answer:
        raise Unreadable(*answer["unreadable"])
    plain = answer["table"]
    return Table(
        **plain
        | {
            "columns": [Column(**one) for one in plain["columns"]],
            "rows": [Row(**one) for one in plain["rows"]],
            "left_out": [(line, words) for line, words in plain["left_out"]],
            "twice": [(name, title) for name, title in plain["twice"]],
        }
    )


def answer(content: bytes, told: str) -> dict[str, Any]:
    """`parse` for the process apart: the table, or why there is none."""
    try:
        return {"table": asdict(parse(content, Wanted(**json.loads(told))))}
    except Unreadable as why:
        return {"unreadable": (str(why), why.said)}


def parse(content: bytes, wanted: Wanted) -> Table:
    """The table, read in this process."""
    best: tuple[str, Heading] | None = None
    names: list[str] = []
    for name, lines in sheets_of(content):
        names.append(name)
        found = headings.find(lines, wanted.columns, wanted.chosen)
        if found and (best is None or name == wanted.sheet or (best[0] != wanted.sheet and found.better(best[1]))):
            best = (name, found)
    if best is None:
        raise Unreadable("the file is empty", "berkasnya kosong")
    sheet, heading = best
    table = Table(sheet, names, heading.line, [Column(one.title, one.key, one.name) for one in heading.columns])
    table.twice = heading.twice
    known = heading.names
    table.missing = [name for name in wanted.required if name not in known]
    for name, lines in sheets_of(content):
        if name == sheet:
            _fill(table, lines, heading, wanted.required)
            break
    return table


def _fill(table: Table, lines: Iterator[tuple[int, list[str]]], heading: Heading, required: Sequence[str]) -> None:
    body = headings.Body(heading, required)
    for number, texts in lines:
        if number <= heading.last_line:
            continue
        if required and body.leaves_out(texts):
            table.left_out.append((number, " · ".join(filter(None, texts))[:120]))
            continue
        if len(table.sample) < SAMPLE:
            table.sample.append([texts[one.place] if one.place < len(texts) else "" for one in heading.columns])
        if table.missing or table.twice:
            if len(table.sample) == SAMPLE:
                return
            continue
        table.rows.append(Row(number, body.values(texts)))
        if len(table.rows) > MAX_ROWS:
            raise Unreadable(
                f"the file has more than {MAX_ROWS} rows: split it into parts",
                f"berkasnya lebih dari {MAX_ROWS} baris; bagilah",
            )
