"""News: told once, at an easy pace, to the owners only, and not to those who asked for silence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest
from sqlalchemy import select, text

from bot.applications import news, promises
from bot.applications.models import Application, ApplicationNews, ApplicationWarning
from bot.applications.posting import post, register_of, wake
from bot.applications.service import NewApplication, Register, add, advance
from bot.conversations import optout
from bot.conversations.models import Conversation, Outgoing
from bot.conversations.runtime import Runtime
from tests.applications.conftest import Clock
from tests.helpers.claiming import claimed, code_on_paper
from tests.helpers.runtime import RecordingChannel, working
from tests.helpers.until import until

NEW = NewApplication("magetan-perluasan", reference="C-1", received_on=date(2026, 11, 2), phones=["081234567890"])


@pytest.fixture
async def owner(register: Register) -> Conversation:
    person = Conversation(channel="whatsapp", address="whatsapp:+6281234567890")
    register.session.add_all([person, Conversation(channel="whatsapp", address="whatsapp:+6281111111111")])
    await register.session.flush()
    return person


async def queued(register: Register) -> list[ApplicationNews]:
    return list(await register.session.scalars(select(ApplicationNews).order_by(ApplicationNews.id)))


async def move(register: Register, application: Application, stage: str, reason: str = "") -> int:
    done = await advance(register, application.number, stage, "sari", reason=reason)
    return await news.queue(register, done.event, done.application)


async def test_news_go_to_the_verified_number_and_to_linked_chats(register: Register, owner: Conversation) -> None:
    application = (await add(register, NEW, "sari")).application
    telegram = Conversation(channel="telegram", address="1")
    register.session.add(telegram)
    await register.session.flush()
    assert await move(register, application, "pemeriksaan") == 1
    await claimed(register, telegram.id, await code_on_paper(register, application.id))
    assert await move(register, application, "perbaikan", "Akta tidak terbaca") == 2
    last = (await queued(register))[-1]
    said = await news.message(register, last, application)
    assert said is not None
    assert "Keterangan petugas: Akta tidak terbaca" in said.text and "Yang perlu Anda lakukan: Lengkapi" in said.text
    assert "berhenti notifikasi" in said.text
    assert [one.title for one in said.buttons] == ["Lihat status", "Cara memperbaiki", "Bicara petugas"]
    assert said.template == {"1": application.number, "2": "Perbaikan"}


async def test_overtaken_news_are_not_sent(register: Register, owner: Conversation) -> None:
    application = (await add(register, NEW, "sari")).application
    await move(register, application, "pemeriksaan")
    await move(register, application, "verifikasi")
    first, second = await queued(register)
    assert await news.message(register, first, application) is None
    assert await news.message(register, second, application) is not None


async def test_the_offices_own_business_is_no_news(register: Register, owner: Conversation) -> None:
    new = NewApplication(
        "verifikasi-iui-oss", received_on=date(2026, 11, 2), phones=["081234567890"], stage="tanda-tangan"
    )
    application = (await add(register, new, "sari")).application
    assert await queued(register) == []
    assert [await move(register, application, one) for one in ("penomoran", "pindai", "persetujuan")] == [0, 0, 1]


async def test_reminders_after_three_and_seven_working_days(
    register: Register, owner: Conversation, clock: Clock
) -> None:
    application = (await add(register, NEW, "sari")).application
    clock.on(2026, 11, 2)
    found: list[tuple[int, str]] = []
    for day in range(2, 30):
        clock.on(2026, 11, day)
        if await promises.remind(register):
            found.append((day, (await queued(register))[-1].kind))
        assert await promises.remind(register) == 0
    assert found == [(5, "reminder-3"), (11, "reminder-7")]
    said = await news.message(register, (await queued(register))[0], application)
    assert said is not None and "sudah 3 hari kerja menunggu Anda" in said.text
    assert "Sampaikan data perluasan" in said.text


async def test_officers_are_warned_before_and_after_a_promise_breaks(register: Register, clock: Clock) -> None:
    application = (await add(register, NEW, "sari")).application
    await advance(register, application.number, "pemeriksaan", "sari", on=date(2026, 11, 3))
    await advance(register, application.number, "verifikasi", "sari", on=date(2026, 11, 16))
    found: list[tuple[int, str]] = []
    for day in range(18, 27):
        clock.on(2026, 11, day)
        if await promises.warn(register):
            query = select(ApplicationWarning.kind).order_by(ApplicationWarning.id.desc()).limit(1)
            found.append((day, (await register.session.execute(query)).scalar_one()))
    assert found == [(19, "near"), (24, "broken")]
    assert [one.left for one in await promises.due(register)] == [-3]


@pytest.fixture
async def recorded(runtime: Runtime) -> AsyncIterator[Runtime]:
    async with runtime.database.session() as session:
        await session.execute(text("truncate applications cascade"))
    yield runtime
    async with runtime.database.session() as session:
        await session.execute(text("truncate applications, conversations cascade"))


async def linked_application(runtime: Runtime, address: str) -> tuple[str, int]:
    """Number and conversation of a new application that is linked to a chat of the recording channel."""
    async with runtime.database.session() as session:
        register = register_of(runtime, session)
        person = Conversation(channel="recording", address=address)
        session.add(person)
        await session.flush()
        application = (await add(register, NewApplication("magetan-perluasan"), "sari")).application
        await claimed(register, person.id, await code_on_paper(register, application.id))
        return application.number, person.id


async def change(runtime: Runtime, number: str, stage: str) -> None:
    async with runtime.database.session() as session:
        register = register_of(runtime, session)
        done = await advance(register, number, stage, "sari")
        await news.queue(register, done.event, done.application)
        await wake(runtime, session)


async def test_news_arrive_through_the_outbox(recorded: Runtime, channel: RecordingChannel) -> None:
    number, conversation = await linked_application(recorded, "budi")
    async with working(recorded):
        await change(recorded, number, "pemeriksaan")

        async def arrived() -> bool:
            return bool(channel.sent)

        await until(arrived)
    (sent,) = channel.sent
    assert sent.address == "budi" and "Tahap: Pemeriksaan kelengkapan" in sent.text
    assert sent.template == {"1": number, "2": "Pemeriksaan kelengkapan"}
    async with recorded.database.session() as session:
        (one,) = (await session.scalars(select(ApplicationNews))).all()
        assert one.outgoing_id == sent.id and one.skipped == ""
        person = await session.get_one(Conversation, conversation)
        assert person.menu is not None and person.menu["buttons"][0]["title"] == "Lihat status"
        outgoing = await session.get_one(Outgoing, sent.id)
        assert (outgoing.author, outgoing.status) == ("system", "sent")


async def test_silence_is_respected(recorded: Runtime, channel: RecordingChannel) -> None:
    number, conversation = await linked_application(recorded, "siti")
    async with recorded.database.session() as session:
        await news.mute(register_of(recorded, session), conversation)
    await change(recorded, number, "pemeriksaan")
    await post(recorded)
    async with recorded.database.session() as session:
        assert [one.skipped for one in await session.scalars(select(ApplicationNews))] == ["muted"]
        assert (await session.scalars(select(Outgoing))).all() == []
        await news.unmute(register_of(recorded, session), conversation)
    await change(recorded, number, "verifikasi")
    await post(recorded)
    async with recorded.database.session() as session:
        assert len((await session.scalars(select(Outgoing))).all()) == 1


async def test_who_opted_out_hears_no_news(recorded: Runtime) -> None:
    number, conversation = await linked_application(recorded, "lestari")
    await optout.note(recorded, conversation, "asked")
    await change(recorded, number, "pemeriksaan")
    await post(recorded)
    async with recorded.database.session() as session:
        assert [one.skipped for one in await session.scalars(select(ApplicationNews))] == ["muted"]
        assert (await session.scalars(select(Outgoing))).all() == []
    await optout.note(recorded, conversation, "")
    await change(recorded, number, "verifikasi")
    await post(recorded)
    async with recorded.database.session() as session:
        assert len((await session.scalars(select(Outgoing))).all()) == 1


async def test_posting_twice_sends_once(recorded: Runtime) -> None:
    number, _ = await linked_application(recorded, "tono")
    await change(recorded, number, "pemeriksaan")
    await post(recorded)
    await post(recorded)
    async with recorded.database.session() as session:
        assert len((await session.scalars(select(Outgoing))).all()) == 1


def test_reminder_days_are_those_of_the_jobs() -> None:
    assert list(news.REMINDER_DAYS.values()) == [promises.FIRST, promises.SECOND]
