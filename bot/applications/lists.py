"""Lists of the register for the office's staff: filtered, searched, a page at a time. Names are only in the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from bot.applications.models import Application
from bot.applications.numbers import number_in
from bot.applications.service import Register
from bot.conversations.walls import mine

PAGE = 50


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """Which applications: empty fields do not restrict. `text` looks into numbers and names; `late`: promise broken.

    `before` and `after` are ids of a page's edge: older, or newer than that one.
    """

    office: str = ""
    service: str = ""
    stage: str = ""
    turn: str = ""
    late: bool = False
    text: str = ""
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Newest first. `older` and `newer` are edges for the next page in that direction; None at the end."""

    applications: Sequence[Application]
    older: int | None
    newer: int | None


async def page(register: Register, wanted: RegisterFilter, size: int = PAGE) -> Page:
    """One page of the register."""
    query = select(Application).where(*_conditions(register, wanted))
    upwards = wanted.after is not None
    if upwards:
        query = query.where(Application.id > wanted.after).order_by(Application.id)
    else:
        query = query.order_by(Application.id.desc())
        query = query.where(Application.id < wanted.before) if wanted.before is not None else query
    found = list(await register.session.scalars(query.limit(size + 1)))
    more, found = len(found) > size, found[:size]
    if upwards:
        found.reverse()
    if not found:
        return Page([], None, None)
    older = found[-1].id if more or upwards else None
    newer = found[0].id if (more if upwards else wanted.before is not None) else None
    return Page(found, older, newer)


async def selected(register: Register, wanted: RegisterFilter, limit: int) -> Sequence[Application]:
    """All that are wanted, oldest first, at most `limit`."""
    query = select(Application).where(*_conditions(register, wanted)).order_by(Application.id).limit(limit)
    return list(await register.session.scalars(query))


async def count_late(register: Register, office: str = "") -> int:
    """How many promises are broken."""
    query = select(func.count()).where(*_conditions(register, RegisterFilter(office=office, late=True)))
    return int((await register.session.execute(query)).scalar_one())


def _conditions(register: Register, wanted: RegisterFilter) -> list[ColumnElement[bool]]:
    pairs = (("office", wanted.office), ("service", wanted.service), ("stage", wanted.stage), ("turn", wanted.turn))
    found: list[ColumnElement[bool]] = [getattr(Application, column) == value for column, value in pairs if value]
    found.append(mine(Application.office, register.sight))
    if wanted.late:
        found.append(register.overdue())
    text = " ".join(wanted.text.split())[:100]
    if number := number_in(text):
        found.append(Application.number == number)
    elif text:
        columns = (Application.number, Application.reference, Application.applicant, Application.business)
        found.append(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    return found
