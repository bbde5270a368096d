"""The supervisor's rules for the list of conversations: reply targets and labels, office by office."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from bot.console.access import Supervisor
from bot.console.acting import acting
from bot.console.desk import Desk, Here
from bot.console.notices import offices_for
from bot.handoff.desk import BadInput, DeskError
from bot.handoff.triage import targets
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


async def _page(request: Request, desk: Desk, signed: Signed, *, error: DeskError | None = None) -> Response:
    offices = offices_for(desk, signed)
    async with desk.session() as session:
        rules = await targets.rules(session)
    return desk.page(
        request,
        signed,
        "triage.html",
        section="triage",
        status=error.status if error else 200,
        error=error.why if error else "",
        offices=offices,
        rules=rules,
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
