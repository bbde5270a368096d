"""`pandu complaints`: the staff's side of reports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.common import with_database

complaints = typer.Typer(
    help="Reports of citizens: those that staff send to LAPOR!, and how all stand.", no_args_is_help=True
)

Report = Annotated[int, typer.Argument(help="Number from `pandu complaints list`.")]


@complaints.command("list")
def complaints_list(
    every: Annotated[bool, typer.Option("--all", help="Also those that are answered or closed.")] = False,
) -> None:
    """Reports that wait for the staff or for an answer, late ones first. No words, no names."""
    from bot.commands.work.complaints import show_list

    with_database(show_list, every)


@complaints.command("show")
def complaints_show(report: Report) -> None:
    """One report, field by field in LAPOR!'s order, for copying."""
    from bot.commands.work.complaints import show_one

    with_database(show_one, report)


@complaints.command("submitted")
def complaints_submitted(
    report: Report,
    tracking_id: Annotated[str, typer.Option(help="What LAPOR! gave: 5 to 10 digits.")],
) -> None:
    """Note that the report is in LAPOR!; the citizen is told."""
    from bot.commands.work.complaints import submitted

    with_database(submitted, report, tracking_id)


@complaints.command("retry")
def complaints_retry(report: Report) -> None:
    """Try a report again that the office's own system did not take (dead letter)."""
    from bot.commands.work.complaints import retry

    with_database(retry, report)


@complaints.command("report")
def complaints_report(
    csv: Annotated[Path | None, typer.Option(help="Write the table to this file.")] = None,
    svg: Annotated[Path | None, typer.Option(help="Draw the causes into this file.")] = None,
) -> None:
    """Counts by office, service, cause and status, days to the answer, and the top causes."""
    from bot.commands.work.complaints import report

    with_database(report, csv, svg)


@complaints.command("watch")
def complaints_watch(
    at: Annotated[str, typer.Option(help="Pretend it is this day, e.g. 2026-12-01. Empty: now.")] = "",
) -> None:
    """Send the reminders that are due; Pandu does this by itself every 15 minutes."""
    from bot.commands.work.complaints import watch

    with_database(watch, at)
