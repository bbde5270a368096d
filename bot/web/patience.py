"""Connections whose request does not begin, or whose headers never end, are closed: uvicorn itself waits for ever."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.refusals import refuse

HEADER_SECONDS = 10.0


class PatientProtocol(HttpToolsProtocol):
    """HTTP for uvicorn: from the connection, and from the first byte of each later request, the headers have
    `header_seconds` to be complete. How long the body may take is `bot.web.limits`' business."""

    header_seconds = HEADER_SECONDS
    _until: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._until is None:
            self._wait()

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._until = self.loop.call_later(self.header_seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._until is not None:
            self._until.cancel()
            self._until = None

    def _give_up(self) -> None:
        self._until = None
        refuse("web", "headers too slow")
        if not self.transport.is_closing():
            self.transport.abort()
