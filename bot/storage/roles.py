"""A database role that may do no more than our processes need.

`pandu_app` (web, worker) reads and writes rows of our tables and of the job queue, and changes no table. The owner
makes and migrates tables; no running process of several machines needs it. The engine never speaks to the database.
"""

from __future__ import annotations

import secrets
from typing import Any

from psycopg import AsyncConnection, sql

from bot.storage.urls import APP, DatabaseUrls, with_role

READ_ONLY = ("alembic_version",)
"""What the app reads but does not write: which migrations have run."""
FORMER = "pandu_engine"
"""The engine's role until its memory came with each turn; nobody signs in with it any more."""
_MAINTAIN_SINCE = 170_000  # server version: lets the app refresh statistics after an import

_ATTRIBUTES = sql.SQL("login nosuperuser nocreatedb nocreaterole noreplication nobypassrls")
_EXISTS = "select 1 from pg_roles where rolname = %s"
_TABLES = "select tablename from pg_tables where schemaname = 'public' and tablename = any(%s)"


async def make_roles(owner_url: str, *, passwords: bool = True, renew: bool = False) -> DatabaseUrls:
    """Make the role where it is missing and set what it may do. Call it after migrating; again is harmless.

    With `passwords`, a new role (or any, with `renew`) gets a random one, which stands in the URL returned and
    nowhere else; the URL of a role that keeps its password has none. Raises psycopg.Error, InsufficientPrivilege for an
    owner who may not make roles.
    """
    async with await AsyncConnection.connect(owner_url, autocommit=True) as connection, connection.transaction():
        password = await _make(connection, APP, passwords=passwords, renew=renew)
        await _close_to_others(connection)
        await _grant_app(connection)
        if await _exists(connection, FORMER):
            await connection.execute(sql.SQL("alter role {} nologin").format(sql.Identifier(FORMER)))
    return DatabaseUrls(owner_url, with_role(owner_url, APP, password))


async def _make(connection: AsyncConnection[Any], role: str, *, passwords: bool, renew: bool) -> str:
    name = sql.Identifier(role)
    is_new = not await _exists(connection, role)
    verb = sql.SQL("create" if is_new else "alter")
    await connection.execute(sql.SQL("{} role {} {}").format(verb, name, _ATTRIBUTES))
    if not passwords or not (is_new or renew):
        return ""
    password = secrets.token_urlsafe(24)
    # hashed here: the server's log of statements must not hold it
    hashed = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    await connection.execute(sql.SQL("alter role {} password {}").format(name, sql.Literal(hashed)))
    return password


async def _exists(connection: AsyncConnection[Any], role: str) -> bool:
    return await (await connection.execute(_EXISTS, (role,))).fetchone() is not None


async def _close_to_others(connection: AsyncConnection[Any]) -> None:
    """Nobody connects, and nobody makes tables, just because an account exists on the server."""
    database = sql.Identifier(connection.info.dbname)
    await connection.execute(sql.SQL("revoke all on database {} from public").format(database))
    await connection.execute("revoke create on schema public from public")
    app = sql.Identifier(APP)
    await connection.execute(sql.SQL("grant connect on database {} to {}").format(database, app))
    await connection.execute(sql.SQL("grant usage on schema public to {}").format(app))


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
