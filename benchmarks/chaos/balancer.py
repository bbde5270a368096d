"""A TCP load balancer, as a province would have one in front of its web processes and its engines.

Stands in for HAProxy: round robin; a backend that cannot be reached is passed over for a while and its open connections
are closed (`on-marked-down shutdown-sessions`).
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import defaultdict
from contextlib import suppress
from types import TracebackType

CONNECT_SECONDS = 1.0
DOWN_SECONDS = 3.0  # a backend that could not be reached is not tried again before
Backend = tuple[str, int]


class Balancer:
    """Listens on 127.0.0.1 (or `host`) at a free port; `address` is known once it is entered."""

    def __init__(self, backends: list[Backend], host: str = "127.0.0.1", port: int = 0) -> None:
        self.backends = backends
        self._down_until: dict[Backend, float] = {}
        self._sessions: defaultdict[Backend, set[asyncio.StreamWriter]] = defaultdict(set)
        self._host, self._port = host, port
        self._turn = itertools.count()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        return f"http://{self._host}:{self._port}"

    async def __aenter__(self) -> Balancer:
        self._server = await asyncio.start_server(self._connected, self._host, self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        start = next(self._turn)
        now = time.monotonic()
        ordered = [self.backends[(start + offset) % len(self.backends)] for offset in range(len(self.backends))]
        for backend in sorted(ordered, key=lambda one: self._down_until.get(one, 0.0) > now):
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    up, down = await asyncio.open_connection(*backend)
            except TimeoutError:
                self._mark_down(backend)
                continue
            except OSError:
                continue
            self._sessions[backend].add(down)
            there = asyncio.create_task(_copy(reader, down))
            back = asyncio.create_task(_copy(up, writer))
            try:
                await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (there, back):
                    task.cancel()
                await asyncio.gather(there, back, return_exceptions=True)
                self._sessions[backend].discard(down)
                down.close()
            return

    def _mark_down(self, backend: Backend) -> None:
        self._down_until[backend] = time.monotonic() + DOWN_SECONDS
        for session in self._sessions.pop(backend, set()):
            session.transport.abort()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
