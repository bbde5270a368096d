"""The role of web and worker: it does their work, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from bot.app import at_work, build_runtime
from bot.conversations import inbox
from bot.conversations.jobs import run_worker
from bot.errors import CannotRun
from bot.messages import IncomingMessage
from bot.processes.database import migrated
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.roles import FORMER, make_roles
from bot.storage.urls import APP, DatabaseUrls, urls_of, with_role
from tests.helpers.databases import fresh_database
from tests.helpers.engine import TOKEN as ENGINE_TOKEN
from tests.helpers.engine import StandInEngine
from tests.helpers.until import until
from tests.hostile.conftest import settings


@pytest.fixture(scope="module")
async def roles(database_url: str) -> AsyncIterator[DatabaseUrls]:
    """The URLs of a database with roles, on a server that asks for no password."""
    urls = urls_of(await fresh_database(database_url, "roles"))
    await make_roles(urls.owner, passwords=False)
    await make_roles(urls.owner, passwords=False)  # again is harmless
    yield urls


async def run(url: str, statement: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(statement)  # type: ignore[arg-type]


FORBIDDEN = [
    "create table spoils (id int)",
    "create temporary table spoils (id int)",
    "create schema spoils",
    "create role spoils",
    "create database spoils",
    "create extension pg_trgm",
    "create function f() returns int language sql as 'select 1'",
    "drop table rasa_trackers",
    "alter table rasa_trackers add column spoils int",
    "truncate rasa_trackers",
    "update alembic_version set version_num = 'x'",
    "copy (select 1) to program 'cat'",
    "select pg_read_file('/etc/passwd')",
    "select rolpassword from pg_authid",
    "set role pandu",
    "alter role current_user superuser",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
async def test_the_role_neither_changes_the_database_nor_reads_the_server(roles: DatabaseUrls, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await run(roles.app, statement)


async def test_the_engines_role_of_earlier_versions_is_shut(database_url: str) -> None:
    url = await fresh_database(database_url, "former")
    await run(url, f"create role {FORMER} login")
    try:
        await make_roles(url, passwords=False)
        with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
            await run(with_role(url, FORMER), "select 1")
    finally:
        await run(url, f"drop role {FORMER}")


async def test_a_stranger_on_the_server_may_not_even_connect(roles: DatabaseUrls, database_url: str) -> None:
    await run(database_url, "drop role if exists stranger; create role stranger login")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        await run(roles.owner.replace("//pandu@", "//stranger@"), "select 1")


async def test_later_tables_are_the_apps_too(roles: DatabaseUrls) -> None:
    await run(roles.owner, "create table later (id bigserial primary key)")
    await run(roles.app, "insert into later default values")


async def test_a_message_is_answered_under_the_apps_role(roles: DatabaseUrls, tmp_path: Path) -> None:
    engine = StandInEngine()
    await engine.start()
    runtime = build_runtime(settings(tmp_path), roles.app, engine.url, ENGINE_TOKEN, receiving=False)
    await migrate(roles.app)  # nothing to do: allowed

    async def answered() -> list[str]:
        """Beside the greeting, which comes before the first answer."""
        rows = await runtime.database.run(text("select text from outgoing_messages where status = 'sent'"))
        return [row.text for row in rows if row.text.startswith("jawaban")]

    async with at_work(runtime):
        worker = asyncio.create_task(run_worker(runtime, concurrency=2))
        assert await inbox.store(runtime, IncomingMessage("simulator", "siti", "siti:1", "text", "halo")) is not None
        assert await until(answered) == ["jawaban: halo"]
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker
    await runtime.database.close()
    await engine.stop()


async def test_an_older_database_needs_its_owner(database_url: str) -> None:
    urls = urls_of(await fresh_database(database_url, "older"))
    await make_roles(urls.owner, passwords=False)
    await run(urls.owner, "update alembic_version set version_num = '0002'")
    with pytest.raises(CannotRun, match="pandu database migrate"):
        await migrated(DatabaseUrls(urls.app, urls.app))


async def test_passwords_are_random_hashed_and_shown_once(database_url: str) -> None:
    url = await fresh_database(database_url, "passwords")
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        first = await make_roles(url, renew=True)
        query = "select rolpassword from pg_authid where rolname = 'pandu_app'"
        stored = await (await connection.execute(query)).fetchone()
        again = await make_roles(url)
        await connection.execute("alter role pandu_app password null")
    assert stored is not None and stored[0].startswith("SCRAM-SHA-256$")
    assert f"//{APP}:" in first.app
    assert f"//{APP}@" in again.app
    database = Database(first.app)
    assert (await database.run(text("select current_user")))[0][0] == APP
    await database.close()
