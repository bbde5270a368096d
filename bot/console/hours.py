"""Office hours: hours of the week, closed days. Applicants are told when somebody is back."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from bot.console import words
from bot.console.access import Supervisor
from bot.console.acting import acting
from bot.console.desk import Desk, Here
from bot.console.notices import offices_for
from bot.console.rights import may_change
from bot.handoff.desk import BadInput, DeskError
from bot.handoff.ownership import hours
from bot.handoff.ownership.hours_form import closed_days, weeks
from bot.officers.signing_in import Signed

router = APIRouter()
ADDRESS = "/console/hours"
SPANS = 2  # a day with a break
Field = Annotated[str, Form(max_length=300)]
Typed = dict[int, list[tuple[str, str]]]


@router.get("/hours")
async def hours_page(request: Request, desk: Here, signed: Supervisor, office: str = "") -> Response:
    return await _page(request, desk, signed, office)


@router.post("/hours")
async def save(request: Request, desk: Here, signed: Supervisor, office: Field = "") -> Response:
    """Fields `opens-DAY-N` and `closes-DAY-N`, "08.00", "08:00" or "8.00"; both empty: closed."""
    form = await request.form()
    typed: Typed = {
        day: [(str(form.get(f"opens-{day}-{n}", "")), str(form.get(f"closes-{day}-{n}", ""))) for n in range(SPANS)]
        for day in range(7)
    }
    try:
        week = {day: [_span(one) for one in spans if any(one)] for day, spans in typed.items()}
        async with desk.session() as session:
            await hours.set_hours(acting(desk, signed, session), _known(desk, office), week)
    except DeskError as wrong:
        return await _page(request, desk, signed, office, error=wrong, typed=typed)
    return desk.done(request, _address(office), "Jam layanan tersimpan.")


@router.post("/hours/closed")
async def close_day(
    request: Request, desk: Here, signed: Supervisor, office: Field = "", day: Field = "", reason: Field = ""
) -> Response:
    try:
        async with desk.session() as session:
            await hours.close_day(acting(desk, signed, session), _known(desk, office), _date(day), reason)
    except DeskError as wrong:
        return await _page(request, desk, signed, office, error=wrong, typed_day=(day, reason))
    return desk.done(request, _address(office) + "#libur", "Hari libur tersimpan.")


@router.post("/hours/opened")
async def open_day(request: Request, desk: Here, signed: Supervisor, office: Field = "", day: Field = "") -> Response:
    """Takes a closed day back."""
    try:
        async with desk.session() as session:
            await hours.open_day(acting(desk, signed, session), _known(desk, office), _date(day))
    except DeskError as wrong:
        return await _page(request, desk, signed, office, error=wrong)
    return desk.done(request, _address(office) + "#libur", "Hari libur dibatalkan.")


async def _page(
    request: Request,
    desk: Desk,
    signed: Signed,
    office: str,
    *,
    error: DeskError | None = None,
    typed: Typed | None = None,
    typed_day: tuple[str, str] = ("", ""),
) -> Response:
    office = office if office in desk.knowledge.offices else ""
    if not may_change(signed, office):
        office = signed.officer.office
    async with desk.session() as session:
        known = await weeks(session)
        closed = await closed_days(session, office, desk.now().astimezone(desk.zone).date())
        now = await hours.hours_of(session, office, desk.runtime.settings.timezone)
    if typed is None:
        typed = {day: [(f"{o:%H.%M}", f"{c:%H.%M}") for o, c in known.get(office, {}).get(day, ())] for day in range(7)}
    filled = {day: (spans + [("", "")] * SPANS)[: max(SPANS, len(spans))] for day, spans in typed.items()}
    return desk.page(
        request,
        signed,
        "hours.html",
        section="hours",
        status=error.status if error else 200,
        error=error.why if error else "",
        office=office,
        offices=offices_for(desk, signed),
        own=office in known,
        anything=bool(known),
        week=filled,
        weekdays=words.WEEKDAYS,
        closed=closed,
        is_open=now.is_open(desk.now()),
        typed_day=typed_day,
    )


def _span(typed: tuple[str, str]) -> tuple[time, time]:
    """Raises BadInput."""
    try:
        opens, closes = (time.fromisoformat(one.strip().replace(".", ":").zfill(5)) for one in typed)
    except ValueError:
        raise BadInput("Tulis jam seperti 08.00, buka dan tutup.") from None
    return opens, closes


def _date(typed: str) -> date:
    """Raises BadInput."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise BadInput("Pilih tanggalnya.") from None


def _known(desk: Desk, office: str) -> str:
    """Raises BadInput."""
    if office and office not in desk.knowledge.offices:
        raise BadInput("Kantor ini tidak dikenal.")
    return office


def _address(office: str) -> str:
    return ADDRESS + (f"?office={office}" if office else "")
