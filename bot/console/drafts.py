"""The office's own standards: read from a file, checked beside their source, tried, published, taken back."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from starlette.datastructures import FormData, UploadFile

from bot.console.access import AnyOfficer, Supervisor
from bot.console.desk import Desk, Here
from bot.console.knowledge import told
from bot.console.rights import may_change, only_own
from bot.conversations.walls import ALL
from bot.knowledge import publications
from bot.officers.signing_in import Signed
from bot.standards import service
from bot.standards.files import MOST_BYTES
from bot.standards.marking import pieces
from bot.standards.merging import merged, packed, unpacked
from bot.standards.reading import read_source
from bot.standards.refusal import TOO_BIG, Refused
from bot.standards.service import DraftError, Overtaken
from bot.standards.tables import StandardDraftRow
from bot.standards.typed import typed
from bot.standards.work import CHANNELS, Work

router = APIRouter(prefix="/knowledge/drafts")
ROOT = "/console/knowledge/drafts"
ACTORS = (("applicant", "Pemohon"), ("office", "Kantor"), ("system", "Sistem"))
SYSTEMS = (("office", "Kantor atau situs kantor"), ("oss", "OSS"), ("siinas", "SIINas"))
TITLES = {
    "requirements": "Persyaratan",
    "duration": "Jangka waktu",
    "cost": "Biaya",
    "product": "Hasil layanan",
    "legal_basis": "Dasar hukum",
}
_FIELDS = TITLES | {
    "title": "Judul layanan",
    "label": "Nama di tombol",
    "aliases": "Nama lain",
    "kind": "Jenis layanan",
    "system": "Diurus lewat",
    "office": "Kantor",
    "office_name": "Nama kantor",
    "office_region": "Daerah",
    "office_aliases": "Nama daerah",
    "document_short": "Nama singkat dokumen",
    "decree": "Nomor keputusan",
    "days": "Hari yang dijanjikan",
    "minutes": "Menit yang dijanjikan",
    "ways": "Alur",
    "complaints": "Pengaduan",
    "further": "Bagian lain",
}
_reading = asyncio.Semaphore(2)  # files at a time: each is a process with a gigabyte at most


@router.get("")
async def overview(request: Request, desk: Here, signed: AnyOfficer) -> Response:
    return await _overview(request, desk, signed)


@router.post("")
async def read(request: Request, desk: Here, signed: AnyOfficer) -> Response:
    """Reads an uploaded file, or a pasted text, into drafts; nothing is kept of what cannot be read."""
    form = await request.form(max_files=1, max_fields=5, max_part_size=2_000_000)
    try:
        data, name = await _given(form)
        async with _reading:
            draft, source = await asyncio.to_thread(read_source, data, name)
    except Refused as refused:
        pasted = form.get("text")
        kept = pasted if isinstance(pasted, str) else ""
        return await _overview(request, desk, signed, error=str(refused), pasted=kept)
    finally:
        await form.close()
    async with desk.session() as session:
        own = "" if signed.sight == ALL else signed.officer.office
        rows = await service.keep(session, draft, source, signed.actor, signed.officer.username, own)
        first, count = rows[0].id, len(rows)
    return desk.done(request, f"{ROOT}/{first}", f"Terbaca: {count} layanan. Periksa bagian demi bagian.")


async def _given(form: FormData) -> tuple[bytes, str]:
    file = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        if (file.size or 0) > MOST_BYTES:
            raise Refused(TOO_BIG)
        return await file.read(), file.filename
    text = form.get("text")
    if isinstance(text, str) and text.strip():
        return text.encode(), "tempelan.txt"
    raise Refused("Pilih berkas, atau tempelkan teks standarnya.")


@router.get("/help")
async def help_page(request: Request, desk: Here, signed: AnyOfficer) -> Response:
    return desk.page(request, signed, "standards-help.html", section="knowledge")


@router.get("/{number}")
async def draft(request: Request, desk: Here, signed: AnyOfficer, number: int) -> Response:
    row = await row_of(desk, signed, number)
    return await _draft(request, desk, signed, row, service.work_of(row))


@router.post("/{number}")
async def save(
    request: Request, desk: Here, signed: AnyOfficer, number: int, version: Annotated[int, Form()]
) -> Response:
    row = await row_of(desk, signed, number)
    form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    base = service.work_of(row) if row.version == version else unpacked(form.get("base", ""))
    work = typed(base or service.work_of(row), form)
    only_own(signed, work.office or signed.officer.office)
    try:
        async with desk.session() as session:
            await service.save(session, number, version, work, signed.officer.username, desk.now())
    except Overtaken as overtaken:
        return await _beside(request, desk, signed, number, base, work, overtaken)
    return desk.done(request, f"{ROOT}/{number}", "Draf tersimpan.")


async def _beside(
    request: Request, desk: Desk, signed: Signed, number: int, base: Work | None, mine: Work, overtaken: Overtaken
) -> Response:
    """Saves what does not touch what somebody else saved meanwhile, and shows the rest."""
    newest = await row_of(desk, signed, number)
    if base is None:
        return await _draft(request, desk, signed, newest, mine, error=str(overtaken), status=409)
    kept, shown, clashes = merged(base, mine, service.work_of(newest))
    only_own(signed, kept.office or signed.officer.office)
    by = newest.changed_by
    try:
        async with desk.session() as session:
            await service.save(session, number, newest.version, kept, signed.officer.username, desk.now())
    except Overtaken as again:
        return await _beside(request, desk, signed, number, base, mine, again)
    if not clashes:
        return desk.done(request, f"{ROOT}/{number}", f"Draf tersimpan, bersama perubahan {by}.")
    said = "; ".join(f"{_FIELDS.get(name, name)} (“{'”, “'.join(theirs)[:200]}”)" for name, theirs in clashes.items())
    error = f"{by} juga mengubah {said}. Di bawah tampak isian Anda; simpan lagi bila itu yang benar."
    return await _draft(request, desk, signed, await row_of(desk, signed, number), shown, error=error, status=409)


@router.post("/{number}/publish")
async def publish(
    request: Request,
    desk: Here,
    signed: Supervisor,
    number: int,
    version: Annotated[int, Form()],
    reason: Annotated[str, Form(max_length=300)] = "",
    effective_on: Annotated[str, Form(max_length=10)] = "",
    review_on: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    row = await row_of(desk, signed, number)
    only_own(signed, row.office)
    try:
        async with desk.session() as session:
            new = await service.publish(
                session,
                await service.as_read(session, number, version),
                signed.actor,
                signed.officer.username,
                reason,
                today_of(desk),
                _date(effective_on),
                _date(review_on),
            )
            published = new.id
    except DraftError as wrong:
        status = 409 if isinstance(wrong, Overtaken) else 422
        row = await row_of(desk, signed, number)
        return await _draft(request, desk, signed, row, service.work_of(row), error=wrong.problems[0], status=status)
    return desk.done(request, ROOT, f"Versi {published} terbit. Pandu menjawab dengannya paling lama satu menit lagi.")


@router.post("/{number}/remove")
async def remove(request: Request, desk: Here, signed: AnyOfficer, number: int) -> Response:
    await row_of(desk, signed, number)
    async with desk.session() as session:
        await service.remove(session, number, signed.actor)
    return desk.done(request, ROOT, "Draf dihapus.")


@router.get("/versions/{publication}")
async def version(request: Request, desk: Here, signed: AnyOfficer, publication: int) -> Response:
    """Who, when, why, and what it changed."""
    async with desk.session() as session:
        was = await session.get(publications.Publication, publication)
        if was is None:
            raise HTTPException(404, "Tidak ada versi ini.")
        only_own(signed, was.office)
        found = await service.changed_by(session, was)
    return desk.page(request, signed, "version.html", section="knowledge", version=was, found=found)


@router.post("/versions/{publication}/back")
async def back(request: Request, desk: Here, signed: Supervisor, publication: int) -> Response:
    try:
        async with desk.session() as session:
            was = await session.get(publications.Publication, publication)
            only_own(signed, was.office if was else None)
            await service.back(session, publication, signed.actor, signed.officer.username, today_of(desk))
    except DraftError as wrong:
        return await _overview(request, desk, signed, error=wrong.problems[0])
    return desk.done(request, ROOT, f"Versi {publication} dibatalkan; yang sebelumnya berlaku lagi.")


@router.post("/versions/{publication}/reviewed")
async def reviewed(
    request: Request,
    desk: Here,
    signed: Supervisor,
    publication: int,
    again: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Somebody looked whether a version is still true. `again`: the day of the next look, if any."""
    try:
        later = _date(again)
    except DraftError as wrong:
        return await _overview(request, desk, signed, error=wrong.problems[0])
    if later is not None and later <= today_of(desk):
        return await _overview(request, desk, signed, error="Tanggal tinjauan berikutnya harus sesudah hari ini.")
    async with desk.session() as session:
        was = await session.get(publications.Publication, publication)
        only_own(signed, was.office if was else None)
        if was is not None:
            await service.reviewed(session, was, later, signed.actor)
    return desk.done(request, f"{ROOT}#versions", "Tinjauan tercatat.")


