"""API keys of the office's own systems, for administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from bot.applications import keys
from bot.applications.errors import RegisterError
from bot.applications.posting import register_of
from bot.audit.service import note
from bot.console.access import Administrator
from bot.console.desk import Desk, Here
from bot.officers.signing_in import Signed

router = APIRouter()


@router.get("/keys")
async def page(request: Request, desk: Here, signed: Administrator) -> Response:
    return await _page(request, desk, signed)


@router.post("/keys")
async def make(
    request: Request,
    desk: Here,
    signed: Administrator,
    name: Annotated[str, Form(max_length=60)] = "",
    office: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """The key is on the answer itself and nowhere else: it is shown once."""
    name = " ".join(name.split())
    if not name:
        return await _page(request, desk, signed, error="Nama sistem belum diisi.")
    try:
        async with desk.session() as session:
            key = await keys.make(register_of(desk.runtime, session), name, office)
            await note(session, signed.actor, "key.made", "key", name=name)
    except RegisterError:
        return await _page(
            request, desk, signed, error=f"Kunci bernama {name} sudah ada, atau kantornya tidak dikenal."
        )
    return await _page(request, desk, signed, fresh=(name, key))


@router.post("/keys/revoke")
async def revoke(
    request: Request, desk: Here, signed: Administrator, name: Annotated[str, Form(max_length=60)] = ""
) -> Response:
    try:
        async with desk.session() as session:
            await keys.revoke(register_of(desk.runtime, session), name)
            await note(session, signed.actor, "key.revoked", "key", name=name)
    except RegisterError:
        return await _page(request, desk, signed, error="Kunci ini sudah tidak berlaku.")
    return desk.done(request, "/console/keys", f"Kunci {name} dicabut.")


async def _page(
    request: Request, desk: Desk, signed: Signed, error: str = "", fresh: tuple[str, str] | None = None
) -> Response:
    async with desk.session() as session:
        found = await keys.listed(register_of(desk.runtime, session))
    return desk.page(
        request,
        signed,
        "keys.html",
        section="keys",
        status=422 if error else 200,
        error=error,
        keys=found,
        fresh=fresh,
    )
