"""The commands `pandu kbli …`; what they do is in bot/commands/work/kbli.py."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.common import By, with_database

kbli = typer.Typer(help="The classification of businesses (KBLI) that codes are looked up in.", no_args_is_help=True)


@kbli.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX; columns in docs/kbli.md.", exists=True, dir_okay=False)],
    by: By,
    edition: Annotated[
        int | None, typer.Option(help="2020 or 2025, where neither the file nor its name says it.", min=2020, max=2025)
    ] = None,
) -> None:
    """Replace the part of the classification that the file holds: codes, links between editions, or risks."""
    from bot.commands.work import kbli as work

    with_database(work.import_file, file, by, edition)


@kbli.command()
def status() -> None:
    """What was imported, when, by whom."""
    from bot.commands.work import kbli as work

    with_database(work.status)


@kbli.command()
def find(text: Annotated[str, typer.Argument(help="A trade in everyday words, or a code.")]) -> None:
    """What an applicant would be answered."""
    from bot.commands.work import kbli as work

    with_database(work.find, text)
