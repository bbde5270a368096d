"""Office hours. They are set by the office; where none are set, nothing is said about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit.service import note as audit
from bot.dates import say_date
from bot.handoff import wording
from bot.handoff.desk import Act, BadInput, NoConversation
from bot.handoff.models import OfficeHours, SpecialHours
from bot.working_days import ZONES, Calendar, ClosedDay, OfficeZone, WorkedDay, calendar_of, clocks_changed, zone_of

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
    """An office's week and calendar. Without any `week` nothing is known: `is_open` is None.

    `special`: weeks that hold for a span of dates instead; `worked`: the times of days that are worked all the same.
    """

    week: Week
    calendar: Calendar
    zone: ZoneInfo
    special: Sequence[tuple[date, date, Week]] = ()
    worked: Mapping[date, tuple[time, time]] = field(default_factory=dict)

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
        """The hours of one day; none on a public holiday or a closed day of the office, unless it is worked."""
        if self.calendar.is_holiday(day):
            return []
        week = next((week for first, last, week in self.special if first <= day <= last), self.week)
        times = [self.worked[day]] if day in self.worked else week.get(day.weekday(), ())
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
    return Hours(
        week,
        await calendar_of(session, office),
        zone_of(office, timezone),
        [(one.first_day, one.last_day, week_of(one.week)) for one in await special_hours(session, office)],
        {
            one.day: (one.opens, one.closes)
            for one in await session.scalars(select(WorkedDay).where(WorkedDay.office == office))
            if one.opens and one.closes
        },
    )


async def special_hours(session: AsyncSession, office: str, since: date = date.min) -> Sequence[SpecialHours]:
    """Of the office, or those for all where it has none; those that end on `since` or later, soonest first."""
    query = select(SpecialHours).where(SpecialHours.office.in_([office, ""]), SpecialHours.last_day >= since)
    return (await session.scalars(query.order_by(SpecialHours.office.desc(), SpecialHours.first_day))).all()


def week_of(kept: Mapping[str, Sequence[Sequence[str]]]) -> Week:
    return {int(day): [(time.fromisoformat(o), time.fromisoformat(c)) for o, c in times] for day, times in kept.items()}


async def set_hours(desk: Act, office: str, week: Week) -> None:
    """Replaces the hours of an office. Raises BadInput (times that overlap or end before they begin), NotAllowed."""
    desk.only_own(office)
    rows = [
        {"office": office, "weekday": weekday, "opens": opens, "closes": closes}
        for weekday, times in _checked(week).items()
        for opens, closes in times
    ]
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


async def work_day(desk: Act, office: str, day: date, times: tuple[time, time] | None) -> None:
    """A holiday, cuti bersama or day of a weekend on which the office works; in its usual hours, or in `times`.

    Raises BadInput (the office works on it anyway; times the wrong way round; a day of the weekend without times).
    """
    desk.only_own(office)
    if times and times[0] >= times[1]:
        raise BadInput(wording.BAD_HOURS.format(day=say_date(day)))
    if Calendar().works(day):
        raise BadInput(wording.WORKS_ANYWAY.format(day=say_date(day)))
    if times is None and day.weekday() > 4:
        raise BadInput(wording.TIMES_NEEDED.format(day=say_date(day)))
    opens, closes = times or (None, None)
    kept = insert(WorkedDay).values(office=office, day=day, opens=opens, closes=closes)
    await desk.session.execute(
        kept.on_conflict_do_update(index_elements=["office", "day"], set_={"opens": opens, "closes": closes})
    )
    await _noted(desk, "office.day-worked", office=office, day=day.isoformat())


async def rest_day(desk: Act, office: str, day: date) -> None:
    """Takes a worked day back."""
    desk.only_own(office)
    await desk.session.execute(delete(WorkedDay).where(WorkedDay.office == office, WorkedDay.day == day))
    await _noted(desk, "office.day-rested", office=office, day=day.isoformat())


async def set_zone(desk: Act, office: str, zone: str) -> None:
    """`zone` "": the installation's. Raises BadInput, NotAllowed."""
    desk.only_own(office)
    if not office or zone not in ("", *ZONES):
        raise BadInput(wording.NO_ZONE)
    await desk.session.execute(delete(OfficeZone).where(OfficeZone.office == office))
    if zone:
        await desk.session.execute(insert(OfficeZone).values(office=office, zone=zone))
    await _noted(desk, "office.zone-set", office=office, zone=zone or "-")


async def add_special(desk: Act, office: str, name: str, first: date, last: date, week: Week) -> None:
    """Hours for a span of dates. Raises NotAllowed and BadInput (no name, the wrong way round, longer than a year, over
    another span of the office, wrong times).
    """
    desk.only_own(office)
    if not name.strip():
        raise BadInput(wording.NAME_NEEDED)
    if not first <= last <= first + timedelta(days=366):
        raise BadInput(wording.BAD_SPAN)
    over = select(SpecialHours.name).where(
        SpecialHours.office == office, SpecialHours.first_day <= last, SpecialHours.last_day >= first
    )
    if other := (await desk.session.scalars(over.limit(1))).first():
        raise BadInput(wording.SPAN_TAKEN.format(name=other))
    kept = {str(day): [[f"{o:%H:%M}", f"{c:%H:%M}"] for o, c in times] for day, times in _checked(week).items()}
    desk.session.add(SpecialHours(office=office, name=name.strip()[:100], first_day=first, last_day=last, week=kept))
    await _noted(desk, "office.special-hours-set", office=office, day=first.isoformat(), until=last.isoformat())


async def end_special(desk: Act, number: int) -> None:
    """Raises NoConversation, NotAllowed."""
    found = await desk.session.get(SpecialHours, number)
    if found is None:
        raise NoConversation(wording.NO_SPAN)
    desk.only_own(found.office)
    await desk.session.delete(found)
    await _noted(desk, "office.special-hours-ended", office=found.office, day=found.first_day.isoformat())


def _checked(week: Week) -> Week:
    """In order. Raises BadInput for times that overlap or end before they begin."""
    found: Week = {}
    for weekday, times in week.items():
        before = time.min
        for opens, closes in sorted(times):
            if not 0 <= weekday <= 6 or opens >= closes or opens < before:
                raise BadInput(wording.BAD_HOURS.format(day=DAYS[weekday % 7]))
            before = closes
        if times:
            found[weekday] = sorted(times)
    return found


def say_moment(at: datetime, now: datetime) -> str:
    """ "hari ini pukul 13.00", "besok pukul 08.00", "Senin, 23 November 2026 pukul 08.00"; `at` is local."""
    days = (at.date() - now.astimezone(at.tzinfo).date()).days
    day = {0: "hari ini", 1: "besok"}.get(days) or f"{DAYS[at.weekday()]}, {say_date(at.date())}"
    return f"{day} pukul {at:%H.%M}"


_RECOUNT = text("""
update handoffs h set due_at = null from conversations c where c.id = h.conversation_id and h.closed_at is null
    and h.due_at is not null and (:office = '' or coalesce(nullif(c.office, ''), h.office) = :office)
""")


async def _noted(desk: Act, action: str, **detail: str | int) -> None:
    """Reply targets of who waits there are counted anew (triage/targets.py)."""
    await desk.session.execute(_RECOUNT, {"office": detail["office"]})
    await clocks_changed(desk.session)
    await audit(desk.session, desk.actor, action, "office", None, **detail)
