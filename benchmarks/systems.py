"""The systems under test, started as a user would start them, on free loopback ports, and stopped again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bot.processes.checks import free_port
from bot.processes.postgres import EmbeddedPostgres, running_url
from bot.storage.keyring import new_key

ROOT = Path(__file__).resolve().parent.parent
RASA = ROOT / "engine" / ".venv" / "bin" / "rasa"
TOKEN = "token-of-the-benchmark"  # noqa: S105


@dataclass
class System:
    """A started system: where it listens and which processes (with children) belong to it."""

    name: str
    url: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    others: list[int] = field(default_factory=list)  # further root processes, e.g. a database it uses
    database_url: str = ""
    seconds_to_ready: float = 0.0

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

    def cpu_seconds(self) -> dict[str, float]:
        """Seconds of processor time so far: by "application", "engine" and "database"."""
        total = {"application": 0.0, "engine": 0.0, "database": 0.0}
        for process in self.members():
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total[_part(process)] += times.user + times.system
        return total


def _part(process: psutil.Process) -> str:
    if process.name().startswith("postgres"):
        return "database"
    command = process.cmdline()
    return "engine" if "engine.serve" in command or str(RASA) in command else "application"


def wait_for(url: str, seconds: float, *processes: subprocess.Popen[bytes]) -> float:
    """Seconds until `url` answers 200; raises when one of the processes ends or the time is over."""
    begin = time.monotonic()
    while time.monotonic() - begin < seconds:
        if ended := [one for one in processes if one.poll() is not None]:
            raise RuntimeError(f"{ended[0].args!r} ended with {ended[0].returncode}")
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
def _process(command: list[str], log: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program with its output in `log`, without settings of this machine's own Pandu."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PANDU_")}
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=inherited | environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        stop(process)


def _serve(*options: str) -> list[str]:
    return [str(Path(sys.executable).with_name("pandu")), "serve", *options]


@contextmanager
def pandu(folder: Path, models: Path, **settings: str) -> Iterator[tuple[System, float]]:
    """`pandu serve` with its own data folder and the given trained models; yields it and its seconds to ready."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "models").exists():
        shutil.copytree(models, folder / "models")
    environment = {"DATA_DIR": str(folder), "PORT": str(port), "SIMULATOR": "on"} | settings
    with _process(_serve(), folder / "serve.log", _prefixed(environment)) as process:
        system = System("pandu", f"http://127.0.0.1:{port}", [process])
        system.seconds_to_ready = wait_for(f"{system.url}/health/ready", 180, process)
        system.database_url = running_url(folder) or ""
        yield system, system.seconds_to_ready


@contextmanager
def pandu_in_parts(
    folder: Path,
    models: Path,
    count: int,
    workers: int | None = None,
    before: Callable[[str], object] = lambda _: None,
) -> Iterator[System]:
    """One web process, `count` engines and `workers` (else as many) on one PostgreSQL, as on several machines.

    `before` is given the database's address before anything else starts.
    """
    server = EmbeddedPostgres(folder / "database")
    url = server.start()
    try:
        assert server.pid is not None
        before(url)
        with ExitStack() as stack:
            web, engines = free_port(), [free_port() for _ in range(count)]
            common = {
                "DATABASE_URL": url,
                "ENGINE_TOKEN": TOKEN,
                "DATA_KEYS": new_key(),
                "ENGINE_URL": ",".join(f"http://127.0.0.1:{port}" for port in engines),
                "ACTIONS_URL": f"http://127.0.0.1:{web}/actions?token={TOKEN}",
                "PUBLIC_URL": f"http://127.0.0.1:{web}",
                "SIMULATOR": "on",
            }

            def start(role: str, number: int, port: int = 0) -> subprocess.Popen[bytes]:
                data = folder / f"{role}-{number}"
                if role == "engine" and not (data / "models").exists():
                    shutil.copytree(models, data / "models")
                own = {"DATA_DIR": str(data)} | ({"PORT": str(port)} if port else {})
                return stack.enter_context(
                    _process(_serve("--role", role), folder / f"{role}-{number}.log", _prefixed(common | own))
                )

            system = System("pandu", f"http://127.0.0.1:{web}", [], [server.pid], url)
            system.processes.append(start("web", 0, web))
            began = time.monotonic()
            wait_for(f"{system.url}/health/live", 60, system.processes[0])
            system.processes += [start("engine", number, port) for number, port in enumerate(engines)]
            system.processes += [start("worker", number) for number in range(workers or count)]
            wait_for(f"{system.url}/health/ready", 120, *system.processes)
            for port, process in zip(engines, system.processes[1:], strict=False):
                wait_for(f"http://127.0.0.1:{port}/webhooks/pandu/", 120, process)
            system.seconds_to_ready = time.monotonic() - began
            yield system
    finally:
        server.stop()


@contextmanager
def stand_in(folder: Path) -> Iterator[str]:
    """A program that answers like Twilio; yields its address."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.stand_in", str(port)]
    with _process(command, folder / "stand_in.log", {}) as process:
        wait_for(f"http://127.0.0.1:{port}/health", 30, process)
        yield f"http://127.0.0.1:{port}"


def _prefixed(settings: dict[str, str]) -> dict[str, str]:
    return {f"PANDU_{name}": value for name, value in settings.items()}


@contextmanager
def stock_rasa(folder: Path, model: Path, database_url: str, database_pid: int) -> Iterator[System]:
    """Rasa as its documentation sets it up: REST channel, stock action server, SQL tracker store on PostgreSQL."""
    action_port, port = free_port(), free_port()
    query = dict(part.split("=") for part in database_url.split("?", 1)[1].split("&"))
    endpoints = {
        "action_endpoint": {"url": f"http://127.0.0.1:{action_port}/webhook"},
        "tracker_store": {
            "type": "SQL",
            "dialect": "postgresql",
            "url": "",
            "db": "pandu",
            "username": "pandu",
            "query": {"host": urllib.parse.unquote(query["host"])},
        },
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "endpoints.yml").write_text(json.dumps(endpoints))
    (folder / "credentials.yml").write_text("rest:\n")
    environment = {
        "RASA_TELEMETRY_ENABLED": "false",
        "OMP_NUM_THREADS": "1",
        "PANDU_BENCH_DATABASE_URL": database_url,
        "SQL_POOL_SIZE": "20",
    }
    rasa_command = [
        *(str(RASA), "run", "--model", str(model), "--port", str(port), "-i", "127.0.0.1"),
        *("--endpoints", str(folder / "endpoints.yml"), "--credentials", str(folder / "credentials.yml")),
    ]
    actions_command = [sys.executable, "-m", "benchmarks.stock_actions", str(action_port)]
    with (
        _process(actions_command, folder / "rasa.log", environment) as actions,
        _process(rasa_command, folder / "rasa.log", environment) as rasa,
    ):
        begin = time.monotonic()
        wait_for(f"http://127.0.0.1:{action_port}/health", 60, actions)
        wait_for(f"http://127.0.0.1:{port}/", 240, rasa)
        system = System("rasa", f"http://127.0.0.1:{port}", [rasa, actions], [database_pid], database_url)
        system.seconds_to_ready = time.monotonic() - begin
        yield system
