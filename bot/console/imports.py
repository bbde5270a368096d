"""A list of applications from a file: uploaded, its columns understood or said, looked through with its faults row by
row, written after a yes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.datastructures import FormData, UploadFile

from bot.applications import uploads
from bot.applications.errors import RegisterError
from bot.applications.importing import Report
from bot.applications.models import ApplicationImport
from bot.applications.naming import Names, fold
from bot.applications.posting import tell_officers, wake
from bot.applications.reading import COLUMNS, MAX_BYTES, REQUIRED, Table, complete, read_upload, too_large
from bot.applications.uploads import Explained, asked_of, names_of
from bot.audit.service import note
from bot.console.access import AnyOfficer, listed_to
from bot.console.desk import Desk, Here
from bot.console.register import ROOT, SECTION, register_at, sentence
from bot.console.rights import offices_seen
from bot.console.telling import Shown, ask_page, of_list, telling
from bot.conversations.recall import About
from bot.officers.signing_in import Signed

router = APIRouter(prefix="/applications/import")
SHOWN_ERRORS = 200
SHOWN_LEFT_OUT = 30
MOST_NAMES = 20  # of services that are asked about at once
MEANINGS = {
    "nomor": "Nomor permohonan atau berkas",
    "layanan": "Layanan",
    "tanggal_masuk": "Tanggal masuk",
    "alur": "Alur (bila layanan punya beberapa)",
    "nama": "Nama pemohon",
    "usaha": "Nama usaha",
    "telepon": "Telepon atau WhatsApp",
    "email": "E-mail",
    "tahap": "Tahap atau status",
    "kd_status": "Kode status OSS",
    "tanggal_tahap": "Sejak kapan di tahap itu",
    "tanggal_lengkap": "Tanggal lengkap dan benar",
    "keterangan": "Keterangan untuk pemohon",
}


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
        async with register_at(desk, signed) as register:
            office = _office(desk, signed, str(form.get("office", "")))
            kept = await uploads.keep(register, file.filename, content, signed.actor, office)
            upload_id = kept.id
    except RegisterError as wrong:
        return _page(request, desk, signed, error=sentence(wrong.said))
    finally:
        await form.close()
    return await _looked_through(request, desk, signed, upload_id)


@router.get("/{upload_id}")
async def upload_again(request: Request, desk: Here, signed: AnyOfficer, upload_id: int) -> Response:
    """A list of this officer that is not written (any more)."""
    return await _looked_through(request, desk, signed, upload_id)


@router.post("/{upload_id}/columns")
async def explained(request: Request, desk: Here, signed: AnyOfficer, upload_id: int) -> Response:
    """What the officer says that the columns and names mean; then the list is looked through again."""
    form = await request.form(max_files=0, max_fields=200)
    try:
        async with register_at(desk, signed) as register:
            await uploads.explain(register, upload_id, signed.actor, _explained(desk, form))
    except RegisterError as wrong:
        return _page(request, desk, signed, error=sentence(wrong.said))
    return await _looked_through(request, desk, signed, upload_id)


@router.post("/{upload_id}")
async def confirm(
    request: Request,
    desk: Here,
    signed: AnyOfficer,
    upload_id: int,
    skip_wrong: Annotated[str, Form(max_length=5)] = "",
    ask: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    """Writes what was shown; with `skip_wrong` the right rows although others are wrong."""
    try:
        async with register_at(desk, signed) as register:
            kept = await uploads.get(register, upload_id, signed.actor)
            content, asked = kept.content, asked_of(kept)
        table = await read_upload(content, asked)
        rows = complete(table)
        about = About(signed.officer.id, "application.imported", "application-list", 0, f"{ROOT}/import/{upload_id}")
        changed = of_list(upload_id, [row.values.get("nomor", "").strip() for row in rows])
        async with (
            register_at(desk, signed) as register,
            telling(desk, register.session, about, changed, ask=bool(ask)) as done,
        ):
            row, report = await uploads.run(
                register, upload_id, rows, signed.actor, signed.actor, preview=False, skip_wrong=bool(skip_wrong)
            )
            names, done.silent = names_of(register, row), not report.news
            await listed_to(register.session, signed, "application", report.matched, desk)
            if report.written:
                counted = {"new": report.new, "changed": report.changed, "wrong": len(report.errors)}
                await note(register.session, signed.actor, "application.imported", "application-list", 0, **counted)
                await tell_officers(register.session)
            if report.news:
                await wake(desk.runtime, register.session)
    except Shown as shown:
        async with desk.session() as session:  # what was noted above is undone
            await listed_to(session, signed, "application", report.matched, desk)
        title = "Tulis daftar ini dan kabari pemohonnya?"
        return await ask_page(request, desk, signed, shown.held, section=SECTION, title=title, back=about.address)
    except RegisterError as wrong:
        return _page(request, desk, signed, error=sentence(wrong.said))
    if not report.written:
        return _page(request, desk, signed, row=row, report=report, table=table, names=names)
    said = f"{report.new} baru, {report.changed} berubah, {report.unchanged} tetap. {report.news} kabar sedang dikirim."
    return desk.done(request, ROOT, said, done.act)


async def _looked_through(request: Request, desk: Desk, signed: Signed, upload_id: int) -> Response:
    """What the upload would do; where its columns are not understood, the question what they mean."""
    try:
        async with register_at(desk, signed) as register:
            row = await uploads.get(register, upload_id, signed.actor)
            content, asked, names = row.content, asked_of(row), names_of(register, row)
        table = await read_upload(content, asked)
    except RegisterError as wrong:
        return _page(request, desk, signed, error=sentence(wrong.said))
    try:
        rows = complete(table)
        async with register_at(desk, signed) as register:
            row, report = await uploads.run(register, upload_id, rows, signed.actor, signed.actor, preview=True)
            await listed_to(register.session, signed, "application", report.matched, desk)
    except RegisterError as wrong:
        return _page(request, desk, signed, row=row, table=table, names=names, error=sentence(wrong.said))
    return _page(request, desk, signed, row=row, report=report, table=table, names=names)


def _office(desk: Desk, signed: Signed, asked: str) -> str:
    """Whose list it is: as asked, else the person's only or first office."""
    seen = [one.id for one in offices_seen(desk, signed)]
    if asked in seen:
        return asked
    return (signed.sight.offices or ("",))[0]


