"""Notes before answers for a time: per office, per service, or for all."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from bot.console import words
from bot.console.access import AnyOfficer, Supervisor
from bot.console.desk import Desk, Here
from bot.console.knowledge import described
from bot.console.rights import may_change, only_own
from bot.officers.signing_in import Signed
from bot.standards import noticing
from bot.standards.service import DraftError
from bot.working_days import zone_of

router = APIRouter()
ADDRESS = "/console/notices"
Short = Annotated[str, Form(max_length=400)]
Named = Annotated[str, Query(max_length=60)]


@router.get("/notices")
async def notices(
    request: Request, desk: Here, signed: AnyOfficer, office: Named = "", service: Named = ""
) -> Response:
    return await _page(request, desk, signed, typed={"text": "", "office": office, "service": service, "ends": ""})


@router.post("/notices")
async def put_up(
    request: Request,
    desk: Here,
    signed: Supervisor,
    text: Short = "",
    office: Short = "",
    service: Short = "",
    ends: Short = "",
) -> Response:
    if service in desk.knowledge.services and not office:
        office = desk.knowledge.services[service].office
    only_own(signed, office or None)
    typed = {"text": text, "office": office, "service": service, "ends": ends}
    until = moment(desk, ends, office)
    try:
        async with desk.session() as session:
            await noticing.put_up(
                session,
                desk.knowledge,
                text,
                office,
                service,
                until,
                desk.now(),
                signed.actor,
                signed.officer.username,
            )
    except DraftError as wrong:
        return await _page(request, desk, signed, typed=typed, error=wrong.problems[0])
    return desk.done(request, ADDRESS, "Pemberitahuan dipasang; Pandu menyebutnya dalam beberapa detik.")


@router.post("/notices/{number}/end")
async def take_down(request: Request, desk: Here, signed: Supervisor, number: int) -> Response:
    async with desk.session() as session:
        one = await noticing.note_of(session, number)
        if one is not None:
            only_own(signed, one.office or None)
            await noticing.take_down(session, number, desk.now(), signed.actor)
    return desk.done(request, ADDRESS, "Pemberitahuan diakhiri.")


def moment(desk: Desk, typed: str, office: str) -> datetime | None:
    """A browser's date and time in the office's zone; None for anything else."""
    try:
        return datetime.fromisoformat(typed.strip()).replace(tzinfo=zone_of(office, desk.zone))
    except ValueError:
        return None


async def _page(request: Request, desk: Desk, signed: Signed, *, typed: dict[str, str], error: str = "") -> Response:
    async with desk.session() as session:
        found = await noticing.in_force(session, desk.now())
    seen = [one for one in found if signed.sight.of(one.office)]
    return desk.page(
        request,
        signed,
        "notices.html",
        section="notices",
        status=422 if error else 200,
        error=error,
        found=[(one, signed.may("supervisor") and may_change(signed, one.office or None)) for one in seen],
        typed=typed,
        offices=offices_for(desk, signed),
        services=services_for(desk, signed),
        may_put_up=signed.may("supervisor"),
    )


def offices_for(desk: Desk, signed: Signed) -> list[tuple[str, str]]:
    """Choices of a form: the offices that the officer may speak for; all together where that is allowed."""
    every = [("", words.ALL_OFFICES)] if may_change(signed, None) else []
    return every + [(one.id, one.name) for one in desk.knowledge.offices.values() if may_change(signed, one.id)]


def services_for(desk: Desk, signed: Signed) -> list[tuple[str, str]]:
    names = described(desk)
    own = [one for one in desk.knowledge.services.values() if may_change(signed, one.office)]
    return [("", words.ALL_SERVICES), *((one.id, names[one.id]) for one in own)]
