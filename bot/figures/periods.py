"""The stretches of time that figures are asked for: the last days, a month, a quarter, a semester, a year, or any days
of the office's calendar; and the one before each, to compare with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.dates import MONTHS, say_date

DAYS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "hari-ini": ("Hari ini", 1),
        "7-hari": ("7 hari", 7),
        "30-hari": ("30 hari", 30),
        "90-hari": ("90 hari", 90),
        "setahun": ("Setahun", 365),
    }
)
MONTHS_LONG = {"B": 1, "T": 3, "S": 6, "": 12}
"""Months of a bulan, triwulan, semester and year."""
MOST_DAYS = 3 * 366  # of a span that somebody chooses
_CALENDAR = re.compile(r"(20\d{2})(?:-([BTS])(\d{1,2}))?")
_SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")
_ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` until before `end` (aware), which is whole days of `zone`."""

    key: str
    title: str
    start: datetime
    end: datetime
    zone: ZoneInfo

    @property
    def days(self) -> list[date]:
        """Every day of it, in order."""
        count = (self.end.astimezone(self.zone).date() - self.first).days
        return [self.first + timedelta(days=number) for number in range(count)]

    @property
    def first(self) -> date:
        return self.start.astimezone(self.zone).date()

    @property
    def last(self) -> date:
        return self.end.astimezone(self.zone).date() - timedelta(days=1)

    @property
    def said(self) -> str:
        """ "1 November 2026 sampai 30 November 2026"."""
        return (
            say_date(self.first) if self.first == self.last else f"{say_date(self.first)} sampai {say_date(self.last)}"
        )

    @property
    def before(self) -> Period:
        """The one of the same kind that ends where this one begins."""
        if found := _CALENDAR.fullmatch(self.key):
            length = MONTHS_LONG[found[2] or ""]
            number = self.first.year * 12 + self.first.month - 1 - length
            return _calendar(number // 12, found[2] or "", (number % 12) // length + 1, self.zone)
        length_in_days = len(self.days)
        return _span(self.first - timedelta(days=length_in_days), self.first - timedelta(days=1), self.zone)


def period(key: str, now: datetime, zone: ZoneInfo) -> Period:
    """By its key: one of DAYS, up to and with today; "2026", "2026-S2", "2026-T4", "2026-B11"; or
    "2026-11-01..2026-11-15". An unknown key means today."""
    today = now.astimezone(zone).date()
    if found := _CALENDAR.fullmatch(key):
        kind, number = found[2] or "", int(found[3] or 1)
        if 1 <= number <= 12 // MONTHS_LONG[kind]:
            return _calendar(int(found[1]), kind, number, zone)
    if (found := _SPAN.fullmatch(key)) and (span := _dates(found[1], found[2])):
        return _span(*span, zone)
    key = key if key in DAYS else "hari-ini"
    title, days = DAYS[key]
    return _whole(key, title, today - timedelta(days=days - 1), today, zone)


def span_key(first: str, last: str) -> str:
    """The key of any days, as a form's date fields give them; "" where they make no span."""
    return f"{first}..{last}" if _dates(first, last) else ""


def calendar_keys(now: datetime, zone: ZoneInfo, kind: str, count: int) -> list[str]:
    """Keys of the present month, quarter, semester or year ("B", "T", "S", "") and those before it."""
    today = now.astimezone(zone).date()
    length = MONTHS_LONG[kind]
    found = [_calendar(today.year, kind, (today.month - 1) // length + 1, zone)]
    while len(found) < count:
        found.append(found[-1].before)
    return [one.key for one in found]


def _dates(first: str, last: str) -> tuple[date, date] | None:
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    fits = begin <= end and (end - begin).days < MOST_DAYS and begin.year >= 2000 and end.year < 2100
    return (begin, end) if fits else None


def _calendar(year: int, kind: str, number: int, zone: ZoneInfo) -> Period:
    length = MONTHS_LONG[kind]
    month = length * (number - 1)
    after = year * 12 + month + length
    title = {
        "B": f"{MONTHS[month].capitalize()} {year}",
        "T": f"Triwulan {_ROMAN[min(number, 4) - 1]} {year}",
        "S": f"Semester {_ROMAN[min(number, 4) - 1]} {year}",
        "": f"Tahun {year}",
    }[kind]
    key = f"{year}-{kind}{number}" if kind else str(year)
    last = date(after // 12, after % 12 + 1, 1) - timedelta(days=1)
    return _whole(key, title, date(year, month + 1, 1), last, zone)


def _span(first: date, last: date, zone: ZoneInfo) -> Period:
    title = say_date(first) if first == last else f"{say_date(first)} – {say_date(last)}"
    return _whole(f"{first.isoformat()}..{last.isoformat()}", title, first, last, zone)


def _whole(key: str, title: str, first: date, last: date, zone: ZoneInfo) -> Period:
    """The days from `first` to `last`, both included."""
    start = datetime.combine(first, time(), zone)
    return Period(key, title, start, datetime.combine(last + timedelta(days=1), time(), zone), zone)
