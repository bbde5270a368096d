"""The dashboard's figures against days made by hand, in a year of their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.models import Conversation, Incoming, Outgoing
from bot.conversations.walls import Sight
from bot.figures import service
from bot.figures.periods import DAYS, period
from bot.handoff.models import Handoff
from bot.survey import wording
from bot.survey.models import AnswerCheck

ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2031, 3, 12, 8, 0, tzinfo=UTC)  # 15.00 in Jakarta
MORNING = datetime(2031, 3, 12, 2, 0, tzinfo=UTC)  # 09.00
TODAY = period("hari-ini", NOW, ZONE)
WEEK = period("7-hari", NOW, ZONE)

_numbers = count()


async def person(session: AsyncSession, **values: object) -> int:
    row = Conversation(channel="simulator", address=f"angka-{next(_numbers)}", **values)
    session.add(row)
    await session.flush()
    return row.id


async def wrote(session: AsyncSession, conversation: int, *moments: datetime, family: str = "ask_cost") -> None:
    session.add_all(
        Incoming(
            conversation_id=conversation,
            channel="simulator",
            provider_id=f"angka-{next(_numbers)}",
            kind="text",
            text="berapa",
            received_at=moment,
            understood={"intent": family, "family": family},
        )
        for moment in moments
    )
    await session.flush()


async def handed_over(session: AsyncSession, conversation: int, moment: datetime) -> None:
    session.add(
        Handoff(
            conversation_id=conversation, reason="minta petugas", created_at=moment, queued_at=moment, asked_at=moment
        )
    )
    await session.flush()


def hours(*numbers: float) -> list[datetime]:
    """Moments so many hours after the morning of the day."""
    return [MORNING + timedelta(hours=number) for number in numbers]


@pytest.mark.parametrize(("key", "days"), [(key, days) for key, (_, days) in DAYS.items()])
def test_a_period_ends_with_today(key: str, days: int) -> None:
    found = period(key, NOW, ZONE)
    assert len(found.days) == days and found.days[-1].isoformat() == "2031-03-12"
    assert found.start <= NOW < found.end


def test_a_day_is_the_offices() -> None:
    late = period("hari-ini", datetime(2031, 3, 12, 18, 0, tzinfo=UTC), ZONE)  # 01.00 of the 13th in Jakarta
    assert late.days[0].isoformat() == "2031-03-13" and late.key == "hari-ini"
    assert period("; drop table", NOW, ZONE) == TODAY


async def test_activity_by_hour_day_and_topic(session: AsyncSession) -> None:
    first, second = await person(session), await person(session)
    await wrote(session, first, *hours(0, 0.1))
    await wrote(session, first, *hours(0.2), family="greet")
    await wrote(session, second, *hours(1), family="ask_duration")
    await wrote(session, second, *hours(-24, -200))
    found = await service.activity(session, TODAY)
    assert (found.messages, found.people) == (4, 2)
    busy = {one.start.hour: (one.messages, one.people) for one in found.slots if one.messages}
    assert busy == {9: (3, 1), 10: (1, 1)} and len(found.slots) == 24
    assert [(one.family, one.messages, one.people) for one in found.topics] == [
        ("ask_cost", 2, 1),
        ("ask_duration", 1, 1),
    ]
    week = await service.activity(session, WEEK)
    assert [one.messages for one in week.slots] == [0, 0, 0, 0, 0, 1, 4]
    assert week.people == 2 and week.topics[0].people == 2


async def test_a_visit_is_solved_when_nobody_was_handed_over(session: AsyncSession) -> None:
    alone, helped = await person(session), await person(session)
    await wrote(session, alone, *hours(0, 0.5, 1.2))  # one visit: no pause of an hour
    await wrote(session, helped, *hours(0, 3))  # two
    await handed_over(session, helped, hours(3.1)[0])
    assert await service.solved(session, TODAY) == service.Solved(3, by_bot=2, came_back=1, handed=1)


@pytest.mark.parametrize(("pause", "came_back"), [(23.5, 1), (24.5, 0)])
async def test_coming_back_counts_within_a_day(session: AsyncSession, pause: float, came_back: int) -> None:
    someone = await person(session)
    await wrote(session, someone, *hours(0, 0.5, 0.5 + pause))
    found = await service.solved(session, TODAY)
    assert (found.visits, found.by_bot, found.came_back) == (1, 1, came_back)


async def test_a_visit_that_began_yesterday_is_yesterdays(session: AsyncSession) -> None:
    midnight = TODAY.start
    someone = await person(session)
    await wrote(session, someone, midnight - timedelta(minutes=20), midnight + timedelta(minutes=20))
    assert (await service.solved(session, TODAY)).visits == 0
    assert (await service.solved(session, WEEK)).visits == 1


async def answered(session: AsyncSession, conversation: int, text: str) -> None:
    """The bot's reply to what was written last."""
    newest = (
        await session.scalars(select(func.max(Incoming.id)).where(Incoming.conversation_id == conversation))
    ).one()
    session.add(Outgoing(conversation_id=conversation, in_reply_to=newest, text=text, status="sent"))
    await session.flush()


