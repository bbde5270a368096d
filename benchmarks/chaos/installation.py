"""Pandu as a province runs it: web, worker and engine processes apart, each started again when it ends.

The restarting stands for systemd's `Restart=always`; PostgreSQL is the embedded one, kept by us.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psutil

from benchmarks.systems import ROOT, free_port
from bot.processes.postgres import EmbeddedPostgres, postmaster_pid

RESTART = 0.5  # seconds after which a process that ended is started again
READY = 240.0
STOP = 15.0
PANDU = Path(sys.executable).with_name("pandu")


def _die_with_us() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


@dataclass
class Part:
    """One `pandu serve --role …` that is kept running. `prefix` is put before its command (a network namespace)."""

    name: str
    role: str
    port: int
    folder: Path
    settings: dict[str, str]
    prefix: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    closing: bool = False
    _task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._keep(), name=self.name)

    async def _keep(self) -> None:
        while not self.closing:
            self._launch()
            while self.alive:  # not in a thread: the default executor has six of them on two cores
                await asyncio.sleep(0.05)
            await asyncio.sleep(RESTART)

    def _launch(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PANDU_")}
        environment |= {f"PANDU_{name}": value for name, value in self.settings.items()}
        environment |= {"PANDU_DATA_DIR": str(self.folder), "PANDU_HOST": self.host, "PANDU_PORT": str(self.port)}
        with (self.folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, str(PANDU), "serve", "--role", self.role],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_us,  # noqa: PLW1509  a prctl only
            )
        self.starts += 1

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self, chance: random.Random) -> str:
        """SIGKILL to the process, or for an engine to it or the Rasa below it. Says what was killed."""
        assert self.process is not None
        victim = psutil.Process(self.process.pid)
        with suppress(psutil.NoSuchProcess):
            below = victim.children()
            if self.role == "engine" and below and chance.random() < 0.5:
                victim = below[0]
        victim.kill()
        return f"{self.name}{'' if victim.pid == self.process.pid else ' (Rasa)'}"

    def terminate(self) -> None:
        """SIGTERM; it is started again, as a rolling restart does."""
        if self.process is not None and self.alive:
            self.process.terminate()

    async def stop(self) -> None:
        self.closing = True
        self.terminate()
        deadline = time.monotonic() + STOP
        while self.alive and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        if self.process is not None and self.alive:
            self.process.kill()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def output(self) -> str:
        return (self.folder / "serve.log").read_text(errors="replace")


@dataclass
class Postgres:
    """The database server; `down` while it is away."""

    server: EmbeddedPostgres
    opened: Callable[[EmbeddedPostgres], str] | None = None  # lets other hosts in; returns the URL for them
    url: str = ""
    down: bool = False
    starts: int = 0
    closing: bool = False
    _task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self.url = await asyncio.to_thread(self.server.start)
        if self.opened is not None:
            self.url = await asyncio.to_thread(self.opened, self.server)
        self.starts += 1
        self._task = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        while not self.closing:
            await asyncio.sleep(0.1)
            if not self.server.alive and not self.closing:
                self.down = True
                await asyncio.sleep(RESTART)
                await asyncio.to_thread(self.server.start)
                self.starts += 1
                self.down = False

    def kill(self, chance: random.Random) -> str:
        """SIGKILL to the server, or to one of the processes below it, after which it restarts itself."""
        pid = postmaster_pid(self.server.pgdata)
        assert pid is not None
        server = psutil.Process(pid)
        below = [one for one in server.children() if chance.random() < 0.5]
        if below and chance.random() < 0.3:
            with suppress(psutil.NoSuchProcess):
                below[0].kill()
                return "postgresql (one backend)"
        self.down = True
        server.kill()
        return "postgresql"

    async def stop(self) -> None:
        self.closing = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await asyncio.to_thread(self.server.stop)


@dataclass(frozen=True, slots=True)
class Home:
    """Where parts run: an address, and what is put before their commands (a network namespace)."""

    address: str = "127.0.0.1"
    prefix: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """The ground an installation stands on; parts of a role take turns at its homes.

    `address`: of providers, balancers and database.
    """

    address: str = "127.0.0.1"
    homes: tuple[Home, ...] = (Home(),)
    opened: Callable[[EmbeddedPostgres], str] | None = None
    database: Mapping[str, str] = field(default_factory=dict)  # PostgreSQL settings


@dataclass
class Installation:
    """All parts of one run."""

    parts: list[Part] = field(default_factory=list)
    postgres: Postgres | None = None

    def of(self, role: str) -> list[Part]:
        return [part for part in self.parts if part.role == role]

    def start(self) -> None:
        for part in self.parts:
            part.start()

    async def ready(self, address: str) -> float:
        """Seconds until everything answers: /health/ready of the web processes, and every engine."""
        begin = time.monotonic()
        engines = [f"http://{part.host}:{part.port}/webhooks/pandu/" for part in self.of("engine")]
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)) as client:
            for url in (*engines, f"{address}/health/ready"):
                while not await _answers(client, url):
                    if time.monotonic() - begin > READY or any(part.starts > 3 for part in self.parts):
                        raise TimeoutError(f"{url} does not answer\n{self.tails()}")
                    await asyncio.sleep(0.1)
        return time.monotonic() - begin

    async def stop(self) -> None:
        for part in self.parts:
            part.closing = True
        for role in ("worker", "web", "engine"):
            await asyncio.gather(*(part.stop() for part in self.of(role)))
        if self.postgres is not None:
            await self.postgres.stop()

    def tails(self) -> str:
        return "\n".join(f"--- {part.name}\n{part.output()[-1500:]}" for part in self.parts if part.starts)


async def _answers(client: aiohttp.ClientSession, url: str) -> bool:
    with suppress(aiohttp.ClientError, TimeoutError, OSError):
        async with client.get(url) as answer:
            return answer.status == 200
    return False


def make_part(
    role: str, number: int, folder: Path, models: Path, settings: Mapping[str, str], homes: Sequence[Home]
) -> Part:
    """The `number`-th part of a role (from 1), with its own data folder and port, that uses the trained `models`."""
    own = folder / f"{role}{number}"
    own.mkdir(parents=True)
    (own / "models").symlink_to(models.resolve())
    home = homes[(number - 1) % len(homes)]
    return Part(own.name, role, free_port(), own, dict(settings), home.prefix, home.address)


@asynccontextmanager
async def running(installation: Installation) -> AsyncIterator[Installation]:
    """Stops everything at the end, whatever happens."""
    try:
        yield installation
    finally:
        await installation.stop()
