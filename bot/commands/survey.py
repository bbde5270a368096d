"""The commands `pandu survey …`; what they do is in bot/commands/work/survey.py."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.common import with_database

survey = typer.Typer(help="The satisfaction survey (SKM).", no_args_is_help=True)


@survey.callback()
def _group() -> None:
    """Keeps `report` a command of its own name."""


@survey.command()
def report(
    since: Annotated[str, typer.Option(help="First day, like 2026-01-01. Empty: the beginning.")] = "",
    until: Annotated[str, typer.Option(help="Last day. Empty: today.")] = "",
    office: Annotated[str, typer.Option(help="Only this office (id in knowledge/offices).")] = "",
    service: Annotated[str, typer.Option(help="Only this service (id in knowledge/services).")] = "",
    csv: Annotated[Path | None, typer.Option(help="Write the table to this file; - for standard output.")] = None,
    svg: Annotated[Path | None, typer.Option(help="Draw the elements into this file.", dir_okay=False)] = None,
) -> None:
    """NRR per element, IKM with its class, respondents; by service and month."""
    from bot.commands.work.survey import show

    with_database(show, since, until, office, service, csv, svg)
