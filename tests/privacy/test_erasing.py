"""The nothing that erasing leaves of a person: in no column of no table, encrypted or not, and in no file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, func, select, text

from bot.applications.models import Application, ApplicationLink
from bot.audit.service import AuditFilter, lines
from bot.complaints.models import Complaint
from bot.conversations import inbox
from bot.conversations.jobs import RetryLater
from bot.conversations.models import Conversation, Incoming, Outgoing
from bot.conversations.outbox import deliver
from bot.conversations.runtime import Runtime
from bot.handoff.triage.models import SavedView
from bot.privacy import erase, service, wording
from bot.privacy.models import PrivacyRequest
from tests.helpers.engine import StandInEngine
from tests.helpers.runtime import RecordingChannel, message, receive, working
from tests.helpers.until import until
from tests.privacy.conftest import CANARY, Filled, all_of, files_of, fill, one, places_with

EVERYWHERE = {
    "conversations",
    "incoming_messages",
    "outgoing_messages",
    "stored_files",
    "complaints",
    "complaint_parts",
    "complaint_events",
    "complaint_files",
    "guide_progress",
    "handoffs",
    "conversation_notes",
    "call_backs",
    "rasa_trackers",
    "knowledge_proposals",
    "unknown_messages",
    "files",
}


async def _confirmed(runtime: Runtime, conversation: int) -> int:
    async with runtime.database.session() as session:
        request = await service.ask_erasing(session, conversation, datetime.now(UTC))
        assert await service.confirm_erasing(session, conversation, request.id, datetime.now(UTC)) == "started"
        return request.id


async def _fresh(runtime: Runtime, address: str = "siti") -> Conversation | None:
    async with runtime.database.session() as session:
        query = select(Conversation).where(Conversation.address == address)
        return (await session.execute(query)).scalar_one_or_none()


async def test_nothing_is_left_anywhere(runtime: Runtime, filled: Filled, channel: RecordingChannel) -> None:
    assert await places_with(runtime, CANARY) == EVERYWHERE  # the search finds it while it is there
    other = await fill(runtime, "joko")
    await erase.erase(runtime, filled.conversation, await _confirmed(runtime, filled.conversation))
    fresh = await _fresh(runtime)
    assert fresh is not None
    assert fresh.profile_name == ""
    assert fresh.introduced_at is None
    await deliver(runtime, fresh.id)
    assert "sudah dihapus: 3 pesan, 1 berkas, 1 laporan" in channel.sent[-1].text
    assert channel.sent[-1].address == "siti"
    await erase.forget(runtime, fresh.id)
    assert await one(runtime, Conversation, other.conversation) is not None
    await erase.erase(runtime, other.conversation, await _confirmed(runtime, other.conversation))
    assert await places_with(runtime, CANARY) == set()
    assert files_of(runtime) == []


async def test_views_that_search_for_the_person_go(runtime: Runtime, filled: Filled) -> None:
    """An officer's saved view kept the name after everything else was gone."""
    kept = ("kudus", "08", "nota pajak")
    async with runtime.database.session() as session:
        person = await session.get_one(Conversation, filled.conversation)
        person.profile_name, person.channel_name = "Siti Kurniasari", "siti k."
        for searched in ("kurnia", "Siti  Kurniasari", "ibu siti kurniasari tahu", "siti", *kept):
            session.add(SavedView(name=searched, wanted={"view": "all", "q": searched}))
    await erase.erase(runtime, filled.conversation, await _confirmed(runtime, filled.conversation))
    async with runtime.database.session() as session:
        assert {one.name for one in await session.scalars(select(SavedView))} == set(kept)
        await session.execute(delete(SavedView))


async def test_what_stays_is_the_office_s(runtime: Runtime, filled: Filled) -> None:
    await erase.erase(runtime, filled.conversation, await _confirmed(runtime, filled.conversation))
    kept = await one(runtime, Complaint, filled.sent)
    assert kept is not None
    assert (kept.title, kept.body, kept.status, kept.office) == (wording.REMOVED, wording.REMOVED, "closed", "magetan")
    assert kept.tracking_id == f"{1000000 + filled.conversation}"
    assert kept.answers == {"visibility": "rahasia"}
    nobody = await one(runtime, Conversation, kept.conversation_id)
    assert nobody is not None
    assert (nobody.channel, nobody.address) == ("erased", "erased")
    assert await one(runtime, Complaint, filled.draft) is None
    assert await one(runtime, Application, filled.application) is not None
    assert await all_of(runtime, ApplicationLink) == []
    async with runtime.database.session() as session:
        done = (await session.execute(select(PrivacyRequest))).scalar_one()
        assert (done.status, done.detail["messages"], done.detail["sent"]) == ("done", 3, 1)
        acts = {line.action for line in await lines(session, AuditFilter(subject="conversation"))}
        assert {"conversation.read", "privacy.erasing-confirmed", "privacy.erased"} <= acts


async def test_erasing_twice_changes_nothing(runtime: Runtime, filled: Filled) -> None:
    request = await _confirmed(runtime, filled.conversation)
    await erase.erase(runtime, filled.conversation, request)
    await erase.erase(runtime, filled.conversation, request)
    assert [row.text for row in await all_of(runtime, Outgoing) if row.author == "system"] == [
        erase.told(erase.Effect(3, 1, 1, 1, 1, 1))
    ]


