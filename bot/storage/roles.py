"""Database roles that may do no more than their process needs.

`pandu_app` (web, worker) reads and writes rows of our tables and of the job queue, and changes no table. `pandu_engine`
reads and writes the engine's working memory, `rasa_trackers`, and nothing else. The owner makes and migrates tables; no
running process of several machines needs it.
"""

from __future__ import annotations

import secrets
from typing import Any

from psycopg import AsyncConnection, sql

from bot.storage.urls import APP, ENGINE, DatabaseUrls, with_role

ENGINE_TABLES = ("rasa_trackers",)
READ_ONLY = ("alembic_version",)
"""What the app reads but does not write: which migrations have run."""
_MAINTAIN_SINCE = 170_000  # server version: lets the app refresh statistics after an import

_ATTRIBUTES = sql.SQL("login nosuperuser nocreatedb nocreaterole noreplication nobypassrls")
_EXISTS = "select 1 from pg_roles where rolname = %s"
_TABLES = "select tablename from pg_tables where schemaname = 'public' and tablename = any(%s)"


async def make_roles(owner_url: str, *, passwords: bool = True, renew: bool = False) -> DatabaseUrls:
    """Make both roles where they are missing and set what they may do. Call it after migrating; again is harmless.

    With `passwords`, a role that is new (or all, with `renew`) gets a random one, which stands in the URL returned and
    nowhere else; the URL of a role that keeps its password has none. Raises psycopg.Error, InsufficientPrivilege for an
    owner who may not make roles.
    """
    async with await AsyncConnection.connect(owner_url, autocommit=True) as connection, connection.transaction():
        given = {role: await _make(connection, role, passwords=passwords, renew=renew) for role in (APP, ENGINE)}
        await _close_to_others(connection)
        await _grant_app(connection)
        await _grant_engine(connection)
    return DatabaseUrls(owner_url, with_role(owner_url, APP, given[APP]), with_role(owner_url, ENGINE, given[ENGINE]))


async def _make(connection: AsyncConnection[Any], role: str, *, passwords: bool, renew: bool) -> str:
    name = sql.Identifier(role)
    is_new = await (await connection.execute(_EXISTS, (role,))).fetchone() is None
    verb = sql.SQL("create" if is_new else "alter")
    await connection.execute(sql.SQL("{} role {} {}").format(verb, name, _ATTRIBUTES))
    if not passwords or not (is_new or renew):
        return ""
    password = secrets.token_urlsafe(24)
    # hashed here: the server's log of statements must not hold it
    hashed = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    await connection.execute(sql.SQL("alter role {} password {}").format(name, sql.Literal(hashed)))
    return password


async def _close_to_others(connection: AsyncConnection[Any]) -> None:
    """Nobody connects, and nobody makes tables, just because an account exists on the server."""
    database = sql.Identifier(connection.info.dbname)
    await connection.execute(sql.SQL("revoke all on database {} from public").format(database))
    await connection.execute("revoke create on schema public from public")
    both = sql.SQL("{}, {}").format(sql.Identifier(APP), sql.Identifier(ENGINE))
    await connection.execute(sql.SQL("grant connect on database {} to {}").format(database, both))
    await connection.execute(sql.SQL("grant usage on schema public to {}").format(both))


async def _grant_app(connection: AsyncConnection[Any]) -> None:
    app = sql.Identifier(APP)
    rows = "select, insert, update, delete"
    if connection.info.server_version >= _MAINTAIN_SINCE:
        rows += ", maintain"
    for what in (f"{rows} on {{}}tables", "usage, select on {}sequences"):
        now, later = sql.SQL(what.format("all ")), sql.SQL(what.format(""))
        await connection.execute(sql.SQL("grant {} in schema public to {}").format(now, app))
        await connection.execute(sql.SQL("alter default privileges in schema public grant {} to {}").format(later, app))
    for (table,) in await (await connection.execute(_TABLES, (list(READ_ONLY),))).fetchall():
        await connection.execute(
            sql.SQL("revoke insert, update, delete on {} from {}").format(sql.Identifier(table), app)
        )


async def _grant_engine(connection: AsyncConnection[Any]) -> None:
    engine = sql.Identifier(ENGINE)
    await connection.execute(sql.SQL("revoke all on all tables in schema public from {}").format(engine))
    for table in ENGINE_TABLES:
        await connection.execute(
            sql.SQL("grant select, insert, update on {} to {}").format(sql.Identifier(table), engine)
        )
