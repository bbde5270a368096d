"""Officers who are called: whose office it is, who wants this kind of call, and when: in their office's hours."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.handoff.ownership.hours import hours_of
from bot.officers.models import CallKind, Officer, PushSubscription


@dataclass(frozen=True, slots=True)
class Called:
    """One browser of an officer who is to be called: `at` the time when the office opens, or now."""

    subscription: int
    officer: Officer
    at: datetime | None = None

    def of(self, officers: Collection[int] | None) -> bool:
        """Whether its officer is one of these; None: of anybody."""
        return officers is None or self.officer.id in officers


async def devices_of(session: AsyncSession, office: str, kind: CallKind, now: datetime, timezone: str) -> list[Called]:
    """The browsers that are told of this kind of call, about a conversation of `office` ("": nobody's yet).

    Outside their office's hours when it opens; emergencies now. Not where no hours are to come.
    """
    query = (
        select(PushSubscription.id, Officer)
        .join(Officer, Officer.id == PushSubscription.officer_id)
        .where(Officer.disabled_at.is_(None), PushSubscription.kinds.any_() == kind)
        .order_by(PushSubscription.id)
    )
    found = [Called(row[0], row[1]) for row in await session.execute(query)]
    seeing = [one for one in found if one.officer.sight.of(office)]
    if kind == "emergency":
        return seeing
    places = {one.officer.office or office for one in seeing}
    times = {where: await called_at(session, where, now, timezone) for where in places}
    return [replace(one, at=at) for one in seeing if (at := times[one.officer.office or office]) is not None]


async def called_at(session: AsyncSession, office: str, now: datetime, timezone: str) -> datetime | None:
    """When somebody of this office may be called: now within its hours or where none are known, else when it opens;
    None: no hours are to come."""
    hours = await hours_of(session, office, timezone)
    return hours.next_opening(now) if hours.is_open(now) is False else now


async def supervisors_of(session: AsyncSession, office: str) -> list[Officer]:
    """Who supervises the office's people; administrators where nobody does."""
    enabled = select(Officer).where(Officer.disabled_at.is_(None), Officer.role != "officer").order_by(Officer.id)
    seeing = [one for one in await session.scalars(enabled) if one.sight.of(office)]
    return [one for one in seeing if one.role == "supervisor"] or seeing
