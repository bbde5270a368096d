"""Files that officers send, for the provider (and the simulated phone) to fetch: a signed address that expires."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse
from sqlalchemy import select

from bot import links, metrics
from bot.conversations.models import Outgoing
from bot.conversations.runtime import FILES, Runtime

_SHOWN = frozenset({"image/jpeg", "image/png", "application/pdf"})


def file_routes(runtime: Runtime) -> APIRouter:
    """GET /files/{token}: 404 for a token that is forged or expired, and for a file that is gone."""
    router = APIRouter(tags=["files"])

    @router.get("/files/{token}", summary="A file that an officer sent")
    async def file(token: str) -> FileResponse:
        number = links.subject(runtime.settings, FILES, token)
        if number is None:
            metrics.refused.labels("links", "forged or expired").inc()  # no alarm: links grow old by themselves
            raise HTTPException(404)
        rows = await runtime.database.run(select(Outgoing.file).where(Outgoing.id == int(number)))
        found = rows[0].file if rows else None
        path = Path(runtime.settings.files_dir, found["path"]) if found else None
        if found is None or path is None or not path.is_file():
            raise HTTPException(404)
        how = "inline" if found["media_type"] in _SHOWN else "attachment"
        return FileResponse(
            path,
            media_type=found["media_type"],
            headers={
                "Content-Disposition": f"{how}; filename*=UTF-8''{quote(found['filename'])}",
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'none'; sandbox",
                "Cache-Control": "private, max-age=3600",
                "Referrer-Policy": "no-referrer",
            },
        )

    return router
