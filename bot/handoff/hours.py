"""When officers answer. Hours are set by the office; where none are set, nothing is said about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy.ext.asyncio import AsyncSession

from bot.handoff.desk import Desk
from bot.working_days import Calendar

type Week = dict[int, list[tuple[time, time]]]
"""Weekday (0 is Monday) to its times, in order."""


@dataclass(frozen=True, slots=True)
class Hours:
    """An office's week and calendar. Without any `week` nothing is known: `is_open` is None."""

    week: Week
    calendar: Calendar
    timezone: str

    def is_open(self, at: datetime) -> bool | None:
        raise NotImplementedError

    def next_opening(self, at: datetime) -> datetime | None:
        """When somebody is back (within 60 days); None when nothing is known, or `at` lies in the hours."""
        raise NotImplementedError


async def hours_of(session: AsyncSession, office: str, timezone: str) -> Hours:
    """The office's own hours, or those set for all ("")."""
    raise NotImplementedError


async def set_hours(desk: Desk, office: str, week: Week) -> None:
    """Replaces the hours of an office. Raises BadInput for times that overlap or end before they begin."""
    raise NotImplementedError


async def close_day(desk: Desk, office: str, days: Sequence[datetime], reason: str) -> None:
    raise NotImplementedError
