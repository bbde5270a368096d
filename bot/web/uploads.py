"""Where officers send files, a request may be larger than elsewhere."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.web.limits import BodyLimit

TAKES_FILES = re.compile(r"/console/conversations/\d+/reply")
_AROUND = 100_000  # bytes of a form besides its files


class UploadLimit:
    """ASGI middleware: `limit` bytes for a body (bot/web/limits.py), `files` of `file_limit` bytes where files come."""

    def __init__(self, app: ASGIApp, limit: int, file_limit: int, files: int) -> None:
        self._all = BodyLimit(app, limit)
        self._files = BodyLimit(app, max(limit, files * file_limit + _AROUND))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        takes = scope["type"] == "http" and TAKES_FILES.fullmatch(scope["path"])
        await (self._files if takes else self._all)(scope, receive, send)
