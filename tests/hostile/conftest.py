"""The whole web application with both channels, a worker and a database of its own, on a real port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI

from bot.app import at_work, build_runtime, create_app
from bot.applications import keys
from bot.applications.posting import register_of
from bot.conversations.jobs import run_worker
from bot.conversations.runtime import Runtime
from bot.settings import Settings
from tests.helpers.databases import fresh_database
from tests.helpers.engine import TOKEN as ENGINE_TOKEN
from tests.helpers.engine import StandInEngine
from tests.peers.bot_api import TOKEN as TELEGRAM_TOKEN
from tests.peers.serving import serving
from tests.peers.twilio_api import ACCOUNT, PUBLIC, SENDER, TOKEN

SECRET = "rahasia-webhook_1"
NOWHERE = "http://127.0.0.1:9"  # nobody listens there: what is sent waits


@dataclass
class Target:
    """What is attacked. `key` is a valid API key."""

    url: str
    app: FastAPI
    runtime: Runtime
    key: str


def settings(folder: Path) -> Settings:
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        data_dir=folder,
        simulator="on",
        public_url=PUBLIC,
        telegram_token=TELEGRAM_TOKEN,  # type: ignore[arg-type]
        telegram_secret=SECRET,  # type: ignore[arg-type]
        telegram_api_url=NOWHERE,
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN,  # type: ignore[arg-type]
        twilio_api_url=NOWHERE,
        whatsapp_sender=SENDER,
        engine_token=ENGINE_TOKEN,  # type: ignore[arg-type]
        refusal_alarm=1_000_000,
    )


@pytest.fixture(scope="module")
async def target(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Target]:
    url = await fresh_database(database_url, "hostile")
    engine = StandInEngine()
    await engine.start()
    chosen = settings(tmp_path_factory.mktemp("hostile"))
    runtime = build_runtime(chosen, url, engine.url, ENGINE_TOKEN, receiving=False)
    app = create_app(chosen, runtime)
    async with at_work(runtime), serving(app) as address:
        async with runtime.database.session() as session:
            key = await keys.make(register_of(runtime, session), "penguji")
        worker = asyncio.create_task(run_worker(runtime, concurrency=8))
        yield Target(address, app, runtime, key)
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker
    await runtime.database.close()
    await engine.stop()


SLOWEST = 2.0  # seconds


def answer_is_fine(status: int, took: float, *what: object) -> None:
    """No failure of ours, and no hang, whatever was asked; `what` is shown otherwise."""
    assert status < 500, (status, *what)
    assert took < SLOWEST, (took, *what)
