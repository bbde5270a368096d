"""Figures about reports: how many of what, and how long answers took. No words, no names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.complaints.models import DRAFTS, Complaint
from bot.conversations.walls import ALL, Sight, mine
from bot.figures import charts
from bot.figures.tables import as_csv
from bot.knowledge.models import Knowledge
from bot.working_days import NATIONAL, zone_of

COUNTED = (
    "office",
    "service",
    "stage",
    "cause",
    "status",
    "reports",
    "in_lapor",
    "answered",
    "median_working_days_to_answer",
)
"""`stage`: where the application stood, by the register, when its report was begun; empty where that is not known."""

WITHIN = (5, 10, 20)
"""Working days from LAPOR! to the answer, for the picture of times."""

Row = dict[str, str | int]
_COLUMNS = (
    Complaint.office,
    Complaint.service,
    Complaint.stage,
    Complaint.route,
    Complaint.status,
    Complaint.tracking_id.is_not(None).label("in_lapor"),
    Complaint.submitted_at,
    Complaint.answered_on,
)


async def counts(
    session: AsyncSession,
    zone: str,
    since: datetime | None = None,
    office: str = "",
    sight: Sight = ALL,
    until: datetime | None = None,
) -> list[Row]:
    """Reports by office, service, stage, cause and status, agreed to since (and before) then; biggest first."""
    groups: dict[tuple[str, ...], list[Any]] = {}
    for row in await _agreed(session, since, sight.narrowed(office), until):
        groups.setdefault((row.office, row.service, row.stage, row.route, row.status), []).append(row)
    return [
        dict(zip(COUNTED, (*key, *_figures(rows, zone)), strict=True))
        for key, rows in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]


async def times(
    session: AsyncSession,
    zone: str,
    since: datetime | None = None,
    office: str = "",
    sight: Sight = ALL,
    until: datetime | None = None,
) -> list[tuple[str, int]]:
    """How many reports in LAPOR! were answered within how many working days; the last entry: not answered yet."""
    days = [
        _days(row, zone) for row in await _agreed(session, since, sight.narrowed(office), until) if row.submitted_at
    ]
    found, least = [], 0
    for most in WITHIN:
        title = f"{least}-{most} hari kerja" if least else f"sampai {most} hari kerja"
        found.append((title, sum(one is not None and least <= one <= most for one in days)))
        least = most + 1
    found.append((f"lebih dari {WITHIN[-1]} hari kerja", sum(one is not None and one > WITHIN[-1] for one in days)))
    return [*found, ("belum dijawab", sum(one is None for one in days))]


async def _agreed(session: AsyncSession, since: datetime | None, sight: Sight, until: datetime | None) -> Sequence[Any]:
    query = select(*_COLUMNS).where(Complaint.status.not_in(DRAFTS))
    query = query.where(Complaint.confirmed_at >= since) if since else query
    query = query.where(Complaint.confirmed_at < until) if until else query
    query = query.where(mine(Complaint.office, sight))
    return (await session.execute(query)).all()


def table(rows: Sequence[Row]) -> str:
    """The counts as CSV."""
    return as_csv(COUNTED, [[row[name] for name in COUNTED] for row in rows])


def top_causes(rows: Sequence[Row], knowledge: Knowledge) -> list[tuple[str, int]]:
    """Causes by number of reports, with their Indonesian titles."""
    total: Counter[str] = Counter()
    for row in rows:
        route = knowledge.complaints.route(str(row["cause"]))
        total[route.title if route else str(row["cause"])] += int(row["reports"])
    return total.most_common()


def picture(title: str, rows: Sequence[tuple[str, int]]) -> str:
    """Bars with their numbers (SVG), for a page or on paper."""
    return charts.bars(title, rows)


def _figures(rows: Sequence[Any], zone: str) -> tuple[int, int, int, str | int]:
    days = [one for one in (_days(row, zone) for row in rows) if one is not None]
    in_lapor = sum(row.in_lapor for row in rows)
    return len(rows), in_lapor, len(days), round(median(days)) if days else ""


def _days(row: Any, zone: str) -> int | None:
    """Working days from LAPOR! to the answer; None where one of them is missing."""
    if not (row.submitted_at and row.answered_on):
        return None
    return NATIONAL.between(row.submitted_at.astimezone(zone_of(row.office, zone)).date(), row.answered_on)
