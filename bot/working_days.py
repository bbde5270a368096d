"""Working days. A day counts when the office works on it: Monday to Friday, no public holiday, no collective leave
(cuti bersama), no closed day of the office. Regional holidays and election days are in no list: officers enter them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
from sqlalchemy import Text, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base

_DAY = timedelta(days=1)


class ClosedDay(Base):
    """A day on which an office is closed though the calendar says it works."""

    __tablename__ = "office_closed_days"

    office: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Calendar:
    """An office's working days. `closed`: its own closed days."""

    closed: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        return day.weekday() < 5 and not self.is_holiday(day)

    def is_holiday(self, day: date) -> bool:
        """A public holiday, collective leave or closed day; weekends are none."""
        return day in self.closed or day in _holidays(day.year)

    def after(self, start: date, days: int) -> date:
        """The `days`-th working day after `start`; `start` itself for 0."""
        day = start
        while days > 0:
            day += _DAY
            days -= self.works(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and with `end`; 0 when `end` is not later."""
        return sum(self.works(start + _DAY * step) for step in range(1, (end - start).days + 1))


NATIONAL = Calendar()
"""Of no office in particular."""


async def calendar_of(session: AsyncSession, office: str) -> Calendar:
    """The calendar of an office (an id in knowledge/offices)."""
    return Calendar(frozenset(await session.scalars(select(ClosedDay.day).where(ClosedDay.office == office))))


@lru_cache(maxsize=64)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("ID", years=year, categories=("public", "government")))


@lru_cache(maxsize=64)
def is_known(year: int) -> bool:
    """Whether the list of `year` is settled: the government has announced its cuti bersama."""
    return bool(holidays.country_holidays("ID", years=year, categories=("government",)))


def unknown_years(today: date) -> list[int]:
    """This year and the next, where the holidays are not known yet: counting may be wrong there."""
    return [year for year in (today.year, today.year + 1) if not is_known(year)]
