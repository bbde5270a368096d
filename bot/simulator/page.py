"""The simulator's page (a phone in the browser) and the privacy page, with the few files they need.

Everything is served by ourselves and nothing is inline, so both pages carry `Content-Security-Policy: default-src 'self'`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

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
class Contact:
    """One way to reach the office, as the privacy page prints it: "Telepon", "0351 ...", and where that is written."""

    label: str
    value: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    media_type: str
    etag: str


def simulator_pages(*, simulator: bool = True, office: str = "", contacts: Sequence[Contact] = ()) -> APIRouter:
    """Routes of `/privasi`, `/simulator/static/*` and, when `simulator` is true, `/simulator`.

    `office` is the readable name of the office that runs this Pandu ("" when none is set), `contacts` its contacts.
    Both go into the privacy page only.
    """
    files = _static_files()
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    privacy = templates.get_template("privasi.html").render(office=office, contacts=contacts, simulator=simulator)
    phone = templates.get_template("simulator.html").render(examples=EXAMPLES)
    router = APIRouter(include_in_schema=False)

    @router.get("/privasi")
    async def privacy_page() -> Response:
        return HTMLResponse(privacy, headers=SECURITY_HEADERS | {"Cache-Control": CACHE})

    @router.get("/simulator/static/{name}")
    async def static_file(name: str, request: Request) -> Response:
        file = files.get(name)
        if file is None:
            raise HTTPException(404)
        headers = {"ETag": file.etag, "Cache-Control": CACHE, "X-Content-Type-Options": "nosniff"}
        if request.headers.get("if-none-match") == file.etag:
            return Response(status_code=304, headers=headers)
        return Response(file.content, media_type=file.media_type, headers=headers)

    if simulator:

        @router.get("/simulator")
        async def phone_page() -> Response:
            return HTMLResponse(phone, headers=SECURITY_HEADERS | {"Cache-Control": CACHE})

        @router.get("/simulator/")
        async def phone_page_with_slash() -> Response:
            return RedirectResponse("/simulator", status_code=308)

    return router


def _static_files() -> dict[str, _File]:
    """The files of `static/`, read once: the whole lot is smaller than one photograph."""
    found = {}
    for path in sorted((HERE / "static").iterdir()):
        if path.suffix in MEDIA_TYPES:
            content = path.read_bytes()
            etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
            found[path.name] = _File(content, MEDIA_TYPES[path.suffix], etag)
    return found
