"""Bring a database to the present shape: the job queue's tables (Procrastinate), then ours (Alembic)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from procrastinate import App, PsycopgConnector

from bot.storage.database import sqlalchemy_url

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 7_261_300  # any number of ours: one process migrates, others wait


def alembic_config(database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("sqlalchemy.url", sqlalchemy_url(database_url).replace("%", "%%"))
    return config


async def migrate(database_url: str) -> None:
    """Safe to call from several processes at once; does nothing when all is up to date."""
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        found = await (await connection.execute("select to_regclass('procrastinate_jobs')")).fetchone()
        if found is None or found[0] is None:
            queue = App(connector=PsycopgConnector(conninfo=database_url, min_size=1, max_size=2))
            async with queue.open_async():
                await queue.schema_manager.apply_schema_async()
        await asyncio.to_thread(command.upgrade, alembic_config(database_url), "head")
