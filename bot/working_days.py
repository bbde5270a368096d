"""Working days and clocks of offices. A day counts when the office works on it: Monday to Friday, no public holiday, no
collective leave (cuti bersama), no closed day of the office; and a day that the office works though it is one of these.
Regional holidays and election days are in no list: officers enter them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import CheckConstraint, Text, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base

ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
_DAY = timedelta(days=1)


class ClosedDay(Base):
    """A day on which an office is closed though the calendar says it works."""

    __tablename__ = "office_closed_days"

    office: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(Text)


class WorkedDay(Base):
    """A holiday, cuti bersama or day of a weekend on which an office works; without `opens`, in its weekday's hours."""

    __tablename__ = "office_worked_days"

    office: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    opens: Mapped[time | None]
    closes: Mapped[time | None]


class OfficeZone(Base):
    """The time zone of an office that is not in the installation's (PANDU_TIMEZONE)."""

    __tablename__ = "office_zones"
    __table_args__ = (CheckConstraint(f"zone in ({', '.join(repr(one) for one in ZONES)})", name="zone"),)

    office: Mapped[str] = mapped_column(Text, primary_key=True)
    zone: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Calendar:
    """An office's working days. `closed`: its own closed days; `worked`: those on which it works all the same."""

    closed: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < 5 and not self.is_holiday(day))

    def is_holiday(self, day: date) -> bool:
        """A public holiday, collective leave or closed day; weekends are none."""
        return day not in self.worked and (day in self.closed or day in _holidays(day.year))

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
    closed = await session.scalars(select(ClosedDay.day).where(ClosedDay.office == office))
    worked = await session.scalars(select(WorkedDay.day).where(WorkedDay.office == office))
    return Calendar(frozenset(closed), frozenset(worked))


# --- the offices' clocks and calendars as this process knows them: rarely changed, asked for at every date

_zones: dict[str, ZoneInfo] = {}
_calendars: dict[str, Calendar] = {}


async def load_clocks(session: AsyncSession) -> None:
    """Takes over what offices have set; every process does so when it is told, and from time to time."""
    zones = (await session.execute(select(OfficeZone.office, OfficeZone.zone))).all()
    days: dict[str, tuple[set[date], set[date]]] = {}
    for office, day in await session.execute(select(ClosedDay.office, ClosedDay.day)):
        days.setdefault(office, (set(), set()))[0].add(day)
    for office, day in await session.execute(select(WorkedDay.office, WorkedDay.day)):
        days.setdefault(office, (set(), set()))[1].add(day)
    _zones.clear()
    _zones.update((office, ZoneInfo(zone)) for office, zone in zones)
    _calendars.clear()
    _calendars.update((one, Calendar(frozenset(closed), frozenset(worked))) for one, (closed, worked) in days.items())


async def clocks_changed(session: AsyncSession) -> None:
    """Every process loads them anew when the session's transaction is committed."""
    await session.execute(text("""select pg_notify('pandu_events', '{"knowledge": 0}')"""))


def known_calendar(office: str) -> Calendar:
    """The office's calendar without asking the database."""
    return _calendars.get(office, NATIONAL)


def zone_of(office: str, otherwise: ZoneInfo | str) -> ZoneInfo:
    """The office's own zone, or the installation's."""
    return _zones.get(office) or (otherwise if isinstance(otherwise, ZoneInfo) else ZoneInfo(otherwise))


def zone_name(zone: ZoneInfo) -> str:
    """ "WIB", as everybody calls it."""
    return ZONES.get(zone.key, zone.key)


def today_of(office: str, now: datetime, otherwise: ZoneInfo | str) -> date:
    return now.astimezone(zone_of(office, otherwise)).date()


def other_days(now: datetime, otherwise: ZoneInfo) -> dict[date, list[str]]:
    """The offices for which it is another day than in the installation's zone."""
    found: dict[date, list[str]] = {}
    for office, zone in _zones.items():
        day = now.astimezone(zone).date()
        if day != now.astimezone(otherwise).date():
            found.setdefault(day, []).append(office)
    return found


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
