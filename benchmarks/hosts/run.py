"""One run: two hosts under load; one is cut off, the schema is migrated, every process is restarted."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
from alembic import command
from sqlalchemy import text

from benchmarks.chaos.director import Director
from benchmarks.chaos.installation import Part
from benchmarks.chaos.ledger import Said
from benchmarks.chaos.run import Result, load
from benchmarks.chaos.stage import Plan, Stage, ready, stage
from benchmarks.hosts.net import HOSTS, Net, network
from bot.storage.migrate import FOLDER, alembic_config

READY_LINE = "Pandu is ready"
UP_SECONDS = 120.0
SCRATCH = '''"""A harmless migration, as an update may bring one."""

import sqlalchemy as sa
from alembic import op

revision = "scratch"
down_revision = "{head}"


def upgrade():
    op.execute("set lock_timeout = '2s'")
    op.add_column("conversations", sa.Column("scratch", sa.Text()))
    with op.get_context().autocommit_block():
        op.create_index("ix_scratch", "outgoing_messages", ["created_at"], postgresql_concurrently=True)
'''


@dataclass(frozen=True, slots=True)
class HostPlan:
    """`cut_seconds`: how long a host is cut off."""

    load: Plan = field(
        default_factory=lambda: Plan(
            messages=6000, kills=0, outages=0, people=120, webs=HOSTS, workers=HOSTS, engines=HOSTS
        )
    )
    cut_seconds: float = 30.0


@dataclass(slots=True)
class Act:
    """One thing that was done under load. Seconds since the first message."""

    name: str
    begin: float
    end: float = 0.0
    messages: int = 0
    longest: float = 0.0
    p95: float = 0.0
    outages: int = 0


@dataclass
class Report:
    result: Result
    acts: list[Act]
    told: str


async def hosts(plan: HostPlan, say: Any = print) -> Report:
    """The whole run."""
    begin = time.monotonic()
    with network() as net, folder_of_run() as folder:
        say(f"hosts: {net.told}")
        async with stage(plan.load, folder, net.site) as on:
            try:
                start_seconds = await ready(on, begin, say)
                acts: list[Act] = []

                director = partial(Performance, net=net, acts=acts, cut_seconds=plan.cut_seconds)
                result = await load(on, director, start_seconds, say)
                for act in acts:
                    act.end = act.end or result.seconds  # outlasted the messages
                    _measure(on, act, result.begin)
                return Report(result, acts, net.told)
            except BaseException:
                say(on.installation.tails())
                raise


@contextmanager
def folder_of_run() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pandu-hosts-") as name:
        Path(name).chmod(0o755)  # PostgreSQL's user must get through
        yield Path(name)


class Performance(Director):
    """Breaks nothing for good: the acts, one after the other."""

    def __init__(self, *arguments: Any, net: Net, acts: list[Act], cut_seconds: float) -> None:
        super().__init__(*arguments)
        self.net = net
        self.acts = acts
        self.cut_seconds = cut_seconds

    async def direct(self) -> None:
        for share, work in ((0.1, self._calm), (0.3, self._cut), (0.55, self._migrate), (0.7, self._restart)):
            while self.crowd.sent < share * self.on.plan.messages:
                if self.crowd.stopped:
                    return
                await asyncio.sleep(0.05)
            await work()

    def _open(self, name: str) -> Act:
        self.acts.append(Act(name, time.monotonic() - self.begin))
        return self.acts[-1]

    def _close(self, act: Act) -> None:
        act.end = time.monotonic() - self.begin
        self.say(f"{act.end:6.0f} s  done: {act.name}, {act.end - act.begin:.0f} s")

    async def _calm(self) -> None:
        act = self._open("nothing, for comparison")
        await asyncio.sleep(15)
        self._close(act)

    async def _cut(self) -> None:
        act = self._open(f"host 2 cut off for {self.cut_seconds:.0f} s")
        self.net.cut(self.on.installation, 1)
        await self.note("host 2 cut off")
        await asyncio.sleep(self.cut_seconds)
        self.net.join(self.on.installation, 1)
        await asyncio.sleep(15)
        self._close(act)

    async def _migrate(self) -> None:
        act = self._open("schema migration")
        with tempfile.TemporaryDirectory(prefix="pandu-scratch-") as folder:
            config = alembic_config(self.on.runtime.database.url)
            (head,) = await self.on.runtime.database.run(text("select version_num from alembic_version"))
            (Path(folder) / "scratch.py").write_text(SCRATCH.format(head=head.version_num))
            config.set_main_option("version_locations", f"{FOLDER / 'versions'} {folder}")
            config.set_main_option("path_separator", "space")
            for left in range(5, -1, -1):
                try:
                    await asyncio.to_thread(command.upgrade, config, "scratch")
                    break
                except Exception:  # lock_timeout: applicants go first
                    if not left:
                        raise
                    await asyncio.sleep(1)
        self._close(act)

    async def _restart(self) -> None:
        act = self._open("every process restarted, one after the other")
        for role in ("engine", "worker", "web"):
            for part in self.on.installation.of(role):
                starts, ready = part.starts, part.output().count(READY_LINE)
                await self.note(f"SIGTERM to {part.name}")
                part.terminate()
                await self._until_up(part, starts, ready)
        self._close(act)

    async def _until_up(self, part: Part, starts: int, ready: int) -> None:
        path = {"web": "/health/live", "engine": "/webhooks/pandu/"}.get(part.role)
        deadline = time.monotonic() + UP_SECONDS
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)) as client:
            while time.monotonic() < deadline:
                await asyncio.sleep(0.2)
                if part.starts == starts or not part.alive:
                    continue
                if path is None:
                    if part.output().count(READY_LINE) > ready:
                        return
                    continue
                try:
                    async with client.get(f"http://{part.host}:{part.port}{path}") as answer:
                        if answer.status == 200:
                            return
                except (aiohttp.ClientError, TimeoutError, OSError):
                    continue
        raise TimeoutError(f"{part.name} does not come back\n{part.output()[-2000:]}")


def _measure(on: Stage, act: Act, begin: float) -> None:
    """What applicants saw of an act: the answers to messages written while it went on."""
    written: list[Said] = [
        said
        for chat in on.ledger.chats.values()
        for said in chat.said
        if act.begin <= said.begun - begin < act.end and not said.optional
    ]
    seconds = sorted(said.done - said.begun for said in written if said.done)
    act.messages = len(written)
    if seconds:
        act.longest, act.p95 = seconds[-1], seconds[int(len(seconds) * 0.95)]
    act.outages = sum(
        1
        for chat in on.ledger.chats.values()
        for name, at in chat.told
        if name == "outage" and act.begin <= at - begin < act.end
    )


def smaller(plan: HostPlan, messages: int, seconds: float) -> HostPlan:
    return replace(plan, load=replace(plan.load, messages=messages, seconds=seconds))