def _explained(desk: Desk, form: FormData) -> Explained:
    columns: dict[str, str] = {}
    services: dict[str, str] = {}
    for field, value in form.multi_items():
        kind, _, said = field.partition(":")
        means = str(value)
        if kind == "column" and said and (means in COLUMNS or not means):
            columns[said[:100]] = means
        elif kind == "service" and said and means in desk.knowledge.stages:
            services[said[:200]] = means
    whole = str(form.get("whole", ""))
    return Explained(
        columns, services, whole if whole in desk.knowledge.stages else "", str(form.get("sheet", ""))[:100]
    )


def _unknown_names(table: Table, names: Names) -> list[tuple[str, str]]:
    """Names of services in the list that nobody knows: what a form calls them, and as they are written."""
    found: dict[str, str] = {}
    for row in table.rows:
        typed = row.values.get("layanan", "").strip()
        if typed and names.service(typed) is None:
            found.setdefault(fold(typed), typed)
        if len(found) >= MOST_NAMES:
            break
    return list(found.items())


def _page(
    request: Request,
    desk: Desk,
    signed: Signed,
    *,
    row: ApplicationImport | None = None,
    report: Report | None = None,
    table: Table | None = None,
    names: Names | None = None,
    error: str = "",
) -> Response:
    errors = [(line, sentence(wrong.said)) for line, wrong in report.errors] if report else []
    services = desk.knowledge.services
    return desk.page(
        request,
        signed,
        "application-import.html",
        section=SECTION,
        status=422 if error else 200,
        error=error,
        upload=row,
        report=report,
        table=table,
        sheet_choices=[(one, one) for one in table.sheets] if table else [],
        left_out=table.left_out[:SHOWN_LEFT_OUT] if table else [],
        unknown=_unknown_names(table, names) if table and names else [],
        services=[
            (one, f"{services[one].label}, {desk.knowledge.offices[services[one].office].label}") for one in names.known
        ]
        if names
        else [],
        offices=[("", "–")] * (signed.sight.offices is None)
        + [(one.id, one.label) for one in offices_seen(desk, signed)],
        own=(signed.sight.offices or ("",))[0],
        meanings=[("", "(tidak dipakai)"), *MEANINGS.items()],
        errors=errors[:SHOWN_ERRORS],
        more_errors=max(0, len(errors) - SHOWN_ERRORS),
        columns=[(MEANINGS[name], _spoken(aliases), name in REQUIRED) for name, aliases in COLUMNS.items()],
        megabytes=MAX_BYTES // 1_000_000,
    )


def _spoken(keys: Sequence[str]) -> list[str]:
    """Keys of titles as a list has them: "nomor berkas"."""
    return list(dict.fromkeys(one.replace("_", " ") for one in keys))
