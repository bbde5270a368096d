"""Lists as offices keep them, and cells that a spreadsheet destroyed."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.applications.errors import Unreadable
from bot.applications.importing import Report, import_rows
from bot.applications.models import Application, ApplicationContact
from bot.applications.naming import Names
from bot.applications.reading import complete, parse_date, wanted
from bot.applications.service import Register
from bot.sheets import Table, parse
from tests.applications.office_lists import PEOPLE, agenda, oss_export, web_page, with_wrong_size, workbook

HEAD = ["No", "No Berkas", "Jenis Izin", "Tanggal", "Nama", "Telp", "Nama Usaha"]
ROW: list[Any] = [1, "B/1", "kudus-iui", "02-11-2026", "Budi Contoh", "081200000001", "UD Contoh"]


def table(content: bytes, **more: Any) -> Table:
    return parse(content, wanted(**more))


async def taken(register: Register, content: bytes, office: str = "kudus", **more: Any) -> Report:
    rows = complete(table(content, **more))
    return await import_rows(register, rows, "x", names=Names(register.knowledge, office))


async def registered(register: Register) -> list[tuple[Any, ...]]:
    query = select(Application.reference, Application.service, Application.received_on, Application.applicant).order_by(
        Application.reference
    )
    return [tuple(row) for row in await register.session.execute(query)]


@pytest.mark.parametrize("make", [agenda, with_wrong_size])
async def test_an_agenda_is_taken_as_it_is(register: Register, make: Any) -> None:
    report = await taken(register, make())
    assert (report.new, report.errors) == (3, [])
    assert await registered(register) == [
        ("503/IUI/01", "kudus-iui", date(2026, 11, 2), PEOPLE[0]),
        ("503/IUI/02", "kudus-iui", date(2026, 11, 3), PEOPLE[1]),
        ("503/PER/01", "kudus-perluasan", date(2026, 11, 4), PEOPLE[2]),
    ]
    phones = set(await register.session.scalars(select(ApplicationContact.value)))
    assert phones == {"+6281200000001", "+6281200000003"}


def test_what_is_no_row_is_left_out_and_told() -> None:
    found = table(agenda())
    assert [one.title for one in found.columns][:4] == [
        "No.",
        "Permohonan / Nomor",
        "Permohonan / Tanggal",
        "Pemohon / Nama",
    ]
    assert [line for line, _ in found.left_out] == [7, 8, 11, 13, 14, 16, 17, 18, 19]
    assert found.left_out[4][1] == "Jumlah · 3"


async def test_an_export_of_oss_is_known(register: Register) -> None:
    report = await taken(register, oss_export())
    assert (report.new, report.errors) == (1, [])
    (one,) = await register.session.scalars(select(Application))
    assert (one.reference, one.business, one.applicant) == ("I-202611020900000000001", "UD CONTOH MAJU", "BUDI CONTOH")
    assert one.received_on == date(2026, 11, 3), "half past six in the evening of Greenwich is the next day here"
    assert one.turn == "nobody", "its status is read in OSS's words"


async def test_a_page_that_calls_itself_a_workbook(register: Register) -> None:
    assert (await taken(register, web_page())).new == 2


@pytest.mark.parametrize("title", ["No", "No.", "NO URUT", "Nomor Urut", "#"])
def test_a_running_number_is_no_key(title: str) -> None:
    rows = [[title, "Jenis Izin", "Tanggal"], [1, "kudus-iui", "02-11-2026"], [2, "kudus-iui", "03-11-2026"]]
    with pytest.raises(Unreadable, match="missing column: nomor"):
        complete(table(workbook(rows)))


def test_nor_is_one_that_somebody_says_is_the_key() -> None:
    rows = [["No", "Jenis Izin", "Tanggal"], [7, "kudus-iui", "02-11-2026"], [8, "kudus-iui", "03-11-2026"]]
    with pytest.raises(Unreadable, match="only numbers the rows"):
        complete(table(workbook(rows), chosen={"no": "nomor"}))


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({4: "Siti Lain", 5: "081200000009"}, True),
        ({4: "Siti Lain", 6: "PT Sama Sekali Lain"}, True),
        ({4: "Siti Lain", 3: "09-11-2026"}, True),
        ({4: "Budi Contoh, S.E."}, False),
        ({4: "Bdui Contoh", 5: "081200000009"}, False),
        ({5: "081200000009"}, False),
    ],
)
async def test_another_person_under_a_known_number_is_a_wrong_row(
    register: Register, changes: dict[int, str], wrong: bool
) -> None:
    await taken(register, workbook([HEAD, ROW]))
    changed = [changes.get(place, cell) for place, cell in enumerate(ROW)]
    report = await taken(register, workbook([HEAD, changed]))
    assert (len(report.errors), report.changed) == ((1, 0) if wrong else (0, 1))
    if wrong:
        assert "nomor urut" in report.errors[0][1].said


@pytest.mark.parametrize(
    ("place", "cell"),
    [
        (1, "8,12E+12"),
        (1, 3319010203040000),
        (1, True),
        (1, 0.5),
        (1, date(2026, 11, 5)),
        (1, "#REF!"),
        (1, "05-Nov-26"),
        (5, "8,12E+11"),
        (5, 0.5),
        (5, False),
        (4, True),
        (6, "#N/A"),
        (3, "########"),
    ],
)
async def test_what_a_spreadsheet_destroyed_is_refused_by_row(register: Register, place: int, cell: Any) -> None:
    broken = [cell if number == place else value for number, value in enumerate(ROW)]
    whole = [2, "B/2", *ROW[2:]]
    report = await taken(register, workbook([HEAD, whole, broken]))
    ((line, error),) = report.errors
    assert line == 3 and "Excel" in error.said and not report.written


@pytest.mark.parametrize(
    "typed",
    [
        "30-Nov-26", "30-Nov-2026", "30 Nov 26", "30/11/26", "30-11-2026", "30.11.2026", "2026-11-30", "2026/11/30",
        "Senin, 30/11/2026", "Senin, 30 November 2026", "senin 30 nopember 2026", "30 November 2026 pukul 10.15",
        "30/11/2026 10:15:22", "30-11-2026, 10:15 WIB", "2026-11-30 10:15:22", "2026-11-30T10:15:22",
        "2026-11-30T03:15:22.000Z", "2026-11-29T20:15:22Z", "2026-11-30 06:00:00+07:00", "2026-11-29T20:15:22+00:00",
        "46356", "46356,5417", "46356.0", "20261130", "November 30, 2026", "Nov 30 2026", "30 Nop. 2026",
    ],
)  # fmt: skip
def test_days_in_every_form_of_offices_and_oss(typed: str) -> None:
    assert parse_date(typed, ZoneInfo("Asia/Jakarta")) == date(2026, 11, 30)


@pytest.mark.parametrize(
    "typed", ["11/30/2026", "30 Foo 2026", "kemarin", "30-11", "2026", "10:15", "31/11/2026", "8,12E+12"]
)
def test_what_is_no_day(typed: str) -> None:
    with pytest.raises(ValueError):
        parse_date(typed)


def test_the_sheet_with_the_list_is_found() -> None:
    import openpyxl

    from tests.applications.office_lists import saved

    book = openpyxl.Workbook()
    book.active.title = "Sampul"
    book.active.append(["Buku agenda"])
    hidden = book.create_sheet("Lama")
    hidden.append(HEAD)
    hidden.append(ROW)
    hidden.sheet_state = "hidden"
    for name, count in (("IUI", 1), ("Perluasan", 2)):
        page = book.create_sheet(name)
        page.append(HEAD)
        for number in range(count):
            page.append([number + 1, f"{name}/{number}", *ROW[2:]])
    content = saved(book)
    assert (table(content).sheet, len(table(content).rows)) == ("IUI", 1)
    assert table(content).sheets == ["Sampul", "IUI", "Perluasan"]
    assert len(table(content, sheet="Perluasan").rows) == 2


async def test_a_list_of_one_service_needs_no_column_for_it(register: Register) -> None:
    rows = [[cell for place, cell in enumerate(row) if place != 2] for row in (HEAD, ROW)]
    found = table(workbook(rows), service="kudus-iui")
    names = Names(register.knowledge, "kudus", whole="kudus-iui")
    assert (await import_rows(register, complete(found), "x", names=names)).new == 1


def test_a_title_right_above_the_heading_is_no_part_of_it() -> None:
    found = table(workbook([["DAFTAR PERMOHONAN"], ["DINAS CONTOH"], HEAD, ROW]))
    assert [one.title for one in found.columns] == HEAD


def test_csv_with_a_title_and_excels_hint() -> None:
    text = (
        "sep=;\r\nDaftar, bulan November, 2026\r\n\r\nNo;No Berkas;Jenis Izin;Tanggal\r\n1;B/1;kudus-iui;2-11-2026\r\n"
    )
    for encoding in ("utf-8", "utf-16"):
        (row,) = complete(table(text.encode(encoding)))
        assert (row.line, row.values["nomor"]) == (5, "B/1")
