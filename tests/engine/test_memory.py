"""The engine's memory, where the caller keeps it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.engine.conftest import Actions, RunningEngine
from tests.engine.test_turns import slot


def turn(engine: RunningEngine, memory: str, **said: Any) -> str:
    answer = engine.turn("memory-given", memory=memory, **said)
    assert answer.status_code == 200, answer.text
    remembered: str = answer.json()["memory"]
    return remembered


def test_it_goes_there_and_back(engine: RunningEngine, actions: Actions) -> None:
    actions.events = [slot("office", "kudus"), slot("topic", "ask_cost")]
    first = turn(engine, "", text="berapa biaya di kudus", metadata={"message_id": 1})
    actions.events = [slot("topic", None)]
    second = turn(engine, first, payload="/thanks", metadata={"message_id": 2})
    actions.events = []
    turn(engine, second, payload="/thanks", metadata={"message_id": 3})
    seen = [call["tracker"]["slots"] for call in actions.calls]
    assert [(slots["office"], slots["topic"]) for slots in seen] == [
        (None, None),
        ("kudus", "ask_cost"),
        ("kudus", None),
    ]


def test_the_same_memory_gives_the_same_turn(engine: RunningEngine, actions: Actions) -> None:
    """Tried again, as after a crash: the first try left no trace."""
    actions.events = [slot("failures", 1)]
    before = turn(engine, "", payload="/greet")
    again = [json.loads(turn(engine, before, payload="/ask_cost", metadata={"message_id": 2})) for _ in range(2)]
    events = [[{**event, "timestamp": None} for event in one["events"]] for one in again]
    assert events[0] == events[1]


def test_the_actions_see_what_was_said_in_the_turn_before(engine: RunningEngine, actions: Actions) -> None:
    memory = ""
    for number in range(4):
        memory = turn(engine, memory, payload="/ask_cost", metadata={"message_id": number})
    events = actions.calls[-1]["tracker"]["events"]
    assert [event["message_id"] for event in events if event["event"] == "user"] == ["2", "3"]
    assert [event["text"] for event in events if event["event"] == "bot"] == ["action_answer\n\nbaris kedua"]
    assert len(memory) < 4_000


def test_a_large_turn_is_forgotten_but_not_its_slots(engine: RunningEngine, actions: Actions) -> None:
    said = {"text": "x" * 70_000, "buttons": [], "custom": {}}
    actions.body = json.dumps({"events": [slot("office", "kudus")], "responses": [said]}).encode()
    memory = turn(engine, "", payload="/greet")
    assert len(memory) < 2_000
    actions.body = None
    turn(engine, memory, payload="/ask_cost")
    assert actions.calls[-1]["tracker"]["slots"]["office"] == "kudus"


@pytest.mark.parametrize("memory", ["nonsense", "[]", "{}", '{"version": 9, "events": [{"event": "unheard-of"}]}'])
def test_an_unreadable_memory_is_a_new_conversation(engine: RunningEngine, actions: Actions, memory: str) -> None:
    assert json.loads(turn(engine, memory, payload="/greet"))["events"]
    assert actions.calls[-1]["tracker"]["slots"]["office"] is None


@pytest.mark.parametrize("memory", [None, 5, {"events": []}, ["x"]])
def test_a_memory_is_text(engine: RunningEngine, memory: object) -> None:
    assert engine.turn("memory-given", payload="/greet", memory=memory).status_code == 400


def test_how_an_answer_came_about_goes_with_it_and_is_not_remembered(engine: RunningEngine, actions: Actions) -> None:
    decision = {"said": "kudus-iui/cost", "outcome": "sure"}
    said = {"text": "Tidak dipungut biaya.", "buttons": [], "custom": {"sources": [], "decision": decision}}
    actions.body = json.dumps({"events": [], "responses": [said]}).encode()
    answer = engine.turn("memory-given", memory="", payload="/ask_cost").json()
    assert [one["decision"] for one in answer["messages"]] == [decision]
    assert "kudus-iui" not in answer["memory"] and "Tidak dipungut biaya." in answer["memory"]
