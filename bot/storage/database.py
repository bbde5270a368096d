"""The database: one engine a process, one transaction a request or job, committed at the edge."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import Executable, Row
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine


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
    """Connections to one PostgreSQL. `url` is a libpq URL (postgresql://…)."""

    def __init__(self, url: str, pool_size: int = 12) -> None:
        self.url = url
        self.engine = create_async_engine(
            sqlalchemy_url(url),
            pool_size=pool_size,
            max_overflow=0,  # an overflow connection would be made and closed again for every burst
            hide_parameters=True,  # an error's text must not carry what people wrote
        )
        self._single = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """A session whose transaction is committed at the end, rolled back on any error."""
        async with self._sessions.begin() as session:
            yield session

    async def run(self, statement: Executable, parameters: dict[str, Any] | None = None) -> Sequence[Row[Any]]:
        """One statement as its own transaction: one round trip instead of three. Returns its rows, if it has any."""
        async with self._single.connect() as connection:
            result = await connection.execute(statement, parameters)
            return result.all() if result.returns_rows else []

    async def close(self) -> None:
        await self.engine.dispose()


async def driver_connection(session: AsyncSession) -> AsyncConnection[Any]:
    """The psycopg connection under a session, to let Procrastinate defer jobs inside our transaction."""
    connection = await session.connection()
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    assert isinstance(driver, AsyncConnection)
    return driver
