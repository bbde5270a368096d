"""The beginning of a report: what the conversation tells, and what the register says to the application's owner."""

from __future__ import annotations

from actions import applications
from actions.turn import Turn
from bot.applications.numbers import number_in
from bot.applications.status import Standing
from bot.complaints.steps import named_in
from bot.knowledge.models import Office
from bot.masking import holds_identity

NUMBER = 60  # characters kept of a number that is none of ours
CANDIDATES = 6  # applications to choose from


async def known(turn: Turn, told: str = "") -> dict[str, str]:
    """Answers of a report (see bot.complaints.facts). `told`: what the person wrote before.

    The application is the one that a button or the text names, else the one that is probably meant. Of an application
    that this conversation may not see, only the number stays that the person gave.
    """
    found = _from_conversation(turn)
    given = turn.entities.get("application_number", "")
    number = number_in(given) or number_in(turn.text) or number_in(told)
    if number or (given and not holds_identity(given)):
        found["number"] = number or given[:NUMBER]
    else:
        named = {**found, **named_in(turn.knowledge, told, found.get("office_id", ""))}
        likely = await applications.likely(turn, named.get("office_id", ""), named.get("service_id", ""))
        number = likely[0].number if len(likely) == 1 else None
        if number is None and likely:
            found["candidates"] = ",".join(f"{one.number}|{one.service}" for one in likely[:CANDIDATES])
    standing = await applications.standing(turn, number) if number else None
    return {**found, **_from_register(turn, standing)} if standing else found


async def chosen(turn: Turn, number: str) -> dict[str, str]:
    """The same of the one application that the person chose; empty when this conversation may not see it."""
    standing = await applications.standing(turn, number)
    return _from_register(turn, standing) if standing else {}


def _from_conversation(turn: Turn) -> dict[str, str]:
    """Office and service that were talked about."""
    office = turn.case_office()
    if not isinstance(office, Office) or not office.region:
        return {}
    found = {"office": office.name, "office_id": office.id}
    chosen = turn.knowledge.services.get(turn.context.service or "")
    if chosen and chosen.office == office.id:
        found |= {"service": chosen.title, "service_id": chosen.id}
    return found


def _from_register(turn: Turn, standing: Standing) -> dict[str, str]:
    """Number, office, service; how many working days the promise is broken by, its last day, and as of when."""
    found = {"number": standing.application.number, "number_from": "register", "stage": standing.stage.id}
    office = turn.knowledge.offices[standing.application.office]
    if office.region:
        found |= {"office": office.name, "office_id": office.id}
        found |= {"service": standing.service.title, "service_id": standing.service.id}
    if reckoning := standing.reckoning:
        today = applications.register_of(turn).today()
        found |= {"over": str(reckoning.over), "over_on": today.isoformat()}
        found |= {"over_due": reckoning.due_on.isoformat() if reckoning.due_on and not standing.stage.end else ""}
    return found
