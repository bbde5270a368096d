"""Office hours. They are set by the office; where none are set, nothing is said about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit.service import note as audit
from bot.audit.service import officer_actor
from bot.dates import say_date
from bot.handoff import wording
from bot.handoff.desk import Act, BadInput
from bot.handoff.models import OfficeHours
from bot.working_days import Calendar, ClosedDay, calendar_of

type Week = dict[int, list[tuple[time, time]]]
"""Weekday (0 is Monday) to its times, in order."""

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_FAR = 60  # days


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of office hours, local and aware."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Hours:
    """An office's week and calendar. Without any `week` nothing is known: `is_open` is None."""

    week: Week
    calendar: Calendar
    zone: ZoneInfo

    def is_open(self, at: datetime) -> bool | None:
        if not self.week:
            return None
        return any(span.opens <= at < span.closes for span in self.spans(at.astimezone(self.zone).date()))

    def next_opening(self, at: datetime) -> datetime | None:
        """When somebody is back (within 60 days); None when nothing is known, or `at` lies in the hours."""
        if self.is_open(at) is not False:
            return None
        return next((span.opens for span in self.after(at)), None)

    def after(self, at: datetime) -> Iterator[Span]:
        """The stretches that begin later than `at`, in order."""
        start = at.astimezone(self.zone).date()
        for ahead in range(_FAR):
            yield from (span for span in self.spans(start + timedelta(days=ahead)) if span.opens > at)

    def spans(self, day: date) -> list[Span]:
        """The hours of one day; none on a public holiday or a closed day of the office."""
        if self.calendar.is_holiday(day):
            return []
        times = self.week.get(day.weekday(), ())
        return [
            Span(datetime.combine(day, opens, self.zone), datetime.combine(day, closes, self.zone))
            for opens, closes in times
        ]


async def hours_of(session: AsyncSession, office: str, timezone: str) -> Hours:
    """The office's own hours, or those set for all ("")."""
    query = select(OfficeHours).where(OfficeHours.office.in_([office, ""])).order_by(OfficeHours.opens)
    rows = (await session.scalars(query)).all()
    own = [one for one in rows if one.office == office] or rows
    week: Week = {}
    for one in own:
        week.setdefault(one.weekday, []).append((one.opens, one.closes))
    return Hours(week, await calendar_of(session, office), ZoneInfo(timezone))


async def set_hours(desk: Act, office: str, week: Week) -> None:
    """Replaces the hours of an office. Raises BadInput (times that overlap or end before they begin), NotAllowed."""
    desk.only_own(office)
    rows = []
    for weekday, times in week.items():
        before = time.min
        for opens, closes in sorted(times):
            if not 0 <= weekday <= 6 or opens >= closes or opens < before:
                raise BadInput(wording.BAD_HOURS.format(day=DAYS[weekday % 7]))
            before = closes
            rows.append({"office": office, "weekday": weekday, "opens": opens, "closes": closes})
    await desk.session.execute(delete(OfficeHours).where(OfficeHours.office == office))
    if rows:
        await desk.session.execute(insert(OfficeHours).values(rows))
    await _noted(desk, "office.hours-set", office=office, times=len(rows))


async def close_day(desk: Act, office: str, day: date, reason: str) -> None:
    """A day on which the office is closed though the calendar says it works. `reason` may be read by applicants."""
    desk.only_own(office)
    if not reason.strip():
        raise BadInput(wording.REASON_NEEDED)
    kept = insert(ClosedDay).values(office=office, day=day, reason=reason.strip()[:200])
    await desk.session.execute(
        kept.on_conflict_do_update(index_elements=["office", "day"], set_={"reason": kept.excluded.reason})
    )
    await _noted(desk, "office.day-closed", office=office, day=day.isoformat())


async def open_day(desk: Act, office: str, day: date) -> None:
    """Takes a closed day back."""
    desk.only_own(office)
    await desk.session.execute(delete(ClosedDay).where(ClosedDay.office == office, ClosedDay.day == day))
    await _noted(desk, "office.day-opened", office=office, day=day.isoformat())


def say_moment(at: datetime, now: datetime) -> str:
    """ "hari ini pukul 13.00", "besok pukul 08.00", "Senin, 23 November 2026 pukul 08.00"; `at` is local."""
    days = (at.date() - now.astimezone(at.tzinfo).date()).days
    day = {0: "hari ini", 1: "besok"}.get(days) or f"{DAYS[at.weekday()]}, {say_date(at.date())}"
    return f"{day} pukul {at:%H.%M}"


async def _noted(desk: Act, action: str, **detail: str | int) -> None:
    actor = officer_actor(desk.officer.id) if desk.officer else "command-line"
    await audit(desk.session, actor, action, "office", None, **detail)
