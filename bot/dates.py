"""Dates as applicants read them."""

from __future__ import annotations

from datetime import date

MONTHS = (
    "januari",
    "februari",
    "maret",
    "april",
    "mei",
    "juni",
    "juli",
    "agustus",
    "september",
    "oktober",
    "november",
    "desember",
)


def say_date(day: date) -> str:
    """ "5 November 2026"."""
    return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}"
