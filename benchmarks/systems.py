"""The systems under test, started as a user would start them, on free loopback ports, and stopped again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
RASA = ROOT / "engine" / ".venv" / "bin" / "rasa"


@dataclass
class System:
    """A started system: where it listens and which processes (with children) belong to it."""

    name: str
    url: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    others: list[int] = field(default_factory=list)  # further root processes, e.g. a database it uses

    def members(self) -> list[psutil.Process]:
        found: dict[int, psutil.Process] = {}
        for pid in [process.pid for process in self.processes] + self.others:
            with suppress(psutil.NoSuchProcess):
                root = psutil.Process(pid)
                found |= {process.pid: process for process in [root, *root.children(recursive=True)]}
        return list(found.values())

    def memory(self) -> dict[str, float]:
        """Megabytes of all processes: `rss` counts shared pages once per process, `pss` shares them out."""
        rss = pss = 0
        for process in self.members():
            with suppress(psutil.NoSuchProcess):
                full = process.memory_full_info()
                rss, pss = rss + full.rss, pss + full.pss
        return {"rss_mb": round(rss / 1e6), "pss_mb": round(pss / 1e6)}

    def cpu_seconds(self) -> float:
        total = 0.0
        for process in self.members():
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
        return total


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, seconds: float, process: subprocess.Popen[bytes]) -> float:
    """Seconds until `url` answers 200; raises when the process ends or the time is over."""
    begin = time.monotonic()
    while time.monotonic() - begin < seconds:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        with suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310
            if answer.status == 200:
                return time.monotonic() - begin
        time.sleep(0.1)
    raise TimeoutError(url)


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def pandu(folder: Path, models: Path) -> Iterator[tuple[System, float]]:
    """`pandu serve` with its own data folder and the given trained models; yields it and its seconds to ready."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "models").exists():
        shutil.copytree(models, folder / "models")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PANDU_")} | {
        "PANDU_DATA_DIR": str(folder),
        "PANDU_PORT": str(port),
        "PANDU_SIMULATOR": "on",
        "PANDU_LOG_LEVEL": "warning",
    }
    with (folder / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("pandu")), "serve"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            system = System("pandu", f"http://127.0.0.1:{port}", [process])
            yield system, wait_for(f"{system.url}/health/ready", 180, process)
        finally:
            stop(process)


@contextmanager
def stock_rasa(folder: Path, model: Path, database_url: str, database_pid: int) -> Iterator[System]:
    """Rasa as its documentation sets it up: REST channel, stock action server, SQL tracker store on PostgreSQL."""
    action_port, port = free_port(), free_port()
    query = dict(part.split("=") for part in database_url.split("?", 1)[1].split("&"))
    host = urllib.parse.unquote(query["host"])
    endpoints = {
        "action_endpoint": {"url": f"http://127.0.0.1:{action_port}/webhook"},
        "tracker_store": {
            "type": "SQL",
            "dialect": "postgresql",
            "url": "",
            "db": "pandu",
            "username": "pandu",
            "query": {"host": host},
        },
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "endpoints.yml").write_text(json.dumps(endpoints))
    (folder / "credentials.yml").write_text("rest:\n")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PANDU_")} | {
        "RASA_TELEMETRY_ENABLED": "false",
        "OMP_NUM_THREADS": "1",
        "PANDU_BENCH_DATABASE_URL": database_url,
        "SQL_POOL_SIZE": "20",
    }
    with (folder / "rasa.log").open("ab") as log:
        actions = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.stock_actions", str(action_port)],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        rasa = subprocess.Popen(
            [
                *(str(RASA), "run", "--model", str(model), "--port", str(port), "-i", "127.0.0.1"),
                *("--endpoints", str(folder / "endpoints.yml"), "--credentials", str(folder / "credentials.yml")),
            ],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(f"http://127.0.0.1:{action_port}/health", 60, actions)
            wait_for(f"http://127.0.0.1:{port}/", 240, rasa)
            yield System("rasa", f"http://127.0.0.1:{port}", [rasa, actions], [database_pid])
        finally:
            stop(rasa)
            stop(actions)
