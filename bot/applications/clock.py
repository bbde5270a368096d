"""The part of a promised time that has passed. Pure: no database, no clock of its own.

The day on which the time starts (or goes on after a pause) is day zero; the first counted day is the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.working_days import Calendar


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
    ran_out: date | None = None  # in a run that has ended
    elapsed = 0
    for day, runs in marks:
        if runs and since is None:
            since, started = day, started or day
        elif not runs and since is not None:
            run = calendar.between(since, day)
            if elapsed + run > promised and ran_out is None:
                ran_out = calendar.after(since, max(0, promised - elapsed))
            elapsed += run
            since = None
    if since is None:
        return Reckoning(promised, started, False, elapsed, None)
    due = ran_out or calendar.after(since, max(0, promised - elapsed))
    return Reckoning(promised, started, True, elapsed + calendar.between(since, today), due)
