"""What the office's staff see and do: the queue, one report with its fields to copy, the tracking id, the counts.

Secret reports show their words only when one is opened to be sent; lists, counts and logs never hold words or names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.complaints.desk import Desk, facts_for
from bot.complaints.models import DRAFTS, OPEN, Complaint, ComplaintDelivery, ComplaintEvent
from bot.complaints.tracking import record
from bot.complaints.watch import overdue_for_staff
from bot.dates import say_date
from bot.figures import charts
from bot.figures.tables import as_csv
from bot.knowledge.models import Knowledge
from bot.messages import Reply
from bot.working_days import NATIONAL

WAITING = ("queued", "sending", "received")
_NOT_SHOWN = frozenset({"ready", "handed"})  # the citizen's own affair until it is in LAPOR!


@dataclass(frozen=True, slots=True)
class Line:
    """One report in the staff's list: no words, no names."""

    id: int
    status: str
    office: str
    service: str
    route: str
    visibility: str
    tracking_id: str
    since: datetime
    late: bool
    delivery: str


async def listed(
    session: AsyncSession, knowledge: Knowledge, now: datetime, zone: str, *, every: bool = False
) -> list[Line]:
    """Reports that wait for the staff, late ones first; `every`: all that are or were in LAPOR!, too."""
    statuses = [one for one in (*OPEN, "closed") if one not in _NOT_SHOWN] if every else [*WAITING, "submitted"]
    query = (
        select(Complaint, ComplaintDelivery)
        .outerjoin(ComplaintDelivery, ComplaintDelivery.complaint_id == Complaint.id)
        .where(Complaint.status.in_(statuses))
        .order_by(Complaint.confirmed_at)
    )
    lines = []
    for row, delivery in (await session.execute(query)).tuples():
        desk = Desk(session, knowledge, row.conversation_id, None, now, Path(), zone)
        dead = f"dead: {delivery.error}" if delivery and delivery.status == "dead" else ""
        lines.append(
            Line(
                row.id,
                row.status,
                row.office,
                row.service,
                row.route,
                str(row.answers.get("visibility", "")),
                row.tracking_id or "",
                row.confirmed_at or row.created_at,
                overdue_for_staff(desk, row) or bool(dead),
                dead,
            )
        )
    return sorted(lines, key=lambda one: (not one.late, one.since))


async def opened(desk: Desk, row: Complaint) -> list[tuple[str, str]]:
    """The fields of one report in LAPOR!'s order, for copying. Anonymous: without name and contact."""
    facts = await facts_for(desk, row)
    route = desk.knowledge.complaints.route(row.route)
    values = {
        "title": row.title,
        "body": row.body,
        "date": say_date(facts.when) if facts.when else facts.get("when"),
        "place": facts.get("place"),
        "office": facts.office_name,
        "category": (route.category if route else "") or "",
        "files": f"{facts.files}" if facts.files else "",
        "visibility": " dan ".join(name for name, on in (("Anonim", facts.anonymous), ("Rahasia", facts.secret)) if on)
        or "Nama ditampilkan",
    }
    fields = [(one.label, values.get(one.id, "")) for one in desk.knowledge.complaints.fields]
    if not facts.anonymous:
        fields += [("Nama", facts.get("name")), ("Kontak", facts.get("contact"))]
    return [(label, value) for label, value in fields if value]


async def find(session: AsyncSession, identity: int) -> Complaint | None:
    """A report that the staff may open: agreed to, and handed to them or in LAPOR!."""
    query = select(Complaint).where(Complaint.id == identity, Complaint.status.not_in((*DRAFTS, *_NOT_SHOWN)))
    return (await session.execute(query.with_for_update())).scalar_one_or_none()


async def submitted(desk: Desk, row: Complaint, tracking: str) -> Reply:
    """An officer sent the report: what the citizen is told. Raises ValueError when the number is another report's."""
    taken = select(Complaint.id).where(Complaint.tracking_id == tracking, Complaint.id != row.id)
    if (await desk.session.execute(taken.limit(1))).first():
        raise ValueError(f"Tracking id {tracking} belongs to another report.")
    replies = await record(desk, row, tracking, "officer")
    return replies[0]


async def retry(session: AsyncSession, identity: int, now: datetime) -> bool:
    """Puts a dead letter back into the queue; the other side sees the same key. False when there is none."""
    query = select(ComplaintDelivery).where(
        ComplaintDelivery.complaint_id == identity, ComplaintDelivery.status == "dead"
    )
    delivery = (await session.execute(query.with_for_update())).scalar_one_or_none()
    if delivery is None:
        return False
    delivery.status, delivery.attempts, delivery.next_at, delivery.error = "pending", 0, now, ""
    row = await session.get(Complaint, identity)
    if row is not None:
        session.add(ComplaintEvent(complaint_id=row.id, kind="retried", author="officer", created_at=now))
    return True


COUNTED = ("office", "service", "cause", "status", "reports", "in_lapor", "answered", "median_working_days_to_answer")


async def counts(session: AsyncSession, zone: str, since: datetime | None = None) -> list[dict[str, str | int]]:
    """Reports agreed to since then (None: all) by office, service, cause and status. Biggest groups first.

    With the median of the working days from LAPOR! to the answer.
    """
    query = select(Complaint).where(Complaint.status.not_in(DRAFTS))
    if since is not None:
        query = query.where(Complaint.confirmed_at >= since)
    groups: dict[tuple[str, str, str, str], list[Complaint]] = {}
    for row in (await session.execute(query)).scalars():
        groups.setdefault((row.office, row.service, row.route, row.status), []).append(row)
    return [
        dict(zip(COUNTED, (*key, *_figures(rows, zone)), strict=True))
        for key, rows in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]


def table(rows: Sequence[dict[str, str | int]]) -> str:
    """The counts as CSV."""
    return as_csv(COUNTED, [[row[name] for name in COUNTED] for row in rows])


def top_causes(rows: Sequence[dict[str, str | int]], knowledge: Knowledge) -> list[tuple[str, int]]:
    """Causes by number of reports, with their Indonesian titles."""
    total: Counter[str] = Counter()
    for row in rows:
        route = knowledge.complaints.route(str(row["cause"]))
        total[route.title if route else str(row["cause"])] += int(row["reports"])
    return total.most_common()


def picture(causes: Sequence[tuple[str, int]]) -> str:
    """The causes as bars (SVG), for a report of the office."""
    return charts.bars("Laporan menurut sebab", causes)


def _figures(rows: Sequence[Complaint], zone: str) -> tuple[int, int, int, str | int]:
    days = [
        NATIONAL.between(row.submitted_at.astimezone(ZoneInfo(zone)).date(), row.answered_on)
        for row in rows
        if row.submitted_at and row.answered_on
    ]
    in_lapor = sum(row.tracking_id is not None for row in rows)
    return len(rows), in_lapor, len(days), round(median(days)) if days else ""
