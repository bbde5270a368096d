"""The download of one's own data: a link from the chat, good for a short while.

Opening the link shows a page with buttons; only pressing one gives the data, as the messengers open every link by
themselves to draw a preview.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response
from fastapi import Path as Part
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.knowledge.load import get_knowledge
from bot.privacy.export import as_html, as_json, gather
from bot.privacy.service import opened_by
from bot.settings import Settings
from bot.storage.database import Database

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
Token = Annotated[str, Part(pattern=r"^[A-Za-z0-9_-]{20,100}$")]


def data_routes(settings: Settings, database: Database) -> APIRouter:
    """`GET` and `POST /data/{token}`. Unknown, used-up and expired links are 404 alike."""
    router = APIRouter(include_in_schema=False)
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
    )
    page = templates.get_template("link.html")

    def shown(valid: bool) -> Response:
        return HTMLResponse(page.render(valid=valid), 200 if valid else 404, HEADERS)

    @router.get("/data/{token}")
    async def ask(token: Token) -> Response:
        async with database.session() as session:
            return shown(await opened_by(session, token, datetime.now(UTC), using=False) is not None)

    @router.post("/data/{token}")
    async def download(token: Token, bentuk: Annotated[Literal["html", "json"], Form()]) -> Response:
        now = datetime.now(UTC)
        async with database.session() as session:
            conversation = await opened_by(session, token, now, using=True)
            if conversation is None:
                return shown(False)
            copy = await gather(session, get_knowledge(), conversation, now, settings.timezone)
        written = await asyncio.to_thread(as_html if bentuk == "html" else as_json, copy)
        kind = "text/html; charset=utf-8" if bentuk == "html" else "application/json"
        name = {"Content-Disposition": f'attachment; filename="data-saya-pandu.{bentuk}"'}
        return Response(written, media_type=kind, headers=HEADERS | name)

    return router
