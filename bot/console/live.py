"""What happens, told to open pages: server-sent events, fed by PostgreSQL's NOTIFY, so from every process.

An event carries no content, only what to look at again; the page asks for it like for any other page. A connection
that broke is made again by the browser, and the page then looks at everything once.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from bot.console.access import COOKIE, AnyOfficer
from bot.console.desk import SECURITY_HEADERS, Desk, Here
from bot.officers.signing_in import by_token

router = APIRouter()
CHECKED_EVERY = timedelta(seconds=30)  # whether the session still holds
GATHER = 0.1  # seconds in which several events become one


@router.get("/live")
async def live(request: Request, desk: Here, signed: AnyOfficer) -> Response:
    """Events: `inbox` (the lists may have changed), `ring` (somebody new waits), `conversation-ID`, `signed-out`."""
    return EventSourceResponse(
        _events(desk, request.cookies.get(COOKIE, "")),
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"} | SECURITY_HEADERS,
        ping=15,
    )


async def _events(desk: Desk, token: str) -> AsyncIterator[ServerSentEvent]:
    with desk.runtime.events.everything() as queue:
        yield ServerSentEvent(event="hello", data="")
        checked = desk.now()
        while True:
            try:
                names = _names(await asyncio.wait_for(queue.get(), CHECKED_EVERY.total_seconds()))
                await asyncio.sleep(GATHER)
                while not queue.empty():
                    names |= _names(queue.get_nowait())
            except TimeoutError:
                names = {}
            for name, data in names.items():
                yield ServerSentEvent(event=name, data=json.dumps(data))
            if desk.now() - checked > CHECKED_EVERY:
                checked = desk.now()
                async with desk.session() as session:
                    if await by_token(session, token, checked) is None:
                        yield ServerSentEvent(event="signed-out", data="")
                        return


def _names(event: dict[str, Any]) -> dict[str, Any]:
    """The events of a page that follow from one of ours."""
    found: dict[str, Any] = {"inbox": {}}
    if "conversation" in event:
        found[f"conversation-{event['conversation']}"] = {}
    if event.get("owner") == "queue":
        found["ring"] = {"conversation": event.get("conversation")}
    return found
