"""The simulator's page (a phone in the browser) and the privacy page, with the few files they need.

Everything is served by ourselves and nothing is inline, so that both pages can carry
`Content-Security-Policy: default-src 'self'`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.knowledge.load import get_knowledge
from bot.knowledge.models import NotStated
from bot.settings import Settings

HERE = Path(__file__).resolve().parent
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
# A cached copy is always asked about first: the answer is a short 304 until a file changes.
CACHE = "no-cache"
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

EXAMPLES = (
    "Apa saja syarat izin usaha industri di Kudus?",
    "Berapa lama izin perluasan di Magetan?",
    "Berapa biaya izin ketenagakerjaan di Pariaman?",
    "Bagaimana cara membuat akun SIINas?",
    "NIK saya sudah terdaftar di OSS, bagaimana?",
    "Apa itu KBLI?",
    "Saya mau bicara dengan petugas",
)


@dataclass(frozen=True, slots=True)
class _Contact:
    """One way to reach the office, where that is written, and what to know about it (a doubtful spelling, say)."""

    label: str
    value: str
    source: str
    remark: str


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    media_type: str
    etag: str


def simulator_pages(settings: Settings) -> APIRouter:
    """Routes of `/privasi` and `/simulator/static/*`; of `/simulator` too, where the simulator is on.

    The privacy page names the office of `settings.office` and its contacts, as the knowledge files state them.
    """
    files = _static_files()
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    office, contacts = _office(settings.office)
    privacy = templates.get_template("privasi.html").render(
        office=office, contacts=contacts, simulator=settings.simulator_on
    )
    phone = templates.get_template("simulator.html").render(examples=EXAMPLES)
    router = APIRouter(include_in_schema=False)

    @router.get("/privasi")
    async def privacy_page() -> Response:
        return HTMLResponse(privacy, headers=SECURITY_HEADERS | {"Cache-Control": CACHE})

    @router.get("/simulator/static/{path}")
    async def static_file(path: str, request: Request) -> Response:
        file = files.get(path)
        if file is None:
            raise HTTPException(404)
        headers = {"ETag": file.etag, "Cache-Control": CACHE, "X-Content-Type-Options": "nosniff"}
        if request.headers.get("if-none-match") == file.etag:
            return Response(status_code=304, headers=headers)
        return Response(file.content, media_type=file.media_type, headers=headers)

    if settings.simulator_on:

        @router.get("/simulator")
        async def phone_page() -> Response:
            return HTMLResponse(phone, headers=SECURITY_HEADERS | {"Cache-Control": CACHE})

    return router


def _office(office_id: str) -> tuple[str, list[_Contact]]:
    """The readable name of an office and how to write, call or visit it; ("", []) when none is set or known."""
    if not office_id:
        return "", []
    knowledge = get_knowledge()
    office = knowledge.offices.get(office_id)
    if office is None:
        return "", []
    if isinstance(office.contacts, NotStated):
        return office.name, []
    return office.name, [
        _Contact(contact.label, contact.value, knowledge.documents[contact.source.document].short, contact.remark or "")
        for contact in office.contacts
        if contact.value
    ]


def _static_files() -> dict[str, _File]:
    """The files of `static/`, read once: the whole lot is smaller than one photograph."""
    found = {}
    for path in sorted((HERE / "static").iterdir()):
        if path.suffix in MEDIA_TYPES:
            content = path.read_bytes()
            etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
            found[path.name] = _File(content, MEDIA_TYPES[path.suffix], etag)
    return found
