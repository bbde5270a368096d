"""The database: one engine a process, one transaction a request or job, committed at the edge.

What every message needs goes another way, `Database.run`: one statement, one round trip, straight to the driver. It
costs a fifth of what a session does, and a message needs half a dozen.
"""

from __future__ import annotations

import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, LiteralString

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import namedtuple_row
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import Dialect, Executable, TextClause
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from bot.storage.transaction import noted

_DIALECT: Dialect = make_url("postgresql+psycopg://").get_dialect()()
DATABASE_ERRORS = (DBAPIError, psycopg.Error)
"""What a session or `Database.run` raises when the database refuses, or is away."""

guest: ContextVar[bool] = ContextVar("guest", default=False)
"""True while something is done for a caller who has not shown who they are (bot/web/doorway.py)."""
GUESTS = 3  # connections for all of them


def sqlalchemy_url(url: str) -> str:
    """A libpq URL as SQLAlchemy wants it, with the psycopg 3 driver."""
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


# libpq's parameters: a host that is cut off is noticed after seconds instead of the system's hours.
_LIVELY = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}


def lively(url: str) -> str:
    """The URL of a server elsewhere, with time limits for its connections where it names none itself."""
    made = make_url(url)
    missing = {name: value for name, value in _LIVELY.items() if name not in made.query}
    return made.update_query_dict(missing).render_as_string(hide_password=False)


class Database:
    """Connections to one PostgreSQL. `url` is a libpq URL (postgresql://…).

    Guests have a few of their own: however many they are, they take none of those that messages need.
    """

    def __init__(self, url: str, pool_size: int = 12) -> None:
        self.url = url
        self.engine = _engine(url, pool_size)
        self.guests = _engine(url, GUESTS)
        self._single = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._guests_single = self.guests.execution_options(isolation_level="AUTOCOMMIT")
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        self._guests_sessions = async_sessionmaker(self.guests, expire_on_commit=False)
        self._singles = make_pool(conninfo=url, min_size=1, max_size=8, kwargs={"row_factory": namedtuple_row})

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """A session whose transaction is committed at the end, rolled back on any error."""
        sessions = self._guests_sessions if guest.get() else self._sessions
        async with sessions.begin() as session:
            with noted():
                yield session

    async def run(self, statement: Executable, parameters: dict[str, Any] | None = None) -> list[Any]:
        """One statement as its own transaction. Returns its rows (with names), if it has any.

        Only a `text(…)` is quick; anything else still takes SQLAlchemy's way.
        """
        if guest.get() or not isinstance(statement, TextClause):
            async with (self._guests_single if guest.get() else self._single).connect() as connected:
                result = await connected.execute(statement, parameters)
                return list(result.all()) if result.returns_rows else []
        if self._singles.closed:
            await self._singles.open()
        async with self._singles.connection() as connection:
            cursor = await connection.execute(_driver_sql(statement), parameters)
            return await cursor.fetchall() if cursor.description else []

    async def close(self) -> None:
        await self._singles.close()
        await self.engine.dispose()
        await self.guests.dispose()


def _engine(url: str, pool_size: int) -> AsyncEngine:
    return create_async_engine(
        sqlalchemy_url(url),
        pool_size=pool_size,
        max_overflow=0,  # an overflow connection would be made and closed again for every burst
        hide_parameters=True,  # an error's text must not carry what people wrote
    )


def queue_pool(**arguments: Any) -> AsyncConnectionPool[AsyncConnection[Any]]:
    """A pool for the job queue's own notes: which job was taken, which is done.

    They are not waited for until they are on the disk. When PostgreSQL dies (not when we do), the notes of its last
    half second may be lost: those jobs are then taken once more, and find nothing left to do. A job is queued in the
    transaction of what it belongs to, which does wait.
    """

    async def set_up(connection: AsyncConnection[Any]) -> None:
        await _commit_by_itself(connection)
        await connection.execute("set synchronous_commit = off")

    return make_pool(configure=set_up, **arguments)


def make_pool(**arguments: Any) -> AsyncConnectionPool[AsyncConnection[Any]]:
    """A pool of connections that commit every statement. Not open yet.

    `arguments` are those of psycopg's pool. To check a connection at every use would be a round trip each; a look at
    its socket finds what a server leaves behind that ended.
    """
    # Short waits: who needs the database tries again, without the pool's growing pauses between two attempts.
    patience = {"timeout": 5.0, "reconnect_timeout": 2.0}
    return AsyncConnectionPool(
        **(patience | {"configure": _commit_by_itself} | arguments | {"open": False, "check": _look})
    )


async def _look(connection: AsyncConnection[Any]) -> None:
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN)
    if poll.poll(0):  # a farewell, or a harmless notice
        await AsyncConnectionPool.check_connection(connection)


async def _commit_by_itself(connection: AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)


@lru_cache(maxsize=500)
def _driver_sql(statement: TextClause) -> LiteralString:
    """The statement as psycopg wants it: `%(name)s` for `:name`."""
    return str(statement.compile(dialect=_DIALECT))


async def driver_connection(session: AsyncSession) -> AsyncConnection[Any]:
    """The psycopg connection under a session, to let Procrastinate defer jobs inside our transaction."""
    connection = await session.connection()
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    assert isinstance(driver, AsyncConnection)
    return driver
