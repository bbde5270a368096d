"""Days as people, spreadsheets and other systems write them, day before month."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january",
            "februari feb pebruari february peb",
            "maret mar march mrt",
            "april apr",
            "mei may",
            "juni jun june",
            "juli jul july",
            "agustus agu agt ags agust aug august",
            "september sep sept",
            "oktober okt oct october",
            "november nov nop nopember",
            "desember des dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = (
    r"senin|selasa|rabu|kamis|jum['`\u2019]?at|sabtu|minggu|ahad|sen|sel|rab|kam|jum|sab|min"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun"
)
_DAY_ZERO = date(1899, 12, 30)
_WEEKDAY = re.compile(rf"(?:{_WEEKDAYS})\.?[,\s]\s{{0,3}}")
_CLOCK = re.compile(
    r"(?:[,\s]|\s(?:pukul|jam|pkl\.?)\s)\s{0,3}(?:pukul |jam |pkl\.? )?"
    r"\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?\s{0,3}(?:am|pm|wib|wita|wit)?"
)
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_ZONED = re.compile(r"\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)? ?(?:z|utc|gmt|[+-]\d{2}:?\d{0,2})")
_NUMBERS = re.compile(r"(\d{1,2})\s{0,3}[-/. ]\s{0,3}(\d{1,2})\s{0,3}[-/. ]\s{0,3}(\d{4}|\d{2})")
_WORDS = re.compile(r"(\d{1,2})[\s/.-]{0,5}([a-z]+)[\s/.,-]{0,5}(\d{4}|\d{2})")
_MONTH_FIRST = re.compile(r"([a-z]+)\.?\s{1,3}(\d{1,2}),?\s{1,3}(\d{4})")
_SERIAL = re.compile(r"[345]\d{4}(?:[.,]\d{1,15})?")
_DIGITS = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")


def parse_date(typed: str, zone: ZoneInfo | None = None) -> date:
    """20-11-2026, 20/11/26, 20.11.2026, 2026-11-20, 20 November 2026, 20-Nov-26, "Jumat, 20/11/2026", a spreadsheet's
    day number, and any of them with a time; a moment with its zone is the day in `zone`.

    Raises ValueError for anything else.
    """
    text = " ".join(typed.lower().split())
    if len(text) > 60:
        raise ValueError(typed)
    if _ZONED.fullmatch(text):
        return _zoned(text, zone or ZoneInfo("Asia/Jakarta"))
    text = _WEEKDAY.sub("", text, count=1) if _WEEKDAY.match(text) else text
    if _SERIAL.fullmatch(text):
        return _DAY_ZERO + timedelta(days=int(text[:5]))
    if found := re.fullmatch(r"(\d{4}-\d{1,2}-\d{1,2})t[\d:.,]{1,20}", text):
        text = found[1]
    if (found := _CLOCK.search(text, 6)) and found.end() == len(text):
        text = text[: found.start()].rstrip(" ,")
    return _plain(text, typed)


def _plain(text: str, typed: str) -> date:
    if found := _ISO.fullmatch(text):
        return date(int(found[1]), int(found[3]), int(found[4]))
    if found := _NUMBERS.fullmatch(text):
        return date(_year(found[3]), int(found[2]), int(found[1]))
    if found := _WORDS.fullmatch(text):
        return date(_year(found[3]), _MONTHS.get(found[2], 0), int(found[1]))
    if found := _MONTH_FIRST.fullmatch(text):
        return date(int(found[3]), _MONTHS.get(found[1], 0), int(found[2]))
    if found := _DIGITS.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    raise ValueError(typed)


def _year(digits: str) -> int:
    """Two digits are of this century; the register's applications are not older."""
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _zoned(text: str, zone: ZoneInfo) -> date:
    written = re.sub(r" ?(?:z|utc|gmt)$", "+00:00", text.replace(",", "."))
    return datetime.fromisoformat(re.sub(r" (?=[+-]\d{2})", "", written)).astimezone(zone).date()
