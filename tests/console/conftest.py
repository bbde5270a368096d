"""The console without a network: its ASGI application on a real database, and officers who are signed in."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from bot.app import build_runtime, create_app
from bot.conversations.runtime import Runtime
from bot.officers import passwords
from bot.officers.models import Officer
from bot.settings import Settings
from bot.storage.database import Database
from bot.web import doorway
from tests.helpers.hiring import PASSWORD, hire

__all__ = ["PASSWORD"]

SAME_ORIGIN = {"sec-fetch-site": "same-origin"}
ADDRESS = "http://pandu.test"

SignedIn = Callable[[str], Awaitable[httpx.AsyncClient]]


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """The same algorithm with its smallest cost: hundreds of sign-ins, and nobody's password to protect."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_hasher", quick)
        patch.setattr(passwords, "_UNKNOWN", quick.hash(secrets.token_urlsafe(16)))
        patch.setattr(doorway, "SHARE", 100.0)  # nobody chats meanwhile
        yield


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("console")
    return Settings(_env_file=None, simulator="on", data_dir=folder, engine_token="t", recall_seconds=0)


@pytest.fixture(scope="session")
async def runtime(settings: Settings, database_url: str) -> AsyncIterator[Runtime]:
    runtime = build_runtime(settings, database_url, "http://127.0.0.1:1", "t")
    async with runtime.jobs.open_async():
        yield runtime
    await runtime.database.close()


@pytest.fixture(scope="session")
def app(settings: Settings, runtime: Runtime) -> FastAPI:
    return create_app(settings, runtime)


def browser(app: FastAPI) -> httpx.AsyncClient:
    """A browser that nobody has signed in with; it does not follow redirects."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS, headers=SAME_ORIGIN)


async def make_officer(database: Database, role: str = "officer", name: str = "Sari Contoh") -> Officer:
    """An account with PASSWORD that needs no change any more."""
    async with database.session() as session:
        return await hire(session, f"{role[:4]}-{secrets.token_hex(4)}", name, role)


@pytest.fixture
async def nobody(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(app) as client:
        yield client


@pytest.fixture
async def signed_in(app: FastAPI, database: Database) -> AsyncIterator[SignedIn]:
    """Call with a role: a browser in which a new officer of that role has signed in. `.officer` is the account."""
    opened: list[httpx.AsyncClient] = []

    async def sign_in(role: str) -> httpx.AsyncClient:
        officer = await make_officer(database, role)
        client = browser(app)
        opened.append(client)
        answer = await client.post("/console/sign-in", data={"username": officer.username, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        client.officer = officer  # type: ignore[attr-defined]
        return client

    yield sign_in
    for client in opened:
        await client.aclose()
