"""The simulator's page (a phone in the browser) and the privacy page, with the few files they need.

Everything is served by ourselves and nothing is inline, so that both pages can carry
`Content-Security-Policy: default-src 'self'`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.channels.all import ALL
from bot.knowledge.load import get_knowledge
from bot.knowledge.models import Fact, NotStated
from bot.knowledge.privacy_models import PrivacyRules
from bot.settings import Settings
from bot.web.assets import ASKED_EACH_TIME, SHARED, Assets

HERE = Path(__file__).resolve().parent
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

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


def simulator_pages(settings: Settings) -> APIRouter:
    """Routes of `/privasi` and `/simulator/static/*`; of `/simulator` too, where the simulator is on.

    The privacy page names the office of `settings.office` and its contacts, as the knowledge files state them.
    """
    files = Assets("/simulator/static", [SHARED, HERE / "static"])
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    office, contacts = _office(settings.office)
    rules = get_knowledge().privacy
    privacy = templates.get_template("privasi.html").render(
        office=office,
        contacts=contacts,
        simulator=settings.simulator_on,
        rules=rules,
        kept=_kept(rules, settings.retention),
        rights=[(fact.text, _source(fact)) for fact in rules.rights],
        channels=[kind for kind in ALL.values() if kind.carriers],
    )
    phone = templates.get_template("simulator.html").render(examples=EXAMPLES)
    router = APIRouter(include_in_schema=False)

    @router.get("/privasi")
    async def privacy_page() -> Response:
        return HTMLResponse(privacy, headers=SECURITY_HEADERS | {"Cache-Control": ASKED_EACH_TIME})

    @router.get("/simulator/static/{path}")
    async def static_file(path: str, request: Request) -> Response:
        return files.answer(path, request)

    if settings.simulator_on:

        @router.get("/simulator")
        async def phone_page() -> Response:
            return HTMLResponse(phone, headers=SECURITY_HEADERS | {"Cache-Control": ASKED_EACH_TIME})

    return router


def _kept(rules: PrivacyRules, chosen: dict[str, int]) -> list[tuple[str, str]]:
    """What is kept and how long, as applicants read it: the office's choice where it made one."""
    found = []
    for kind in rules.retention:
        days = chosen.get(kind.id, kind.days)
        if kind.shown:
            found.append((kind.shown, f"{days} hari {kind.since}" if days else "tanpa batas waktu"))
    return found


def _source(fact: Fact) -> str:
    """The document, named as second-hand where it is."""
    document = get_knowledge().documents[fact.source.document].short
    return f"menurut sumber sekunder: {document}" if fact.source.mark == "2nd" else document


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
