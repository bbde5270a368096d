"""Officers and teams, for administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from bot.console import words
from bot.console.access import Administrator
from bot.console.acting import acting
from bot.console.desk import Desk, Here
from bot.console.telling import Shown, Telling, ask_page, of_conversations, telling
from bot.conversations.recall import About, Rows
from bot.handoff.ownership.service import conversations_of, return_all
from bot.officers import service
from bot.officers.models import ROLES, Officer
from bot.officers.passwords import make_password
from bot.officers.service import OfficerError
from bot.officers.signing_in import Signed

router = APIRouter()
Field = Annotated[str, Form(max_length=200)]


@router.get("/officers")
async def officers(request: Request, desk: Here, signed: Administrator) -> Response:
    return await _page(request, desk, signed)


@router.post("/officers")
async def add(
    request: Request, desk: Here, signed: Administrator, username: Field = "", name: Field = "", role: Field = "officer"
) -> Response:
    """The first password is on the answer itself and nowhere else: it is shown once."""
    try:
        first = await make_password()
        async with desk.session() as session:
            officer = await service.add(session, username, name, role, signed.actor, first)
    except OfficerError as wrong:
        return await _page(
            request, desk, signed, error=str(wrong), typed={"username": username, "name": name, "role": role}
        )
    return await _page(request, desk, signed, first_password=(officer.username, first.password))


@router.post("/officers/{officer_id}/reset-password")
async def reset(request: Request, desk: Here, signed: Administrator, officer_id: int) -> Response:
    try:
        first = await make_password()
        async with desk.session() as session:
            officer = await service.by_id(session, officer_id)
            await service.reset_password(session, officer, signed.actor, first)
    except OfficerError as wrong:
        return await _page(request, desk, signed, error=str(wrong))
    return await _page(request, desk, signed, first_password=(officer.username, first.password))


@router.post("/officers/{officer_id}/role")
async def role(request: Request, desk: Here, signed: Administrator, officer_id: int, role: Field = "") -> Response:
    try:
        async with desk.session() as session:
            await service.change_role(session, await service.by_id(session, officer_id), role, signed.actor)
    except OfficerError as wrong:
        return await _page(request, desk, signed, error=str(wrong))
    return desk.done(request, "/console/officers", "Peran sudah diubah.")


@router.post("/officers/{officer_id}/offices")
async def offices(
    request: Request,
    desk: Here,
    signed: Administrator,
    officer_id: int,
    offices: Annotated[list[str] | None, Form(max_length=50)] = None,
) -> Response:
    """Whose people the officer sees; none: all. The first is the own one."""
    try:
        if any(one not in desk.knowledge.offices for one in offices or ()):
            raise OfficerError("Kantor ini tidak dikenal.")
        async with desk.session() as session:
            await service.set_offices(session, await service.by_id(session, officer_id), offices or (), signed.actor)
    except OfficerError as wrong:
        return await _page(request, desk, signed, error=str(wrong))
    return desk.done(request, "/console/officers", "Kantor petugas sudah diubah.")


@router.post("/officers/{officer_id}/active")
async def active(
    request: Request, desk: Here, signed: Administrator, officer_id: int, on: Field = "", ask: Field = ""
) -> Response:
    """Those whom the officer was answering hear that they wait again."""
    returned, done, name = 0, Telling(), ""
    try:
        async with desk.session() as session:
            officer = await service.by_id(session, officer_id)
            name = officer.name
            if on:
                await service.enable(session, officer, signed.actor)
            else:
                rows = [
                    *of_conversations(await conversations_of(session, officer)),
                    Rows("officers", "id = any(:keys)", (officer.id,), ("disabled_at",)),
                ]
                about = About(signed.officer.id, "officer.disabled", "officer", officer.id, "/console/officers")
                async with telling(desk, session, about, rows, ask=bool(ask)) as done:
                    await service.disable(session, officer, signed.actor, desk.now())
                    returned = await return_all(acting(desk, signed, session), officer)
    except Shown as shown:
        title = f"Nonaktifkan akun {name}? Petugas ini langsung keluar dari semua perangkatnya."
        return await ask_page(
            request, desk, signed, shown.held, section="officers", title=title, back="/console/officers"
        )
    except OfficerError as wrong:
        return await _page(request, desk, signed, error=str(wrong))
    off = f"Akun dinonaktifkan. {returned} percakapannya kembali ke antrean." if returned else "Akun dinonaktifkan."
    return desk.done(request, "/console/officers", "Akun diaktifkan." if on else off, done.act)


@router.post("/teams")
async def team(
    request: Request,
    desk: Here,
    signed: Administrator,
    name: Field = "",
    office: Field = "",
    team_id: Annotated[int | None, Form()] = None,
    members: Annotated[list[int] | None, Form()] = None,
) -> Response:
    try:
        if office and office not in desk.knowledge.offices:
            raise OfficerError("Kantor ini tidak dikenal.")
        async with desk.session() as session:
            await service.save_team(session, team_id, name, office, members or [], signed.actor)
    except OfficerError as wrong:
        return await _page(request, desk, signed, error=str(wrong))
    return desk.done(request, "/console/officers#tim", "Tim tersimpan.")


async def _page(
    request: Request,
    desk: Desk,
    signed: Signed,
    error: str = "",
    typed: dict[str, str] | None = None,
    first_password: tuple[str, str] | None = None,
) -> Response:
    async with desk.session() as session:
        officers, teams = await service.listed(session), await service.teams(session)
    return desk.page(
        request,
        signed,
        "officers.html",
        section="officers",
        status=422 if error else 200,
        error=error,
        officers=officers,
        teams=teams,
        roles=ROLES,
        labels_of=lambda officer: _labels(desk, officer),
        typed=typed or {"username": "", "name": "", "role": "officer"},
        first_password=first_password,
    )


def _labels(desk: Desk, officer: Officer) -> str:
    known = desk.knowledge.offices
    return ", ".join(known[one].label if one in known else one for one in officer.offices) or words.ALL_OFFICES
