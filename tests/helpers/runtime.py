"""A runtime with a real database and queue, a stand-in engine, and a recording channel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import structlog
from sqlalchemy import select, text, update

from bot.channels.base import PermanentSendError
from bot.channels.simulator.channel import SimulatorChannel
from bot.conversations import inbox, turn
from bot.conversations.jobs import run_worker
from bot.conversations.models import Conversation
from bot.conversations.runtime import Runtime
from bot.dialogue.client import Engine
from bot.messages import Attachment, IncomingMessage, OutgoingMessage
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.events import Events
from bot.tasks import make_jobs
from tests.helpers.engine import TOKEN, StandInEngine


@dataclass
class RecordingChannel:
    """A channel with a provider: keeps what was sent, and fails as told."""

    name: str = "recording"
    has_provider: bool = True
    max_text: int = 200
    messages_per_second: float = 10_000.0
    seconds_per_chat: float = 0.0
    sent: list[OutgoingMessage] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)
    typed: list[tuple[str, str]] = field(default_factory=list)
    before: Callable[[OutgoingMessage], Awaitable[None]] | None = None

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def typing(self, address: str, message: str = "") -> None:
        self.typed.append((address, message))

    async def send(self, message: OutgoingMessage) -> str:
        if self.before is not None:
            await self.before(message)
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)
        tries = sum(one.id == message.id for one in self.sent)
        return f"provider-{message.id}" + (f"-{tries}" if tries > 1 else "")

    async def fetch(self, attachment: Attachment, limit: int) -> bytes:
        if attachment.reference == "gone":
            raise PermanentSendError("404", "Berkas tidak ada lagi.")
        return b"isi berkas"


@pytest.fixture
async def engine() -> AsyncIterator[StandInEngine]:
    engine = StandInEngine()
    await engine.start()
    yield engine
    await engine.stop()


@pytest.fixture
def channel() -> RecordingChannel:
    return RecordingChannel()


@pytest.fixture
async def runtime(
    database: Database, database_url: str, engine: StandInEngine, channel: RecordingChannel, tmp_path: Any
) -> AsyncIterator[Runtime]:
    """At work, with an empty database; no worker runs."""
    async with database.session() as session:
        # Deleting a few rows is quicker than truncating tables: no files are made anew.
        for table in (
            "conversations",
            "erased_messages",
            "erased_people",
            "procrastinate_periodic_defers",
            "procrastinate_jobs",
            "procrastinate_workers",
        ):
            await session.execute(text(f"delete from {table}"))
    settings = Settings(data_dir=tmp_path, flood_limit=20)
    runtime = Runtime(
        settings=settings,
        database=database,
        jobs=make_jobs(database_url),
        engine=Engine(engine.url, TOKEN),
        events=Events(database_url),
    )
    runtime.add_channel(SimulatorChannel())
    runtime.add_channel(channel)
    async with runtime.jobs.open_async():
        yield runtime
        await runtime.engine.close()


@asynccontextmanager
async def working(runtime: Runtime, poll_seconds: float = 1.0) -> AsyncIterator[None]:
    """A worker runs meanwhile."""
    task = asyncio.create_task(run_worker(runtime, concurrency=8, poll_seconds=poll_seconds))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def message(text: str = "halo", number: str = "1", **fields: Any) -> IncomingMessage:
    base = IncomingMessage("recording", "siti", f"update-{number}", "text", text)
    return replace(base, **fields)


async def receive(runtime: Runtime, incoming: IncomingMessage) -> int:
    """Store and answer at once, as a worker would. Returns the conversation's id."""
    stored = await inbox.store(runtime, incoming)
    assert stored is not None
    await turn.take_turn(runtime, stored[1])
    return stored[1]


async def rows(runtime: Runtime, model: Any) -> list[Any]:
    async with runtime.database.session() as session:
        return list((await session.execute(select(model).order_by(model.id))).scalars())


async def due(runtime: Runtime) -> None:
    """What waits for its provider may be tried again."""
    await runtime.database.run(text("update outgoing_messages set next_at = now() where next_at > now()"))


async def set_owner(runtime: Runtime, owner: str) -> None:
    async with runtime.database.session() as session:
        await session.execute(update(Conversation).values(owner=owner))


@pytest.fixture
def logged() -> Iterator[list[dict[str, Any]]]:
    """Log lines as they would be written, context included."""
    before = structlog.get_config()
    lines: list[dict[str, Any]] = []

    def keep(_: Any, __: str, event: dict[str, Any]) -> Any:
        lines.append(dict(event))
        raise structlog.DropEvent

    structlog.configure(processors=[structlog.contextvars.merge_contextvars, keep])
    yield lines
    structlog.configure(**before)
