"""News between processes: PostgreSQL's NOTIFY on one channel, handed to whoever waits in this process.

Nothing depends on an event arriving: whoever waits also looks into the database from time to time.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import structlog

log = structlog.get_logger()
CHANNEL = "pandu_events"
MOST_WAITING = 1000  # events that a slow reader of all conversations may fall behind
REMEMBERED = 1000  # turns that ended a moment ago, for those who ask just too late


class Events:
    """Listens while running; `subscribe` yields a queue of the events of one conversation."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._handled: OrderedDict[int, None] = OrderedDict()
        self._everywhere: set[asyncio.Queue[dict[str, Any]]] = set()
        self._queues: dict[int, set[asyncio.Queue[dict[str, Any]]]] = defaultdict(set)

    @contextmanager
    def subscribe(self, conversation_id: int) -> Iterator[asyncio.Queue[dict[str, Any]]]:
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._queues[conversation_id].add(queue)
        try:
            yield queue
        finally:
            self._queues[conversation_id].discard(queue)
            if not self._queues[conversation_id]:
                del self._queues[conversation_id]

    @contextmanager
    def subscribe_all(self) -> Iterator[asyncio.Queue[dict[str, Any]]]:
        """The events of every conversation; oldest ones are dropped when nobody takes them out."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MOST_WAITING)
        self._everywhere.add(queue)
        try:
            yield queue
        finally:
            self._everywhere.discard(queue)

    def was_handled(self, message_id: int) -> bool:
        """True when the turn of a message is known to have ended (False says nothing)."""
        return message_id in self._handled

    async def listen(self) -> None:
        """Run until cancelled; reconnects when the database goes away."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
                    await connection.execute(f"listen {CHANNEL}")
                    async for notice in connection.notifies():
                        self._hand_out(notice.payload)
            except psycopg.Error as error:
                log.warning("event connection lost", error=type(error).__name__)
                await asyncio.sleep(1)

    def _hand_out(self, payload: str) -> None:
        with suppress(ValueError, KeyError):
            event = json.loads(payload)
            if "handled" in event:
                self._handled[event["handled"]] = None
                if len(self._handled) > REMEMBERED:
                    self._handled.popitem(last=False)
            for queue in self._queues.get(event["conversation"], ()):
                queue.put_nowait(event)
            for queue in self._everywhere:
                if queue.full():
                    queue.get_nowait()
                queue.put_nowait(event)
