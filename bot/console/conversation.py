"""One conversation: who it is, what was said, and what an officer has at hand to answer."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import words
from bot.console.access import AnyOfficer, listed_to, read
from bot.console.acting import acting
from bot.console.desk import SECURITY_HEADERS, Desk, Here
from bot.console.inbox import List, listed
from bot.console.snoozes import CHOICES
from bot.handoff import notes
from bot.handoff.answering import approval, replying
from bot.handoff.answering.canned import filled
from bot.handoff.answering.suggestions import suggestions
from bot.handoff.desk import DeskError, NoConversation
from bot.handoff.reading import presence
from bot.handoff.reading.heading import Heading, heading
from bot.handoff.reading.packet import packet
from bot.handoff.reading.transcript import TranscriptEntry, mark_read, messages
from bot.handoff.triage import labels, sharing, snoozing
from bot.officers import service as officers
from bot.officers.signing_in import Signed
from bot.working_days import zone_name

router = APIRouter()
OLDER = 50
FIRST = 30  # messages on a page that was just opened
MOST_LIVE = 500  # newer ones that a page left open shows
MAX_DRAFT = 20_000
NOTHING = Response(status_code=204, headers=SECURITY_HEADERS)


@router.get("/conversations/{conversation_id}")
async def conversation(
    request: Request, desk: Here, signed: AnyOfficer, conversation_id: int, wanted: List
) -> Response:
    """The whole page with the list beside it; for htmx, which has the list already, the conversation alone."""
    alone = request.headers.get("hx-target") == "pane"
    return await page(request, desk, signed, conversation_id, wanted, alone=alone)


async def page(
    request: Request,
    desk: Desk,
    signed: Signed,
    conversation_id: int,
    wanted: List,
    *,
    alone: bool = False,
    error: str = "",
    status: int = 200,
    text: str | None = None,
) -> Response:
    """`text`: what stands in the reply's field instead of the draft (after a refused form)."""
    try:
        async with desk.session() as session:
            values = await _opening(desk, signed, session, conversation_id)
            if not alone:
                values |= await listed(desk, signed, session, wanted, conversation_id)
    except NoConversation as missing:
        if alone:
            return desk.part("pane-empty.html", status=404, why=missing.why)
        return desk.page(request, signed, "no-conversation.html", section="inbox", status=404, error=missing.why)
    values |= {"asked": wanted, "words": words, "said": ""} | ({"draft": text} if text is not None else {})
    if alone:
        return desk.part("pane.html", signed=signed, error="", **values)
    return desk.page(request, signed, "conversation.html", section="inbox", status=status, **values | {"error": error})


async def _opening(desk: Desk, signed: Signed, session: AsyncSession, conversation_id: int) -> dict[str, Any]:
    """Everything that stands still while the page is open, with the live part as it is now."""
    act = acting(desk, signed, session)
    entries = await messages(session, conversation_id, limit=FIRST)
    older, since = (entries[:1], entries[0].cursor) if len(entries) == FIRST else ([], "")
    values = await live_values(desk, signed, session, conversation_id, since, entries[len(older) :])
    await read(session, signed, "conversation", conversation_id, desk)
    await notes.seen(act, conversation_id)
    if values["mode"] == "mine":
        await mark_read(session, conversation_id, signed.officer.id)
    return values | {
        "older": older,
        "since": since,
        "draft": await presence.draft(act, conversation_id),
        "token": secrets.token_urlsafe(16),
        "snoozes": CHOICES,
        "snooze_clock": zone_name(await snoozing.clock_of(act, conversation_id)),
        "present": await presence.here(session, desk.now()),
        "loads": await sharing.loads(session, desk.now()),
        "colleagues": [one for one in await officers.listed(session) if one.disabled_at is None],
        "teams": [team for team, _ in await officers.teams(session)],
        "max_text": replying.MAX_TEXT,
        "max_files": replying.MAX_FILES,
        "max_bytes": desk.runtime.settings.max_attachment_bytes,
    }


async def live_values(
    desk: Desk,
    signed: Signed,
    session: AsyncSession,
    conversation_id: int,
    since: str,
    entries: list[TranscriptEntry] | None = None,
) -> dict[str, Any]:
    """What `live.html` shows: the head, the packet, what was said after `since`, what waits for a yes."""
    now = desk.now()
    shown = await heading(session, conversation_id, now)
    if entries is None:
        entries = await messages(session, conversation_id, after=since, limit=MOST_LIVE)
    told = await packet(session, desk.knowledge, conversation_id, signed.sight)
    if told.application is not None:
        await listed_to(session, signed, "application", [told.application], desk)
    return {
        "shown": shown,
        "mode": _mode(shown, signed),
        "entries": entries,
        "labels_on": (await labels.of(session, [conversation_id], signed.sight)).get(conversation_id, ()),
        "packet": told,
        "held": await approval.held(session, now, conversation_id),
        "viewers": await presence.viewers(acting(desk, signed, session), conversation_id),
        "lease_left": _seconds(shown.lease_until, now),
        "words": words,
    }


@router.get("/conversations/{conversation_id}/live")
async def live(
    desk: Here, signed: AnyOfficer, conversation_id: int, since: str = Query("", max_length=100), seen: str = ""
) -> Response:
    """The part that changes, again. `seen`: the page is in front, so its officer has the newest messages read."""
    return await live_part(desk, signed, conversation_id, since, seen=bool(seen))


