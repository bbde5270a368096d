"""Traces of a turn: all of it or nothing, and never more than a little."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import MEMORIES, Actions, RunningEngine, process_waited, start_engine


def state(conversation: str) -> dict[str, Any] | None:
    """What the application remembers of it."""
    memory = MEMORIES.get(conversation)
    return json.loads(memory) if memory else None


def slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value, "timestamp": None}


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b"{}"), (400, b"{}"), (404, b"nothing"), (200, b"not json"), (200, b'{"events": 5}'), (200, b"[]")],
)
def test_a_failed_action_leaves_no_half_turn(engine: RunningEngine, actions: Actions, status: int, body: bytes) -> None:
    conversation = f"failed-{status}-{len(body)}"
    actions.status, actions.body = status, body
    assert engine.turn(conversation, text="berapa biayanya").status_code == 503
    assert state(conversation) is None

    actions.status, actions.body = 200, None
    assert engine.turn(conversation, payload="/greet").status_code == 200
    before = state(conversation)
    actions.status = 500
    assert engine.turn(conversation, text="terima kasih").status_code == 503
    assert state(conversation) == before


def test_actions_away_then_back(model: Path, actions: Actions, test_folder: Path, unused_tcp_port: int) -> None:
    nobody = f"http://127.0.0.1:{unused_tcp_port}/actions"
    alone = start_engine(model, nobody, test_folder / "engine-alone.log")
    try:
        assert alone.turn("away-1", payload="/greet").status_code == 503
        assert state("away-1") is None
    finally:
        alone.client.close()
        alone.process.terminate()
        assert process_waited(alone.process, 10) == 0


def test_slots_outlive_the_turns_that_set_them(engine: RunningEngine, actions: Actions) -> None:
    guide = {"service": "kudus-iui", "step": 4, "answers": ["ya", None, 1.5]}
    actions.events = [slot("office", "kudus"), slot("offered", guide)]
    engine.turn("memory-1", payload="/greet")
    actions.events = []
    for _ in range(20):
        assert engine.turn("memory-1", payload="/thanks").status_code == 200
    slots = actions.calls[-1]["tracker"]["slots"]
    assert (slots["office"], slots["offered"], slots["service"]) == ("kudus", guide, None)

    actions.events = [slot("office", None)]
    engine.turn("memory-1", payload="/thanks")
    actions.events = []
    for _ in range(5):
        engine.turn("memory-1", payload="/thanks")
    assert actions.calls[-1]["tracker"]["slots"]["office"] is None


def test_memory_stays_small(engine: RunningEngine, actions: Actions) -> None:
    sizes = []
    for number in range(60):
        actions.events = [slot("topic", f"topik {number}")]
        assert engine.turn("long-1", payload="/ask_cost").status_code == 200
        sizes.append(len(json.dumps(state("long-1"))))
    assert max(sizes[10:]) <= max(sizes[:10]) + 50
    assert len(actions.calls[-1]["tracker"]["events"]) < 30


def test_restored_events_are_the_saved_ones(engine: RunningEngine, actions: Actions) -> None:
    engine.turn("faithful-1", text="berapa biaya di kudus", metadata={"message_id": 1})
    saved = state("faithful-1")
    engine.turn("faithful-1", text="kalau di magetan?", metadata={"message_id": 2})
    assert saved is not None
    seen = actions.calls[-1]["tracker"]["events"]
    assert seen[: len(saved["events"])] == saved["events"]
    users = [event for event in seen if event["event"] == "user"]
    assert [event["metadata"] for event in users] == [{"message_id": 1}, {"message_id": 2}]


def test_any_engine_may_serve_any_turn(engine: RunningEngine, model: Path, actions: Actions, test_folder: Path) -> None:
    other = start_engine(model, actions.url, test_folder / "engine-2.log")
    try:
        for number in range(6):
            actions.events = [slot("failures", number)]
            serving = (engine, other)[number % 2]
            assert serving.turn("shared-1", payload="/thanks").status_code == 200
            if number:
                assert actions.calls[-1]["tracker"]["slots"]["failures"] == number - 1
    finally:
        other.client.close()
        other.process.terminate()
        assert process_waited(other.process, 10) == 0


def test_a_lost_memory_is_a_new_conversation(engine: RunningEngine, actions: Actions) -> None:
    actions.events = [slot("office", "kudus")]
    engine.turn("erased-1", payload="/greet")
    del MEMORIES["erased-1"]
    actions.events = []
    assert engine.turn("erased-1", payload="/greet").status_code == 200
    assert actions.calls[-1]["tracker"]["slots"]["office"] is None


def test_many_at_once(engine: RunningEngine, actions: Actions) -> None:
    def talk(person: int) -> list[int]:
        return [engine.turn(f"crowd-{person}", payload="/ask_cost").status_code for _ in range(5)]

    with ThreadPoolExecutor(8) as people:
        assert {status for statuses in people.map(talk, range(8)) for status in statuses} == {200}
    counts = [sum(call["sender_id"] == f"crowd-{person}" for call in actions.calls) for person in range(8)]
    assert counts == [5] * 8
