"""Working days, and how much of a promised time has passed. Pure: no database, no clock of its own.

A day counts when the office works on it: Monday to Friday, no public holiday, no cuti bersama, no closed day of the
office. The day on which the time starts (or goes on after a pause) is day zero; the first counted day is the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """An office's working days. `closed`: its own closed days."""

    closed: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.closed and day not in _holidays(day.year)

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


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How a promise stands.

    `started`: the day zero of the first run. `elapsed`: working days counted so far. `due_on`: the last day of the
    promise while its time runs, or when it ran out; None while it stands still. `over`: working days beyond it.
    """

    promised: int
    started: date | None
    running: bool
    elapsed: int
    due_on: date | None

    @property
    def left(self) -> int:
        return max(0, self.promised - self.elapsed)

    @property
    def over(self) -> int:
        return max(0, self.elapsed - self.promised)


def reckon(calendar: Calendar, promised: int, marks: Sequence[tuple[date, bool]], today: date) -> Reckoning:
    """Where a promise of `promised` working days stands on `today`.

    `marks` are (day, whether the time runs from then on), in the order of the events; days may repeat but not go back.
    """
    started: date | None = None
    since: date | None = None
    elapsed = 0
    for day, runs in marks:
        if runs and since is None:
            since, started = day, started or day
        elif not runs and since is not None:
            elapsed += calendar.between(since, day)
            since = None
    if since is None:
        return Reckoning(promised, started, False, elapsed, None)
    due = calendar.after(since, promised - elapsed) if elapsed < promised else since
    return Reckoning(promised, started, True, elapsed + calendar.between(since, today), due)


def merged(days: Iterable[date]) -> Calendar:
    """The calendar of an office with these closed days."""
    return Calendar(frozenset(days))
