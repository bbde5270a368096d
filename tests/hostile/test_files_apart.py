"""Small files that unpack to hours of work, in every reader of files that people hand in: counted, not timed.

The limits are the real ones of processor time, only smaller: a child that uses more is killed by the system.
"""

from __future__ import annotations

import asyncio
import io
import os
import sys
import threading
import zipfile
from pathlib import Path

import openpyxl
import psutil
import pytest

from bot import sheets
from bot.applications.reading import wanted
from bot.files.apart import MOST_OUTPUT, Died, Limits, TookTooLong, TookTooMuch, apart, apart_from_loop
from bot.storage.database import Database
from tests.helpers.until import until

_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_STRINGS = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'spreadsheetml.sharedStrings+xml"/>'
)
_HERE = "tests.hostile.test_files_apart"


def workbook(**parts: bytes) -> bytes:
    """A right workbook in which some parts are replaced."""
    book = openpyxl.Workbook()
    book.active.append(["nomor", "layanan", "tanggal masuk"])
    book.active.append(["A/1", "kudus-iui", "2-11-2026"])
    right, made = io.BytesIO(), io.BytesIO()
    book.save(right)
    with zipfile.ZipFile(right) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        parts.setdefault("strings", f"<sst {_NS}/>".encode())
        names = {"strings": "xl/sharedStrings.xml", "sheet": "xl/worksheets/sheet1.xml", "styles": "xl/styles.xml"}
        replaced = {names[name]: content for name, content in parts.items()}
        kept = {name: old.read(name) for name in old.namelist()}
        types = kept["[Content_Types].xml"]
        if b"sharedStrings" not in types:
            types = types.replace(b"</Types>", _STRINGS + b"</Types>")
        for name, content in (kept | {"[Content_Types].xml": types} | replaced).items():
            new.writestr(name, content)
    return made.getvalue()


def nine_million_empty_strings() -> bytes:
    return workbook(strings=f"<sst {_NS}>".encode() + b"<si><t/></si>" * 7_000_000 + b"</sst>")


def one_row_that_never_ends() -> bytes:
    cell = b'<c t="inlineStr"><is><t>x</t></is></c>'
    return workbook(
        sheet=f"<worksheet {_NS}><sheetData><row>".encode() + cell * 2_000_000 + b"</row></sheetData></worksheet>"
    )


def formats_without_end() -> bytes:
    return workbook(styles=f"<styleSheet {_NS}><cellXfs>".encode() + b"<xf/>" * 3_000_000 + b"</cellXfs></styleSheet>")


FILES = [nine_million_empty_strings, one_row_that_never_ends, formats_without_end]


@pytest.mark.parametrize("make", FILES, ids=lambda make: make.__name__)
async def test_a_workbook_that_takes_hours_is_killed(make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """At a limit of two seconds of processor time, whether the library would ever end or not."""
    content = make()
    assert len(content) < 1_000_000
    monkeypatch.setattr(sheets, "LIMITS", Limits(seconds=60, cpu_seconds=2, memory=600_000_000))
    before = _children_seconds()
    with pytest.raises(sheets.Unreadable) as why:
        await sheets.read_upload(content, wanted())
    assert "terlalu" in why.value.said
    assert _children_seconds() - before < 6, "the work ended with the limit"
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    with pytest.raises(sheets.Unreadable):
        sheets.read(path, wanted())


async def test_a_right_workbook_is_read() -> None:
    table = await sheets.read_upload(workbook(), wanted())
    assert [row.values["nomor"] for row in table.rows] == ["A/1"]


async def test_no_file_is_read_while_a_transaction_waits(database: Database) -> None:
    async with database.session():
        with pytest.raises(RuntimeError, match="inside a transaction"):
            await sheets.read_upload(workbook(), wanted())


# --- the process apart itself ---


def for_ever(data: bytes) -> None:
    while True:
        pass


def waits(data: bytes) -> None:
    import time

    time.sleep(600)


def swells(data: bytes) -> int:
    return len([bytearray(10_000_000) for _ in range(1000)])


def says_much(data: bytes) -> str:
    return "x" * 100_000_000


def writes(data: bytes, path: str) -> None:
    Path(path).write_bytes(data)


def leaves_another(data: bytes) -> int:
    """Which holds its output open."""
    if os.fork() == 0:
        threading.Event().wait(60)
    return 1


def nests(data: bytes) -> None:
    os.write(1, b"[" * 1_000_000)
    os._exit(0)


def dies(data: bytes) -> None:
    os.abort()


def tells(data: bytes, more: str) -> list[object]:
    return [len(data), more, sorted(name for name in os.environ if name.startswith("PANDU_")), os.nice(0) > 0]


@pytest.mark.parametrize(
    ("work", "error"),
    [
        ("for_ever", TookTooLong),
        ("waits", TookTooLong),
        ("swells", TookTooMuch),
        ("says_much", TookTooMuch),
        ("dies", Died),
        ("nests", Died),
        ("leaves_another", TookTooLong),
    ],
)
def test_what_takes_too_long_or_too_much_is_killed(work: str, error: type[Exception]) -> None:
    short = Limits(seconds=8, cpu_seconds=3, memory=900_000_000)
    limits = short if error is TookTooLong else Limits(seconds=60, cpu_seconds=50, memory=900_000_000)
    with pytest.raises(error):  # what is to be stopped by another limit has time to import what is not compiled yet
        apart(f"{_HERE}:{work}", b"x", limits=limits)
    assert not [child for child in psutil.Process().children() if "bot.files.child" in " ".join(child.cmdline())]


def test_of_an_endless_answer_no_more_is_taken_than_anybody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, read = [0], os.read

    def counted(file: int, most: int) -> bytes:
        got = read(file, most)
        taken[0] += len(got)
        return got

    monkeypatch.setattr(os, "read", counted)
    with pytest.raises(TookTooMuch):
        apart(f"{_HERE}:says_much", b"x", limits=Limits(seconds=60, cpu_seconds=50, memory=900_000_000))
    assert MOST_OUTPUT < taken[0] < MOST_OUTPUT + 100_000


@pytest.mark.skipif(sys.platform != "linux", reason="the system tells no child there")
async def test_it_ends_with_the_process_that_asked() -> None:
    """A web process that is killed leaves no reader that works on for half a minute."""
    code = f"from bot.files.apart import apart; apart('{_HERE}:waits', b'x')"
    asking = await asyncio.create_subprocess_exec(sys.executable, "-c", code)

    async def limited() -> psutil.Process | None:
        return next((one for one in _readers(asking.pid) if one.nice() > 0), None)

    async def ended() -> bool:
        return not reader.is_running() or reader.status() == psutil.STATUS_ZOMBIE

    try:
        reader = await until(limited)
        assert reader is not None
    finally:
        asking.kill()
        await asking.wait()
    await until(ended)


def _readers(pid: int) -> list[psutil.Process]:
    return [one for one in psutil.Process(pid).children() if "bot.files.child" in " ".join(one.cmdline())]


def test_it_writes_no_file(tmp_path: Path) -> None:
    with pytest.raises(Died):
        apart(f"{_HERE}:writes", b"x", str(tmp_path / "x"))
    assert not (tmp_path / "x").exists() or (tmp_path / "x").stat().st_size == 0


async def test_it_knows_no_secret_and_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANDU_TWILIO_AUTH_TOKEN", "rahasia")
    assert await apart_from_loop(f"{_HERE}:tells", b"abc", "./x") == [3, "./x", [], True]


def _children_seconds() -> float:
    times = os.times()
    return times.children_user + times.children_system
