"""Limits of a request: a body has a size and arrives in time, an address holds nothing that cannot be stored."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.refusals import refuse

BODY_SECONDS = 30.0
SLOWEST = 125_000  # bytes a second (1 Mbit/s) at which a larger body may arrive
_PAGES = {
    408: "Kiriman Anda terlalu lama sampai dan dihentikan. Kembali, lalu coba lagi.",
    413: "Berkas atau teks ini terlalu besar, jadi tidak ada yang disimpan. Kembali, lalu pilih yang lebih kecil.",
}
_PAGE = (
    '<!doctype html><html lang="id"><head><meta charset="utf-8"><title>Pandu</title></head>'
    "<body><main><p>{sentence}</p></main></body></html>"
)
"""What somebody at a browser reads instead of JSON."""
_DIGITS = 15  # of a length; longer ones are not worth reading


class _Broken(Exception):
    """The body is not taken: `status` and `reason`."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class BodyLimit:
    """ASGI middleware: 413 for a body of more than `limit` bytes, whether announced or streamed, 408 for one that does
    not arrive within `seconds`, 400 for an address with a NUL (PostgreSQL takes none). `larger`: patterns of
    paths that take more.
    """

    def __init__(
        self, app: ASGIApp, limit: int, seconds: float = BODY_SECONDS, larger: Mapping[str, int] | None = None
    ) -> None:
        self.app = app
        self.limit = limit
        self.seconds = seconds
        self.larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        larger = (bytes_ for path, bytes_ in self.larger.items() if re.fullmatch(path, scope["path"]))
        limit = next(larger, self.limit)
        problem = self._problem(scope, limit)
        if problem is not None:
            await _refuse(problem, scope, receive, send)
            return
        seen = 0
        coming = True
        deadline = asyncio.get_running_loop().time() + self.seconds + (limit - self.limit) / SLOWEST
        answered = False
        broken: _Broken | None = None

        async def counted() -> Message:
            nonlocal seen, coming, broken
            if not coming:  # whoever asks on waits for the end of the connection
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                broken = _Broken(408, "body too slow")
                raise broken from None
            seen += len(message.get("body", b""))
            coming = message.get("more_body", False)
            if seen > limit:
                broken = _Broken(413, "body too large")
                raise broken
            return message

        async def watched(message: Message) -> None:
            """Whatever the application makes of the broken-off body, the answer is ours."""
            nonlocal answered
            if broken is None:
                answered = answered or message["type"] == "http.response.start"
                await send(message)
            elif not answered:
                answered = True
                await _refuse(broken, scope, receive, send)

        try:
            await self.app(scope, counted, watched)
        except _Broken as error:
            if not answered:
                await _refuse(error, scope, receive, send)

    def _problem(self, scope: Scope, limit: int) -> _Broken | None:
        """What is wrong before anything is read."""
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not announced.isdigit() or len(announced) > _DIGITS or int(announced) > limit:
            return _Broken(413, "body too large")
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            return _Broken(400, "address with NUL")
        return None


async def _refuse(broken: _Broken, scope: Scope, receive: Receive, send: Send) -> None:
    refuse("web", broken.reason)
    answer: Response = JSONResponse({"detail": broken.reason}, status_code=broken.status)
    if broken.status in _PAGES and b"text/html" in dict(scope["headers"]).get(b"accept", b""):
        answer = HTMLResponse(_PAGE.format(sentence=_PAGES[broken.status]), status_code=broken.status)
    await answer(scope, receive, send)
