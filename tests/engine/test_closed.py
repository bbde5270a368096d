"""The closed engine, for the web process alone: loopback, a token, one channel, no secret of others at hand."""

from __future__ import annotations

import os

import psutil
import pytest

from bot.dialogue.training import engine_environment
from tests.engine.conftest import RunningEngine


def test_it_listens_on_loopback_only(engine: RunningEngine) -> None:
    listening = [one for one in psutil.Process(engine.process.pid).net_connections() if one.status == "LISTEN"]
    assert listening
    assert {one.laddr.ip for one in listening} == {"127.0.0.1"}


@pytest.mark.parametrize(
    "path",
    [
        *("/model/parse", "/model/train", "/model", "/status", "/domain", "/version", "/webhooks/rest/webhook"),
        *("/conversations/1/tracker", "/conversations/1/messages", "/webhooks/pandu/../../model/parse", "/docs"),
    ],
)
def test_rasas_own_interface_is_not_there(engine: RunningEngine, path: str) -> None:
    for method in ("GET", "POST", "PUT"):
        assert engine.client.request(method, path).status_code in (404, 405)


def test_its_process_knows_no_secret_but_its_own(engine: RunningEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANDU_TELEGRAM_TOKEN", "1:geheim")
    monkeypatch.setenv("PANDU_TWILIO_AUTH_TOKEN", "geheim")
    assert not [name for name in engine_environment() if name.startswith("PANDU_")]
    given = psutil.Process(engine.process.pid).environ()
    assert {name for name in given if name.startswith("PANDU_")} == {"PANDU_ENGINE_TOKEN", "PANDU_ACTIONS_URL"}
    command = " ".join(psutil.Process(engine.process.pid).cmdline())
    assert given["PANDU_ENGINE_TOKEN"] not in command
    assert os.environ["PANDU_TWILIO_AUTH_TOKEN"] not in command
