"""The databases of a test run: one server that need not survive a power cut, one migrated database to copy."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from bot.processes.postgres import DATABASE, EmbeddedPostgres
from bot.storage.migrate import migrate
from tests.helpers import clock

QUICK = {"fsync": "off", "full_page_writes": "off"}
_TEMPLATE = "migrated"


@asynccontextmanager
async def server(folder: Path) -> AsyncIterator[str]:
    """The URL of a migrated database on a server of its own."""
    postgres = EmbeddedPostgres(folder, QUICK | ({"search_path": clock.SEARCH_PATH} if clock.shifted() else {}))
    url = postgres.start()
    try:
        await _run(url, *clock.for_postgres())
        await migrate(url)
        await _run(_beside(url, "postgres"), f"create database {_TEMPLATE} template {DATABASE}")
        yield url
    finally:
        postgres.kill()  # nothing of it is wanted again
        postgres.stop()


async def fresh_database(server_url: str, name: str) -> str:
    """The URL of a migrated, empty database `name` beside the one at `server_url`; one of that name goes first."""
    await _run(
        server_url,
        f"drop database if exists {name} with (force)",
        f"create database {name} template {_TEMPLATE}",
    )
    return _beside(server_url, name)


def _beside(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


async def _run(url: str, *statements: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        for statement in statements:
            await connection.execute(statement)  # type: ignore[arg-type]  # names of ours
