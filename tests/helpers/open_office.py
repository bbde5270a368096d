"""The invented front office (front_office.py), opened: its web application on a database of its own, with a clock.

Its rules and hours are for all conversations, so nobody else may live in that database.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app import build_runtime, create_app
from bot.conversations.models import Outgoing
from bot.conversations.runtime import Runtime
from bot.handoff.desk import Act
from bot.handoff.ownership import service
from bot.settings import Settings
from tests.helpers.front_office import Staff, Stage, kept_back, morning, staff


@dataclass
class Clock:
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at

    def on(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass
class Office:
    """`found` are the conversations of the morning by name."""

    app: FastAPI
    runtime: Runtime
    people: Staff
    found: dict[str, int]
    clock: Clock

    def stage(self, session: AsyncSession) -> Stage:
        """Its people have addresses of their own."""
        self.clock.on(milliseconds=200)
        return Stage(session, self.runtime, self.clock(), count=int(self.clock.at.timestamp() * 1000) % 10**9)

    async def waiting(self, name: str = "Nina Contoh", channel: str = "telegram", minutes: float = 1) -> int:
        """Somebody new in the queue."""
        async with self.runtime.database.session() as session:
            stage = self.stage(session)
            person = await stage.person(name, channel, minutes)
            await stage.asks(person, "halo, mau tanya", minutes)
            await stage.waits(person, minutes, "requested", "Pemohon meminta petugas.", office="kudus")
        return person

    async def owned(self, username: str = "sari", **who: Any) -> int:
        """Somebody new, whom an officer has taken."""
        person = await self.waiting(**who)
        async with self.runtime.database.session() as session:
            await service.claim(Act(session, self.runtime, getattr(self.people, username), self.clock), person)
        return person

    async def kept_back(self, name: str) -> int:
        """An answer of the bot that waits for a yes."""
        async with self.runtime.database.session() as session:
            return await kept_back(self.stage(session), name)

    async def sent(self, conversation_id: int) -> list[Outgoing]:
        """What officers wrote there."""
        query = select(Outgoing).where(Outgoing.conversation_id == conversation_id, Outgoing.author == "officer")
        async with self.runtime.database.session() as session:
            return list(await session.scalars(query.order_by(Outgoing.id)))


@asynccontextmanager
async def open_office(database_url: str, folder: Path, **more: Any) -> AsyncIterator[Office]:
    """Without an engine and without a worker: messages stay on their way. `more`: further settings."""
    settings = Settings(
        _env_file=None,
        simulator="on",
        data_dir=folder,
        engine_token="t",
        whatsapp_reply_template="HX" + "0" * 32,
        max_attachment_bytes=200_000,
        **{"recall_seconds": 0, **more},
    )
    runtime = build_runtime(settings, database_url, "http://127.0.0.1:1", "t")
    clock = Clock()
    async with runtime.jobs.open_async(), runtime.database.session() as session:
        people = await staff(session)
        found = await morning(session, runtime, people, clock())
    app = create_app(settings, runtime)
    app.state.desk.now = clock
    try:
        yield Office(app, runtime, people, found, clock)
    finally:
        await runtime.engine.close()
        await runtime.database.close()
