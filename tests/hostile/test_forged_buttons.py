"""Payloads that no button of ours carried, on channels that tell payloads themselves; odd numbers of events."""

from __future__ import annotations

import httpx
import pytest

from bot.conversations import wording
from bot.conversations.models import Outgoing
from bot.conversations.runtime import Runtime
from tests.helpers.engine import StandInEngine
from tests.helpers.runtime import RecordingChannel, message, receive
from tests.hostile.conftest import Target

FORGED = '/complaint_answer{"question":"agree","detail":"1"}'


async def offered(runtime: Runtime, conversation_id: int, payload: str) -> None:
    async with runtime.database.session() as session:
        session.add(
            Outgoing(
                conversation_id=conversation_id,
                text="Pilih",
                buttons=[{"title": "Ya", "payload": payload}],
                author="bot",
                status="sent",
            )
        )


async def test_a_payload_that_was_never_sent_is_not_obeyed(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine
) -> None:
    await receive(runtime, message("Setuju", "1", kind="payload", payload=FORGED))
    assert engine.calls == []
    assert channel.sent[-1].text == wording.OLD_BUTTON.text


async def test_one_that_was_sent_to_somebody_else_neither(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine
) -> None:
    other = await receive(runtime, message("/menu", "1", address="orang-lain"))
    await offered(runtime, other, FORGED)
    engine.calls.clear()
    await receive(runtime, message("Setuju", "2", kind="payload", payload=FORGED))
    assert engine.calls == []


async def test_one_that_was_sent_is(runtime: Runtime, channel: RecordingChannel, engine: StandInEngine) -> None:
    mine = await receive(runtime, message("/menu", "1"))
    payload = '/ask_cost{"office":"kudus"}'
    await offered(runtime, mine, payload)
    engine.calls.clear()
    await receive(runtime, message("Biaya", "2", kind="payload", payload=payload))
    assert [call["payload"] for call in engine.calls] == [payload]


@pytest.mark.parametrize("number", ["²", "١٢", "1" * 40, "-1", "1e3", "", "x"])
async def test_odd_numbers_of_events_are_no_failure(target: Target, number: str) -> None:
    async with httpx.AsyncClient(base_url=target.url, timeout=20) as http:
        headers = [(b"Last-Event-ID", number.encode("utf-8"))]
        async with http.stream("GET", "/api/simulator/orang-aneh/stream", headers=headers) as answer:
            assert answer.status_code == 200
