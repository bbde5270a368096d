"""Months, quarters, semesters, years and any days, and what came before each."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.figures.periods import calendar_keys, period, span_key

ZONE = ZoneInfo("Asia/Jayapura")
NOW = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)  # 01.00 of 1 December in Jayapura


@pytest.mark.parametrize(
    ("key", "title", "first", "last", "before"),
    [
        ("2026-B2", "Februari 2026", "2026-02-01", "2026-02-28", "2026-B1"),
        ("2026-B1", "Januari 2026", "2026-01-01", "2026-01-31", "2025-B12"),
        ("2026-T4", "Triwulan IV 2026", "2026-10-01", "2026-12-31", "2026-T3"),
        ("2026-T1", "Triwulan I 2026", "2026-01-01", "2026-03-31", "2025-T4"),
        ("2026-S2", "Semester II 2026", "2026-07-01", "2026-12-31", "2026-S1"),
        ("2026-S1", "Semester I 2026", "2026-01-01", "2026-06-30", "2025-S2"),
        ("2026", "Tahun 2026", "2026-01-01", "2026-12-31", "2025"),
        ("2026-11-03..2026-11-05", "3 November 2026 – 5 November 2026", "2026-11-03", "2026-11-05", None),
        ("7-hari", "7 hari", "2026-11-25", "2026-12-01", None),
    ],
)
def test_a_period_and_the_one_before(key: str, title: str, first: str, last: str, before: str | None) -> None:
    found = period(key, NOW, ZONE)
    assert (found.title, found.first.isoformat(), found.last.isoformat()) == (title, first, last)
    assert found.start.utcoffset() == ZONE.utcoffset(datetime(2026, 1, 1))
    assert found.before.end == found.start
    if before:
        assert found.before.key == before
    else:
        assert len(found.before.days) == len(found.days)
    assert period(found.before.key, NOW, ZONE) == found.before, "an address leads there again"


@pytest.mark.parametrize(
    "key", ["2026-B0", "2026-B13", "2026-T5", "2026-S3", "2026-X1", "1999", "2026-11-05..2026-11-03", "x"]
)
def test_what_is_no_period_is_today(key: str) -> None:
    assert period(key, NOW, ZONE).title == "Hari ini"


def test_keys_begin_with_the_present_one() -> None:
    assert calendar_keys(NOW, ZONE, "B", 3) == ["2026-B12", "2026-B11", "2026-B10"]
    assert calendar_keys(NOW, ZONE, "", 2) == ["2026", "2025"]


def test_a_span_has_both_days_and_an_end() -> None:
    assert span_key("2026-11-01", "2026-11-30") == "2026-11-01..2026-11-30"
    for first, last in (("", "2026-11-30"), ("2026-11-30", "2026-11-01"), ("2001-01-01", "2026-01-01"), ("x", "y")):
        assert span_key(first, last) == ""
