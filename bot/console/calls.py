"""Emergencies that nobody takes: whom Pandu calls, and the office's own group, named by a code."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from bot.channels.all import with_groups
from bot.console.access import Supervisor
from bot.console.desk import Desk, Here
from bot.console.notices import offices_for
from bot.console.rights import may_change, only_own
from bot.conversations.jobs import RetryLater
from bot.handoff.calling import groups, words
from bot.handoff.calling.people import devices_of, supervisors_of
from bot.officers.signing_in import Signed

router = APIRouter()
ADDRESS = "/console/calls"
LATER = "Grup sedang tidak dapat dihubungi. Coba lagi sebentar lagi."
Field = Annotated[str, Form(max_length=60)]


@router.get("/calls")
async def calls(request: Request, desk: Here, signed: Supervisor, office: str = "") -> Response:
    return await _page(request, desk, signed, office)


@router.post("/calls/code")
async def code(request: Request, desk: Here, signed: Supervisor, office: Field = "") -> Response:
    """A code for the office's group, shown once."""
    office = _known(desk, signed, office)
    async with desk.session() as session:
        made = await groups.make_code(session, office, signed.actor, desk.now())
    return await _page(request, desk, signed, office, made)


@router.post("/calls/try")
async def try_it(request: Request, desk: Here, signed: Supervisor, office: Field = "") -> Response:
    office = _known(desk, signed, office)
    async with desk.session() as session:
        group = await groups.stands(session, office)
    if group is None or not group.address:
        return await _page(request, desk, signed, office)
    try:
        problem = await groups.say(desk.runtime, group, words.GROUP_TRY)
    except RetryLater:
        problem = LATER
    return await _page(request, desk, signed, office, error=problem, told="" if problem else "Contoh sudah dikirim.")


@router.post("/calls/part")
async def part(request: Request, desk: Here, signed: Supervisor, office: Field = "") -> Response:
    office = _known(desk, signed, office)
    async with desk.session() as session:
        await groups.part(session, office, signed.actor)
    return desk.done(request, f"{ADDRESS}?office={office}", "Grup tidak dipanggil lagi.")


def _known(desk: Desk, signed: Signed, office: str) -> str:
    """403 for another office's, and for what is none."""
    only_own(signed, office if office in desk.knowledge.offices else None)
    return office if office in desk.knowledge.offices else ""


async def _page(
    request: Request, desk: Desk, signed: Signed, office: str, code: str = "", error: str = "", told: str = ""
) -> Response:
    choices = offices_for(desk, signed)
    if not any(office == one for one, _ in choices):
        office = choices[0][0] if choices else ""
    settings = desk.runtime.settings
    kind = with_groups(settings)
    async with desk.session() as session:
        group = await groups.stands(session, office) if may_change(signed, office or None) else None
        devices = await devices_of(session, office, "emergency", desk.now(), settings.timezone)
        supervisors = await supervisors_of(session, office)
    return desk.page(
        request,
        signed,
        "calls.html",
        section="calls",
        status=502 if error else 200,
        error=error,
        told=told,
        offices=choices,
        office=office,
        minutes=f"{settings.emergency_minutes:g}".replace(".", ","),
        officers=len({one.officer.id for one in devices}),
        supervisors=[one.name for one in supervisors],
        called=len({one.officer.id for one in devices} & {one.id for one in supervisors}),
        group=group,
        code=code,
        link=kind.group_link(settings, code) if kind and code else "",
        kind=kind,
    )
