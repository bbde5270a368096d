"""A whole Pandu as an office would run it: `pandu serve` in a process of its own, with the trained model."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from bot.settings import ROOT
from tests.helpers.cluster import lay_down

TRAINED = ROOT / os.environ.get("PANDU_TEST_MODELS", ".pandu/models")
READY_SECONDS = 120.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Running:
    """A started system. `folder` is its data folder."""

    url: str
    folder: Path
    process: subprocess.Popen[bytes]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> float:
        """Seconds until it ended."""
        begin = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(30)
        return time.monotonic() - begin

    def output(self) -> str:
        return (self.folder / "serve.log").read_text(errors="replace")


def start(folder: Path, **settings: str) -> Running:
    """`pandu serve` with the data folder `folder`; returns at once."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "models").exists():
        shutil.copytree(TRAINED, folder / "models")
    if "DATABASE_URL" not in settings:
        lay_down(folder)
    port = settings.pop("PORT", None) or str(free_port())
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PANDU_")}
    environment |= {"PANDU_DATA_DIR": str(folder), "PANDU_PORT": port, "PANDU_SIMULATOR": "on"}
    environment |= {f"PANDU_{key}": value for key, value in settings.items()}
    with (folder / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("pandu")), "serve"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    return Running(f"http://127.0.0.1:{port}", folder, process)


def wait_until_ready(running: Running, seconds: float = READY_SECONDS) -> float:
    """Seconds until /health/ready answers 200."""
    begin = time.monotonic()
    while time.monotonic() - begin < seconds:
        assert running.process.poll() is None, running.output()
        with suppress(httpx.HTTPError):
            if httpx.get(f"{running.url}/health/ready", timeout=3).status_code == 200:
                return time.monotonic() - begin
        time.sleep(0.1)
    raise AssertionError(f"not ready after {seconds} s\n{running.output()}")


def is_engine(process: psutil.Process) -> bool:
    """False also for a process that ended between being listed and being looked at."""
    try:
        return "engine.serve" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


@contextmanager
def system(folder: Path, **settings: str) -> Iterator[Running]:
    running = start(folder, **settings)
    try:
        wait_until_ready(running)
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()


class Person:
    """Somebody who chats through the simulator's JSON contract."""

    def __init__(self, url: str, name: str = "") -> None:
        self.name = name or f"test-{uuid.uuid4().hex[:12]}"
        self.url = f"{url}/api/simulator/{self.name}/messages"
        self.last: dict[str, Any] = {}

    def says(self, text: str) -> dict[str, Any]:
        return self._post({"text": text})

    def taps(self, title: str) -> dict[str, Any]:
        """Tap the button of the last answer whose title starts so."""
        buttons = [button for reply in self.last["replies"] for button in reply["buttons"]]
        chosen = next((button for button in buttons if button["title"].startswith(title)), None)
        assert chosen is not None, f"no button {title!r} among {[button['title'] for button in buttons]}"
        return self._post({"payload": chosen["payload"]})

    def buttons(self) -> list[str]:
        return [button["title"] for reply in self.last["replies"] for button in reply["buttons"]]

    def heard(self) -> str:
        """All text of the last answer."""
        return "\n".join(reply["text"] for reply in self.last["replies"])

    def sources(self) -> list[str]:
        return [source["document"] for reply in self.last["replies"] for source in reply["sources"]]

    def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        answer = httpx.post(self.url, json=body, timeout=60)
        assert answer.status_code == 200, answer.text
        self.last = answer.json()
        return self.last