async def live_part(
    desk: Desk,
    signed: Signed,
    conversation_id: int,
    since: str,
    *,
    seen: bool = True,
    error: str = "",
    said: str | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
    recalls: list[tuple[int, int]] | None = None,
) -> Response:
    """`recalls`: what can still be taken back, where that may have changed."""
    try:
        async with desk.session() as session:
            values = await live_values(desk, signed, session, conversation_id, since)
            await read(session, signed, "conversation", conversation_id, desk)
            if seen and values["mode"] == "mine":
                await mark_read(session, conversation_id, signed.officer.id)
    except DeskError as wrong:
        return wrong_part(desk, wrong)
    return desk.part(
        "live.html",
        status=status,
        headers=headers,
        signed=signed,
        since=since,
        error=error,
        said=said,
        recalls=recalls,
        **values,
    )


@router.get("/conversations/{conversation_id}/older")
async def older(
    desk: Here, signed: AnyOfficer, conversation_id: int, before: str = Query("", max_length=100)
) -> Response:
    try:
        async with desk.session() as session:
            shown = await heading(session, conversation_id, desk.now())
            entries = await messages(session, conversation_id, before=before, limit=OLDER + 1)
            await read(session, signed, "conversation", conversation_id, desk)
    except DeskError as wrong:
        return wrong_part(desk, wrong)
    more = len(entries) > OLDER
    return desk.part(
        "older.html",
        signed=signed,
        shown=shown,
        entries=entries[more:],
        more=more,
        mode=_mode(shown, signed),
        words=words,
    )


@router.post("/conversations/{conversation_id}/looking")
async def looking(desk: Here, signed: AnyOfficer, conversation_id: int) -> Response:
    """The page says every 20 seconds that it is open."""
    with suppress(DeskError):
        async with desk.session() as session:
            await heading(session, conversation_id, desk.now())
            await presence.look(acting(desk, signed, session), conversation_id)
    return NOTHING


@router.post("/conversations/{conversation_id}/typing")
async def typing(desk: Here, signed: AnyOfficer, conversation_id: int) -> Response:
    """Somebody types a reply: colleagues see it, and the applicant where the channel can show it."""
    with suppress(DeskError):
        async with desk.session() as session:
            await heading(session, conversation_id, desk.now())
            await replying.typing(acting(desk, signed, session), conversation_id)
        async with desk.session() as session:  # asks the provider: no transaction of ours waits for that
            await replying.show_typing(acting(desk, signed, session), conversation_id)
    return NOTHING


@router.post("/conversations/{conversation_id}/leave")
async def leave(desk: Here, signed: AnyOfficer, conversation_id: int) -> Response:
    async with desk.session() as session:
        await presence.leave(acting(desk, signed, session), conversation_id)
    return NOTHING


@router.get("/conversations/{conversation_id}/draft")
async def draft(desk: Here, signed: AnyOfficer, conversation_id: int) -> Response:
    """For another window of the same officer."""
    async with desk.session() as session:
        text = await presence.draft(acting(desk, signed, session), conversation_id)
    return PlainTextResponse(text, headers=SECURITY_HEADERS)


@router.post("/conversations/{conversation_id}/draft")
async def save_draft(
    desk: Here, signed: AnyOfficer, conversation_id: int, text: Annotated[str, Form()] = ""
) -> Response:
    """204; 422 for a text that is too long to be kept (it stays in the page)."""
    if len(text) > MAX_DRAFT:
        return Response(status_code=422, headers=SECURITY_HEADERS)
    try:
        async with desk.session() as session:
            await heading(session, conversation_id, desk.now())
            await presence.save_draft(acting(desk, signed, session), conversation_id, text)
    except DeskError as wrong:
        return Response(status_code=wrong.status, headers=SECURITY_HEADERS)
    return NOTHING


@router.get("/conversations/{conversation_id}/suggestions")
async def suggested(desk: Here, signed: AnyOfficer, conversation_id: int) -> Response:
    try:
        async with desk.session() as session:
            found = await suggestions(acting(desk, signed, session), desk.knowledge, conversation_id)
            await read(session, signed, "conversation", conversation_id, desk)
    except DeskError:
        found = []
    return desk.part("suggestions.html", found=found)


@router.get("/conversations/{conversation_id}/labels")
async def label_picker(desk: Here, signed: AnyOfficer, conversation_id: int) -> Response:
    """The labels that may be set, for the dialog."""
    async with desk.session() as session:
        await read(session, signed, "conversation", conversation_id, desk)
        known = await labels.listed(session, signed.sight)
        on = {one.id for one in (await labels.of(session, [conversation_id], signed.sight)).get(conversation_id, ())}
    return desk.part("labels-picker.html", labels=known, on=on)


@router.get("/conversations/{conversation_id}/replies")
async def replies(desk: Here, signed: AnyOfficer, conversation_id: int) -> Response:
    """Canned replies that fit, their fields filled."""
    try:
        async with desk.session() as session:
            found = await filled(acting(desk, signed, session), desk.knowledge, conversation_id)
            await read(session, signed, "conversation", conversation_id, desk)
    except DeskError as wrong:
        return wrong_part(desk, wrong)
    return desk.part("picker.html", found=found, words=words)


def wrong_part(desk: Desk, wrong: DeskError) -> Response:
    """What went wrong, said on the page; the rest of it stays."""
    return desk.part("said.html", status=wrong.status, headers={"HX-Reswap": "none"}, error=wrong.why, said="")


def _mode(shown: Heading, signed: Signed) -> str:
    """mine, other, queue or bot: who may write."""
    if shown.owner != "officer":
        return shown.owner
    return "mine" if shown.owner_id == signed.officer.id else "other"


def _seconds(until: datetime | None, now: datetime) -> int | None:
    return None if until is None else max(int((until - now).total_seconds()), 0)
