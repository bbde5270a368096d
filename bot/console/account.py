"""Signing in and out, and what an officer changes about the own account."""

from __future__ import annotations

from typing import Annotated

import segno
from fastapi import APIRouter, Form, Query, Request, Response

from bot.console.access import COOKIE, AnyOfficer
from bot.console.desk import Desk, Here
from bot.officers import passwords
from bot.officers.service import OfficerError, by_id, change_password, end_sessions, turn_totp_off, turn_totp_on
from bot.officers.signing_in import (
    FOR_THE_CODE,
    LASTS,
    SignInError,
    TooManyTries,
    Try,
    confirm,
    open_sessions,
    sign_in,
    sign_out,
    waits_for_code,
)
from bot.refusals import refuse

router = APIRouter()
HALFWAY = "pandu_officer_code"  # holds the token between password and code
Field = Annotated[str, Form(max_length=300)]


@router.get("/sign-in")
async def sign_in_page(request: Request, desk: Here, to: str = Query("", max_length=500)) -> Response:
    return desk.page(request, None, "sign-in.html", to=_own(to), username="")


@router.post("/sign-in")
async def signing_in(
    request: Request, desk: Here, username: Field = "", password: Field = "", to: Field = ""
) -> Response:
    """A new token at every sign-in: one that was planted before is worth nothing."""
    client = request.client.host if request.client else ""
    given = Try(username, password, client, request.headers.get("user-agent", ""))
    error: SignInError | None = None
    async with desk.session() as session:  # committed also when refused: the failure counts
        try:
            token, needs_code = await sign_in(session, given, desk.now())
        except SignInError as refused:
            refuse("console", "too many tries" if isinstance(refused, TooManyTries) else "wrong password")
            error = refused
    if error is not None:
        status = 429 if isinstance(error, TooManyTries) else 422
        return desk.page(
            request, None, "sign-in.html", status=status, to=_own(to), username=username[:80], error=str(error)
        )
    if needs_code:
        response = desk.page(request, None, "sign-in-code.html", to=_own(to))
        _give(desk, response, HALFWAY, token, int(FOR_THE_CODE.total_seconds()))
        return response
    return _let_in(request, desk, token, to)


@router.post("/sign-in/code")
async def code(request: Request, desk: Here, code: Field = "", to: Field = "") -> Response:
    token, error, still = request.cookies.get(HALFWAY, ""), "", False
    async with desk.session() as session:
        try:
            token = await confirm(session, token, code, desk.now())
        except SignInError as refused:
            refuse("console", "too many tries" if isinstance(refused, TooManyTries) else "wrong code")
            error = str(refused)
            still = await waits_for_code(session, token, desk.now())
    if error:
        template = "sign-in-code.html" if still else "sign-in.html"
        return desk.page(request, None, template, status=422, to=_own(to), username="", error=error)
    response = _let_in(request, desk, token, to)
    response.delete_cookie(HALFWAY, path="/console")
    return response


@router.post("/sign-out")
async def signing_out(request: Request, desk: Here, signed: AnyOfficer) -> Response:
    async with desk.session() as session:
        await sign_out(session, signed)
    response = desk.done(request, "/console/sign-in", "Anda sudah keluar.")
    response.delete_cookie(COOKIE, path="/console")
    return response


@router.get("/account")
async def account(request: Request, desk: Here, signed: AnyOfficer) -> Response:
    return await _account(request, desk, signed)


@router.get("/account/password")
async def password_page(request: Request, desk: Here, signed: AnyOfficer) -> Response:
    return desk.page(request, signed, "password.html", section="account")


@router.post("/account/password")
async def password(
    request: Request, desk: Here, signed: AnyOfficer, old: Field = "", new: Field = "", again: Field = ""
) -> Response:
    try:
        if new != again:
            raise OfficerError("Kata sandi baru dan ulangannya berbeda.")
        async with desk.session() as session:
            officer = await by_id(session, signed.officer.id)
            await change_password(session, officer, old, new, signed.session.id)
    except OfficerError as wrong:
        return desk.page(request, signed, "password.html", section="account", status=422, error=str(wrong))
    return desk.done(request, "/console", "Kata sandi sudah diganti.")


@router.post("/account/totp")
async def totp(request: Request, desk: Here, signed: AnyOfficer, secret: Field = "", code: Field = "") -> Response:
    try:
        async with desk.session() as session:
            officer = await by_id(session, signed.officer.id)
            await turn_totp_on(session, officer, secret, code, desk.now())
    except OfficerError as wrong:
        return await _account(request, desk, signed, str(wrong), secret)
    return desk.done(request, "/console/account", "Kode sekali pakai aktif.")


@router.post("/account/totp/off")
async def totp_off(request: Request, desk: Here, signed: AnyOfficer, password: Field = "") -> Response:
    try:
        async with desk.session() as session:
            await turn_totp_off(session, await by_id(session, signed.officer.id), password)
    except OfficerError as wrong:
        return await _account(request, desk, signed, str(wrong))
    return desk.done(request, "/console/account", "Kode sekali pakai dimatikan.")


@router.post("/account/sessions/end")
async def end_others(request: Request, desk: Here, signed: AnyOfficer) -> Response:
    async with desk.session() as session:
        await end_sessions(session, signed.officer.id, signed.session.id)
    return desk.done(request, "/console/account", "Semua perangkat lain sudah dikeluarkan.")


async def _account(request: Request, desk: Desk, signed: AnyOfficer, error: str = "", secret: str = "") -> Response:
    async with desk.session() as session:
        opened = await open_sessions(session, signed.officer.id, desk.now())
    if not 16 <= len(secret) <= 64:
        secret = passwords.new_totp_secret()
    code = segno.make(passwords.totp_address(secret, signed.officer.username), error="m")
    return desk.page(
        request,
        signed,
        "account.html",
        section="account",
        status=422 if error else 200,
        error=error,
        opened=[(one, browser_name(one.browser)) for one in opened],
        secret=secret,
        qr=code.svg_inline(scale=4, border=2, omitsize=True, svgclass="qr", lineclass=None),
    )


def _let_in(request: Request, desk: Desk, token: str, to: str) -> Response:
    response = desk.done(request, _own(to) or "/console")
    _give(desk, response, COOKIE, token, int(LASTS.total_seconds()))
    return response


def _give(desk: Desk, response: Response, name: str, token: str, seconds: int) -> None:
    response.set_cookie(
        name, token, max_age=seconds, path="/console", httponly=True, samesite="lax", secure=desk.is_https
    )


def browser_name(agent: str) -> str:
    """ "Chrome, Android": enough to recognise one's own device; "" when nothing is known."""
    browsers = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
    systems = {
        "Android": "Android",
        "iPhone": "iPhone",
        "iPad": "iPad",
        "Windows": "Windows",
        "Mac": "Mac",
        "Linux": "Linux",
    }
    parts = (next((title for sign, title in names.items() if sign in agent), "") for names in (browsers, systems))
    return ", ".join(part for part in parts if part)


def _own(address: str) -> str:
    """The address if it is a page of ours, else "" (no way to other sites)."""
    fine = address.startswith(("/console/", "/console?")) and "\\" not in address and "//" not in address
    return address if fine and address.isprintable() else ""
