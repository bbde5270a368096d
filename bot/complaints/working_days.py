"""Working days: Monday to Friday without public holidays and collective leave days (cuti bersama).

Regional holidays, election days and later changes are not in the calendar: the result is an estimate, and is told so.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=8)
def _closed(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("ID", categories=("public", "government"), years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _closed(day.year)


def add_working_days(start: date, days: int) -> date:
    """The `days`-th working day after `start` (which itself does not count)."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; 0 when `end` is not later."""
    return sum(is_working_day(start + timedelta(days=one)) for one in range(1, (end - start).days + 1))
