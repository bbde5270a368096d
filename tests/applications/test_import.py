"""Import of lists as offices have them, with everything that can be wrong with them."""

from __future__ import annotations

import csv
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.applications.access import mine
from bot.applications.errors import Unreadable
from bot.applications.importing import Report, import_rows, reachable
from bot.applications.models import Application, ApplicationContact, ApplicationEvent, ApplicationNews
from bot.applications.reading import parse_date, read
from bot.applications.service import Register, stages_of
from bot.applications.status import standing_of, status
from bot.conversations.models import Conversation
from bot.knowledge.load import get_knowledge
from tests.applications.conftest import Clock

HEADER = ["Nomor Berkas", "Layanan", "Nama Pemohon", "No. HP", "Tgl. Masuk", "Tahap", "Tgl Status", "Keterangan"]
ROWS = [
    ["M/1", "magetan-perluasan", "Budi", "0812-3456-7890", "02/11/2026", "Verifikasi teknis", "16-11-2026", ""],
    ["K/2", "kudus-iui", "Siti", "", "2026-11-03", "40", "10 November 2026", ""],
    ["V/3", "verifikasi-iui-oss", "", "", "3.11.2026", "46", "12 Nov 2026", "Dokumen kabur"],
    ["M/4", "magetan-perluasan", "", "", "4 Nopember 2026", "", "", ""],
]


def sheet(folder: Path, rows: list[list[str]], header: list[str] = HEADER, delimiter: str = ";") -> Path:
    path = folder / "daftar.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    return path


async def import_file(register: Register, path: Path, actor: str, **more: bool) -> Report:
    return await import_rows(register, read(path), actor, **more)


async def count(register: Register, table: type) -> int:
    return int((await register.session.execute(select(func.count()).select_from(table))).scalar_one())


async def state(register: Register) -> list[tuple[str | None, str, date | None]]:
    query = select(Application.reference, Application.stage, Application.due_on).order_by(Application.id)
    return [tuple(row) for row in (await register.session.execute(query)).all()]  # type: ignore[misc]


async def test_a_list_is_imported_and_twice_changes_nothing(register: Register, tmp_path: Path) -> None:
    path = sheet(tmp_path, ROWS)
    first = await import_file(register, path, "import:daftar.csv")
    assert (first.new, first.changed, first.unchanged, first.errors, first.written) == (4, 0, 0, [], True)
    assert await state(register) == [
        ("M/1", "verifikasi", date(2026, 11, 23)),
        ("K/2", "visitasi", date(2026, 12, 1)),
        ("V/3", "perbaikan", None),
        ("M/4", "pengisian", None),
    ]
    events = await count(register, ApplicationEvent)
    again = await import_file(register, path, "import:daftar.csv")
    assert (again.new, again.changed, again.unchanged) == (0, 0, 4)
    assert await count(register, ApplicationEvent) == events


async def test_a_preview_writes_nothing(register: Register, tmp_path: Path) -> None:
    report = await import_file(register, sheet(tmp_path, ROWS), "x", preview=True)
    assert (report.new, report.written) == (4, False)
    assert await count(register, Application) == 0


async def test_what_changed_is_moved_on_and_told(register: Register, tmp_path: Path, clock: Clock) -> None:
    await import_file(register, sheet(tmp_path, ROWS), "x")
    person = Conversation(channel="whatsapp", address="whatsapp:+6281234567890")
    register.session.add(person)
    await register.session.flush()
    changed = [list(row) for row in ROWS]
    changed[0][5:] = ["perbaikan", "17-11-2026", "Akta tidak terbaca"]
    changed[3][5:7] = ["penolakan", "17-11-2026"]
    report = await import_file(register, sheet(tmp_path, changed), "x")
    assert (report.changed, report.unchanged, report.news) == (2, 2, 1)
    assert (await state(register))[0] == ("M/1", "perbaikan", None)
    (news,) = (await register.session.scalars(select(ApplicationNews))).all()
    assert news.conversation_id == person.id


async def test_a_new_telephone_number_takes_the_place_of_the_old(register: Register, tmp_path: Path) -> None:
    await import_file(register, sheet(tmp_path, ROWS), "x")
    people = [Conversation(channel="whatsapp", address=f"whatsapp:+62812345678{end}") for end in ("90", "91")]
    register.session.add_all(people)
    await register.session.flush()
    changed = [list(row) for row in ROWS]
    changed[0][3] = "081234567891"
    assert (await import_file(register, sheet(tmp_path, changed), "x")).changed == 1
    assert [len(await mine(register, person.id)) for person in people] == [0, 1]
    assert await count(register, ApplicationContact) == 1


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        (0, "", "nomor"),
        (0, "M/4", "stands on line 4 already"),
        (1, "izin terbang", "is not known"),
        (1, "pariaman-ketenagakerjaan-mt", "procedures mandiri, dibantu"),
        (3, "12345", "telephone number"),
        (4, "31-02-2026", "is no date"),
        (4, "", "tanggal_masuk"),
        (4, "20-11-2026", "in the future"),
        (5, "terbang", "there is no stage"),
        (5, "60", "OSS status 60 (Peringatan) means no stage"),
        (6, "01-11-2026", "before the application was received"),
    ],
)
async def test_a_wrong_row_is_named_and_nothing_is_half_written(
    register: Register, tmp_path: Path, column: int, value: str, message: str
) -> None:
    wrong = [list(row) for row in ROWS[1:]] + [list(ROWS[0])]
    wrong[-1][column] = value
    report = await import_file(register, sheet(tmp_path, wrong), "x")
    ((line, said),) = report.errors
    assert line == 5 and message in str(said) and said.said
    assert not report.written and await count(register, Application) == 0
    kept = await import_file(register, sheet(tmp_path, wrong), "x", skip_wrong=True)
    assert kept.written and await count(register, Application) == 3


