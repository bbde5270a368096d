"""The register of applications: its lists, and new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response

from bot.applications import lists, printing, promises
from bot.applications.errors import Busy, RegisterError
from bot.applications.service import NewApplication, add
from bot.audit.service import note
from bot.console import words
from bot.console.access import AnyOfficer, listed_to
from bot.console.desk import Desk, Here
from bot.console.register import (
    ROOT,
    SECTION,
    TURN_NAMES,
    Filtered,
    day_of,
    pdf_answer,
    register_at,
    row_of,
    sentence,
    today_at,
)
from bot.conversations.walls import Sight
from bot.knowledge.models import Knowledge, Stage
from bot.officers.signing_in import Signed
from bot.slowly import Beside, with_slow
from bot.working_days import unknown_years

router = APIRouter(prefix="/applications")
OVERDUE_PAGE = 50
Text = Annotated[str, Query(max_length=100)]
Edge = Annotated[int | None, Query(ge=0, lt=2**62)]
Field = Annotated[str, Form(max_length=200)]


@router.get("")
async def listing(
    request: Request,
    desk: Here,
    signed: AnyOfficer,
    wanted: Filtered,
    before: Edge = None,
    after: Edge = None,
) -> Response:
    """A page of the register, older or newer than an edge."""
    async with register_at(desk, signed) as register:
        found = await lists.page(register, replace(wanted, before=before, after=after))
        overdue = await lists.count_late(register)
        await listed_to(register.session, signed, "application", [one.id for one in found.applications], desk)
        years = unknown_years(register.today())
    chosen = {
        "office": wanted.office,
        "service": wanted.service,
        "stage": wanted.stage,
        "turn": wanted.turn,
        "late": "1" if wanted.late else "",
        "q": wanted.text,
    }
    return desk.page(
        request,
        signed,
        "applications.html",
        section=SECTION,
        rows=[row_of(desk.knowledge, one, today_at(desk, one.office)) for one in found.applications],
        chosen=chosen,
        choices=_choices(desk.knowledge, signed.sight, wanted.office, wanted.service),
        older=_address(chosen, before=found.older),
        newer=_address(chosen, after=found.newer),
        overdue=overdue,
        unknown_years=years,
        most=printing.MOST,
    )


@router.get("/overdue")
async def overdue(
    request: Request,
    desk: Here,
    signed: AnyOfficer,
    office: Text = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Promises that break within two working days, and broken ones, the worst first."""
    async with register_at(desk, signed) as register:
        found = await promises.due(register, office, limit=OVERDUE_PAGE + 1, offset=OVERDUE_PAGE * (page - 1))
        count = await lists.count_late(register)
        shown = [one.application.id for one in found[:OVERDUE_PAGE]]
        await listed_to(register.session, signed, "application", shown, desk)
        years = unknown_years(register.today())
    more = len(found) > OVERDUE_PAGE
    return desk.page(
        request,
        signed,
        "applications-overdue.html",
        section=SECTION,
        rows=[
            row_of(desk.knowledge, one.application, today_at(desk, one.application.office), one.left)
            for one in found[:OVERDUE_PAGE]
        ],
        office=office,
        overdue=count,
        older=f"{ROOT}/overdue?{urlencode({'office': office, 'page': page + 1})}" if more else "",
        newer=f"{ROOT}/overdue?{urlencode({'office': office, 'page': page - 1})}" if page > 1 else "",
        unknown_years=years,
    )


@router.get("/new")
async def new_page(request: Request, desk: Here, signed: AnyOfficer) -> Response:
    return _new(request, desk, signed, {"received_on": today_at(desk).isoformat()})


@router.post("/new")
async def register_one(request: Request, desk: Here, signed: AnyOfficer) -> Response:
    """Registers an application; what was typed stays in the form when something is wrong."""
    form = await request.form(max_files=0, max_fields=30)
    typed = {name: str(value)[:200].strip() for name, value in form.items()}
    try:
        new = _new_application(typed)
        async with register_at(desk, signed) as register:
            done = await add(register, new, signed.actor)
            application = done.application
            await note(register.session, signed.actor, "application.registered", "application", application.id)
    except RegisterError as wrong:
        return _new(request, desk, signed, typed, sentence(wrong.said))
    return desk.done(request, f"{ROOT}/{application.number}", f"Terdaftar dengan nomor {application.number}.")


