"""The common parts of the pages about applications."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Response

from bot.applications.errors import NotAllowed
from bot.applications.lists import RegisterFilter
from bot.applications.models import TURNS, Application
from bot.applications.reading import parse_date
from bot.applications.service import Register
from bot.console.desk import SECURITY_HEADERS, Desk
from bot.knowledge.models import Knowledge
from bot.officers.signing_in import Signed
from bot.working_days import today_of

ROOT = "/console/applications"
SECTION = "applications"
TURN_NAMES = dict(zip(TURNS, ("Pemohon", "Kantor", "Sistem OSS", "Selesai"), strict=True))


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """An application in a list. `late`: its promise is broken. `left`: working days until then, where it is near."""

    application: Application
    service: str
    office: str
    stage: str
    late: bool
    left: int | None = None


Text = Annotated[str, Query(max_length=100)]


def _filtered(
    office: Text = "", service: Text = "", stage: Text = "", turn: Text = "", late: Text = "", q: Text = ""
) -> RegisterFilter:
    """Office, service, stage, turn and lateness; the search looks into numbers and names."""
    return RegisterFilter(office, service, stage, turn, bool(late), q)


Filtered = Annotated[RegisterFilter, Depends(_filtered)]
"""What a list is filtered by, out of the address."""


@asynccontextmanager
async def register_at(desk: Desk, signed: Signed) -> AsyncIterator[Register]:
    """The register as far as this person sees it."""
    async with desk.session() as session:
        yield Register(session, desk.knowledge, desk.zone, desk.now, signed.sight)


def row_of(knowledge: Knowledge, application: Application, today: date, left: int | None = None) -> RegisterRow:
    service = knowledge.services.get(application.service)
    office = knowledge.offices.get(application.office)
    return RegisterRow(
        application,
        service.label if service else application.service,
        office.label if office else application.office,
        _stage_title(knowledge, application),
        application.due_on is not None and application.due_on < today,
        left,
    )


def today_at(desk: Desk, office: str = "") -> date:
    return today_of(office, desk.now(), desk.zone)


def day_of(typed: str) -> date | None:
    """Raises NotAllowed."""
    try:
        return parse_date(typed) if typed.strip() else None
    except ValueError:
        raise NotAllowed(f"{typed[:30]} is no date", f"“{typed[:30]}” bukan tanggal") from None


def sentence(said: str) -> str:
    return f"{said[:1].upper()}{said[1:].rstrip('.')}."


def pdf_answer(content: bytes, name: str) -> Response:
    headers = SECURITY_HEADERS | {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


def _stage_title(knowledge: Knowledge, application: Application) -> str:
    entry = knowledge.stages.get(application.service)
    procedure = entry.of(application.procedure) if entry else None
    stage = procedure.stage(application.stage) if procedure else None
    return stage.title if stage else application.stage
