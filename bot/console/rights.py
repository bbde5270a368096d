"""Whose knowledge an officer changes: of the own office only, of all for administrators."""

from __future__ import annotations

from fastapi import HTTPException

from bot.handoff.wording import OTHER_OFFICE
from bot.officers.models import of_office
from bot.officers.signing_in import Signed
from bot.refusals import refuse


def may_change(signed: Signed, office: str | None) -> bool:
    return of_office(signed.officer, office)


def only_own(signed: Signed, office: str | None) -> None:
    """403 for another office's."""
    if not may_change(signed, office):
        refuse("console", "other office")
        raise HTTPException(403, OTHER_OFFICE)
