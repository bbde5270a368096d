"""The wait as applicants hear of it: place, measured time, office hours, call-backs; and the way back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, text

from bot.conversations.models import Outgoing
from bot.conversations.turn import take_turn
from bot.handoff import people
from bot.handoff.desk import BadInput, NoConversation, open_handoff
from bot.handoff.models import Handoff
from bot.handoff.ownership import callbacks
from bot.handoff.ownership.callbacks import done, slots, wish
from bot.handoff.ownership.hours import Hours, close_day, hours_of, say_moment, set_hours
from bot.handoff.ownership.queue import asks_place, place, stand
from bot.handoff.ownership.service import claim, request_person
from bot.working_days import Calendar
from tests.handoff.conftest import House
from tests.helpers.runtime import message, receive, rows

ZONE = "Asia/Jakarta"
JAKARTA = ZoneInfo(ZONE)
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=JAKARTA)
WEEK = {day: [(time(8), time(12)), (time(13), time(15, 30))] for day in range(5)}


async def test_the_place_counts_who_came_before(house: House) -> None:
    first, second, third = [await house.applicant(address=f"a{n}") for n in range(3)]
    for minutes, conversation in ((30, first), (20, second), (10, third)):
        await house.asks(request_person, conversation, "minta petugas")
        async with house.runtime.database.session() as session:
            (await open_handoff(session, conversation)).asked_at = house.clock() - timedelta(minutes=minutes)  # type: ignore[union-attr]
    found = await house.asks(place, third, house.clock(), ZONE)
    assert (found.ahead, found.minutes) == (2, None)
    await house.does("rina", claim, first)
    assert (await house.asks(place, third, house.clock(), ZONE)).ahead == 1
    assert await house.asks(place, first, house.clock(), ZONE) is None
    await house.asks(request_person, third, "darurat", kind="emergency")
    assert (await house.asks(place, third, house.clock(), ZONE)).ahead == 0
    assert (await house.asks(place, second, house.clock(), ZONE)).ahead == 1


async def _claims(house: House, count: int, minutes: int, at: datetime) -> None:
    """Handoffs of the past, claimed `minutes` after they were asked for at `at`."""
    conversation = await house.applicant(address=f"past-{at.isoformat()}")
    row = {
        "conversation_id": conversation,
        "reason": "x",
        "created_at": at,
        "claimed_at": at + timedelta(minutes=minutes),
        "closed_at": at + timedelta(hours=1),
        "outcome": "closed",
    }
    async with house.runtime.database.session() as session:
        await session.execute(insert(Handoff), [row] * count)


async def test_the_waiting_time_is_measured_in_like_hours(house: House) -> None:
    conversation = await house.applicant()
    await house.asks(request_person, conversation, "minta petugas")
    await _claims(house, 4, 7, MONDAY - timedelta(days=3))  # Friday, same hour
    assert (await house.asks(place, conversation, MONDAY, ZONE)).minutes is None, "four are too few"
    await _claims(house, 3, 9, MONDAY - timedelta(days=4, hours=1))
    await _claims(house, 30, 90, MONDAY - timedelta(days=4, hours=-5))  # another time of the day
    await _claims(house, 30, 90, MONDAY - timedelta(days=2))  # Saturday
    await _claims(house, 30, 90, MONDAY - timedelta(days=98))  # long ago
    found = await house.asks(place, conversation, MONDAY, ZONE)
    assert (found.minutes, found.measured) == (7, 7)
    told = await house.asks(stand, conversation, MONDAY, ZONE)
    assert told.text == (
        "Anda urutan ke-1 dalam antrean petugas. "
        "Separuh dari 7 pemohon terakhir pada jam seperti ini dilayani dalam 7 menit."
    )


async def test_without_a_measure_none_is_invented(house: House) -> None:
    conversation = await house.applicant()
    await house.asks(request_person, conversation, "minta petugas")
    told = await house.asks(stand, conversation, MONDAY, ZONE)
    assert "belum ada ukurannya" in told.text
    assert [one.payload for one in told.buttons] == ["/queue_place", "/back_to_bot"]


def test_hours_that_nobody_set_are_not_stated() -> None:
    hours = Hours({}, Calendar(), JAKARTA)
    assert hours.is_open(MONDAY) is None
    assert hours.next_opening(MONDAY) is None


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (MONDAY, None),
        (MONDAY.replace(hour=12, minute=30), MONDAY.replace(hour=13)),
        (MONDAY.replace(hour=16), MONDAY.replace(day=24, hour=8)),
        (datetime(2026, 11, 28, 9, tzinfo=JAKARTA), datetime(2026, 11, 30, 8, tzinfo=JAKARTA)),
        (datetime(2026, 12, 24, 16, tzinfo=JAKARTA), datetime(2026, 12, 28, 8, tzinfo=JAKARTA)),
        (datetime(2026, 11, 23, 9, tzinfo=UTC), MONDAY.replace(day=24, hour=8)),
    ],
)
def test_when_somebody_is_back(at: datetime, opens: datetime | None) -> None:
    hours = Hours(WEEK, Calendar(), JAKARTA)
    assert hours.is_open(at) is (opens is None)
    assert hours.next_opening(at) == opens


def test_a_closed_day_of_the_office_is_skipped() -> None:
    hours = Hours(WEEK, Calendar(frozenset({date(2026, 11, 24)})), JAKARTA)
    assert hours.next_opening(MONDAY.replace(hour=16)) == MONDAY.replace(day=25, hour=8)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (MONDAY.replace(hour=13), "hari ini pukul 13.00"),
        (MONDAY.replace(day=24, hour=8), "besok pukul 08.00"),
        (MONDAY.replace(day=30, hour=8), "Senin, 30 November 2026 pukul 08.00"),
    ],
)
def test_moments_in_words(at: datetime, said: str) -> None:
    assert say_moment(at, MONDAY) == said


async def test_an_office_may_have_its_own_hours(house: House) -> None:
    await house.does("sari", set_hours, "", WEEK)
    await house.does("sari", set_hours, "kudus", {0: [(time(9), time(11))]})
    assert (await house.asks(hours_of, "magetan", ZONE)).week == WEEK
    assert (await house.asks(hours_of, "kudus", ZONE)).week == {0: [(time(9), time(11))]}
    await house.does("sari", set_hours, "kudus", {})
    assert (await house.asks(hours_of, "kudus", ZONE)).week == WEEK
    await house.does("sari", close_day, "kudus", date(2026, 11, 24), "Hari jadi")
    assert date(2026, 11, 24) in (await house.asks(hours_of, "kudus", ZONE)).calendar.closed


@pytest.mark.parametrize("times", [[(time(9), time(9))], [(time(8), time(12)), (time(11), time(13))]])
async def test_hours_that_make_no_sense_are_refused(house: House, times: list[tuple[time, time]]) -> None:
    with pytest.raises(BadInput, match="Senin"):
        await house.does("sari", set_hours, "", {0: times})


async def test_outside_hours_a_question_and_a_time_may_be_left(house: House) -> None:
    await house.does("sari", set_hours, "", WEEK)
    evening = MONDAY.replace(hour=19)
    conversation = await house.applicant()
    await house.wrote(conversation, "apakah akta lama masih berlaku?")
    await house.asks(request_person, conversation, "minta petugas")
    await house.wrote(conversation, "tolong dijawab besok ya")
    told = await house.asks(stand, conversation, evening, ZONE)
    assert "Petugas kembali besok pukul 08.00" in told.text
    assert [one.title for one in told.buttons] == [
        "Besok 08.00–12.00",
        "Besok 13.00–15.30",
        "Rab 25/11 08.00–12.00",
        "Kembali ke Pandu",
    ]
    assert all(len(one.title) <= 24 for one in told.buttons)
    async with house.runtime.database.session() as session:
        handoff = await open_handoff(session, conversation)
        assert handoff is not None
        hours = await hours_of(session, "", ZONE)
        assert await wish(session, handoff, hours, "202611240800", evening)
        assert await wish(session, handoff, hours, "202611241300", evening), "another choice replaces the first"
        assert await wish(session, handoff, hours, "209901010800", evening) is None
    (left,) = await house.asks(callbacks.waiting, evening)
    assert (left.name, left.question, left.late) == ("Siti", "tolong dijawab besok ya", False)
    assert left.wanted_from == datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    (late,) = await house.asks(callbacks.waiting, evening + timedelta(days=2))
    assert late.late
    await house.does("rina", done, left.id)
    assert await house.asks(callbacks.waiting, evening) == []
    with pytest.raises(NoConversation):
        await house.does("rina", done, left.id)


def test_slots_are_halves_of_days() -> None:
    hours = Hours({0: [(time(8), time(15))]}, Calendar(), JAKARTA)
    found = [title for _, title in slots(hours, MONDAY.replace(day=22))]
    assert found == ["Besok 08.00–12.00", "Besok 12.00–15.00", "Sen 30/11 08.00–12.00"]


@pytest.mark.parametrize(
    "words", ["antrian", "cek antrean", "urutan ke berapa?", "Masih lama?", "berapa lama lagi", "kapan dijawab"]
)
def test_asking_for_the_place(words: str) -> None:
    assert asks_place(words)


@pytest.mark.parametrize("words", ["lama sekali petugasnya, saya kecewa", "izin saya lama", "ok", "antrian di kantor"])
def test_other_words_are_for_the_officer(words: str) -> None:
    assert not asks_place(words)


async def _waits(house: House) -> int:
    conversation = await receive(house.runtime, message("halo", "first"))
    await house.asks(request_person, conversation, "minta petugas")
    return conversation


async def _hears(house: House, words: str, **fields: object) -> list[str]:
    before = len(await rows(house.runtime, Outgoing))
    await receive(house.runtime, message(words, f"m{before}-{words}", **fields))
    return [one.text for one in (await rows(house.runtime, Outgoing))[before:]]


async def test_in_the_queue_the_bot_answers_only_about_the_queue(house: House) -> None:
    await _waits(house)
    (told,) = await _hears(house, "urutan ke berapa?")
    assert told.startswith("Anda urutan ke-1")
    (told,) = await _hears(house, "", kind="payload", payload="/queue_place")
    assert told.startswith("Anda urutan ke-1")
    (told,) = await _hears(house, "1")
    assert told.startswith("Anda urutan ke-1"), "the first button of what was said last"


async def test_a_number_in_an_answer_to_an_officer_is_no_choice(house: House) -> None:
    conversation = await _waits(house)
    await _hears(house, "urutan ke berapa?")
    async with house.runtime.database.session() as session:
        await session.execute(text("update conversations set menu = menu || '{\"fresh\": false}'"))
    await _hears(house, "2")
    assert await house.owner(conversation) == "queue"


async def test_the_applicant_goes_back_to_the_bot(house: House) -> None:
    conversation = await _waits(house)
    await house.does("rina", claim, conversation)
    assert await _hears(house, "masih ada orang?") == []
    (told,) = await _hears(house, "", kind="payload", payload="/back_to_bot")
    assert "kembali terhubung dengan Pandu" in told
    assert (await house.owner(conversation), (await house.handoff(conversation)).outcome) == ("bot", "back_to_bot")
    assert await _hears(house, "biayanya?") == ["jawaban: biayanya?"]


async def test_a_call_back_is_chosen_in_the_chat(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.does("sari", set_hours, "", WEEK)
    monkeypatch.setattr(people, "utc_now", lambda: MONDAY.replace(hour=19))
    conversation = await _waits(house)
    (told,) = await _hears(house, "antrian")
    assert "di luar jam layanan" in told
    (told,) = await _hears(house, "besok 13.00–15.30")
    assert told.startswith("Dicatat: petugas diminta menjawab Anda besok pukul 13.00")
    assert await house.owner(conversation) == "queue"
    assert len(await house.asks(callbacks.waiting, MONDAY)) == 1


async def test_the_turn_goes_on_when_the_desk_is_not_there(house: House) -> None:
    await _waits(house)
    house.runtime.people = None
    (told,) = await _hears(house, "urutan ke berapa?")
    assert told.startswith("Pesan Anda saya teruskan")
    await take_turn(house.runtime, 1)