async def test_what_was_not_understood_is_not_solved(session: AsyncSession) -> None:
    someone, other = await person(session), await person(session)
    await wrote(session, someone, *hours(0))
    await wrote(session, someone, *hours(0.2), family="out_of_scope")
    await wrote(session, other, *hours(0), family="out_of_scope")
    found = await service.solved(session, TODAY)
    assert (found.visits, found.by_bot, found.misunderstood) == (2, 0, 2)


async def test_nor_is_what_did_not_help(session: AsyncSession) -> None:
    someone = await person(session)
    await wrote(session, someone, *hours(0, 5))
    for hour, helpful in ((0.1, False), (5.1, True)):
        asked = hours(hour)[0]
        session.add(AnswerCheck(conversation_id=someone, topic="ask_cost", asked_at=asked, helpful=helpful))
    await session.flush()
    found = await service.solved(session, TODAY)
    assert (found.visits, found.by_bot, found.misunderstood) == (2, 1, 1)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Layanan yang mana?", 1),
        ("Biayanya tidak disebutkan.", 0),
        ("Apa itu NIB? Nomor induk berusaha.", 0),
        (f"Gratis.\n\n{service.CHECKING}", 0),
    ],
)
async def test_who_leaves_while_the_bot_asks_is_not_solved(session: AsyncSession, text: str, left: int) -> None:
    someone = await person(session)
    await wrote(session, someone, *hours(0))
    await answered(session, someone, text)
    found = await service.solved(session, TODAY)
    assert (found.visits, found.by_bot, found.left) == (1, 1 - left, left)


async def test_who_answers_the_question_has_not_left(session: AsyncSession) -> None:
    someone = await person(session)
    await wrote(session, someone, *hours(0))
    await answered(session, someone, "Layanan yang mana?")
    await wrote(session, someone, *hours(0.1))
    await answered(session, someone, "Gratis.")
    assert (await service.solved(session, TODAY)).by_bot == 1


async def test_a_greeting_is_no_visit(session: AsyncSession) -> None:
    someone = await person(session)
    await wrote(session, someone, *hours(0), family="greet")
    assert (await service.solved(session, TODAY)).visits == 0


async def test_by_office_and_channel(session: AsyncSession) -> None:
    kudus, common = await person(session, office="kudus"), await person(session)
    await wrote(session, kudus, *hours(0, 3))
    await wrote(session, common, *hours(0))
    asked, solved = await service.asked_by_place(session, TODAY), await service.solved_by_place(session, TODAY)
    assert asked[("kudus", "simulator")] == service.Asked(2, 1)
    assert (solved[("kudus", "simulator")].visits, solved[("", "simulator")].visits) == (2, 1)
    own = await service.asked_by_place(session, TODAY, Sight(("kudus",)))
    assert set(own) == {("kudus", "simulator")}


def test_what_is_checked_is_what_is_asked() -> None:
    assert service.CHECKING == wording.HELPED


async def test_nothing_at_all(session: AsyncSession) -> None:
    empty = period("hari-ini", datetime(2032, 1, 1, tzinfo=UTC), ZONE)
    solved, speed = await service.solved(session, empty), await service.speed(session, empty)
    assert (solved.share, solved.back_share) == (None, None)
    assert speed.first_reply == service.Spread(0, None, None) and speed.handoffs == 0
    assert (await service.helped(session, empty)).share is None
    found = await service.activity(session, empty)
    assert (found.messages, found.topics) == (0, ())


async def test_what_people_said_about_answers(session: AsyncSession) -> None:
    someone = await person(session)
    for said in (True, True, False, None):
        session.add(AnswerCheck(conversation_id=someone, topic="ask_cost", asked_at=MORNING, helpful=said))
    await session.flush()
    found = await service.helped(session, TODAY)
    assert (found.asked, found.yes, found.no, found.share) == (4, 2, 1, pytest.approx(2 / 3))


async def test_who_waits_and_how_long(session: AsyncSession) -> None:
    before = await service.board(session, NOW, TODAY)
    for minutes in (5, 100_000_000):
        waiting = await person(session, owner="queue")
        await handed_over(session, waiting, NOW - timedelta(minutes=minutes))
    await person(session, owner="officer")
    await person(session, last_incoming_at=MORNING)
    await person(session, last_incoming_at=MORNING - timedelta(days=1))
    found = await service.board(session, NOW, TODAY)
    assert found.waiting - before.waiting == 2
    assert found.longest_wait == timedelta(minutes=100_000_000)
    gained = {owner: number - before.owners[owner] for owner, number in found.owners.items()}
    assert gained == {"bot": 1, "queue": 2, "officer": 1}


async def test_how_fast_officers_were(session: AsyncSession) -> None:
    for reply, end in ((2, 10), (4, 30), (6, None), (None, None)):
        moments = {
            "created_at": MORNING,
            "first_reply_at": MORNING + timedelta(minutes=reply) if reply else None,
            "closed_at": MORNING + timedelta(minutes=end) if end else None,
            "outcome": "closed" if end else None,
        }
        session.add(Handoff(conversation_id=await person(session), reason="minta petugas", **moments))
    await session.flush()
    found = await service.speed(session, TODAY)
    assert found.handoffs == 4
    assert found.first_reply == service.Spread(3, timedelta(minutes=4), timedelta(minutes=5.8))
    assert found.solution == service.Spread(2, timedelta(minutes=20), timedelta(minutes=29))
