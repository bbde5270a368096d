"""The engine's HTTP contract, error by error."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.engine.conftest import Actions, RunningEngine


def test_health_names_the_model(engine: RunningEngine) -> None:
    answer = httpx.get(f"{engine.url}/webhooks/pandu/")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["model"].endswith(".tar.gz")


def test_a_text_becomes_whole_messages(engine: RunningEngine, actions: Actions) -> None:
    answer = engine.turn("contract-1", text="berapa biaya izin di kudus?", metadata={"message_id": 7}).json()
    assert answer["messages"] == [
        {
            "text": "action_answer\n\nbaris kedua",
            "buttons": [{"title": "Biaya", "payload": '/ask_cost{"office":"kudus"}'}],
            "sources": [{"document": "S3", "clause": "4"}],
        }
    ]
    understood = answer["understood"]
    assert understood["intent"] == "ask_cost"
    assert {"entity": "office", "value": "kudus"} in understood["entities"]
    assert 1 < len(understood["ranking"]) <= 5
    assert understood["ranking"][0] == {"name": "ask_cost", "confidence": understood["confidence"]}


def test_actions_see_text_metadata_and_no_domain(engine: RunningEngine, actions: Actions) -> None:
    metadata = {"message_id": 12, "first_contact": True, "channel": "telegram", "privacy_url": "https://x.id/privasi"}
    engine.turn("contract-2", text="halo", metadata=metadata)
    (call,) = actions.calls
    assert call["sender_id"] == "contract-2"
    assert call["tracker"]["latest_message"]["text"] == "halo"
    assert call["tracker"]["latest_message"]["metadata"] == metadata
    assert "domain" not in call


def test_a_payload_is_taken_literally(engine: RunningEngine, actions: Actions) -> None:
    answer = engine.turn("contract-3", payload='/ask_duration{"service":"kudus-iui","step":3}').json()
    assert answer["understood"] == {
        "intent": "ask_duration",
        "confidence": 1.0,
        "entities": [{"entity": "service", "value": "kudus-iui"}, {"entity": "step", "value": 3}],
        "ranking": [{"name": "ask_duration", "confidence": 1.0}],
    }
    assert actions.calls[0]["next_action"] == "action_answer"
    assert actions.calls[0]["tracker"]["latest_message"]["entities"][0]["value"] == "kudus-iui"


@pytest.mark.parametrize(
    "payload",
    [
        "/restart",
        "/back",
        "/session_start",
        "/nlu_fallback",
        "/EXTERNAL: greet",
        "/no_such_intent",
        "greet",
        "/greet x",
        '/greet{"a"',
        '/greet{"no_such_entity":"x"}',
        '/greet{"office":null}',
        '/greet{"office":["kudus"]}',
        '/greet{"office":{"x":1}}',
        '/greet{"office":NaN}',
        '/greet{"office":true}',
        '/greet{"office":"\\ud800"}',
        '/greet{"office":"' + "x" * 200 + '"}',
        "/greet@0.3",
        "",
    ],
)
def test_refused_payloads(engine: RunningEngine, actions: Actions, payload: str) -> None:
    assert engine.turn("contract-4", payload=payload).status_code == 422
    assert actions.calls == []


def test_typed_commands_are_words(engine: RunningEngine, actions: Actions) -> None:
    """A slash typed by a person must neither erase the conversation nor choose an intent."""
    actions.events = [{"event": "slot", "name": "office", "value": "kudus", "timestamp": None}]
    engine.turn("contract-5", text="halo")
    for typed in ("/restart", "/session_start", "/back", " /restart", "//restart", "/EXTERNAL: x"):
        answer = engine.turn("contract-5", text=typed)
        assert answer.status_code == 200
        assert answer.json()["understood"]["intent"] not in ("restart", "session_start", "back")
        assert answer.json()["understood"]["confidence"] < 1
        assert actions.calls[-1]["tracker"]["slots"]["office"] == "kudus"
    assert engine.turn("contract-5", text='/ask_cost{"office":"magetan"}').json()["understood"]["confidence"] < 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer"}, 401),
        ({"Authorization": "Basic abc"}, 401),
        ({"Authorization": "Bearer wrong"}, 403),
        ({"Authorization": "Bearer tökén".encode()}, 403),
    ],
)
@pytest.mark.parametrize("path", ["turn", "parse"])
def test_token(engine: RunningEngine, path: str, headers: dict[str, str], status: int) -> None:
    body = {"conversation": "1", "text": "halo", "texts": ["halo"]}
    assert httpx.post(f"{engine.url}/webhooks/pandu/{path}", json=body, headers=headers).status_code == status


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"text": "halo"}',
        b'{"conversation": "", "text": "halo"}',
        b'{"conversation": 5, "text": "halo"}',
        b'{"conversation": "a b", "text": "halo"}',
        b'{"conversation": "1"}',
        b'{"conversation": "1", "text": 5}',
        b'{"conversation": "1", "payload": ["/greet"]}',
        b'{"conversation": "1", "text": "halo", "payload": "/greet"}',
        b'{"conversation": "1", "text": "halo", "metadata": [1]}',
    ],
    ids=range(15),
)
def test_malformed_bodies(engine: RunningEngine, body: bytes) -> None:
    answer = engine.client.post("/webhooks/pandu/turn", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_large_bodies(engine: RunningEngine) -> None:
    assert engine.turn("contract-6", text="x" * 600_000).status_code == 413
    assert engine.turn("contract-6", text="x" * 60_000).status_code == 200


@pytest.mark.parametrize("body", [{}, {"texts": "halo"}, {"texts": [1]}, {"texts": ["x"] * 201}])
def test_malformed_parse_requests(engine: RunningEngine, body: object) -> None:
    assert engine.client.post("/webhooks/pandu/parse", json=body).status_code == 400


def test_parsing_calls_no_action(engine: RunningEngine, actions: Actions) -> None:
    understood = engine.understood("berapa lama prosesnya", "terima kasih")
    assert [entry["intent"] for entry in understood] == ["ask_duration", "thanks"]
    assert actions.calls == []


def test_only_our_routes_answer(engine: RunningEngine) -> None:
    for path in ("/model/parse", "/conversations/1/tracker", "/webhooks/rest/webhook", "/version"):
        assert engine.client.get(path).status_code == 404
        assert engine.client.post(path, content=json.dumps({"text": "x"})).status_code == 404
