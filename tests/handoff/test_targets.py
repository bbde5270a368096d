"""Reply targets: minutes of office hours, and whose were missed."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.handoff.answering.replying import reply
from bot.handoff.desk import BadInput
from bot.handoff.ownership.hours import Hours, set_hours
from bot.handoff.ownership.service import claim
from bot.handoff.people import OfficersDesk, watch
from bot.handoff.reading.inbox import inbox
from bot.handoff.reading.narrowing import InboxFilter
from bot.handoff.triage.targets import due_after, set_target
from bot.officers.models import Officer
from bot.working_days import Calendar
from tests.handoff.conftest import House
from tests.helpers.runtime import message, receive

JAKARTA = ZoneInfo("Asia/Jakarta")
WEEK = {day: [(time(8), time(12)), (time(13), time(15, 30))] for day in range(5)}
MONDAY = datetime(2026, 11, 23, tzinfo=JAKARTA)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("asked", "minutes", "due"),
    [
        (at(0, 9), 30, at(0, 9, 30)),
        (at(0, 11, 50), 30, at(0, 13, 20)),
        (at(0, 15, 20), 30, at(1, 8, 20)),
        (at(0, 22), 30, at(1, 8, 30)),
        (at(4, 15, 20), 30, at(7, 8, 20)),
        (at(5, 10), 1, at(7, 8, 1)),
        (at(0, 8), 390, at(0, 15, 30)),
        (at(0, 8), 391, at(1, 8, 1)),
    ],
)
def test_minutes_run_in_office_hours_only(asked: datetime, minutes: int, due: datetime) -> None:
    assert due_after(Hours(WEEK, Calendar(), JAKARTA), asked, minutes) == due


def test_without_known_hours_all_minutes_count() -> None:
    assert due_after(Hours({}, Calendar(), JAKARTA), at(5, 22), 30) == at(5, 22, 30)


def test_an_office_that_never_opens_has_no_target() -> None:
    never = Hours({0: [(time(8), time(8, 1))]}, Calendar(), JAKARTA)
    assert due_after(never, at(0, 9), 600) is None


async def waits(house: House, name: str, office: str = "kudus") -> int:
    conversation = await house.applicant(address=name, name=name)
    desk = house.runtime.people
    assert isinstance(desk, OfficersDesk)
    async with house.runtime.database.session() as session:
        await desk.ask(session, conversation, "Pemohon meminta petugas.", office=office)
    return conversation


async def listed(house: House, **wanted: Any) -> list[str]:
    return [one.name for one in await house.asks(inbox, InboxFilter(**{"view": "all"} | wanted), house.clock())]


async def test_a_target_is_due_missed_and_met(house: House) -> None:
    await house.does("sari", set_target, "kudus", 30)
    await waits(house, "siti")
    magetan = await waits(house, "joko", "magetan")
    (row,) = [one for one in await house.asks(inbox, InboxFilter(), house.clock()) if one.name == "siti"]
    assert row.asked_at is not None
    assert row.due_at == row.asked_at + timedelta(minutes=30)
    assert await listed(house, due="soon") == []
    house.clock.on(minutes=21)
    assert (await listed(house, due="soon"), await listed(house, due="late")) == (["siti"], [])
    house.clock.on(minutes=10)
    assert await listed(house, due="late") == ["siti"]
    await house.does("sari", set_target, "", 20)
    assert set(await listed(house, due="late")) == {"siti", "joko"}, "what waits is counted anew"
    assert await listed(house, sort="due") == ["joko", "siti"]
    await house.does("rina", claim, magetan)
    assert set(await listed(house, due="late")) == {"siti", "joko"}, "taking it is no word"
    await house.does("rina", reply, magetan, "Selamat pagi.")
    assert await listed(house, due="late") == ["siti"]
    await house.does("sari", set_target, "kudus", None)
    assert await listed(house, due="late") == ["siti"], "then what holds for all offices"
    await house.does("sari", set_target, "", None)
    assert await listed(house, due="late") == []


async def test_a_new_question_to_an_officer_has_a_target_again(house: House) -> None:
    await house.does("sari", set_target, "", 30)
    conversation = await waits(house, "siti")
    await house.does("rina", claim, conversation)
    await house.does("rina", reply, conversation, "Ya?")
    assert (await house.handoff(conversation)).due_at is None
    await receive(house.runtime, message("terima kasih", "1"))
    assert (await house.handoff(conversation)).due_at is None
    await receive(house.runtime, message("biayanya berapa?", "2"))
    found = await house.handoff(conversation)
    assert found.due_at is not None and found.asked_at is not None
    assert found.due_at == found.asked_at + timedelta(minutes=30)


async def test_other_hours_and_another_office_count_anew(house: House) -> None:
    await house.does("sari", set_target, "kudus", 30)
    await house.does("sari", set_target, "magetan", 90)
    kudus, magetan = await waits(house, "siti"), await waits(house, "joko", "magetan")
    before = [(await house.handoff(one)).due_at for one in (kudus, magetan)]
    day = house.clock().astimezone(JAKARTA).date() + timedelta(days=3)
    await house.does("sari", set_hours, "kudus", {day.weekday(): [(time(8), time(12))]})
    await watch(house.runtime)
    due = (await house.handoff(kudus)).due_at
    assert due is not None and before[0] is not None and due > before[0] + timedelta(days=1)
    assert (await house.handoff(magetan)).due_at == before[1], "not an office whose hours are as they were"
    async with house.runtime.database.session() as session:
        (await session.get_one(Officer, house.officers["rina"].id)).offices = ["kudus"]
    house.officers["rina"].offices = ["kudus"]
    await house.does("rina", claim, magetan)
    await watch(house.runtime)
    found = await house.handoff(magetan)
    assert found.due_at is not None and before[1] is not None
    assert found.due_at > before[1] + timedelta(hours=12), "by the hours and target of Kudus"


async def test_the_watch_finds_those_who_have_none_yet(house: House) -> None:
    conversation = await house.applicant()
    await house.does("rina", claim, conversation, step_in=True)
    await house.does("sari", set_target, "", 30)
    async with house.runtime.database.session() as session:
        handoff = await session.merge(await house.handoff(conversation))
        handoff.asked_at = house.clock()
    await watch(house.runtime)
    assert (await house.handoff(conversation)).due_at is not None


@pytest.mark.parametrize("minutes", [0, -5, 10_001])
async def test_a_target_is_a_number_of_minutes(house: House, minutes: int) -> None:
    with pytest.raises(BadInput):
        await house.does("sari", set_target, "", minutes)


async def test_the_orders(house: House) -> None:
    first, second = await waits(house, "a"), await waits(house, "b")
    await receive(house.runtime, message("halo, saya a lagi", "1", address="a"))
    assert await listed(house, sort="newest") == ["a", "b"]
    async with house.runtime.database.session() as session:
        handoff = await session.merge(await house.handoff(second))
        handoff.asked_at = house.clock() - timedelta(hours=3)
    assert await listed(house, sort="waiting") == ["b", "a"]
    assert first
