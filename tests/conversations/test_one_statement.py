"""Work in one statement beside the same in several: the same job, the same order, the same owner."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import text

from bot.complaints.models import Complaint
from bot.conversations import inbox, outbox, turn
from bot.conversations.jobs import conversation_lock, defer
from bot.conversations.models import Conversation, Incoming, Outgoing
from bot.conversations.runtime import Runtime
from bot.dialogue.client import EngineUnavailable
from tests.helpers.engine import StandInEngine
from tests.helpers.runtime import RecordingChannel, message, receive, rows, set_owner
from tests.helpers.until import until


async def jobs(runtime: Runtime) -> list[dict[str, Any]]:
    async with runtime.database.session() as session:
        found = await session.execute(text("select * from procrastinate_jobs order by id"))
        return [{key: value for key, value in row._mapping.items() if key != "id"} for row in found]


async def memory_of(runtime: Runtime, conversation_id: int) -> list[str] | None:
    async with runtime.database.session() as session:
        found = await session.execute(
            text("select state from rasa_trackers where sender_id = :id"), {"id": str(conversation_id)}
        )
        state = found.scalar_one_or_none()
    return state["heard"] if state else None


async def test_storing_queues_the_job_that_procrastinate_would(runtime: Runtime) -> None:
    stored = await inbox.store(runtime, message())
    assert stored is not None
    async with runtime.database.session() as session:
        await defer(runtime.jobs, session, "turn", lock=conversation_lock(stored[1]), conversation_id=stored[1])
    ours, theirs = await jobs(runtime)
    assert ours == theirs


async def test_a_repeated_delivery_queues_nothing(runtime: Runtime) -> None:
    assert await inbox.store(runtime, message()) is not None
    assert await inbox.store(runtime, message()) is None
    assert len(await jobs(runtime)) == 1


@pytest.mark.parametrize("repeated", [False, True])
async def test_what_is_stored_is_on_the_disk_before_it_is_acknowledged(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, *, repeated: bool
) -> None:
    written: list[Any] = []
    run = runtime.database.run

    async def look(statement: Any, parameters: Any = None) -> list[Any]:
        found = await run(statement, parameters)
        if not written:
            written.extend(await run(text("select pg_current_wal_insert_lsn() as place")))
        return found

    if repeated:  # the first one was stored a moment ago, and its process died before it could wait for the disk
        assert await inbox.store(runtime, message(), until_on_disk=False) is not None
    monkeypatch.setattr(runtime.database, "run", look)
    assert (await inbox.store(runtime, message()) is None) == repeated
    flushed = text("select pg_current_wal_flush_lsn() >= cast(:place as pg_lsn) as whole")
    assert (await run(flushed, {"place": str(written[0].place)}))[0].whole


async def test_the_engines_memory_is_kept_with_the_answer(runtime: Runtime, engine: StandInEngine) -> None:
    conversation = await receive(runtime, message("satu", "1"))
    await receive(runtime, message("dua", "2"))
    assert [json.loads(call["memory"] or "null") for call in engine.calls] == [None, {"heard": ["satu"]}]
    assert await memory_of(runtime, conversation) == ["satu", "dua"]


async def test_an_answer_that_is_not_stored_is_not_remembered(
    runtime: Runtime, engine: StandInEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = await receive(runtime, message("satu", "1"))

    async def away(*_: Any) -> Any:
        raise EngineUnavailable("as if we died here")

    with monkeypatch.context() as patch:
        patch.setattr(turn, "commit", away)
        with pytest.raises(EngineUnavailable):
            await receive(runtime, message("dua", "2"))
    assert await memory_of(runtime, conversation) == ["satu"]
    await turn.take_turn(runtime, conversation)
    assert await memory_of(runtime, conversation) == ["satu", "dua"]


async def test_what_waited_before_is_sent_first(runtime: Runtime, channel: RecordingChannel) -> None:
    conversation = await receive(runtime, message("satu", "1"))
    async with runtime.database.session() as session:
        await outbox.put(session, conversation, "Kabar lama.", "system")
    await receive(runtime, message("dua", "2"))
    assert [sent.text for sent in channel.sent] == ["jawaban: satu", "Kabar lama.", "jawaban: dua"]


async def test_without_a_provider_what_waited_before_counts_as_sent_too(runtime: Runtime) -> None:
    here = {"channel": "simulator", "address": "layar"}
    conversation = await receive(runtime, message("satu", "1", **here))
    async with runtime.database.session() as session:
        await outbox.put(session, conversation, "Kabar lama.", "system")
    await receive(runtime, message("dua", "2", **here))
    assert [(row.status, row.attempts) for row in await rows(runtime, Outgoing)] == [("sent", 1)] * 3


async def test_more_than_a_batch_is_sent(runtime: Runtime, channel: RecordingChannel) -> None:
    conversation = await receive(runtime, message("satu", "1"))
    async with runtime.database.session() as session:
        for number in range(outbox.BATCH + 5):
            await outbox.put(session, conversation, f"Kabar {number}.", "system")
    await receive(runtime, message("dua", "2"))
    assert len(channel.sent) == outbox.BATCH + 7
    assert channel.sent[-1].text == "jawaban: dua"


async def test_an_officer_who_takes_over_while_the_answer_is_written_is_not_talked_over(runtime: Runtime) -> None:
    """The officer's transaction holds the conversation; the answer waits for it and then sees the new owner."""
    here = {"channel": "simulator", "address": "layar"}
    await receive(runtime, message("satu", "1", **here))
    stored = await inbox.store(runtime, message("dua", "2", **here))
    assert stored is not None
    async with runtime.database.session() as officer:
        await officer.execute(text("update conversations set owner = 'officer'"))
        answering = asyncio.create_task(turn.take_turn(runtime, stored[1]))

        async def waits() -> bool:
            waiting = text("select count(*) as n from pg_stat_activity where wait_event_type = 'Lock'")
            return bool((await runtime.database.run(waiting))[0].n)

        await until(waits)
    await answering
    assert [row.status for row in await rows(runtime, Outgoing)] == ["sent", "suppressed"]
    assert [row.owner for row in await rows(runtime, Conversation)] == ["officer"]
    assert all(row.handled_at for row in await rows(runtime, Incoming))


async def test_what_is_said_while_a_report_is_made_is_its_own(runtime: Runtime) -> None:
    """Whoever answers it, or nobody does; what is said to the staff is not."""
    conversation = await receive(runtime, message("halo", "1"))
    async with runtime.database.session() as session:
        report = Complaint(conversation_id=conversation, step="story")
        session.add(report)
    for number, fields in enumerate(({"text": "nama saya Siti"}, {"text": "7"}, {"kind": "sticker", "text": ""})):
        await receive(runtime, message(number=f"2{number}", **fields))
    await set_owner(runtime, "officer")
    await receive(runtime, message("untuk petugas", "3"))
    assert [one.report_id for one in await rows(runtime, Incoming)] == [None, *[report.id] * 3, None]


async def test_a_flood_in_the_middle_of_a_report_is_its_own(runtime: Runtime) -> None:
    conversation = await receive(runtime, message("halo", "1"))
    async with runtime.database.session() as session:
        session.add(Complaint(conversation_id=conversation, step="story"))
    for number in range(runtime.settings.flood_limit + 2):
        await inbox.store(runtime, message("nama saya Siti", f"f{number}"))
    await turn.take_turn(runtime, conversation)
    assert all(one.report_id for one in await rows(runtime, Incoming) if one.text != "halo")
