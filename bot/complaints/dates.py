"""Dates as people write them: "kemarin", "3 minggu lalu", "tgl 5 november", "05/11/2026", "senin kemarin"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.dates import MONTHS

_SHORT = {name[:3]: number for number, name in enumerate(MONTHS, start=1)} | {"agt": 8, "nop": 11, "pebruari": 2}
_DAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
_WORDS = {
    "hari ini": 0,
    "tadi": 0,
    "barusan": 0,
    "sekarang": 0,
    "kemarin lusa": 2,
    "kemaren lusa": 2,
    "kemarin": 1,
    "kemaren": 1,
    "wingi": 1,
}
_NUMBERS = {
    "satu": 1,
    "dua": 2,
    "tiga": 3,
    "empat": 4,
    "lima": 5,
    "enam": 6,
    "tujuh": 7,
    "delapan": 8,
    "sembilan": 9,
    "sepuluh": 10,
}
_UNITS = {"hari": 1, "minggu": 7, "mgg": 7, "bulan": 30, "bln": 30, "tahun": 365, "thn": 365}
_NUMERIC = re.compile(r"\b(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4}|\d{2})\b")
_ISO = re.compile(r"\b(20\d{2})-(\d{1,2})-(\d{1,2})\b")
_NAMED = re.compile(r"\b(\d{1,2})\s+([a-z]{3,10})\b\.?(?:\s+(20\d{2}))?")
_AGO = re.compile(
    r"\b(?:(\d{1,3})|(se|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh))\s?"
    r"(hari|minggu|mgg|bulan|bln|tahun|thn)\b(?:\s+(?:yang\s+|yg\s+)?(lalu|lewat|kepungkur|patang))?"
)
_LAST = re.compile(r"\b(minggu|bulan|tahun)\s+(?:yang\s+|yg\s+)?(?:lalu|kemarin|kemaren)\b")
_WEEKDAY = re.compile(
    r"\b(senin|selasa|rabu|kamis|jum'?at|sabtu|hari minggu)\s+(?:kemarin|kemaren|lalu|yang lalu|yg lalu)\b"
)


def read_date(text: str, today: date) -> tuple[date | None, bool]:
    """The date that `text` names and whether it is exact ("3 minggu lalu" is not); (None, False) when it names none.

    A date without a year is the last one that was; a date after `today` counts as not named.
    """
    folded = " ".join(text.lower().replace(",", " ").split())
    exact = _exact(folded, today)
    if exact:
        return (exact, True) if exact <= today else (None, False)
    if match := _WEEKDAY.search(folded):
        weekday = _DAYS.index(match[1].replace("'", "").removeprefix("hari "))
        return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1), True
    if match := _AGO.search(folded):
        count = int(match[1]) if match[1] else _NUMBERS.get(match[2], 1)
        return today - timedelta(days=count * _UNITS[match[3]]), False
    if match := _LAST.search(folded):
        return today - timedelta(days=_UNITS[match[1]]), False
    for words, back in _WORDS.items():
        if re.search(rf"\b{words}\b", folded):
            return today - timedelta(days=back), True
    return None, False


def _exact(folded: str, today: date) -> date | None:
    if match := _ISO.search(folded):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.search(folded):
        year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
        return _date(year, int(match[2]), int(match[1]))
    for match in _NAMED.finditer(folded):
        month = _month(match[2])
        if month is None:
            continue
        day = _date(int(match[3] or today.year), month, int(match[1]))
        if day and not match[3] and day > today:
            day = _date(today.year - 1, month, int(match[1]))
        return day
    return None


def _month(word: str) -> int | None:
    if word in _SHORT:
        return _SHORT[word]
    return next(
        (number for number, name in enumerate(MONTHS, start=1) if len(word) > 3 and name.startswith(word)), None
    )


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
