"""The end of every kind of data: when its time is over, not before, and not where a hold covers it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.applications.models import ApiKey, ApiRequest, ClaimCode
from bot.complaints.models import Complaint
from bot.conversations.models import Conversation, ErasedMessage, ErasedPerson, StoredFile
from bot.conversations.runtime import Runtime
from bot.knowledge.load import get_knowledge
from bot.officers.models import OfficerSession, SignInFailure
from bot.privacy import retention, service, wording
from bot.privacy.models import PrivacyRequest
from bot.privacy.retention import KINDS, UnknownKind, periods, preview, run
from bot.tasks import make_jobs
from tests.privacy.conftest import CANARY, Filled, age, all_of, files_of, one, places_with

RULES = get_knowledge().privacy
DAYS = {kind.id: kind.days for kind in RULES.retention}


def only(*kinds: str) -> list[retention.Period]:
    """Just these kinds, with their default periods."""
    return [one for one in periods(RULES, {}) if one.kind.id in kinds]


async def _more(runtime: Runtime, filled: Filled) -> None:
    """What a person alone does not bring: sessions, codes, keys, requests."""
    now = datetime.now(UTC)
    async with runtime.database.session() as session:
        await session.execute(
            text("truncate officer_sessions, sign_in_failures, api_keys, claim_codes, audit_lines cascade")
        )
        session.add(OfficerSession(token_hash="t", officer_id=filled.officer, confirmed=True, expires_at=now))
        session.add(SignInFailure(who="w"))
        session.add_all([ErasedMessage(hash="h", channel="recording"), ErasedPerson(hash="h", erased_at=now)])
        session.add(ClaimCode(hash="h", application_id=filled.application, made_by="budi", expires_at=now))
        key = ApiKey(name="sistem", hash="h")
        session.add(key)
        await session.flush()
        session.add(ApiRequest(key_id=key.id, idempotency_key="k", request_hash="h", status=201, answer={}))
        await service.make_link(session, filled.conversation, now - service.LINK_LIFETIME)
        held = await service.hold(session, "application", filled.application, "sengketa", "officer:1")
        await service.release(session, held.id, "officer:1", now)
    async with runtime.database.session() as session:
        await session.execute(
            text("update complaints set status = 'closed', closed_at = now() where tracking_id <> ''")
        )


async def _over(runtime: Runtime) -> dict[str, int]:
    async with runtime.database.session() as session:
        found = await preview(session, periods(RULES, {}), datetime.now(UTC))
    return {one.period.kind.id: one.count for one in found}


def test_every_kind_has_its_statements() -> None:
    assert set(KINDS) == set(DAYS)
    assert "keep_retention" in make_jobs("postgresql://localhost/none").tasks


def test_the_office_chooses_its_own_periods() -> None:
    chosen = {one.kind.id: (one.days, one.ours) for one in periods(RULES, {"messages": 30, "files": 0})}
    assert chosen["messages"] == (30, False)
    assert chosen["files"] == (0, False)
    assert chosen["audit"] == (DAYS["audit"], True)
    for wrong in ({"mesages": 1}, {"messages": -1}):
        with pytest.raises(UnknownKind, match="PANDU_RETENTION"):
            periods(RULES, wrong)


async def test_nothing_goes_before_its_time(runtime: Runtime, filled: Filled) -> None:
    await _more(runtime, filled)
    before = await places_with(runtime, CANARY)
    assert set((await _over(runtime)).values()) == {0}
    assert set((await run(runtime, periods(RULES, {}))).values()) == {0}
    assert await places_with(runtime, CANARY) == before
    await age(runtime, min(DAYS.values()) - 1)
    assert set((await _over(runtime)).values()) == {0}


async def test_a_period_of_nought_days_keeps_for_ever(runtime: Runtime, filled: Filled) -> None:
    await age(runtime, 5000)
    before = await places_with(runtime, CANARY)
    await run(runtime, periods(RULES, dict.fromkeys(DAYS, 0)))
    assert await places_with(runtime, CANARY) == before


async def test_every_kind_goes_after_its_time(runtime: Runtime, filled: Filled) -> None:
    await _more(runtime, filled)
    aged = 0
    for days in sorted(set(DAYS.values())):
        kinds = [kind for kind in DAYS if DAYS[kind] == days and kind != "conversations"]
        await age(runtime, days - 1 - aged)
        over = await _over(runtime)
        assert {kind: over[kind] for kind in kinds} == dict.fromkeys(kinds, 0)
        await age(runtime, 2)
        aged = days + 1
        over = await _over(runtime)
        for kind in kinds:
            assert over[kind] > 0, kind
            assert (await run(runtime, only(kind)))[kind] == over[kind]
            assert (await _over(runtime))[kind] == 0


async def test_an_old_conversation_goes_with_all_that_belongs_to_it(runtime: Runtime, filled: Filled) -> None:
    """Not while the office still owes an answer."""
    await age(runtime, DAYS["conversations"] + 1)
    await run(runtime, only("conversations"))
    assert await one(runtime, Conversation, filled.conversation) is not None
    async with runtime.database.session() as session:
        await session.execute(
            text("update complaints set status = 'closed', closed_at = now() where tracking_id <> ''")
        )
    await run(runtime, only("conversations"))
    assert await one(runtime, Conversation, filled.conversation) is not None  # its application is under way
    async with runtime.database.session() as session:
        await session.execute(text("update applications set turn = 'nobody'"))
    assert (await run(runtime, only("conversations")))["conversations"] == 1
    assert await places_with(runtime, CANARY) == set()
    kept = await one(runtime, Complaint, filled.sent)
    assert kept is not None
    assert kept.body == wording.REMOVED


async def test_the_content_of_a_file_goes_that_there_was_one_stays(runtime: Runtime, filled: Filled) -> None:
    """The file of an open report stays with it."""
    await age(runtime, DAYS["files"] + 1)
    assert (await run(runtime, only("files")))["files"] == 1  # what the officer sent
    await _more(runtime, filled)
    await age(runtime, DAYS["files"] + 1)
    assert (await run(runtime, only("files")))["files"] == 2
    (stored,) = await all_of(runtime, StoredFile)
    assert (stored.path, stored.filename, stored.error) == ("", "", wording.FILE_GONE)
    assert files_of(runtime) == []


async def test_the_copy_of_ones_own_data_leaves_our_disk_after_two_days(runtime: Runtime, filled: Filled) -> None:
    older = text("""
        update outgoing_messages set reply_token = 'copy:1:1', created_at = now() - make_interval(hours => :hours)
        where file is not null
    """)
    for hours, gone in ((47, 0), (49, 1)):
        async with runtime.database.session() as session:
            await session.execute(older, {"hours": hours})
        before = len(files_of(runtime))
        assert (await run(runtime, only("files")))["files"] == gone
        assert len(files_of(runtime)) == before - gone


async def test_nothing_that_goes_is_looked_for_in_whole_tables(runtime: Runtime) -> None:
    """What refers to messages and conversations has an index: else each that goes reads the whole other table."""
    query = text("""
        select conrelid::regclass::text || '.' || attname as reference
        from pg_constraint join pg_attribute on attrelid = conrelid and attnum = conkey[1]
        where contype = 'f'
            and confrelid = any(array['conversations', 'incoming_messages', 'outgoing_messages']::regclass[])
            and not exists (select from pg_index where indrelid = conrelid and indkey[0] = conkey[1])
    """)
    assert await runtime.database.run(query) == []


async def test_a_hold_on_an_application_covers_the_chat_of_its_number(runtime: Runtime, filled: Filled) -> None:
    async with runtime.database.session() as session:
        await session.execute(
            text("update conversations set channel = 'whatsapp', address = 'whatsapp:+6281234567890' where id = :id"),
            {"id": filled.conversation},
        )
        await session.execute(text("delete from application_links"))
        assert not await service.is_held(session, filled.conversation)
        await service.hold(session, "application", filled.application, "sengketa", "officer:1")
        assert await service.is_held(session, filled.conversation)
    await age(runtime, 5000)
    assert (await _over(runtime))["messages"] == 0
    assert (await run(runtime, only("messages", "trackers"))) | {"orphans": 0} == {
        "messages": 0,
        "trackers": 0,
        "orphans": 0,
    }


@pytest.mark.parametrize("subject", ["conversation", "application", "complaint"])
async def test_a_hold_stops_the_clock(runtime: Runtime, filled: Filled, subject: str) -> None:
    number = {"conversation": filled.conversation, "application": filled.application, "complaint": filled.sent}[subject]
    async with runtime.database.session() as session:
        await session.execute(text("update applications set turn = 'nobody'"))
        await session.execute(
            text("update complaints set status = 'closed', closed_at = now() where tracking_id <> ''")
        )
        await service.hold(session, subject, number, "sengketa", "officer:1")
    before = await places_with(runtime, CANARY)
    await age(runtime, 5000)
    await run(runtime, periods(RULES, {}))
    assert await places_with(runtime, CANARY) == before


async def test_a_request_that_waits_for_a_hold_is_kept(runtime: Runtime, filled: Filled) -> None:
    async with runtime.database.session() as session:
        await service.hold(session, "conversation", filled.conversation, "sengketa", "officer:1")
        await service.ask_erasing(session, filled.conversation, datetime.now(UTC))
    await age(runtime, 5000)
    await run(runtime, only("requests"))
    assert [row.status for row in await all_of(runtime, PrivacyRequest)] == ["held"]


async def test_files_without_a_row_go_after_a_day(runtime: Runtime, filled: Filled) -> None:
    folder = runtime.settings.files_dir
    for name in ("777.jpg", "complaint-777.pdf", "note.txt", "888.jpg"):
        (folder / name).write_text("x")
    old = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    (folder / "sent" / "x.pdf").write_text("x")
    for path in files_of(runtime):
        written = old if path.name != "888.jpg" else datetime.now(UTC).timestamp()
        os.utime(path, (written, written))
    me = filled.conversation
    assert (await run(runtime, []))["orphans"] == 3
    kept = {"888.jpg", "note.txt", f"{me}1.jpg", f"complaint-{me}2.jpg", f"{me}.pdf"}
    assert {one.name for one in files_of(runtime)} == kept


async def test_nobody_waits_for_it(runtime: Runtime, filled: Filled) -> None:
    """What somebody else has locked is left to the next run."""
    await age(runtime, DAYS["trackers"] + 1)
    async with runtime.database.session() as other:
        await other.execute(text("select 1 from rasa_trackers for update"))
        assert (await run(runtime, only("trackers")))["trackers"] == 0
    assert (await run(runtime, only("trackers")))["trackers"] == 1


async def test_many_rows_go_in_batches(runtime: Runtime, filled: Filled) -> None:
    async with runtime.database.session() as session:
        await session.execute(
            text("""
            insert into incoming_messages (conversation_id, channel, provider_id, kind, text, handled_at, received_at)
            select :id, 'recording', 'many-' || n, 'text', 'x', now(), now() - interval '3 years'
            from generate_series(1, 1200) n
            """),
            {"id": filled.conversation},
        )
    assert (await run(runtime, only("messages")))["messages"] == 1200


async def test_what_is_not_gone_when_the_office_opens_waits_for_the_next_night(
    runtime: Runtime, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    await age(runtime, DAYS["trackers"] + 1)
    with monkeypatch.context() as patched:
        patched.setattr(retention, "LONGEST", 0.0)
        assert (await run(runtime, only("trackers")))["trackers"] == 0
    assert (await run(runtime, only("trackers")))["trackers"] == 1
