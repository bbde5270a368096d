"""A list of applications from a file: uploaded, looked through with its faults row by row, written after a yes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.datastructures import UploadFile

from bot.applications import uploads
from bot.applications.errors import RegisterError
from bot.applications.importing import Report
from bot.applications.models import ApplicationImport
from bot.applications.posting import tell_officers, wake
from bot.applications.reading import COLUMNS, MAX_BYTES, REQUIRED, read_upload, too_large
from bot.audit.service import note
from bot.console.access import AnyOfficer
from bot.console.desk import Desk, Here
from bot.console.register import ROOT, SECTION, register_at, sentence
from bot.officers.signing_in import Signed

router = APIRouter(prefix="/applications/import")
SHOWN_ERRORS = 200


@router.get("")
async def upload_page(request: Request, desk: Here, signed: AnyOfficer) -> Response:
    return _page(request, desk, signed)


@router.post("")
async def upload(request: Request, desk: Here, signed: AnyOfficer) -> Response:
    """Keeps the file and shows what it would do. Nothing is read of it before the officer is known."""
    form = await request.form(max_files=1, max_fields=5)
    file = form.get("file")
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            return _page(request, desk, signed, error="Pilih berkasnya dulu.")
        if (file.size or 0) > MAX_BYTES:
            raise too_large(file.size or 0)
        content = await file.read()
        rows = await read_upload(content)
        async with register_at(desk, signed) as register:
            kept = await uploads.keep(register, file.filename, content, signed.actor)
            row, report = await uploads.run(register, kept.id, rows, signed.actor, signed.actor, preview=True)
    except RegisterError as wrong:
        return _page(request, desk, signed, error=sentence(wrong.said))
    finally:
        await form.close()
    return _page(request, desk, signed, row=row, report=report)


@router.post("/{upload_id}")
async def confirm(
    request: Request,
    desk: Here,
    signed: AnyOfficer,
    upload_id: int,
    skip_wrong: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    """Writes what was shown; with `skip_wrong` the right rows although others are wrong."""
    try:
        async with register_at(desk, signed) as register:
            content = await uploads.content_of(register, upload_id, signed.actor)
        rows = await read_upload(content)
        async with register_at(desk, signed) as register:
            row, report = await uploads.run(
                register, upload_id, rows, signed.actor, signed.actor, preview=False, skip_wrong=bool(skip_wrong)
            )
            if report.written:
                counted = {"new": report.new, "changed": report.changed, "wrong": len(report.errors)}
                await note(register.session, signed.actor, "application.imported", "application-list", 0, **counted)
                await tell_officers(register.session)
            if report.news:
                await wake(desk.runtime, register.session)
    except RegisterError as wrong:
        return _page(request, desk, signed, error=sentence(wrong.said))
    if not report.written:
        return _page(request, desk, signed, row=row, report=report)
    said = f"{report.new} baru, {report.changed} berubah, {report.unchanged} tetap. {report.news} kabar sedang dikirim."
    return desk.done(request, ROOT, said)


def _page(
    request: Request,
    desk: Desk,
    signed: Signed,
    *,
    row: ApplicationImport | None = None,
    report: Report | None = None,
    error: str = "",
) -> Response:
    errors = [(line, sentence(wrong.said)) for line, wrong in report.errors] if report else []
    return desk.page(
        request,
        signed,
        "application-import.html",
        section=SECTION,
        status=422 if error else 200,
        error=error,
        upload=row,
        report=report,
        errors=errors[:SHOWN_ERRORS],
        more_errors=max(0, len(errors) - SHOWN_ERRORS),
        columns=[(name, aliases, name in REQUIRED) for name, aliases in COLUMNS.items()],
        megabytes=MAX_BYTES // 1_000_000,
    )
