"""Office hours as they were entered, for the page on which they are changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.handoff.models import OfficeHours
from bot.handoff.ownership.hours import Week
from bot.working_days import ClosedDay


async def weeks(session: AsyncSession) -> dict[str, Week]:
    """By office, those that have hours of their own; "" for all others."""
    found: dict[str, Week] = {}
    for one in await session.scalars(select(OfficeHours).order_by(OfficeHours.opens)):
        found.setdefault(one.office, {}).setdefault(one.weekday, []).append((one.opens, one.closes))
    return found


async def closed_days(session: AsyncSession, office: str, since: date) -> Sequence[ClosedDay]:
    """An office's closed days from `since` on, soonest first."""
    query = select(ClosedDay).where(ClosedDay.office == office, ClosedDay.day >= since).order_by(ClosedDay.day)
    return (await session.scalars(query)).all()
