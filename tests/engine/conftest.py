"""The real engine with the really trained model; only the action server is ours, so that it can be made to fail."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import dumps, loads
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.dialogue.training import ENGINE_PYTHON, engine_environment, ensure_model
from bot.progress import Progress
from bot.settings import ROOT

TOKEN = "token-of-the-engine-tests"


@dataclass
class Actions:
    """An action server that remembers its calls and answers as it is told."""

    url: str = ""
    status: int = 200
    body: bytes | None = None
    """Sent instead of the usual answer."""
    events: list[dict[str, Any]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, call: dict[str, Any]) -> bytes:
        self.calls.append(call)
        if self.body is not None:
            return self.body
        said = {
            "text": f"{call['next_action']}\n\nbaris kedua",
            "buttons": [{"title": "Biaya", "payload": '/ask_cost{"office":"kudus"}'}],
            "custom": {"sources": [{"document": "S3", "clause": "4"}]},
        }
        return dumps({"events": self.events, "responses": [said]}).encode()


@pytest.fixture(scope="session")
def action_server() -> Iterator[Actions]:
    actions = Actions()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            answer = actions.answer(loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(actions.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    actions.url = f"http://127.0.0.1:{server.server_port}/actions?token=abc"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield actions
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def actions(action_server: Actions) -> Actions:
    """The action server, well-behaved again."""
    action_server.status, action_server.body, action_server.events = 200, None, []
    action_server.calls.clear()
    return action_server


@pytest.fixture(scope="session")
def model(test_folder: Path) -> Path:
    """The model for the present training data: given, found, or trained once."""
    given = os.environ.get("PANDU_TEST_MODEL")
    if given:
        return Path(given)
    return asyncio.run(ensure_model(ROOT / ".pandu", Progress({})))


MEMORIES: dict[str, str] = {}
"""What the application remembers for the engines, by conversation."""


@dataclass
class RunningEngine:
    """An engine process and how to talk to it."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path
    client: httpx.Client

    def turn(self, conversation: str, **said: Any) -> httpx.Response:
        """As the application asks: with what it remembers of the conversation, unless `memory` is given."""
        said = {"memory": MEMORIES.get(conversation, ""), **said}
        body = dumps({"conversation": conversation, **said})  # with escapes: half a surrogate pair passes, too
        answer = self.client.post("/webhooks/pandu/turn", content=body)
        if answer.status_code == 200:
            MEMORIES[conversation] = answer.json()["memory"]
        return answer

    def understood(self, *texts: str) -> list[dict[str, Any]]:
        answer = self.client.post("/webhooks/pandu/parse", json={"texts": texts})
        assert answer.status_code == 200, answer.text
        return answer.json()["understood"]


def start_engine(model: Path, actions_url: str, log: Path) -> RunningEngine:
    """Start an engine and wait for its first answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(ENGINE_PYTHON), "-m", "engine.serve", "--model", str(model), "--port", str(port)],
            cwd=ROOT,
            env=engine_environment(PANDU_ENGINE_TOKEN=TOKEN, PANDU_ACTIONS_URL=actions_url),
            stdout=output,
            stderr=output,
        )
    client = httpx.Client(
        base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60, trust_env=False
    )
    running = RunningEngine(str(client.base_url), process, log, client)
    deadline = time.monotonic() + 120
    while True:
        with suppress(httpx.TransportError):
            if client.get("/webhooks/pandu/").status_code == 200:
                return running
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        process_waited(process)


def process_waited(process: subprocess.Popen[bytes], seconds: float = 0.1) -> int | None:
    """Wait until the process ends, at most `seconds`."""
    with suppress(subprocess.TimeoutExpired):
        return process.wait(seconds)
    return None


@pytest.fixture(scope="session")
def engine(model: Path, action_server: Actions, test_folder: Path) -> Iterator[RunningEngine]:
    running = start_engine(model, action_server.url, test_folder / "engine.log")
    yield running
    running.client.close()
    running.process.terminate()
    assert process_waited(running.process, 10) == 0, running.log.read_text()
