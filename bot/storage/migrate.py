"""Bring a database to the present shape: the job queue's tables (Procrastinate), then ours (Alembic)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import psycopg
import structlog
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from procrastinate import App, PsycopgConnector

from bot.storage.database import sqlalchemy_url

log = structlog.get_logger()

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 7_261_300  # any number of ours: one process migrates, others wait


def alembic_config(database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("sqlalchemy.url", sqlalchemy_url(database_url).replace("%", "%%"))
    return config


def head() -> str:
    """The shape that this Pandu needs, by the name of its newest migration."""
    return str(ScriptDirectory(str(FOLDER)).get_current_head())


def knows(revision: str) -> bool:
    """Whether this Pandu can bring a database of that shape to the present one."""
    return any(one.revision == revision for one in ScriptDirectory(str(FOLDER)).walk_revisions())


async def migrate(database_url: str) -> None:
    """Safe to call from several processes at once; does nothing when all is up to date.

    A database that a newer Pandu has migrated is left as it is: while machines are updated one after the other, those
    of before must still start. Migrations therefore only add, and take away one version later.
    """
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        found = await (await connection.execute("select to_regclass('procrastinate_jobs')")).fetchone()
        if found is None or found[0] is None:
            queue = App(connector=PsycopgConnector(conninfo=database_url, min_size=1, max_size=2))
            async with queue.open_async():
                await queue.schema_manager.apply_schema_async()
        config = alembic_config(database_url)
        if newer := await _unknown(connection, config):
            log.warning("the database was migrated by a newer Pandu and is left as it is", revisions=newer)
            return
        await asyncio.to_thread(command.upgrade, config, "head")


async def _unknown(connection: psycopg.AsyncConnection[Any], config: Config) -> list[str]:
    """Revisions that the database has and this Pandu does not know."""
    found = await (await connection.execute("select to_regclass('alembic_version')")).fetchone()
    if found is None or found[0] is None:
        return []
    known = {one.revision for one in ScriptDirectory.from_config(config).walk_revisions()}
    there = await (await connection.execute("select version_num from alembic_version")).fetchall()
    return sorted(row[0] for row in there if row[0] not in known)
