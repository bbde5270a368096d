"""The audit log: who did what, and who read whose data."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from bot.audit.service import PAGE, AuditFilter, lines
from bot.console.access import Supervisor
from bot.console.acts import SUBJECTS, TITLES
from bot.console.desk import Here
from bot.officers.service import listed

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
    wanted = AuditFilter(f"officer:{officer}" if officer else "", kind, subject, number, before=before)
    async with desk.session() as session:
        found = await lines(session, wanted)
        officers = await listed(session)
    return desk.page(
        request,
        signed,
        "audit.html",
        section="audit",
        lines=found,
        full=len(found) == PAGE,
        officers=officers,
        names={f"officer:{one.id}": one.name for one in officers},
        kinds=KINDS,
        titles=TITLES,
        subjects=SUBJECTS,
        chosen={"officer": officer, "kind": kind, "subject": subject, "subject_id": subject_id},
    )
