"""Receipts: one page each with the number, a QR code that opens the chat with the claim code, and the checklist."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import segno

from bot.answers.wording import NOT_STATED
from bot.applications.models import Application
from bot.applications.service import Register, promise_of, stages_of
from bot.dates import say_date
from bot.knowledge.models import NotStated, Requirement
from bot.paper import Paper

_MOST_REQUIREMENTS = 14


@dataclass(frozen=True, slots=True)
class Claim:
    """What opens the status in chat. `link` is "" where no channel has an address to link to."""

    code: str
    expires: date
    link: str


def receipts(register: Register, wanted: Iterable[tuple[Application, Claim]]) -> bytes:
    """A page for each, in one PDF. Slow for many: beside transactions."""
    document = _document()
    for application, claim in wanted:
        document.add_page()
        _receipt(document, register, application, claim)
    return bytes(document.output())


def _receipt(page: Paper, register: Register, application: Application, claim: Claim) -> None:
    knowledge = register.knowledge
    service = knowledge.services[application.service]
    office = knowledge.offices[service.office]
    page.style(16, "B")
    page.write_line("Tanda terima permohonan", 8)
    page.style(10)
    page.write_line(f"{service.title}\n{office.name}\nDiterima: {say_date(application.received_on)}")
    if application.applicant or application.business:
        page.write_line(" / ".join(part for part in (application.applicant, application.business) if part))
    page.ln(3)
    page.style(24, "B")
    page.write_line(application.number, 11)
    page.style(9)
    page.write_line("Nomor permohonan. Sebutkan nomor ini bila bertanya kepada petugas.")
    page.ln(3)
    _claim(page, claim)
    _checklist(page, register, application)


def _document() -> Paper:
    page = Paper("Tanda terima permohonan")
    page.set_margins(18, 16)
    page.set_auto_page_break(auto=False)
    return page


def _claim(page: Paper, claim: Claim) -> None:
    image = io.BytesIO()
    segno.make(claim.link or claim.code, error="m").save(image, kind="png", scale=8, border=2)
    top = page.get_y()
    page.image(image, x=18, y=top, w=42)
    page.set_xy(64, top + 4)
    page.set_left_margin(64)
    how = "Pindai kode QR untuk membuka chat, lalu kirim pesannya." if claim.link else "Kirim kode ini ke chat Pandu."
    page.style(10)
    page.write_line(f"Untuk melihat status di chat. {how}")
    page.style(15, "B")
    page.write_line(claim.code, 9)
    page.style(9)
    page.write_line(
        f"Kode klaim: berlaku sekali, sampai {say_date(claim.expires)}. Jangan diberikan kepada orang lain; siapa "
        "pun yang memakainya bisa melihat permohonan ini. Petugas dapat membuat kode baru.",
    )
    page.set_left_margin(18)
    page.set_xy(18, max(page.get_y(), top + 44) + 2)


def _checklist(page: Paper, register: Register, application: Application) -> None:
    service = register.knowledge.services[application.service]
    procedure = next(one for one in service.procedures if one.id == application.procedure)
    stages = stages_of(register.knowledge, application.service, application.procedure)
    stated: list[Requirement] = [] if isinstance(service.requirements, NotStated) else service.requirements
    requirements = procedure.checklist if procedure.checklist is not None else stated
    _heading(page, "Persyaratan menurut standar pelayanan")
    for one in requirements[:_MOST_REQUIREMENTS]:
        page.write_line(f"[  ]  {one.text}")
    if not requirements:
        page.write_line(NOT_STATED)
    if len(requirements) > _MOST_REQUIREMENTS:
        page.write_line("Selengkapnya: tanyakan di chat.")
    _heading(page, "Tahap-tahapnya")
    page.write_line(
        " > ".join(stage.title for stage in stages.stages if stage.end != "rejected" and stage.id != "perbaikan")
    )
    _heading(page, "Lama proses")
    promise = promise_of(register.knowledge, application.service)
    page.write_line(promise.text if promise else NOT_STATED)
    document = register.knowledge.documents[service.document]
    page.ln(3)
    page.style(8, "I")
    page.write_line(f"Sumber: {document.short}. Dicetak {say_date(register.today())}.")


def _heading(page: Paper, text: str) -> None:
    page.ln(3)
    page.style(11, "B")
    page.write_line(text, 6)
    page.style(9)
