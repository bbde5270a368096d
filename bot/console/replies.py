"""Canned replies: everybody reads them, supervisors write them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from bot.console import words
from bot.console.access import AnyOfficer, Supervisor
from bot.console.acting import acting
from bot.console.desk import Desk, Here
from bot.console.notices import offices_for
from bot.handoff.answering import canned
from bot.handoff.desk import DeskError
from bot.officers.signing_in import Signed

router = APIRouter()
ADDRESS = "/console/replies"
Field = Annotated[str, Form()]


@router.get("/replies")
async def replies(request: Request, desk: Here, signed: AnyOfficer, edit: str = "") -> Response:
    return await _page(request, desk, signed, edit=edit)


@router.post("/replies")
async def save(
    request: Request,
    desk: Here,
    signed: Supervisor,
    title: Field = "",
    text: Field = "",
    source: Field = "",
    office: Field = "",
    service: Field = "",
    reply_id: Field = "",
) -> Response:
    """Adds one, or changes the one named."""
    number = int(reply_id) if reply_id.isdecimal() and len(reply_id) < 19 else None
    text = text.replace("\r\n", "\n")
    try:
        async with desk.session() as session:
            await canned.save(
                acting(desk, signed, session), number, title, text, source=source, office=office, service=service
            )
    except DeskError as wrong:
        typed = {"title": title, "text": text, "source": source, "office": office, "service": service}
        return await _page(request, desk, signed, edit=reply_id, error=wrong.why, status=wrong.status, typed=typed)
    return desk.done(request, ADDRESS, "Balasan tersimpan.")


@router.post("/replies/{reply_id}/remove")
async def remove(request: Request, desk: Here, signed: Supervisor, reply_id: int) -> Response:
    try:
        async with desk.session() as session:
            await canned.remove(acting(desk, signed, session), reply_id)
    except DeskError as wrong:
        return await _page(request, desk, signed, error=wrong.why, status=wrong.status)
    return desk.done(request, ADDRESS, "Balasan dihapus.")


async def _page(
    request: Request,
    desk: Desk,
    signed: Signed,
    *,
    edit: str = "",
    error: str = "",
    status: int = 200,
    typed: dict[str, str] | None = None,
) -> Response:
    async with desk.session() as session:
        found = await canned.listed(session, sight=signed.sight)
    edited = next((one for one in found if str(one.id) == edit), None)
    empty = {"title": "", "text": "", "source": "", "office": "", "service": ""}
    stored = {name: getattr(edited, name) for name in empty} if edited else empty
    return desk.page(
        request,
        signed,
        "replies.html",
        section="replies",
        status=status,
        error=error,
        found=found,
        edited=edited,
        typed=typed or stored,
        may_edit=signed.may("supervisor"),
        own=signed.sight.own,
        fields=words.FIELDS,
        offices=[one for one in offices_for(desk, signed) if one[0]],
        services=[(one.id, one.title) for one in desk.knowledge.services.values() if signed.sight.own(one.office)],
    )
