"""One report: its fields to copy into LAPOR!, its number, its dates, what happened to it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import anyio
from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications.reading import parse_date
from bot.audit.service import note
from bot.complaints import office
from bot.complaints.desk import Reports, for_staff
from bot.complaints.files import prepare
from bot.complaints.models import Complaint
from bot.complaints.office import OfficeError
from bot.complaints.sending import body_of
from bot.complaints.tracking import due
from bot.console.access import AnyOfficer, read
from bot.console.complaints import ROOT, SECTION, STATUS_NAMES
from bot.console.desk import SECURITY_HEADERS, Desk, Here
from bot.console.telling import Shown, Telling, ask_page, of_report, telling
from bot.console.who import people
from bot.conversations.recall import About
from bot.officers.signing_in import Signed

router = APIRouter(prefix="/complaints")
Field = Annotated[str, Form(max_length=60)]
MISSING = "Laporan itu tidak ada, atau bukan untuk petugas."


@router.get("/{report_id}")
async def one(request: Request, desk: Here, signed: AnyOfficer, report_id: int) -> Response:
    return await _one(request, desk, signed, report_id)


@router.post("/{report_id}/take")
async def take(request: Request, desk: Here, signed: AnyOfficer, report_id: int) -> Response:
    """The officer begins to send it: colleagues see that, and a secret report's words are on this answer."""
    async with desk.session() as session:
        reports, row = await _found(desk, session, report_id)
        if row is not None and row.status in office.WAITING:
            await office.take(reports, row, signed.actor)
            await office.tell_pages(session)
            shown = office.words_of(reports, row)
            act = "complaint.revealed" if shown == "on-request" else "complaint.taken"
            await note(session, signed.actor, act, "complaint", row.id)
    return await _one(request, desk, signed, report_id, revealed=True)


@router.post("/{report_id}/tracking")
async def tracking(
    request: Request, desk: Here, signed: AnyOfficer, report_id: int, tracking_id: Field = "", ask: Field = ""
) -> Response:
    """The number that LAPOR! gave; only with it a report counts as sent."""
    act, done = "complaint.submitted", Telling()
    try:
        async with desk.session() as session:
            reports, row = await _found(desk, session, report_id)
            if row is not None:
                async with telling(desk, session, _about(signed, act, row), of_report(row.id), ask=bool(ask)) as done:
                    await office.submit(desk.runtime, reports, row, tracking_id)
                    await office.tell_pages(session)
                    await note(session, signed.actor, act, "complaint", row.id)
    except Shown as shown:
        return await _ask(request, desk, signed, report_id, shown, "Simpan nomor LAPOR!?")
    except OfficeError as wrong:
        return await _one(request, desk, signed, report_id, error=str(wrong), typed=tracking_id)
    if row is None:
        return _missing(request, desk, signed)
    return desk.done(request, f"{ROOT}/{report_id}", "Tersimpan; pelapor dikabari.", done.act)


@router.post("/{report_id}/answered")
async def answered(
    request: Request, desk: Here, signed: AnyOfficer, report_id: int, on: Field = "", ask: Field = ""
) -> Response:
    """The office's follow-up stands in LAPOR!; the citizen is asked whether it is solved."""
    act, done = "complaint.answered", Telling()
    try:
        day = parse_date(on)
    except ValueError:
        return await _one(request, desk, signed, report_id, error="Isi tanggal jawabannya.")
    try:
        async with desk.session() as session:
            reports, row = await _found(desk, session, report_id)
            if row is not None:
                async with telling(desk, session, _about(signed, act, row), of_report(row.id), ask=bool(ask)) as done:
                    await office.followed_up(desk.runtime, reports, row, day)
                    await office.tell_pages(session)
                    await note(session, signed.actor, act, "complaint", row.id)
    except Shown as shown:
        return await _ask(request, desk, signed, report_id, shown, "Catat jawaban kantor?")
    except OfficeError as wrong:
        return await _one(request, desk, signed, report_id, error=str(wrong))
    if row is None:
        return _missing(request, desk, signed)
    return desk.done(request, f"{ROOT}/{report_id}", "Tersimpan; pelapor ditanya apakah sudah selesai.", done.act)


@router.post("/{report_id}/retry")
async def retry(request: Request, desk: Here, signed: AnyOfficer, report_id: int) -> Response:
    """A dead letter is tried again, under the same key."""
    async with desk.session() as session:
        done = await office.retry(session, report_id, desk.now(), signed.actor)
        if done:
            await office.tell_pages(session)
            await note(session, signed.actor, "complaint.retried", "complaint", report_id)
    if not done:
        return await _one(request, desk, signed, report_id, error="Tidak ada kiriman gagal pada laporan ini.")
    return desk.done(request, f"{ROOT}/{report_id}", "Dicoba lagi dalam setengah menit.")


