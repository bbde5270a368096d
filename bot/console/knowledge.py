"""The knowledge, as Pandu tells it: every answer about every service, its sources, and what is not stated."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request, Response

from bot.answers import facts, wording
from bot.answers.context import Asked
from bot.console.access import AnyOfficer
from bot.console.desk import Desk, Here
from bot.knowledge.models import Knowledge, NotStated, Service
from bot.messages import Reply
from bot.settings import ROOT

router = APIRouter()
MOST_PAGES = 20  # of one answer
_TOPIC_FIELDS = {
    "ask_requirements": "requirements",
    "ask_duration": "duration",
    "ask_cost": "cost",
    "ask_product": "product",
    "ask_legal_basis": "legal_basis",
}
_FIELDS = {
    "applies_to": "Berlaku untuk",
    "requirements": "Syarat",
    "duration": "Lama proses",
    "cost": "Biaya",
    "product": "Hasil layanan",
    "legal_basis": "Dasar hukum",
    "complaints": "Pengaduan",
}


@dataclass(frozen=True, slots=True)
class ToldAnswer:
    """One topic of a service: the bubbles an applicant reads one after the other."""

    title: str
    way: str  # the procedure, where there are several
    replies: tuple[Reply, ...]
    stated: bool


@router.get("/knowledge")
async def overview(request: Request, desk: Here, signed: AnyOfficer) -> Response:
    knowledge = desk.knowledge
    offices = [
        (office, [(one, gaps(one)) for one in knowledge.services.values() if one.office == office.id])
        for office in knowledge.offices.values()
    ]
    return desk.page(request, signed, "knowledge.html", section="knowledge", offices=offices)


@router.get("/knowledge/services/{service_id}")
async def service(request: Request, desk: Here, signed: AnyOfficer, service_id: str) -> Response:
    knowledge = desk.knowledge
    found = knowledge.services.get(service_id)
    if found is None:
        raise HTTPException(404, "Tidak ada layanan ini.")
    laws = [] if isinstance(found.legal_basis, NotStated) else found.legal_basis
    return desk.page(
        request,
        signed,
        "knowledge-service.html",
        section="knowledge",
        service=found,
        office=knowledge.offices[found.office],
        document=knowledge.documents[found.document],
        told=told(knowledge, found),
        gaps=gaps(found),
        notes=[(law, knowledge.legal_notes[law.note]) for law in laws if law.note],
    )


@router.get("/knowledge/documents/{document_id}")
async def document(request: Request, desk: Here, signed: AnyOfficer, document_id: str) -> Response:
    found = desk.knowledge.documents.get(document_id)
    if found is None:
        raise HTTPException(404, "Tidak ada dokumen ini.")
    published = desk.knowledge.sources.get((found.file or "").removeprefix("sources/"))
    text = published or ((ROOT / "knowledge" / found.file).read_text("utf-8") if found.file else "")
    return desk.page(request, signed, "knowledge-document.html", section="knowledge", document=found, text=text)


def gaps(service: Service) -> list[str]:
    """What the document was read for and does not say."""
    silent = [title for name, title in _FIELDS.items() if isinstance(getattr(service, name), NotStated)]
    return silent if service.procedures else [*silent, wording.TOPIC_TITLES["ask_procedure"]]


def told(knowledge: Knowledge, service: Service) -> list[ToldAnswer]:
    """Everything that can be asked about a service, answered by the code that answers applicants."""
    found = []
    for topic, title in wording.TOPIC_TITLES.items():
        if topic == "ask_contact":
            replies = facts.tell_contacts(knowledge, knowledge.offices[service.office], Asked(service=service.id))
            found.append(ToldAnswer(title, "", replies, True))
        elif topic == "ask_procedure":
            for way in service.procedures:
                name = way.title if len(service.procedures) > 1 else ""
                steps = [
                    reply
                    for step in way.steps
                    for reply in facts.tell(knowledge, topic, service, way, Asked(service=service.id, step=step.number))
                ]
                found.append(ToldAnswer(title, name, tuple(steps), True))
            if not service.procedures:
                found.append(ToldAnswer(title, "", _pages(knowledge, topic, service), False))
        elif topic != "ask_detail":
            stated = not isinstance(getattr(service, _TOPIC_FIELDS[topic]), NotStated)
            found.append(ToldAnswer(title, "", _pages(knowledge, topic, service), stated))
    found += [
        ToldAnswer(section.title, "", _pages(knowledge, "ask_detail", service, section.id), True)
        for section in service.sections
    ]
    return found


def _pages(knowledge: Knowledge, topic: str, service: Service, detail: str | None = None) -> tuple[Reply, ...]:
    """All parts of a long answer, as if "Lanjut daftar" were tapped to its end."""
    replies: list[Reply] = []
    for page in range(1, MOST_PAGES):
        asked = Asked(service=service.id, detail=detail, page=page)
        part = facts.tell(knowledge, topic, service, None, asked)
        replies += part
        if not any(button.title == wording.MORE for button in part[-1].buttons):
            break
    return tuple(replies)


def described(desk: Desk) -> dict[str, str]:
    """Services by id with their office, for choices in forms."""
    knowledge = desk.knowledge
    return {one.id: f"{one.title} · {knowledge.offices[one.office].name}" for one in knowledge.services.values()}
