"""The audit log: who did what, and who read whose data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications.models import Application
from bot.audit.models import AuditLine
from bot.audit.service import PAGE, AuditFilter, lines
from bot.console.access import Supervisor
from bot.console.acts import SUBJECTS, TITLES, told, who
from bot.console.desk import Here
from bot.conversations.walls import mine
from bot.officers.models import Officer
from bot.officers.service import listed
from bot.officers.signing_in import Signed

router = APIRouter()
KINDS = {
    "": "Semua",
    "conversation.": "Percakapan",
    "application.": "Permohonan",
    "complaint.": "Pengaduan",
    "officer.": "Akun petugas",
    "key.": "Kunci API",
    "privacy.": "Data pribadi",
}


@router.get("/audit")
async def audit(
    request: Request,
    desk: Here,
    signed: Supervisor,
    officer: Annotated[str, Query(max_length=20)] = "",
    kind: Annotated[str, Query(max_length=30)] = "",
    subject: Annotated[str, Query(max_length=30)] = "",
    subject_id: Annotated[str, Query(max_length=20)] = "",
    before: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    number = int(subject_id) if subject_id.isdecimal() and len(subject_id) < 19 else None
    async with desk.session() as session:
        officers = [one for one in await listed(session) if colleague(signed, one)]
        actors = None if signed.sight.offices is None else [f"officer:{one.id}" for one in officers]
        actor = f"officer:{officer}" if officer else ""
        found = await lines(session, AuditFilter(actor, kind, subject, number, actors=actors, before=before))
        numbers = await _numbers(session, signed, [one for one in found if one.subject == "application"])
    names = {f"officer:{one.id}": one.name for one in officers}
    return desk.page(
        request,
        signed,
        "audit.html",
        section="audit",
        lines=found,
        full=len(found) == PAGE,
        officers=officers,
        names=names,
        kinds=KINDS,
        application_numbers=numbers,
        titles=TITLES,
        who=who,
        told=lambda one: told(one.detail, desk.knowledge, names),
        subjects=SUBJECTS,
        chosen={"officer": officer, "kind": kind, "subject": subject, "subject_id": subject_id},
    )


async def _numbers(session: AsyncSession, signed: Signed, found: Sequence[AuditLine]) -> dict[int, str]:
    """The applications' numbers, by which officers know them."""
    ids = {one.subject_id for one in found if one.subject_id}
    query = select(Application.id, Application.number).where(
        Application.id.in_(ids), mine(Application.office, signed.sight)
    )
    return {one.id: one.number for one in await session.execute(query)} if ids else {}


def colleague(signed: Signed, officer: Officer) -> bool:
    """Whose acts this person may look at: of those who see no more offices than the own ones."""
    theirs = officer.sight.offices
    if signed.sight.offices is None or officer.id == signed.officer.id:
        return True
    return theirs is not None and all(map(signed.sight.own, theirs))
