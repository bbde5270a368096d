"""An office whose acts wait ten seconds, with nobody in it yet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from bot.app import build_runtime, create_app
from bot.conversations.runtime import Runtime
from bot.settings import Settings
from bot.storage.database import Database
from tests.console.conftest import SignedIn


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, simulator="on", data_dir=tmp_path, engine_token="t", recall_seconds=10)


@pytest.fixture
async def runtime(settings: Settings, database_url: str) -> AsyncIterator[Runtime]:
    runtime = build_runtime(settings, database_url, "http://127.0.0.1:1", "t")
    async with runtime.jobs.open_async():
        yield runtime
    await runtime.database.close()


@pytest.fixture
def app(settings: Settings, runtime: Runtime) -> FastAPI:
    return create_app(settings, runtime)


@pytest.fixture(autouse=True)
async def empty(database: Database) -> None:
    async with database.session() as session:
        await session.execute(
            text("truncate conversations, applications, application_imports, procrastinate_jobs cascade")
        )


@pytest.fixture
async def officer(signed_in: SignedIn) -> httpx.AsyncClient:
    return await signed_in("supervisor")
