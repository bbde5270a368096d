"""Signing in and out, and what an officer changes about the own account."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import segno
from fastapi import APIRouter, Form, Query, Request, Response

from bot.console.access import COOKIE, AnyOfficer
from bot.console.desk import Desk, Here
from bot.console.devices import push_key
from bot.officers import passwords
from bot.officers.browsers import cookie_of
from bot.officers.models import CallKind, Officer
from bot.officers.own_account import change_password, turn_totp_off, turn_totp_on
from bot.officers.service import OfficerError, end_sessions
from bot.officers.signing_in import (
    FOR_THE_CODE,
    LASTS,
    Entered,
    Try,
    confirm,
    open_sessions,
    sign_in,
    sign_out,
    waits_for_code,
)
from bot.officers.tries import SignInError, TooManyTries
from bot.refusals import refuse

router = APIRouter()
DEVICE_LASTS = timedelta(days=180)
HALFWAY = "pandu_officer_code"  # holds the token between password and code
Field = Annotated[str, Form(max_length=300)]
KINDS: dict[CallKind, str] = {
    "new": "Percakapan baru menunggu petugas",
    "answered": "Pemohon membalas saya",
    "emergency": "Darurat",
}
"""What officers may be called for; emergencies at any hour, the rest within the office's hours."""


@router.get("/sign-in")
async def sign_in_page(request: Request, desk: Here, to: str = Query("", max_length=500)) -> Response:
    return desk.page(request, None, "sign-in.html", to=_own(to), username="")


@router.post("/sign-in")
async def signing_in(
    request: Request, desk: Here, username: Field = "", password: Field = "", to: Field = ""
) -> Response:
    """A new token at every sign-in: one that was planted before is worth nothing."""
    client = request.client.host if request.client else ""
    device = request.cookies.get(cookie_of(username.strip().lower()[:80]), "")
    given = Try(username, password, client, request.headers.get("user-agent", ""), device)
    try:
        entered = await sign_in(desk.session, given, desk.now())
    except SignInError as refused:
        again = {"to": _own(to), "username": username[:80], "error": str(refused)}
        return desk.page(request, None, "sign-in.html", status=_counted(refused, "wrong password"), **again)
    if entered.needs_code:
        response = desk.page(request, None, "sign-in-code.html", to=_own(to))
        _give(desk, response, HALFWAY, entered.token, int(FOR_THE_CODE.total_seconds()))
        return response
    return _let_in(request, desk, entered, to)


@router.post("/sign-in/code")
async def code(request: Request, desk: Here, code: Field = "", to: Field = "") -> Response:
    token = request.cookies.get(HALFWAY, "")
    try:
        entered = await confirm(desk.session, token, code, desk.now())
    except SignInError as refused:
        status = _counted(refused, "wrong code")
        async with desk.session() as session:
            still = await waits_for_code(session, token, desk.now())
        template = "sign-in-code.html" if still else "sign-in.html"
        return desk.page(request, None, template, status=status, to=_own(to), username="", error=str(refused))
    response = _let_in(request, desk, entered, to)
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
        await change_password(desk.session, signed, old, new, desk.now())
    except (OfficerError, TooManyTries) as wrong:
        status = _counted(wrong, "wrong password")
        return desk.page(request, signed, "password.html", section="account", status=status, error=str(wrong))
    return desk.done(request, "/console", "Kata sandi sudah diganti.")


@router.post("/account/totp")
async def totp(
    request: Request, desk: Here, signed: AnyOfficer, secret: Field = "", code: Field = "", password: Field = ""
) -> Response:
    try:
        await turn_totp_on(desk.session, signed, secret, code, password, desk.now())
    except (OfficerError, TooManyTries) as wrong:
        return await _account(request, desk, signed, wrong, secret)
    return desk.done(request, "/console/account", "Kode sekali pakai aktif.")


@router.post("/account/totp/off")
async def totp_off(request: Request, desk: Here, signed: AnyOfficer, password: Field = "") -> Response:
    try:
        await turn_totp_off(desk.session, signed, password, desk.now())
    except (OfficerError, TooManyTries) as wrong:
        return await _account(request, desk, signed, wrong)
    return desk.done(request, "/console/account", "Kode sekali pakai dimatikan.")


@router.post("/account/replies")
async def replies(request: Request, desk: Here, signed: AnyOfficer, delays: Field = "") -> Response:
    """Whether a typed reply, too, can be taken back before it is sent."""
    async with desk.session() as session:
        officer = await session.get_one(Officer, signed.officer.id)
        officer.delays_replies = bool(delays)
    said = "Balasan Anda menunggu sebelum dikirim." if delays else "Balasan Anda langsung dikirim."
    return desk.done(request, "/console/account", said)


@router.post("/account/sessions/end")
async def end_others(request: Request, desk: Here, signed: AnyOfficer) -> Response:
    async with desk.session() as session:
        await end_sessions(session, signed.officer.id, signed.session.id)
    return desk.done(request, "/console/account", "Semua perangkat lain sudah dikeluarkan.")


async def _account(
    request: Request, desk: Desk, signed: AnyOfficer, wrong: Exception | None = None, secret: str = ""
) -> Response:
    async with desk.session() as session:
        opened = await open_sessions(session, signed.officer.id, desk.now())
    if not passwords.is_totp_secret(secret):
        secret = passwords.new_totp_secret()
    code = segno.make(passwords.totp_address(secret, signed.officer.username), error="m")
    return desk.page(
        request,
        signed,
        "account.html",
        section="account",
        status=_counted(wrong, "wrong password") if wrong else 200,
        error=str(wrong or ""),
        opened=[(one, browser_name(one.browser)) for one in opened],
        secret=secret,
        push_key=await push_key(desk),
        kinds=KINDS,
        seconds=desk.runtime.settings.recall_seconds,
        qr=code.svg_inline(scale=4, border=2, omitsize=True, svgclass="qr", lineclass=None),
    )


def _counted(wrong: Exception, reason: str) -> int:
    """The status of a refusal, which is counted."""
    too_many = isinstance(wrong, TooManyTries)
    refuse("console", "too many tries" if too_many else reason)
    return 429 if too_many else 422


def _let_in(request: Request, desk: Desk, entered: Entered, to: str) -> Response:
    response = desk.done(request, _own(to) or "/console")
    _give(desk, response, COOKIE, entered.token, int(LASTS.total_seconds()))
    _give(desk, response, cookie_of(entered.username), entered.device, int(DEVICE_LASTS.total_seconds()))
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
