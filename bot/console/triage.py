"""The supervisor's rules for the list of conversations: reply targets and labels, office by office."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from bot.console.access import Supervisor
from bot.console.acting import acting
from bot.console.desk import Desk, Here
from bot.console.notices import offices_for
from bot.console.rights import may_change
from bot.handoff.desk import BadInput, DeskError
from bot.handoff.triage import labels, targets
from bot.handoff.triage.models import COLORS
from bot.handoff.wording import BAD_TARGET
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
    offices = offices_for(desk, signed)
    async with desk.session() as session:
        rules = await targets.rules(session)
        known = await labels.listed(session, signed.sight)
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