@router.post("/receipts")
async def receipts(
    request: Request,
    desk: Here,
    signed: AnyOfficer,
    office: Field = "",
    service: Field = "",
    stage: Field = "",
    turn: Field = "",
    late: Field = "",
    q: Field = "",
) -> Response:
    """One PDF with a receipt for everything on the list, with new claim codes."""
    chosen = {"office": office, "service": service, "stage": stage, "turn": turn, "late": late, "q": q}

    async def printed(beside: Beside) -> tuple[bytes, str]:
        async with register_at(desk, signed) as register:
            wanted = lists.RegisterFilter(office, service, stage, turn, bool(late), q)
            found = await lists.selected(register, wanted, printing.MOST + 1)
            if not found:
                return b"", "Tidak ada permohonan."
            if len(found) > printing.MOST:
                return b"", f"Lebih dari {printing.MOST} permohonan; persempit saringannya."
            for one in found:
                await note(register.session, signed.actor, "application.receipt", "application", one.id)
            pdf, _ = await printing.printed(register, desk.runtime.settings, found, signed.actor, beside)
        return pdf, ""

    try:
        pdf, error = await with_slow(printed)
    except Busy as busy:
        pdf, error = b"", sentence(busy.said)
    if pdf:
        return pdf_answer(pdf, "tanda-terima")
    return desk.done(request, _address(chosen) or ROOT, error)


def _new(request: Request, desk: Desk, signed: Signed, typed: dict[str, str], error: str = "") -> Response:
    procedures = [
        (f"{service}/{one.procedure}", _procedure_title(desk.knowledge, service, one.procedure), one.stages)
        for service, entry in desk.knowledge.stages.items()
        if signed.sight.own(desk.knowledge.services[service].office)
        for one in entry.procedures
    ]
    return desk.page(
        request,
        signed,
        "application-new.html",
        section=SECTION,
        status=422 if error else 200,
        error=error,
        procedures=procedures,
        typed=_Typed(typed),
    )


class _Typed(dict[str, str]):
    """What was typed; a field that was not sent is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _new_application(typed: dict[str, str]) -> NewApplication:
    """Raises NotAllowed for dates that are none."""
    service, _, procedure = typed.get("procedure", "").partition("/")
    stage_of, _, stage = typed.get("stage", "").rpartition(":")
    contact = [part for part in typed.get("contacts", "").replace(";", ",").split(",") if part.strip()]
    return NewApplication(
        service,
        procedure,
        reference=typed.get("reference", ""),
        applicant=typed.get("applicant", ""),
        business=typed.get("business", ""),
        received_on=day_of(typed.get("received_on", "")),
        phones=[one.strip() for one in contact if "@" not in one],
        emails=[one.strip() for one in contact if "@" in one],
        stage=stage if stage_of == typed.get("procedure", "") else "",
        stage_on=day_of(typed.get("stage_on", "")),
        counted_from=day_of(typed.get("counted_from", "")),
    )


def _procedure_title(knowledge: Knowledge, service_id: str, procedure: str) -> str:
    service = knowledge.services[service_id]
    office = knowledge.offices[service.office]
    more = next((one.title for one in service.procedures if one.id == procedure), "")
    return f"{service.title} – {office.label}" + (f" ({more})" if len(service.procedures) > 1 else "")


def _choices(knowledge: Knowledge, sight: Sight, office: str, service: str) -> dict[str, Sequence[tuple[str, str]]]:
    """What the filters offer: only services of the chosen office, only stages of the chosen services."""
    services = [one for one in map(knowledge.services.__getitem__, knowledge.stages) if sight.own(one.office)]
    offices = {one.office for one in services}
    services = [one for one in services if office in ("", one.office)]
    entries = [knowledge.stages[one.id] for one in services if service in ("", one.id)]
    stages: dict[str, Stage] = {}
    for stage in (stage for entry in entries for one in entry.procedures for stage in one.stages):
        stages.setdefault(stage.id, stage)
    return {
        "office": [("", words.ALL_OFFICES), *((one, knowledge.offices[one].label) for one in sorted(offices))],
        "service": [("", words.ALL_SERVICES), *((one.id, one.title) for one in services)],
        "stage": [("", "Semua tahap"), *((name, stage.title) for name, stage in stages.items())],
        "turn": [("", "Siapa saja"), *TURN_NAMES.items()],
    }


def _address(chosen: dict[str, str], **edge: int | None) -> str:
    """The same list further on; empty where there is no more."""
    values = {name: str(value) for name, value in {**chosen, **edge}.items() if value}
    if edge and not any(edge.values()):
        return ""
    return f"{ROOT}?{urlencode(values)}"
