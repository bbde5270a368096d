"""The supervisor's rules for the list of conversations: reply targets, labels, sharing out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console.access import Supervisor
from bot.console.acting import acting
from bot.console.desk import Desk, Here
from bot.console.notices import offices_for
from bot.console.rights import may_change
from bot.handoff.desk import BadInput, DeskError, NoConversation
from bot.handoff.reading.presence import here
from bot.handoff.triage import labels, sharing, targets
from bot.handoff.triage.models import COLORS
from bot.handoff.wording import BAD_TARGET
from bot.officers import service as officers
from bot.officers.models import Officer
from bot.officers.signing_in import Signed

router = APIRouter()
ADDRESS = "/console/triage"
Field = Annotated[str, Form(max_length=300)]


@router.get("/triage")
async def triage(request: Request, desk: Here, signed: Supervisor) -> Response:
    return await _page(request, desk, signed)


@router.post("/triage/target")
async def target(request: Request, desk: Here, signed: Supervisor, office: Field = "", minutes: Field = "") -> Response:
    """Within how many minutes of office hours applicants are answered; empty: no target."""
    try:
        async with desk.session() as session:
            await targets.set_target(acting(desk, signed, session), _known(desk, office), _minutes(minutes))
    except DeskError as wrong:
        return await _page(request, desk, signed, error=wrong)
    return desk.done(request, ADDRESS, "Target jawaban tersimpan." if minutes.strip() else "Target jawaban dihapus.")


@router.post("/triage/sharing")
async def share(request: Request, desk: Here, signed: Supervisor, office: Field = "", on: Field = "") -> Response:
    """Whether those who wait are given to those present."""
    try:
        async with desk.session() as session:
            if not _known(desk, office):
                raise BadInput("Pilih kantornya.")
            await sharing.set_assigns(acting(desk, signed, session), office, bool(on))
    except DeskError as wrong:
        return await _page(request, desk, signed, error=wrong)
    said = "Pembagian otomatis menyala." if on else "Pembagian otomatis mati."
    return desk.done(request, ADDRESS + "#pembagian", said)


@router.post("/triage/skills")
async def skill(
    request: Request,
    desk: Here,
    signed: Supervisor,
    officer: Annotated[int, Form()] = 0,
    service: Annotated[list[str] | None, Form(max_length=200)] = None,
) -> Response:
    """The services that an officer knows; none: all."""
    try:
        async with desk.session() as session:
            found = next((one for one in await _staff(session, signed) if one.id == officer), None)
            if found is None or any(one not in desk.knowledge.services for one in service or ()):
                raise NoConversation("Petugas atau layanan ini tidak dikenal di kantor Anda.")
            await sharing.set_skills(acting(desk, signed, session), found, service or ())
    except DeskError as wrong:
        return await _page(request, desk, signed, error=wrong)
    return desk.done(request, ADDRESS + "#pembagian", "Keahlian petugas tersimpan.")


async def _staff(session: AsyncSession, signed: Signed) -> list[Officer]:
    """Those of the supervisor's offices who may be given conversations."""
    every = await officers.listed(session)
    working = [one for one in every if one.disabled_at is None and one.role != "administrator" and one.offices]
    return [one for one in working if any(signed.sight.own(office) for office in one.offices)]


@router.post("/triage/labels")
async def label(
    request: Request,
    desk: Here,
    signed: Supervisor,
    name: Field = "",
    color: Field = "",
    office: Field = "",
    label_id: Field = "",
) -> Response:
    """Makes one, or changes the one named."""
    number = int(label_id) if label_id.isascii() and label_id.isdecimal() and len(label_id) < 18 else None
    try:
        async with desk.session() as session:
            await labels.save(acting(desk, signed, session), number, name, color, _known(desk, office))
    except DeskError as wrong:
        return await _page(request, desk, signed, error=wrong)
    return desk.done(request, ADDRESS + "#label", "Label tersimpan.")


@router.post("/triage/labels/{label_id}/remove")
async def remove_label(request: Request, desk: Here, signed: Supervisor, label_id: int) -> Response:
    try:
        async with desk.session() as session:
            await labels.remove(acting(desk, signed, session), label_id)
    except DeskError as wrong:
        return await _page(request, desk, signed, error=wrong)
    return desk.done(request, ADDRESS + "#label", "Label dihapus.")


async def _page(request: Request, desk: Desk, signed: Signed, *, error: DeskError | None = None) -> Response:
    known_offices = desk.knowledge.offices
    offices = [one for one in offices_for(desk, signed) if not one[0] or known_offices[one[0]].region]
    async with desk.session() as session:
        rules = await targets.rules(session)
        known = await labels.listed(session, signed.sight)
        staff = await _staff(session, signed)
        present, skills = await here(session, desk.now()), await sharing.skills(session)
        loads = await sharing.loads(session, desk.now())
    return desk.page(
        request,
        signed,
        "triage.html",
        section="triage",
        status=error.status if error else 200,
        error=error.why if error else "",
        offices=offices,
        rules=rules,
        labels=known,
        staff=staff,
        present=present,
        skills=skills,
        loads=loads,
        most=sharing.MOST,
        services_of=lambda officer: [
            (one.id, one.title) for one in desk.knowledge.services.values() if one.office in officer.offices
        ],
        colors=COLORS,
        color_choices=[(one, one) for one in COLORS],
        may=lambda office: may_change(signed, office),
        soon=int(targets.SOON.total_seconds() // 60),
    )


def _minutes(typed: str) -> int | None:
    """Raises BadInput."""
    typed = typed.strip().replace(".", "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 9):
        raise BadInput(BAD_TARGET)
    return int(typed)


def _known(desk: Desk, office: str) -> str:
    """Raises BadInput."""
    if office and office not in desk.knowledge.offices:
        raise BadInput("Kantor ini tidak dikenal.")
    return office
