"""Reports by the clock of their office, where it is another than the installation's."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot import working_days
from bot.complaints.watch import collect, portion
from bot.knowledge.load import get_knowledge
from tests.complaints.conftest import LONG_STORY, Person


@pytest.fixture(autouse=True)
def east(monkeypatch: pytest.MonkeyPatch) -> None:
    """Magetan's clock is Jayapura's: two hours ahead of Jakarta's."""
    monkeypatch.setitem(working_days._zones, "magetan", ZoneInfo("Asia/Jayapura"))


async def test_yesterday_is_the_offices_yesterday(person: Person) -> None:
    person.now = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)  # 22.30 in Jakarta, half past midnight of the 24th there
    await person.say(LONG_STORY, "complaint", office="magetan")
    await person.tap("Buat laporan")
    await person.tap("Selesai")
    if "Layanan apa" in person.chat.last.text:
        await person.tap("Perluasan Usaha Industri")
    await person.finish("kemarin")
    assert (await person.report()).answers["when_date"] == "2026-11-23"


async def test_the_taps_name_the_offices_days(person: Person) -> None:
    person.now = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
    await person.say(LONG_STORY, "complaint", office="magetan")
    await person.tap("Buat laporan")
    asked = await person.tap("Selesai")
    if "Layanan apa" in asked.text:
        asked = await person.tap("Perluasan Usaha Industri")
    await person.tap("Hari ini")
    assert (await person.report()).answers["when_date"] == "2026-11-24"


async def test_at_night_nobody_is_reminded_by_the_offices_clock(person: Person) -> None:
    await person.to_preview()
    await person.tap("Simpan dulu")
    told = []
    for hour in (12, 0):  # 19.00 in Jakarta is 21.00 there; 07.00 is 09.00
        person.now = datetime(2026, 11, 27, hour, tzinfo=UTC)
        rows = await portion(person.session, person.now, 0)
        found = await collect(person.session, rows, get_knowledge(), person.now, "Asia/Jakarta")
        told.append(sum(one.conversation == person.chat.conversation for one in found))
    assert told == [0, 1]
