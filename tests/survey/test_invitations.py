"""Invitations: once an occasion, seldom, awake, and never while somebody else speaks with them."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications import news
from bot.applications.models import ApplicationLink, NewsMute
from bot.applications.posting import post, register_of
from bot.applications.service import NewApplication, add, advance
from bot.conversations import optout
from bot.conversations.models import Conversation, Outgoing
from bot.conversations.runtime import Runtime
from bot.handoff.models import Handoff
from bot.knowledge.load import get_knowledge
from bot.survey import wording
from bot.survey.models import Survey
from bot.survey.service import Moment, after_handoff, decide, hear_occasions, invite, send_due

READY = Moment(
    waited=timedelta(minutes=2),
    quiet=timedelta(minutes=5),
    owner="bot",
    channel="whatsapp",
    hour=10,
    busy=False,
    asked_lately=False,
)


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, "send"),
        ({"owner": "officer"}, "wait"),
        ({"owner": "queue"}, "wait"),
        ({"busy": True}, "wait"),
        ({"quiet": timedelta(seconds=5)}, "wait"),
        ({"quiet": timedelta(hours=23, minutes=55)}, "wait"),
        ({"quiet": timedelta(hours=30), "channel": "telegram"}, "send"),
        ({"hour": 23, "quiet": timedelta(hours=3)}, "wait"),
        ({"hour": 23, "quiet": timedelta(minutes=10)}, "send"),
        ({"asked_lately": True}, "lately"),
        ({"waited": timedelta(days=3)}, "late"),
        ({"waited": timedelta(days=3), "owner": "officer"}, "late"),
    ],
)
def test_the_moment(change: dict[str, object], verdict: str) -> None:
    assert decide(replace(READY, **change), 30) == verdict  # type: ignore[arg-type]
    assert decide(replace(READY, **change), 0) == "off"  # type: ignore[arg-type]


async def test_one_occasion_is_noted_once(session: AsyncSession) -> None:
    people = [Conversation(channel="simulator", address=f"sekali-{number}") for number in (1, 2)]
    session.add_all(people)
    await session.flush()
    assert await invite(session, people[0].id, "licence", 77, office="magetan", service="magetan-perluasan")
    assert not await invite(session, people[0].id, "licence", 77)
    assert not await invite(session, people[1].id, "licence", 77)
    assert await invite(session, people[0].id, "handoff", 77)


async def test_an_ended_talk_with_an_officer_is_an_occasion(session: AsyncSession) -> None:
    replied, silent = (
        Handoff(reason="minta petugas", office="magetan", service="magetan-perluasan", first_reply_at=moment)
        for moment in (datetime.now(UTC), None)
    )
    for number, handoff in enumerate((replied, silent)):
        person = Conversation(channel="simulator", address=f"usai-{number}")
        session.add(person)
        await session.flush()
        handoff.conversation_id = person.id
        session.add(handoff)
        await session.flush()
        await after_handoff(session, person.id, handoff.id)
        await after_handoff(session, person.id, handoff.id)
    of = (Survey.conversation_id, Survey.occasion, Survey.occasion_id, Survey.office, Survey.service)
    found = await session.execute(select(*of).where(Survey.occasion_id.in_((replied.id, silent.id))))
    expected = [(replied.conversation_id, "handoff", replied.id, "magetan", "magetan-perluasan")]
    assert [tuple(row) for row in found] == expected


async def newcomer(runtime: Runtime, **values: str) -> int:
    async with runtime.database.session() as session:
        person = Conversation(channel=values.pop("channel", "simulator"), address=uuid.uuid4().hex, **values)
        session.add(person)
        await session.flush()
        return person.id


async def note(runtime: Runtime, conversation: int, occasion: str = "handoff") -> None:
    async with runtime.database.session() as session:
        assert await invite(session, conversation, occasion, uuid.uuid4().int % 10**15)


async def asked(runtime: Runtime, conversation: int) -> list[str]:
    query = select(Outgoing.text).where(Outgoing.conversation_id == conversation)
    return [row.text for row in await runtime.database.run(query)]


async def states(runtime: Runtime, conversation: int) -> list[tuple[str, str]]:
    query = select(Survey.status, Survey.lapse).where(Survey.conversation_id == conversation).order_by(Survey.id)
    return [(row.status, row.lapse) for row in await runtime.database.run(query)]


async def test_asked_once_then_not_for_a_month(runtime: Runtime) -> None:
    person = await newcomer(runtime)
    await note(runtime, person)
    await note(runtime, person, "licence")
    now = datetime.now(UTC) + timedelta(minutes=3)
    await send_due(runtime, get_knowledge(), now)
    await send_due(runtime, get_knowledge(), now)
    assert await states(runtime, person) == [("invited", ""), ("lapsed", "lately")]
    (said,) = await asked(runtime, person)
    assert said.startswith(wording.ASK["handoff"]) and "9 pertanyaan" in said
    menu = (await runtime.database.run(select(Conversation.menu).where(Conversation.id == person)))[0].menu
    assert [one["title"] for one in menu["buttons"]] == ["Isi survei", "Tidak, terima kasih"] and menu["fresh"]
    await note(runtime, person)
    await send_due(runtime, get_knowledge(), now + timedelta(minutes=1))
    assert (await states(runtime, person))[-1] == ("lapsed", "lately")


@pytest.mark.parametrize("why", ["asked", "blocked"])
async def test_who_wants_no_news_is_not_asked(runtime: Runtime, why: Literal["asked", "blocked"]) -> None:
    person = await newcomer(runtime)
    await optout.note(runtime, person, why)
    await note(runtime, person)
    await send_due(runtime, get_knowledge(), datetime.now(UTC) + timedelta(minutes=3))
    assert await asked(runtime, person) == [] and await states(runtime, person) == [("lapsed", "unwanted")]


async def test_never_into_an_officers_conversation(runtime: Runtime) -> None:
    person = await newcomer(runtime, owner="officer")
    await note(runtime, person)
    now = datetime.now(UTC) + timedelta(minutes=3)
    await send_due(runtime, get_knowledge(), now)
    assert await asked(runtime, person) == [] and await states(runtime, person) == [("waiting", "")]
    await send_due(runtime, get_knowledge(), now + timedelta(days=3))
    assert await asked(runtime, person) == [] and await states(runtime, person) == [("lapsed", "late")]


@pytest.fixture
async def register_alone(runtime: Runtime) -> AsyncIterator[None]:
    """Leaves no application behind for the tests of the register."""
    yield
    async with runtime.database.session() as session:
        await session.execute(text("truncate applications cascade"))


async def test_who_reads_that_the_licence_is_issued_is_asked(runtime: Runtime, register_alone: None) -> None:
    phone = f"0812{uuid.uuid4().int % 10**8:08d}"
    person = await newcomer(runtime, channel="whatsapp")
    async with runtime.database.session() as session:
        (await session.get_one(Conversation, person)).address = f"whatsapp:+62{phone[1:]}"
    async with runtime.database.session() as session:
        register = register_of(runtime, session)
        new = NewApplication(
            "magetan-perluasan", received_on=datetime.now(UTC).date() - timedelta(days=20), phones=[phone]
        )
        application = (await add(register, new, "sari")).application
        stages = get_knowledge().stages["magetan-perluasan"].procedures[0].stages
        end = next(one.id for one in stages if one.end == "approved")
        done = await advance(register, application.number, end, "sari", reason="selesai", correction=True)
        assert await news.queue(register, done.event, done.application) == 1
    hear_occasions(runtime)
    await post(runtime)
    found = await runtime.database.run(
        select(Survey.occasion, Survey.office, Survey.service, Survey.status).where(Survey.conversation_id == person)
    )
    assert [tuple(row) for row in found] == [("licence", "magetan", "magetan-perluasan", "waiting")]


async def test_a_licence_seen_from_two_chats_is_asked_about_once_where_they_wrote_last(
    runtime: Runtime, register_alone: None
) -> None:
    now = datetime.now(UTC)
    chats = [await newcomer(runtime) for _ in range(3)]
    async with runtime.database.session() as session:
        register = register_of(runtime, session)
        new = NewApplication("magetan-perluasan", received_on=datetime.now(UTC).date() - timedelta(days=20))
        application = (await add(register, new, "sari")).application
        session.add_all(
            ApplicationLink(application_id=application.id, conversation_id=one, how="code") for one in chats
        )
        session.add(NewsMute(conversation_id=chats[2]))
        for minutes, chat in enumerate(reversed(chats)):  # the first one wrote longest ago
            (await session.get_one(Conversation, chat)).last_incoming_at = now - timedelta(minutes=minutes + 1)
        stages = get_knowledge().stages["magetan-perluasan"].procedures[0].stages
        end = next(one.id for one in stages if one.end == "approved")
        done = await advance(register, application.number, end, "sari", reason="selesai", correction=True)
        assert await news.queue(register, done.event, done.application) == 3
    hear_occasions(runtime)
    await post(runtime)
    await send_due(runtime, get_knowledge(), datetime.now(UTC) + timedelta(minutes=3))
    found = [
        row.conversation_id
        for row in await runtime.database.run(
            select(Survey.conversation_id).where(Survey.occasion == "licence", Survey.occasion_id == application.id)
        )
    ]
    assert found == [chats[1]]
    invited = [
        chat for chat in chats if any("Bolehkah kami minta penilaian" in one for one in await asked(runtime, chat))
    ]
    assert invited == [chats[1]]
