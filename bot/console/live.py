"""News for open pages: server-sent events, fed by PostgreSQL's NOTIFY, so from every process.

An event carries no content, only what to look at again; the page asks for it like for any other page. A connection
that broke is made again by the browser, and the page then looks at everything once.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from bot.console.access import COOKIE, AnyOfficer
from bot.console.desk import SECURITY_HEADERS, Desk, Here
from bot.conversations.walls import seen_of
from bot.officers.models import Officer
from bot.officers.signing_in import by_token
from bot.refusals import refuse

router = APIRouter()
CHECKED_EVERY = timedelta(seconds=30)  # whether the session still holds
GATHER = 0.1  # seconds in which several events become one
PER_PAGE = 0.02  # seconds of the server's time for one list
MOST = 30  # pages of one officer that are told at once by one process: each asks the database for every event
LISTS_EVERY = 2.0  # seconds; under load the lists are not drawn for every message


@router.get("/live")
async def live(request: Request, desk: Here, signed: AnyOfficer) -> Response:
    """Events: `inbox` (the lists may have changed), `ring` (somebody new waits), `conversation-ID`, `signed-out`, and
    `cases` (promises or reports are due)."""
    if _open[signed.officer.id] >= MOST:
        refuse("console", "too many pages")
        raise HTTPException(429, "Terlalu banyak halaman Pandu terbuka. Tutup beberapa, lalu muat ulang.")
    return EventSourceResponse(
        _events(desk, request.cookies.get(COOKIE, ""), signed.officer),
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"} | SECURITY_HEADERS,
        ping=15,
    )


_open = Counter[int]()
"""By officer, how many pages are told."""


async def _events(desk: Desk, token: str, officer: Officer) -> AsyncIterator[ServerSentEvent]:
    _open[officer.id] += 1
    try:
        async for one in _told(desk, token, officer):
            yield one
    finally:
        _open[officer.id] -= 1


async def _told(desk: Desk, token: str, officer: Officer) -> AsyncIterator[ServerSentEvent]:
    with desk.runtime.events.everything() as queue:
        yield ServerSentEvent(event="hello", data="")
        loop = asyncio.get_running_loop()
        checked, lists_due, lists_free = desk.now(), 0.0, 0.0  # due: 0 while nothing has changed
        while True:
            patience = max(lists_due - loop.time(), 0) if lists_due else CHECKED_EVERY.total_seconds()
            try:
                heard = [await asyncio.wait_for(queue.get(), patience)]
                await asyncio.sleep(GATHER)
                while not queue.empty():
                    heard.append(queue.get_nowait())
                names = await _seen_names(desk, officer, heard)
                if any("cases" not in one for one in heard) and not lists_due:
                    lists_due = max(lists_free, loop.time() + _turn(desk.runtime.events.listeners))
            except TimeoutError:
                names = {}
            if lists_due and loop.time() >= lists_due:
                names["inbox"] = {}
                lists_due, lists_free = 0.0, loop.time() + LISTS_EVERY
            for name, data in names.items():
                yield ServerSentEvent(event=name, data=json.dumps(data))
            if desk.now() - checked > CHECKED_EVERY:
                checked = desk.now()
                async with desk.session() as session:
                    still = await by_token(session, token, checked)
                if still is None:
                    yield ServerSentEvent(event="signed-out", data="")
                    return
                officer = still.officer  # the offices may have changed


def _turn(pages: int) -> float:
    """Seconds until a page draws its list: many do not ask at once, and a window's new message goes first."""
    return random.uniform(0, min(LISTS_EVERY, pages * PER_PAGE))  # noqa: S311 no secret


async def _seen_names(desk: Desk, officer: Officer, heard: list[dict[str, Any]]) -> dict[str, Any]:
    """The events of a page that follow from ours, as far as its officer sees the conversations.

    Lists are drawn again for all of them: one may have left the officer's sight.
    """
    if officer.sight.offices is not None:
        async with desk.session() as session:
            about = [one["conversation"] for one in heard if "conversation" in one]
            seen = await seen_of(session, officer.sight, about)
        heard = [one for one in heard if "conversation" not in one or one["conversation"] in seen]
    names: dict[str, Any] = {}
    for one in heard:
        names |= _names(one, officer.id)
    return names


def _names(event: dict[str, Any], officer_id: int) -> dict[str, Any]:
    """The events of a page that follow from one of ours. It rings for whoever is meant: all, one, those named."""
    if "cases" in event:
        return {"cases": {}}
    found: dict[str, Any] = {}
    if "conversation" in event:
        found[f"conversation-{event['conversation']}"] = {}
    if (event.get("sound") and event.get("to") in (None, officer_id)) or officer_id in event.get("named", ()):
        found["ring"] = {"conversation": event.get("conversation")}
    return found
