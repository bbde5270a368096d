"""A front office of its own (tests/helpers/front_office.py), in a database of its own: its rules and hours are for all
conversations, so nobody else may live there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app import build_runtime, create_app
from bot.conversations.models import Outgoing
from bot.handoff import service
from bot.handoff.desk import Desk
from bot.officers.models import Officer
from bot.runtime import Runtime
from bot.settings import Settings
from bot.storage.migrate import migrate
from tests.console.conftest import ADDRESS, SAME_ORIGIN
from tests.helpers.front_office import PASSWORD, Staff, Stage, kept_back, morning, staff

DATABASE = "front_office"


@dataclass
class Clock:
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at

    def on(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass
class FrontOffice:
    """`people` have signed in, each with a browser; `found` are the conversations of the morning by name."""

    app: FastAPI
    runtime: Runtime
    people: Staff
    found: dict[str, int]
    clock: Clock
    browsers: dict[str, httpx.AsyncClient]

    @property
    def sari(self) -> httpx.AsyncClient:
        return self.browsers["sari"]

    @property
    def rina(self) -> httpx.AsyncClient:
        return self.browsers["rina"]

    @property
    def wati(self) -> httpx.AsyncClient:
        return self.browsers["wati"]

    async def waiting(self, name: str = "Nina Contoh", channel: str = "telegram", minutes: float = 1) -> int:
        """Somebody new in the queue."""
        async with self.runtime.database.session() as session:
            stage = self.stage(session)
            person = await stage.person(name, channel, minutes)
            await stage.asks(person, "halo, mau tanya", minutes)
            await stage.waits(person, minutes, "requested", "Pemohon meminta petugas.", office="kudus")
        return person

    def stage(self, session: AsyncSession) -> Stage:
        """Its people have addresses of their own."""
        self.clock.on(milliseconds=200)
        return Stage(session, self.runtime, self.clock(), count=int(self.clock.at.timestamp() * 1000) % 10**9)

    async def kept_back(self, name: str) -> int:
        """An answer of the bot that waits for a yes."""
        async with self.runtime.database.session() as session:
            return await kept_back(self.stage(session), name)

    async def owned(self, username: str = "sari", **who: Any) -> int:
        """Somebody new, whom an officer has taken."""
        person = await self.waiting(**who)
        async with self.runtime.database.session() as session:
            await service.claim(Desk(session, self.runtime, getattr(self.people, username), self.clock), person)
        return person

    async def sent(self, conversation_id: int) -> list[Outgoing]:
        """What officers wrote there."""
        query = select(Outgoing).where(Outgoing.conversation_id == conversation_id, Outgoing.author == "officer")
        async with self.runtime.database.session() as session:
            return list(await session.scalars(query.order_by(Outgoing.id)))


@pytest.fixture(scope="session")
async def front_office_url(database_url: str) -> str:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute(f"create database {DATABASE}")
    url = make_url(database_url).set(database=DATABASE).render_as_string(hide_password=False)
    await migrate(url)
    return url


@pytest.fixture(scope="session")
async def shared_office(front_office_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FrontOffice]:
    folder: Path = tmp_path_factory.mktemp("front-office")
    settings = Settings(
        _env_file=None,
        simulator="on",
        data_dir=folder,
        engine_token="t",
        whatsapp_reply_template="HX" + "0" * 32,
        max_attachment_bytes=200_000,
    )
    runtime = build_runtime(settings, front_office_url, "http://127.0.0.1:1", "t")
    clock = Clock()
    async with AsyncExitStack() as opened:
        opened.push_async_callback(runtime.database.close)
        opened.push_async_callback(runtime.engine.close)
        await opened.enter_async_context(runtime.jobs.open_async())
        async with runtime.database.session() as session:
            people = await staff(session)
            found = await morning(session, runtime, people, clock())
        app = create_app(settings, runtime)
        app.state.desk.now = clock
        browsers = {}
        for officer in (people.sari, people.rina, people.wati):
            client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS, headers=SAME_ORIGIN)
            browsers[officer.username] = await opened.enter_async_context(client)
            await _enter(client, officer)
        yield FrontOffice(app, runtime, people, found, clock, browsers)


async def _enter(client: httpx.AsyncClient, officer: Officer) -> None:
    form = {"username": officer.username, "password": PASSWORD}
    answer = await client.post("/console/sign-in", data=form)
    assert answer.status_code == 303, answer.text


@pytest.fixture
def office(shared_office: FrontOffice) -> FrontOffice:
    return shared_office
