"""All pages of the console, put together."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from bot.console import (
    account,
    application,
    applications,
    audit,
    bulk,
    calls,
    complaint,
    complaints,
    conversation,
    conversation_acts,
    desk_exports,
    devices,
    drafts,
    exports,
    figures,
    files,
    hours,
    imports,
    inbox,
    install,
    kbli,
    keys,
    knowledge,
    live,
    notices,
    people,
    persons,
    privacy,
    proposals,
    replies,
    rules,
    survey,
    telling,
    today,
    triage,
    trial,
    understanding,
    why,
)
from bot.console.access import PasswordChangeNeeded, RoleTooLow, SignInNeeded, check_origin
from bot.console.desk import ROLE_NAMES, SECURITY_HEADERS, Desk, Here, MenuSection, desk_of
from bot.conversations.runtime import Runtime

SECTIONS = (
    MenuSection("today", "Hari ini", "/console", "layout-dashboard", main=True),
    MenuSection("inbox", "Percakapan", "/console/inbox", "messages-square", main=True),
    MenuSection("applications", "Permohonan", "/console/applications", "folder-clock", main=True),
    MenuSection("complaints", "Pengaduan", "/console/complaints", "megaphone", main=True),
    MenuSection("knowledge", "Pengetahuan", "/console/knowledge", "book-open"),
    MenuSection("kbli", "KBLI", "/console/kbli", "tags"),
    MenuSection("figures", "Angka & laporan", "/console/figures", "chart-column"),
    MenuSection("survey", "Survei (SKM)", "/console/survey", "smile"),
    MenuSection("understanding", "Pemahaman", "/console/understanding", "sparkles", "supervisor"),
    MenuSection("replies", "Balasan siap", "/console/replies", "message-square-text"),
    MenuSection("hours", "Jam kerja", "/console/hours", "calendar-clock", "supervisor"),
    MenuSection("calls", "Panggilan darurat", "/console/calls", "siren", "supervisor"),
    MenuSection("triage", "Target & label", "/console/triage", "list-checks", "supervisor"),
    MenuSection("notices", "Pemberitahuan", "/console/notices", "megaphone"),
    MenuSection("rules", "Aturan jawaban", "/console/rules", "route", "supervisor"),
    MenuSection("audit", "Catatan", "/console/audit", "scroll-text", "supervisor"),
    MenuSection("privacy", "Data pribadi", "/console/privacy", "shield", "administrator"),
    MenuSection("keys", "Kunci API", "/console/keys", "key-round", "administrator"),
    MenuSection("officers", "Petugas & tim", "/console/officers", "users", "administrator"),
    MenuSection("account", "Akun saya", "/console/account", "circle-user-round"),
)
PAGES = (
    today.router,
    figures.router,
    survey.router,
    inbox.router,
    bulk.router,
    conversation.router,
    conversation_acts.router,
    telling.router,
    files.router,
    replies.router,
    hours.router,
    calls.router,
    rules.router,
    triage.router,
    why.router,
    notices.router,
    proposals.router,
    drafts.router,
    trial.router,
    knowledge.router,
    kbli.router,
    understanding.router,
    audit.router,
    keys.router,
    people.router,
    persons.router,
    privacy.router,
    account.router,
    devices.router,
    install.router,
    live.router,
    imports.router,
    exports.router,
    desk_exports.router,
    applications.router,
    application.router,
    complaints.router,
    complaint.router,
)


def add_console(app: FastAPI, runtime: Runtime) -> None:
    """The routes under `/console`, and what happens to those who may not enter."""
    app.state.desk = Desk(runtime, SECTIONS)
    console = APIRouter(prefix="/console", include_in_schema=False, dependencies=[Depends(check_origin)])
    for router in PAGES:
        console.include_router(router)
    console.add_api_route("/static/{name}", _asset, methods=["GET"])
    console.add_api_route("", today.today, methods=["GET"])
    app.include_router(console)
    app.add_exception_handler(SignInNeeded, _to_sign_in)
    app.add_exception_handler(PasswordChangeNeeded, _to_password)
    app.add_exception_handler(RoleTooLow, _refused)
    app.add_exception_handler(HTTPException, _not_here)


async def _asset(name: str, request: Request, desk: Here) -> Response:
    return desk.assets.answer(name, request)


async def _to_sign_in(request: Request, error: Exception) -> Response:
    assert isinstance(error, SignInNeeded)
    address = "/console/sign-in" + (f"?to={quote(error.to, safe='')}" if error.to else "")
    return _lead(request, address)


async def _to_password(request: Request, _: Exception) -> Response:
    return _lead(request, "/console/account/password")


def _lead(request: Request, address: str) -> Response:
    """htmx and live pages cannot follow a redirect to another page: they are told to go there."""
    if request.headers.get("hx-request") or request.url.path == "/console/live":
        return Response(status_code=401, headers=SECURITY_HEADERS | {"HX-Redirect": address})
    return RedirectResponse(address, 303, headers=SECURITY_HEADERS)


async def _not_here(request: Request, error: Exception) -> Response:
    """What is not there, or not one's own, as a page for who looks at pages."""
    assert isinstance(error, HTTPException)
    looks = "text/html" in request.headers.get("accept", "") and not request.headers.get("hx-request")
    if not request.url.path.startswith("/console") or not looks or error.status_code not in (403, 404):
        return await http_exception_handler(request, error)
    said = error.detail if error.detail not in ("Not Found", "Forbidden") else "Alamat ini tidak ada."
    return desk_of(request).page(request, None, "missing.html", status=error.status_code, said=said)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RoleTooLow)
    desk = desk_of(request)
    return desk.page(request, None, "refused.html", status=403, role=ROLE_NAMES[error.role])
