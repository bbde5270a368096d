"""The gate of a provider: shut for a while, as in its outages."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

from aiohttp import web

REFUSED = "refused"  # nobody listens
UNAVAILABLE = "503"
SILENT = "silent"  # takes connections and never answers
PHASES = (REFUSED, UNAVAILABLE, SILENT)
TAKEN = 0.2  # share of sends that a silent provider takes all the same
BIND_SECONDS = 20.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Gate:
    """`calls` and `files`: "" or the phase that the provider's API and its downloads are in.

    `taken`: address and text of what was taken without an answer.
    """

    def __init__(self, is_file: Callable[[str], bool], is_send: Callable[[web.Request], bool], seed: int) -> None:
        self.calls = ""
        self.files = ""
        self.taken: set[tuple[str, str]] = set()
        self.held = 0  # calls that an outage kept from being answered
        self._is_file, self._is_send = is_file, is_send
        self._chance = random.Random(seed)
        self._over = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._where = ("", 0)

    async def open(self, runner: web.AppRunner, host: str) -> str:
        """Listens on a free port; the address."""
        self._runner, self._where = runner, (host, 0)
        await self._listen()
        self._where = (host, runner.addresses[0][1])
        return f"http://{host}:{self._where[1]}"

    async def phase(self, calls: str, files: str) -> None:
        """From now on so; what hung until now is cut off."""
        before, self.calls, self.files = self.calls, calls, files
        self._over.set()
        self._over = asyncio.Event()
        if calls == REFUSED and before != REFUSED:
            await self._close()
        elif before == REFUSED and calls != REFUSED:
            await self._listen()

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        kind = self.files if self._is_file(request.path) else self.calls
        if not kind:
            try:
                return await handler(request)
            except ConnectionError:  # closed while the call came in
                return web.Response(status=503)
        self.held += 1
        if kind == UNAVAILABLE:
            return web.Response(status=503, text="Service Unavailable")
        if kind == SILENT:
            if self._is_send(request) and self._chance.random() < TAKEN:
                await handler(request)
            await self._over.wait()
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=503)

    async def _listen(self) -> None:
        assert self._runner is not None
        async with asyncio.timeout(BIND_SECONDS):
            while True:
                self._site = web.TCPSite(self._runner, *self._where)
                try:
                    await self._site.start()
                except OSError:  # a connection has the port
                    await self._site.stop()
                    await asyncio.sleep(0.1)
                else:
                    return

    async def _close(self) -> None:
        """Nobody listens any more, and connections that nobody uses now are closed."""
        assert self._runner is not None and self._site is not None
        await self._site.stop()
        if self._runner.server is not None:
            for connection in self._runner.server.connections:
                connection.close()
