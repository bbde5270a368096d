"""The door of the console, where every route asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit.service import note_listed, note_read
from bot.callers import recognised
from bot.console import walls
from bot.console.desk import Desk, Here
from bot.officers.models import Role
from bot.officers.signing_in import Signed, by_token
from bot.refusals import refuse

COOKIE = "pandu_officer"
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
OPEN_TO_BEGINNERS = {"/console/account/password", "/console/sign-out"}


class SignInNeeded(Exception):
    """Nobody is signed in, or no longer; `to` is where to go on afterwards."""

    def __init__(self, to: str = "") -> None:
        super().__init__(to)
        self.to = to


class PasswordChangeNeeded(Exception):
    """The first password opens only the page on which it is changed."""


class RoleTooLow(Exception):
    """The officer's role is not enough. `role` is what it takes."""

    def __init__(self, role: Role) -> None:
        super().__init__(role)
        self.role = role


def same_origin(request: Request) -> bool:
    """Whether a changing request comes from a page of ours.

    Browsers say so in Sec-Fetch-Site; older ones send Origin at least. A request that says neither is refused.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.headers.get("host", "")


async def check_origin(request: Request) -> None:
    """Dependency of the whole console. 403 for a change that another site sends with our cookie."""
    if request.method in CHANGING and not same_origin(request):
        refuse("console", "other origin")
        raise HTTPException(403, "Permintaan ini tidak berasal dari halaman Pandu.")


async def signed_in(request: Request, desk: Here) -> Signed:
    """Raises SignInNeeded, PasswordChangeNeeded."""
    token = request.cookies.get(COOKIE, "")
    signed = None
    if token:
        async with desk.session() as session:
            signed = await by_token(session, token, desk.now())
            if signed is not None:
                await walls.check(session, signed.sight, request.scope["route"].path, request.path_params)
    if signed is None:
        raise SignInNeeded(_where(request))
    recognised(request)
    if signed.officer.must_change_password and request.url.path not in OPEN_TO_BEGINNERS:
        raise PasswordChangeNeeded
    return signed


def at_least(role: Role) -> Callable[[Signed], Awaitable[Signed]]:
    """A dependency that raises RoleTooLow for lesser roles."""

    async def check(signed: AnyOfficer) -> Signed:
        if not signed.may(role):
            refuse("console", "lesser role")
            raise RoleTooLow(role)
        return signed

    return check


AnyOfficer = Annotated[Signed, Depends(signed_in)]
Supervisor = Annotated[Signed, Depends(at_least("supervisor"))]
Administrator = Annotated[Signed, Depends(at_least("administrator"))]


async def read(session: AsyncSession, signed: Signed, subject: str, subject_id: int, desk: Desk) -> None:
    """Write down that an officer read a person's data: one line an officer, subject and hour."""
    await note_read(session, signed.officer.id, subject, subject_id, desk.now())


async def listed_to(session: AsyncSession, signed: Signed, subject: str, ids: Collection[int], desk: Desk) -> None:
    """Write down what an officer saw in a list: one line an officer, subject and hour."""
    await note_listed(session, signed.officer.id, subject, ids, desk.now())


def _where(request: Request) -> str:
    """The page to go on with after signing in: only pages, only our own."""
    if request.method != "GET" or request.headers.get("hx-request") or request.url.path == "/console/live":
        return ""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
