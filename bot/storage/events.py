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
REMEMBERED = 1000  # turns that ended a moment ago, for those who ask just too late; events for a slow reader


class Events:
    """Listens while running; `subscribe` yields a queue of the events of one conversation."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._handled: OrderedDict[int, None] = OrderedDict()
        self._queues: dict[int, set[asyncio.Queue[dict[str, Any]]]] = defaultdict(set)
        self._for_all: set[asyncio.Queue[dict[str, Any]]] = set()

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
    def everything(self) -> Iterator[asyncio.Queue[dict[str, Any]]]:
        """A queue of all events. One that nobody reads keeps its newest `REMEMBERED`."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(REMEMBERED)
        self._for_all.add(queue)
        try:
            yield queue
        finally:
            self._for_all.discard(queue)

    @property
    def listeners(self) -> int:
        """How many listen to everything in this process."""
        return len(self._for_all)

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
            for queue in self._for_all:
                if queue.full():
                    queue.get_nowait()
                queue.put_nowait(event)
            for queue in self._queues.get(event.get("conversation"), ()):
                queue.put_nowait(event)