async def test_a_message_that_comes_meanwhile_is_not_lost(runtime: Runtime, filled: Filled) -> None:
    """It belongs to the new conversation, and its turn is queued."""
    request = await _confirmed(runtime, filled.conversation)
    stored = await inbox.store(runtime, message("masih ada pertanyaan", "9"))
    assert stored is not None
    await erase.erase(runtime, filled.conversation, request)
    fresh = await _fresh(runtime)
    assert fresh is not None
    (waiting,) = await all_of(runtime, Incoming)
    assert (waiting.conversation_id, waiting.text) == (fresh.id, "masih ada pertanyaan")
    async with working(runtime):

        async def answered() -> bool:
            row = await one(runtime, Incoming, waiting.id)
            return row is not None and row.outcome == "answered"

        await until(answered)
    await erase.forget(runtime, fresh.id)  # the person is back: nothing is forgotten
    assert await one(runtime, Conversation, fresh.id) is not None


async def test_the_number_is_forgotten_once_the_last_message_is_out(
    runtime: Runtime, filled: Filled, channel: RecordingChannel
) -> None:
    await erase.erase(runtime, filled.conversation, await _confirmed(runtime, filled.conversation))
    fresh = await _fresh(runtime)
    assert fresh is not None
    with pytest.raises(RetryLater):  # still on its way
        await erase.forget(runtime, fresh.id)
    await deliver(runtime, fresh.id)
    await erase.forget(runtime, fresh.id)
    assert await _fresh(runtime) is None
    assert await all_of(runtime, Outgoing) == []
    async with runtime.database.session() as session:
        due = await session.execute(
            text("select lock, scheduled_at > now() from procrastinate_jobs where task_name = 'forget_conversation'")
        )
        assert due.all() == [(None, True)]  # without a lock: it must not hold up the next message for an hour


async def test_a_hold_forbids_it_also_after_the_yes(
    runtime: Runtime, filled: Filled, channel: RecordingChannel
) -> None:
    request = await _confirmed(runtime, filled.conversation)
    async with runtime.database.session() as session:
        made = await service.hold(session, "complaint", filled.sent, "sengketa", "officer:1")
    await erase.erase(runtime, filled.conversation, request)
    assert await places_with(runtime, CANARY) == EVERYWHERE
    await deliver(runtime, filled.conversation)
    assert channel.sent[-1].text == wording.HELD
    async with runtime.database.session() as session:
        assert [one.id for one in await service.held_requests(session)] == [request]
        assert await service.release(session, made.id, "officer:1", datetime.now(UTC))
    await erase.erase(runtime, filled.conversation, await _confirmed(runtime, filled.conversation))
    assert await places_with(runtime, CANARY) == set()


@pytest.mark.parametrize("subject", ["conversation", "application", "complaint"])
async def test_a_hold_covers_the_conversations_of_its_subject(runtime: Runtime, filled: Filled, subject: str) -> None:
    number = {"conversation": filled.conversation, "application": filled.application, "complaint": filled.draft}[
        subject
    ]
    async with runtime.database.session() as session:
        assert not await service.is_held(session, filled.conversation)
        made = await service.hold(session, subject, number, "sengketa", "officer:1")
        again = await service.hold(session, subject, number, "lagi", "officer:2")
        assert again.id == made.id
        assert await service.is_held(session, filled.conversation)
        with pytest.raises(service.NoSuchSubject):
            await service.hold(session, subject, 10**12, "x", "officer:1")
        assert await service.release(session, made.id, "officer:2", datetime.now(UTC))
        assert await service.release(session, made.id, "officer:2", datetime.now(UTC)) is None
        assert not await service.is_held(session, filled.conversation)


async def test_a_hold_on_an_application_covers_a_whatsapp_number_that_is_its_contact(
    runtime: Runtime, filled: Filled
) -> None:
    async with runtime.database.session() as session:
        owner = Conversation(channel="whatsapp", address="whatsapp:+6281234567890")
        session.add(owner)
        await session.flush()
        assert not await service.is_held(session, owner.id)
        await service.hold(session, "application", filled.application, "sengketa", "officer:1")
        assert await service.is_held(session, owner.id)


async def test_a_report_that_a_connector_may_have_taken_is_never_sent_again(runtime: Runtime, filled: Filled) -> None:
    async with runtime.database.session() as session:
        await session.execute(
            text("update complaints set status = 'sending', submitted_by = '' where tracking_id <> ''")
        )
        await session.execute(text("update complaint_deliveries set status = 'pending'"))
    await erase.erase(runtime, filled.conversation, await _confirmed(runtime, filled.conversation))
    async with runtime.database.session() as session:
        found = (await session.execute(text("select status, error from complaint_deliveries"))).one()
        assert tuple(found) == ("dead", "erased")


async def test_after_erasing_the_person_is_new(runtime: Runtime, filled: Filled, engine: StandInEngine) -> None:
    await erase.erase(runtime, filled.conversation, await _confirmed(runtime, filled.conversation))
    fresh = await receive(runtime, message("halo", "77"))
    assert fresh != filled.conversation
    assert engine.calls[-1]["metadata"]["first_contact"] is True
    async with runtime.database.session() as session:
        count = select(func.count()).where(Incoming.conversation_id == fresh)
        assert (await session.execute(count)).scalar_one() == 1