async def test_no_way_back_by_import(register: Register, tmp_path: Path) -> None:
    await import_file(register, sheet(tmp_path, ROWS), "x")
    back = [list(row) for row in ROWS]
    back[0][5:7] = ["pengisian", "17-11-2026"]
    report = await import_file(register, sheet(tmp_path, back), "x")
    ((line, error),) = report.errors
    assert (line, str(error)) == (2, "no way from verifikasi to pengisian: correct it with a reason instead")
    assert (report.new, report.changed, report.unchanged) == (0, 0, 3)


async def test_xlsx_with_real_dates(register: Register, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append([])
    page.append(HEADER)
    page.append(["M/1", "magetan-perluasan", "Budi", 81234567890, datetime(2026, 11, 2), None, None, None])
    page.append(["K/2", "kudus-iui", None, None, 46329, 40.0, datetime(2026, 11, 10), None])
    path = tmp_path / "daftar.xlsx"
    book.save(path)
    report = await import_file(register, path, "x")
    assert report.errors == [] and report.new == 2
    phone = (await register.session.scalars(select(ApplicationContact.value))).one()
    assert phone == "+6281234567890"
    assert await state(register) == [("M/1", "pengisian", None), ("K/2", "visitasi", date(2026, 12, 1))]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"nama;umur\nBudi;3\n", "missing column: nomor, layanan, tanggal_masuk"),
        (b"no berkas,nomor,no. berkas,layanan,tanggal\n1,2,3,4,5\n", "two columns mean 'nomor'"),
        (b"\x00\x01\x02", "neither CSV nor XLSX"),
        (b"PK\x05\x06" + b"\0" * 18, "cannot be read as XLSX"),
    ],
)
def test_a_file_that_is_no_list(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=message):
        read(path)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(Unreadable, match="50 MB"):
        read(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "x.csv"
    lines = [
        ["nomor", "layanan", "tanggal", "nama"],
        ["B-1", "kudus-iui", "1-1-2026", "José"],
        [],
        ["B-2", "x", "y", "Ë"],
    ]
    path.write_text("\r\n".join(delimiter.join(line) for line in lines), encoding=encoding)
    assert [(row.line, row.values["nama"]) for row in read(path)] == [(2, "José"), (4, "Ë")]


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.sampled_from(["%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d"]))
def test_dates_in_every_form(day: date, form: str) -> None:
    assert parse_date(day.strftime(form)) == day


@given(st.text(max_size=30))
def test_anything_else_is_no_date_and_no_crash(typed: str) -> None:
    with suppress(ValueError):
        assert isinstance(parse_date(typed), date)


LATE = ["M/9", "magetan-perluasan", "Budi", "0812-3456-7890", "02/11/2026", "berita-acara", "17-11-2026", ""]


async def test_a_late_stage_counts_from_when_the_time_began(register: Register, tmp_path: Path, clock: Clock) -> None:
    dated = sheet(tmp_path, [[*LATE, "11-11-2026"]], [*HEADER, "Tgl Lengkap"])
    report = await import_file(register, dated, "x")
    assert report.written and report.unknown_starts == 0
    assert await state(register) == [("M/9", "berita-acara", date(2026, 11, 18))]
    (application,) = (await register.session.scalars(select(Application))).all()
    found = await standing_of(register, application)
    assert found.start_known and [one.stage for one in found.events] == ["pengisian", "verifikasi", "berita-acara"]
    assert (await import_file(register, dated, "x")).unchanged == 1


async def test_a_late_stage_without_that_date_says_so(register: Register, tmp_path: Path) -> None:
    report = await import_file(register, sheet(tmp_path, [LATE]), "x")
    assert report.written and report.unknown_starts == 1
    (application,) = (await register.session.scalars(select(Application))).all()
    found = await standing_of(register, application)
    assert not found.start_known
    assert "Awal hitungan tidak tercatat" in status(register, found)[-1].text


async def test_a_jump_over_the_start_takes_it_along(register: Register, tmp_path: Path) -> None:
    early = [*LATE[:5], "pemeriksaan", "03-11-2026", ""]
    await import_file(register, sheet(tmp_path, [early]), "x")
    report = await import_file(register, sheet(tmp_path, [[*LATE, "11-11-2026"]], [*HEADER, "Tgl Lengkap"]), "x")
    assert (report.changed, report.unknown_starts) == (1, 0)
    assert await state(register) == [("M/9", "berita-acara", date(2026, 11, 18))]


@pytest.mark.parametrize(
    ("stage", "since", "complete", "message"),
    [
        ("verifikasi", "", "", "since when it stands in its stage is missing"),
        ("berita-acara", "17-11-2026", "01-11-2026", "must begin between"),
        ("berita-acara", "17-11-2026", "18-11-2026", "must begin between"),
        ("verifikasi", "17-11-2026", "16-11-2026", "both dates must be the same"),
    ],
)
async def test_dates_of_a_promise_that_cannot_be(
    register: Register, tmp_path: Path, stage: str, since: str, complete: str, message: str
) -> None:
    rows = [[*LATE[:5], stage, since, "", complete]]
    report = await import_file(register, sheet(tmp_path, rows, [*HEADER, "Tgl Lengkap"]), "x")
    ((line, error),) = report.errors
    assert line == 2 and message in str(error) and error.said
    assert await count(register, Application) == 0


def test_reachable_follows_the_ways() -> None:
    stages = stages_of(get_knowledge(), "verifikasi-iui-oss")
    assert "terbit" in reachable(stages, "pengisian")
    assert reachable(stages, "terbit") == set()
    assert "pengisian" not in reachable(stages, "kunjungan")
