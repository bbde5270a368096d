"""`pandu complaints`: the staff's side of reports, from the command line."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import anyio
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit.service import note, note_printed
from bot.complaints import figures, office
from bot.complaints.desk import Reports, for_staff
from bot.complaints.models import Complaint
from bot.complaints.watch import run as tell_due
from bot.errors import CannotRun
from bot.knowledge.load import get_knowledge

_TRACKING = re.compile(r"#?([1-9]\d{4,9})")


async def show_list(runtime: Any, every: bool) -> int:
    """One line a report, late ones first."""
    now = datetime.now(UTC)
    async with runtime.database.session() as session:
        lines = await office.listed(session, get_knowledge(), now, runtime.settings.timezone, every=every)
        await note_printed(session, "complaint", [one.id for one in lines], now)
    for one in lines:
        late = "LATE" if one.late else ""
        since = f"{one.since:%Y-%m-%d}"
        print(
            f"{one.id:>6}  {one.status:<9} {late:<4} {since}  {one.office or '-':<9} {one.service or '-':<24} "
            f"{one.route:<17} {one.visibility:<9} {one.tracking_id or '-':<10} {one.delivery}".rstrip()
        )
    if not lines:
        print("No reports wait.")
    return 0


async def show_one(runtime: Any, report: int) -> int:
    """The fields of a report, each under its label. Raises CannotRun."""
    async with runtime.database.session() as session:
        desk, row = await _found(runtime, session, report)
        await note(session, "command-line", "complaint.read", "complaint", row.id)
        for label, value in await office.fields_to_copy(desk, row):
            print(f"--- {label}\n{value}")
        print(f"--- then: pandu complaints submitted {row.id} --tracking-id …")
    return 0


async def submitted(runtime: Any, report: int, tracking_id: str) -> int:
    """Store the tracking id and tell the citizen. Raises CannotRun."""
    match = _TRACKING.fullmatch(tracking_id.strip())
    if match is None:
        raise CannotRun(f"{tracking_id} cannot be a tracking id of LAPOR!: 5 to 10 digits.")
    async with runtime.database.session() as session:
        desk, row = await _found(runtime, session, report)
        if row.tracking_id == match[1]:
            print(f"Report {row.id} already has tracking id {match[1]}.")
            return 0
        try:
            reply = await office.submitted(desk, row, match[1])
        except ValueError as error:
            raise CannotRun(str(error)) from error
        await office.tell_submitted(runtime, desk, row, reply)
    print(f"Report {report} is in LAPOR! as #{match[1]}; the citizen is told.")
    return 0


async def retry(runtime: Any, report: int) -> int:
    """Put a dead letter back into the queue. Raises CannotRun."""
    async with runtime.database.session() as session:
        if not await office.retry(session, report, datetime.now(UTC)):
            raise CannotRun(f"Report {report} has no dead letter: see pandu complaints list.")
    print(f"Report {report} will be tried again within half a minute.")
    return 0


async def report(runtime: Any, csv: Path | None, svg: Path | None = None) -> int:
    """Counts and top causes; the table goes to `csv` or to standard output, a picture of the causes to `svg`."""
    async with runtime.database.session() as session:
        rows = await figures.counts(session, runtime.settings.timezone)
    table = figures.table(rows)
    if csv is not None:
        await anyio.Path(csv).write_text(table, "utf-8")
        print(f"{len(rows)} lines in {csv}")
    else:
        print(table, end="")
    causes = figures.top_causes(rows, get_knowledge())
    if svg is not None:
        await anyio.Path(svg).write_text(figures.picture("Laporan menurut sebab", causes), "utf-8")
    most = causes[0][1] if causes else 1
    for title, count in causes:
        print(f"{title:<24} {'█' * max(1, round(30 * count / most))} {count}")
    return 0


async def watch(runtime: Any, at: str) -> int:
    """The reminders that are due, now or at noon of the day `at`. Raises CannotRun."""
    now = datetime.now(UTC)
    if at:
        try:
            now = datetime.fromisoformat(at).replace(hour=12, tzinfo=ZoneInfo(runtime.settings.timezone))
        except ValueError as error:
            raise CannotRun(f"{at} is no date: write 2026-12-01.") from error
    print(f"{await tell_due(runtime, now)} reminders sent.")
    return 0


async def _found(runtime: Any, session: AsyncSession, report: int) -> tuple[Reports, Complaint]:
    row = await office.find(session, report)
    if row is None:
        raise CannotRun(f"There is no report {report} for the staff: see pandu complaints list.")
    settings = runtime.settings
    now = datetime.now(UTC)
    return for_staff(session, row, get_knowledge(), now, settings.timezone, settings.files_dir), row
