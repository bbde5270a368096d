"""Clocks and calendars of offices: other zones, worked holidays, hours for a span of dates, and what follows them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, text

from bot.applications.lists import count_late
from bot.applications.models import Application
from bot.applications.posting import recount, register_of
from bot.applications.service import NewApplication, add
from bot.audit.models import AuditLine
from bot.conversations.models import Conversation
from bot.conversations.runtime import Runtime
from bot.handoff.models import Note, SpecialHours
from bot.handoff.ownership.hours import hours_of, say_moment
from bot.officers.service import by_id, set_offices
from bot.storage.database import Database
from bot.working_days import Calendar, calendar_of, load_clocks, today_of
from tests.console.conftest import SignedIn

WIB = "Asia/Jakarta"
SUNDAY_NIGHT = datetime(2026, 11, 29, 22, 30, tzinfo=ZoneInfo(WIB))  # half past midnight on Monday in Jayapura
TABLES = ("office_hours", "office_closed_days", "office_worked_days", "office_special_hours", "office_zones")


@pytest.fixture(autouse=True)
async def empty(database: Database) -> AsyncIterator[None]:
    async def clear() -> None:
        async with database.session() as session:
            await session.execute(text(f"truncate {', '.join(TABLES)}, applications, procrastinate_jobs cascade"))
            await load_clocks(session)

    await clear()
    yield
    await clear()


@pytest.fixture
async def boss(signed_in: SignedIn) -> httpx.AsyncClient:
    return await signed_in("administrator")


def week(*, days: range = range(5), opens: str = "08.00", closes: str = "16.00") -> dict[str, str]:
    return {f"opens-{day}-0": opens for day in days} | {f"closes-{day}-0": closes for day in days}


async def sets(client: httpx.AsyncClient, what: str, **fields: str) -> httpx.Response:
    return await client.post(f"/console/hours{what}", data={"office": "magetan", **fields})


async def test_a_sunday_night_is_monday_further_east(boss: httpx.AsyncClient, database: Database) -> None:
    assert (await sets(boss, "", **week())).status_code == 303
    for zone, said in (("", "besok pukul 08.00"), ("Asia/Jayapura", "hari ini pukul 08.00")):
        assert (await sets(boss, "/zone", zone=zone)).status_code == 303
        async with database.session() as session:
            hours = await hours_of(session, "magetan", WIB)
        opens = hours.next_opening(SUNDAY_NIGHT)
        assert opens is not None
        assert say_moment(opens, SUNDAY_NIGHT) == said
    assert opens == datetime(2026, 11, 29, 23, tzinfo=UTC)
    assert hours.is_open(datetime(2026, 11, 30, 7, tzinfo=ZoneInfo(WIB))) is True, "nine o'clock in Jayapura"
    assert today_of("magetan", SUNDAY_NIGHT, WIB) == date(2026, 11, 30)
    assert today_of("kudus", SUNDAY_NIGHT, WIB) == date(2026, 11, 29)
    assert 'value="Asia/Jayapura" selected' in (await boss.get("/console/hours?office=magetan")).text


async def test_promises_follow_the_offices_own_day(
    boss: httpx.AsyncClient, runtime: Runtime, database: Database, app: FastAPI
) -> None:
    await sets(boss, "/zone", zone="Asia/Jayapura")
    async with database.session() as session:
        register = register_of(runtime, session)
        register = type(register)(session, register.knowledge, register.zone, lambda: SUNDAY_NIGHT)
        done = await add(register, NewApplication("magetan-perluasan", reference="R-9"), "uji")
        assert done.application.received_on == date(2026, 11, 30)
        assert done.event.happened_at == datetime(2026, 11, 29, 15, tzinfo=UTC) or done.event.happened_at > datetime(
            2026, 11, 29, 15, tzinfo=UTC
        )
        done.application.due_on = date(2026, 11, 29)
        await session.flush()
        assert await count_late(register) == 1
        west = type(register)(session, register.knowledge, register.zone, lambda: SUNDAY_NIGHT - timedelta(hours=2))
        assert await count_late(west) == 0, "still Sunday in Jayapura"


async def test_a_page_shows_its_readers_clock(signed_in: SignedIn, boss: httpx.AsyncClient, database: Database) -> None:
    await sets(boss, "/zone", zone="Asia/Jayapura")
    at = datetime(2026, 11, 20, 5, 17, tzinfo=UTC)
    async with database.session() as session:
        person = Conversation(channel="simulator", address="warga-jam", office="magetan")
        session.add(person)
        await session.flush()
        session.add(Note(conversation_id=person.id, text="sudah ditelepon", created_at=at))
    for offices, shown, other in ((("magetan",), "14.17", "12.17"), ((), "12.17", "14.17")):
        reader = await signed_in("officer")
        async with database.session() as session:
            account = await by_id(session, reader.officer.id)  # type: ignore[attr-defined]
            await set_offices(session, account, offices, "uji")
        page = (await reader.get(f"/console/conversations/{person.id}")).text
        assert (shown in page, other in page) == (True, False)


def _holiday() -> date:
    """A day of the week that is a public holiday or cuti bersama, some weeks ahead."""
    day = date(2026, 1, 1)
    return next(
        one for n in range(365) if (one := day + timedelta(days=n)).weekday() < 5 and Calendar().is_holiday(one)
    )


async def test_a_holiday_that_is_worked(boss: httpx.AsyncClient, database: Database, runtime: Runtime) -> None:
    holiday = _holiday()
    async with database.session() as session:
        before = (await calendar_of(session, "magetan")).after(holiday - timedelta(days=1), 1)
        register = register_of(runtime, session)
        done = await add(register, NewApplication("magetan-perluasan", reference="R-7"), "uji")
        done.application.due_on = date(2000, 1, 3)  # counted under an older calendar
        number = done.application.id
    assert before > holiday
    await sets(boss, "", **week())
    assert (await sets(boss, "/worked", day=holiday.isoformat(), opens="9.00", closes="12.00")).status_code == 303
    async with database.session() as session:
        assert (await calendar_of(session, "magetan")).after(holiday - timedelta(days=1), 1) == holiday
        assert not (await calendar_of(session, "kudus")).works(holiday)
        hours = await hours_of(session, "magetan", WIB)
        (job,) = (
            await session.scalars(text("select args from procrastinate_jobs where task_name = 'recount_due' limit 1"))
        ).all()
    assert [(one.opens.time(), one.closes.time()) for one in hours.spans(holiday)] == [(time(9), time(12))]
    assert job == {"office": "magetan"}
    await recount(runtime, "magetan")
    async with database.session() as session:
        assert (await session.get_one(Application, number)).due_on != date(2000, 1, 3)
    await sets(boss, "/rested", day=holiday.isoformat())
    async with database.session() as session:
        assert not (await calendar_of(session, "magetan")).works(holiday)
        acts = (await session.scalars(select(AuditLine.action).order_by(AuditLine.id.desc()).limit(2))).all()
    assert acts == ["office.day-rested", "office.day-worked"]


async def test_hours_of_ramadan_hold_in_its_days_only(boss: httpx.AsyncClient, database: Database) -> None:
    await sets(boss, "", **week())
    span = {"name": "Ramadan", "first": "2027-02-08", "last": "2027-03-08"}
    saved = await sets(boss, "/special", **span, **week(days=range(4), opens="08.00", closes="14.30"))
    assert saved.status_code == 303
    async with database.session() as session:
        hours = await hours_of(session, "magetan", WIB)
        number = (await session.scalars(select(SpecialHours.id))).one()
    closes = {day: [one.closes.time() for one in hours.spans(date(2027, 2, day))] for day in (4, 9, 12)}
    assert closes == {4: [time(16)], 9: [time(14, 30)], 12: []}, "before it, in it, a Friday without times"
    assert [one.closes.time() for one in hours.spans(date(2027, 3, 16))] == [time(16)]
    over = await sets(boss, "/special", name="Lagi", first="2027-03-01", last="2027-03-05", **week())
    assert (over.status_code, "bertumpuk dengan “Ramadan”" in over.text) == (422, True)
    assert "8 Februari 2027" in (await boss.get("/console/hours?office=magetan")).text
    assert (await sets(boss, f"/special/{number}/end")).status_code == 303
    async with database.session() as session:
        assert not (await hours_of(session, "magetan", WIB)).special


@pytest.mark.parametrize(
    ("what", "typed", "said", "name"),
    [
        ("", {"opens-0-0": "8.00", "closes-0-0": "delapan"}, "Senin: jam tutup “delapan” tidak terbaca", "closes-0-0"),
        ("", {"opens-3-1": "13.00"}, "Kamis, setelah istirahat: jam tutup belum diisi", "closes-3-1"),
        ("", {"opens-1-0": "16.00", "closes-1-0": "08.00"}, "Selasa: jam tutup 08.00 harus setelah", "closes-1-0"),
        ("/worked", {"day": "2027-01-01", "opens": "x", "closes": "9"}, "Libur yang masuk kerja: jam buka", "opens"),
        ("/special", {"name": "A", "first": "", "last": ""}, "Jam khusus, mulai: pilih tanggalnya", ""),
        ("/worked", {"day": "2027-01-04"}, "4 Januari 2027 sudah hari kerja", ""),
        ("/worked", {"day": "2027-01-03"}, "3 Januari 2027 jatuh pada akhir pekan", ""),
    ],
)
async def test_what_is_wrong_is_named_with_row_and_field_and_stays_typed(
    boss: httpx.AsyncClient, what: str, typed: dict[str, str], said: str, name: str
) -> None:
    answer = await sets(boss, what, **typed)
    assert (answer.status_code, said in answer.text) == (422, True)
    marked = [one for one in answer.text.split("<input")[1:] if 'aria-invalid="true"' in one.split(">")[0]]
    assert [f'name="{name}"' in one for one in marked] == ([True] if name else [])
    for value in filter(None, typed.values()):
        assert f'value="{value}"' in answer.text


async def test_another_offices_calendar_is_not_changed(
    boss: httpx.AsyncClient, signed_in: SignedIn, database: Database
) -> None:
    await sets(boss, "/special", name="Ramadan", first="2027-02-08", last="2027-03-08", **week())
    other = await signed_in("supervisor")
    async with database.session() as session:
        account = await by_id(session, other.officer.id)  # type: ignore[attr-defined]
        await set_offices(session, account, ("kudus",), "uji")
        number = (await session.scalars(select(SpecialHours.id))).one()
    tries = {
        "": week(),
        "/zone": {"zone": "Asia/Makassar"},
        "/closed": {"day": "2027-01-04", "reason": "x"},
        "/worked": {"day": "2027-01-01"},
        "/rested": {"day": "2027-01-01"},
        "/special": {"name": "x", "first": "2028-01-01", "last": "2028-01-02"},
        f"/special/{number}/end": {},
    }
    for what, fields in tries.items():
        assert (await sets(other, what, **fields)).status_code == 403, what
    async with database.session() as session:
        assert len((await session.scalars(select(SpecialHours))).all()) == 1
        for table in ("office_hours", "office_zones", "office_worked_days", "office_closed_days"):
            assert (await session.execute(text(f"select count(*) from {table}"))).scalar_one() == 0
