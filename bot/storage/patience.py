"""The database comes back: what is worth waiting for it, and the job queue's connector that waits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, LiteralString

import psycopg
from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

FIRST_WAIT, LONGEST_WAIT = 0.1, 1.0  # seconds between two tries


def is_away(error: BaseException) -> bool:
    """Whether an error says that the database cannot be reached now, rather than that it refuses what was asked."""
    if isinstance(error, ConnectorException):
        return isinstance(error.__cause__, psycopg.OperationalError | psycopg.InterfaceError)
    if isinstance(error, DBAPIError):
        return isinstance(error.orig, psycopg.OperationalError | psycopg.InterfaceError)
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | PoolTimeout | OSError)


async def until_back[T](work: Callable[[], Awaitable[T]], seconds: float) -> T:
    """`work`, repeated while the database is away, for at most `seconds`. Only for what may be done twice."""
    deadline, wait = time.monotonic() + seconds, FIRST_WAIT
    while True:
        try:
            return await work()
        except Exception as error:
            if not is_away(error) or time.monotonic() + wait > deadline:
                raise
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT)


class PatientConnector(PsycopgConnector):
    """Procrastinate's connector, which ends the whole worker when the database restarts, made to wait for it.

    A job that was fetched or ended in the moment of the break may stay in the state "doing" though nobody works on it:
    `bot.conversations.jobs` looks for those.
    """

    PATIENCE = 60.0  # seconds; then the worker ends and is started again

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        await until_back(lambda: PsycopgConnector.execute_query_async(self, query, **arguments), self.PATIENCE)

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        return await until_back(
            lambda: PsycopgConnector.execute_query_one_async(self, query, **arguments), self.PATIENCE
        )

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        return await until_back(
            lambda: PsycopgConnector.execute_query_all_async(self, query, **arguments), self.PATIENCE
        )

    async def listen_notify(self, on_notification: Any, channels: Iterable[str]) -> None:
        names = list(channels)
        while True:  # each time the connection is made anew, PATIENCE begins again
            await until_back(lambda: PsycopgConnector.listen_notify(self, on_notification, names), self.PATIENCE)
