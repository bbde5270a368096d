"""Receipts: one page each with the number, a QR code that opens the chat with the claim code, and the checklist."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import segno
from fpdf import FPDF

from bot.answers.wording import NOT_STATED
from bot.applications.models import Application
from bot.applications.service import Register, promise_of, stages_of
from bot.dates import say_date
from bot.knowledge.models import NotStated, Requirement

_PLAIN = str.maketrans({"–": "-", "—": "-", "“": '"', "”": '"', "’": "'", "‘": "'", "…": "...", "•": "-", "≤": "<="})
_MOST_REQUIREMENTS = 14


@dataclass(frozen=True, slots=True)
class Claim:
    """What opens the status in chat. `link` is "" where no channel has an address to link to."""

    code: str
    expires: date
    link: str


def receipt(register: Register, application: Application, claim: Claim) -> bytes:
    """The page as PDF."""
    return receipts(register, [(application, claim)])


def receipts(register: Register, wanted: Iterable[tuple[Application, Claim]]) -> bytes:
    """A page for each, in one PDF. Slow for many: call it in a thread."""
    document = _document()
    for application, claim in wanted:
        document.add_page()
        _receipt(document, register, application, claim)
    return bytes(document.output())


def _receipt(page: FPDF, register: Register, application: Application, claim: Claim) -> None:
    knowledge = register.knowledge
    service = knowledge.services[application.service]
    office = knowledge.offices[service.office]
    page.set_font("helvetica", "B", 16)
    _write(page, "Tanda terima permohonan", 8)
    page.set_font("helvetica", size=10)
    _write(page, f"{service.title}\n{office.name}\nDiterima: {say_date(application.received_on)}")
    if application.applicant or application.business:
        _write(page, " / ".join(part for part in (application.applicant, application.business) if part))
    page.ln(3)
    page.set_font("courier", "B", 24)
    _write(page, application.number, 11)
    page.set_font("helvetica", size=9)
    _write(page, "Nomor permohonan. Sebutkan nomor ini bila bertanya kepada petugas.")
    page.ln(3)
    _claim(page, claim)
    _checklist(page, register, application)


def _document() -> FPDF:
    page = FPDF(format="A4")
    page.set_margins(18, 16)
    page.set_auto_page_break(auto=False)
    page.set_title("Tanda terima permohonan")
    page.set_lang("id")
    return page


def _claim(page: FPDF, claim: Claim) -> None:
    image = io.BytesIO()
    segno.make(claim.link or claim.code, error="m").save(image, kind="png", scale=8, border=2)
    top = page.get_y()
    page.image(image, x=18, y=top, w=42)
    page.set_xy(64, top + 4)
    page.set_left_margin(64)
    how = "Pindai kode QR untuk membuka chat, lalu kirim pesannya." if claim.link else "Kirim kode ini ke chat Pandu."
    page.set_font("helvetica", size=10)
    _write(page, f"Untuk melihat status di chat. {how}")
    page.set_font("courier", "B", 15)
    _write(page, claim.code, 9)
    page.set_font("helvetica", size=9)
    _write(
        page,
        f"Kode klaim: berlaku sekali, sampai {say_date(claim.expires)}. Jangan diberikan kepada orang lain; siapa "
        "pun yang memakainya bisa melihat permohonan ini. Petugas dapat membuat kode baru.",
    )
    page.set_left_margin(18)
    page.set_xy(18, max(page.get_y(), top + 44) + 2)


def _checklist(page: FPDF, register: Register, application: Application) -> None:
    service = register.knowledge.services[application.service]
    procedure = next(one for one in service.procedures if one.id == application.procedure)
    stages = stages_of(register.knowledge, application.service, application.procedure)
    stated: list[Requirement] = [] if isinstance(service.requirements, NotStated) else service.requirements
    requirements = procedure.checklist if procedure.checklist is not None else stated
    _heading(page, "Persyaratan menurut standar pelayanan")
    for one in requirements[:_MOST_REQUIREMENTS]:
        _write(page, f"[  ]  {one.text}")
    if not requirements:
        _write(page, NOT_STATED)
    if len(requirements) > _MOST_REQUIREMENTS:
        _write(page, "Selengkapnya: tanyakan di chat.")
    _heading(page, "Tahap-tahapnya")
    _write(
        page, " > ".join(stage.title for stage in stages.stages if stage.end != "rejected" and stage.id != "perbaikan")
    )
    _heading(page, "Lama proses")
    promise = promise_of(register.knowledge, application.service)
    _write(page, promise.text if promise else NOT_STATED)
    document = register.knowledge.documents[service.document]
    page.ln(3)
    page.set_font("helvetica", "I", 8)
    _write(page, f"Sumber: {document.short}. Dicetak {say_date(register.today())}.")


def _heading(page: FPDF, text: str) -> None:
    page.ln(3)
    page.set_font("helvetica", "B", 11)
    _write(page, text, 6)
    page.set_font("helvetica", size=9)


def _write(page: FPDF, text: str, height: float = 5) -> None:
    plain = text.translate(_PLAIN).encode("latin-1", "replace").decode("latin-1")
    page.multi_cell(0, height, plain, new_x="LMARGIN", new_y="NEXT")
