"""Data of applicants: how long each kind is kept, what must not be erased, and who waits for erasing."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from bot.console.access import Administrator
from bot.console.desk import Desk, Here
from bot.officers.signing_in import Signed
from bot.privacy import retention, service

router = APIRouter()
SUBJECTS = {"conversation": "Percakapan", "application": "Permohonan", "complaint": "Laporan"}


@router.get("/privacy")
async def privacy(request: Request, desk: Here, signed: Administrator) -> Response:
    return await _page(request, desk, signed)


@router.post("/privacy/holds")
async def hold(
    request: Request,
    desk: Here,
    signed: Administrator,
    subject: Annotated[str, Form(max_length=20)] = "",
    number: Annotated[str, Form(max_length=18)] = "",
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Forbids erasing. `number` is the id in the address of the conversation's, application's or report's page."""
    if subject not in SUBJECTS or not (number.isdecimal() and len(number) < 19) or not reason.strip():
        return await _page(request, desk, signed, error="Isi nomor dan alasannya.")
    try:
        async with desk.session() as session:
            await service.hold(session, subject, int(number), reason.strip(), signed.actor)
    except service.NoSuchSubject:
        return await _page(request, desk, signed, error=f"{SUBJECTS[subject]} {number} tidak ada.")
    return desk.done(request, "/console/privacy", "Penghapusan dilarang.")


@router.post("/privacy/holds/{hold_id}/release")
async def release(request: Request, desk: Here, signed: Administrator, hold_id: int) -> Response:
    async with desk.session() as session:
        ended = await service.release(session, hold_id, signed.actor, desk.now())
    return desk.done(
        request,
        "/console/privacy",
        "Data itu boleh dihapus lagi." if ended else "Larangan menghapus ini sudah dicabut.",
    )


async def _page(request: Request, desk: Desk, signed: Signed, error: str = "") -> Response:
    found = retention.periods(desk.knowledge.privacy, desk.runtime.settings.retention)
    async with desk.session() as session:
        over = await retention.preview(session, found, desk.now())
        holds, waiting = await service.holds(session), await service.held_requests(session)
    return desk.page(
        request,
        signed,
        "privacy.html",
        section="privacy",
        status=422 if error else 200,
        error=error,
        over=over,
        holds=holds,
        waiting=waiting,
        subjects=SUBJECTS,
        notice=desk.knowledge.privacy.notice,
    )
