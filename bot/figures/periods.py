"""The stretches of time that figures are asked for: today and the last days of the office's calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

DAYS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "hari-ini": ("Hari ini", 1),
        "7-hari": ("7 hari", 7),
        "30-hari": ("30 hari", 30),
        "90-hari": ("90 hari", 90),
        "setahun": ("Setahun", 365),
    }
)


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` until before `end` (aware), which is whole days of `zone`; `end` lies after now."""

    key: str
    title: str
    start: datetime
    end: datetime
    zone: ZoneInfo

    @property
    def days(self) -> list[date]:
        """Every day of it, in order."""
        count = (self.end.astimezone(self.zone).date() - self.start.astimezone(self.zone).date()).days
        first = self.start.astimezone(self.zone).date()
        return [first + timedelta(days=number) for number in range(count)]


def period(key: str, now: datetime, zone: ZoneInfo) -> Period:
    """The last days up to and with today; an unknown `key` means today."""
    key = key if key in DAYS else "hari-ini"
    title, days = DAYS[key]
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    start = datetime.combine(tomorrow - timedelta(days=days), time(), zone)
    return Period(key, title, start, datetime.combine(tomorrow, time(), zone), zone)