@router.post("/{report_id}/attachments/{file_id}")
async def attachment(request: Request, desk: Here, signed: AnyOfficer, report_id: int, file_id: int) -> Response:
    """An attachment, small and without its place, for uploading to LAPOR!."""
    async with desk.session() as session:
        reports, row = await _found(desk, session, report_id)
        if row is None or row.status not in office.WAITING or office.words_of(reports, row) == "never":
            return _missing(request, desk, signed)
        file = next((one for one in await prepare(reports, row) if one.id == file_id and one.path), None)
        if file is None:
            return _missing(request, desk, signed)
        await note(session, signed.actor, "complaint.file-read", "complaint", row.id, file=file.id)
    content = await anyio.Path(reports.files / file.path).read_bytes()
    name = f"lampiran-{file.id}{Path(file.path).suffix}"
    headers = SECURITY_HEADERS | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=file.media_type, headers=headers)


def _about(signed: Signed, act: str, row: Complaint) -> About:
    return About(signed.officer.id, act, "complaint", row.id, f"{ROOT}/{row.id}", row.conversation_id)


async def _ask(request: Request, desk: Desk, signed: Signed, report_id: int, shown: Shown, title: str) -> Response:
    """A secret report's title stands in no message (bot/complaints/tracking.py); who may not read the words of a report
    reads none of them here."""
    async with desk.session() as session:
        reports, row = await _found(desk, session, report_id)
        await read(session, signed, "complaint", report_id, desk)
        if row is not None and row.title and office.words_of(reports, row) != "open":
            shown.held.said = [
                replace(one, text=one.text.replace(row.title, "(judul laporan)")) for one in shown.held.said
            ]
    return await ask_page(request, desk, signed, shown.held, section=SECTION, title=title, back=f"{ROOT}/{report_id}")


async def _one(
    request: Request,
    desk: Desk,
    signed: Signed,
    report_id: int,
    *,
    error: str = "",
    typed: str = "",
    revealed: bool = False,
) -> Response:
    async with desk.session() as session:
        reports, row = await _found(desk, session, report_id)
        if row is None:
            return _missing(request, desk, signed)
        await read(session, signed, "complaint", row.id, desk)
        values = await _values(reports, row, revealed)
    return desk.page(
        request,
        signed,
        "complaint.html",
        section=SECTION,
        status=422 if error else 200,
        error=error,
        row=row,
        typed=typed,
        status_name=STATUS_NAMES[row.status],
        today=reports.today.isoformat(),
        **values,
    )


async def _values(reports: Reports, row: Complaint, revealed: bool) -> dict[str, Any]:
    """What the page shows; words only where they may be read."""
    words = office.words_of(reports, row)
    shown = words == "open" or (words == "on-request" and revealed)
    events = list(await office.history(reports.session, row))
    taken = await office.taken_by(reports, row)
    actors = [one.author for one in events]
    knowledge = reports.knowledge
    body, route = body_of(reports, row), knowledge.complaints.route(row.route)
    zone = ZoneInfo(reports.zone)
    return {
        "words": words,
        "fields": await office.fields_to_copy(reports, row) if shown else [],
        "files": await prepare(reports, row) if shown and row.status in office.WAITING else [],
        "events": events,
        "taken": taken,
        "people": await people(reports.session, actors),
        "delivery": await office.delivery_of(reports.session, row),
        "dates": dict.fromkeys(("verification", "followup", "reply")) | due(reports, row),
        "since": (row.confirmed_at or row.created_at).astimezone(zone),
        "recipient": body.name if body else "–",
        "is_lapor": bool(body and body.lapor),
        "cause": route.title if route else "–",
        "visibility": next(
            (one.label for one in knowledge.complaints.visibility if one.id == row.answers.get("visibility")), "–"
        ),
        "place": [
            knowledge.offices[row.office].name if row.office in knowledge.offices else "",
            knowledge.services[row.service].label if row.service in knowledge.services else "",
        ],
        "secret_events": words != "open",
    }


async def _found(desk: Desk, session: AsyncSession, report_id: int) -> tuple[Reports, Complaint | None]:
    settings = desk.runtime.settings
    row = await office.find(session, report_id)
    return for_staff(session, row, desk.knowledge, desk.now(), settings.timezone, settings.files_dir), row


def _missing(request: Request, desk: Desk, signed: Signed) -> Response:
    return desk.page(request, signed, "case-missing.html", section=SECTION, status=404, said=MISSING)