# --- pages --------------------------------------------------------------------------------------------------------


async def _overview(request: Request, desk: Desk, signed: Signed, *, error: str = "", pasted: str = "") -> Response:
    async with desk.session() as session:
        rows = await service.drafts(session)
        versions = await publications.history(session, None)
    return desk.page(
        request,
        signed,
        "drafts.html",
        section="knowledge",
        status=422 if error else 200,
        error=error,
        pasted=pasted,
        most_bytes=MOST_BYTES,
        too_big=TOO_BIG,
        rows=[one for one in rows if may_change(signed, one.office or signed.officer.office)],
        versions=[one for one in versions if may_change(signed, one.office)],
        undone={one.undoes for one in versions},
        today=today_of(desk),
        may_publish=signed.may("supervisor"),
    )


async def _draft(
    request: Request,
    desk: Desk,
    signed: Signed,
    row: StandardDraftRow,
    work: Work,
    *,
    error: str = "",
    status: int = 200,
) -> Response:
    answers, changes = [], []
    async with desk.session() as session:
        problems = await service.problems(session, row, today_of(desk))
        renews = await service.renews(session, row, today_of(desk))
        if not problems:
            known, tried = await service.tried(session, row, today_of(desk))
            answers = told(known, known.services[tried])
            changes = await service.changed(session, row, today_of(desk)) if renews else []
    return desk.page(
        request,
        signed,
        "draft.html",
        section="knowledge",
        status=status,
        error=error,
        row=row,
        work=work,
        base=packed(service.work_of(row)),
        source=pieces(row.source, work),
        problems=problems,
        renews=renews,
        told=answers,
        found=changes,
        titles=TITLES,
        actors=ACTORS,
        systems=SYSTEMS,
        channels=CHANNELS,
        offices=[
            ("", "Kantor baru"),
            *((one.id, one.name) for one in desk.knowledge.offices.values() if may_change(signed, one.id)),
        ],
        may_publish=signed.may("supervisor") and may_change(signed, row.office),
    )


async def row_of(desk: Desk, signed: Signed, number: int) -> StandardDraftRow:
    """The draft. 404 where there is none."""
    async with desk.session() as session:
        row = await service.draft(session, number)
    if row is None:
        raise HTTPException(404, "Tidak ada draf ini.")
    only_own(signed, row.office or signed.officer.office)  # a draft without an office yet is everybody's
    return row


def today_of(desk: Desk) -> date:
    return desk.now().astimezone(desk.zone).date()


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise DraftError("Tulis tanggal sebagai tahun-bulan-hari, misalnya 2026-12-31.") from None
