"""Rights to change knowledge: of the own office only, of all for administrators."""

from __future__ import annotations

from fastapi import HTTPException

from bot.console.desk import Desk
from bot.handoff.wording import OTHER_OFFICE
from bot.knowledge.models import Office
from bot.officers.models import of_office
from bot.officers.signing_in import Signed
from bot.refusals import refuse


def may_change(signed: Signed, office: str | None) -> bool:
    return of_office(signed.officer, office)


def offices_seen(desk: Desk, signed: Signed) -> list[Office]:
    """Those that this person sees, for filters and forms."""
    return [one for one in desk.knowledge.offices.values() if signed.sight.own(one.id)]


def only_own(signed: Signed, office: str | None) -> None:
    """403 for another office's."""
    if not may_change(signed, office):
        refuse("console", "other office")
        raise HTTPException(403, OTHER_OFFICE)
