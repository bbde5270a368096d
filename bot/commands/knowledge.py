"""`pandu knowledge`: the facts Pandu answers from."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.common import AsJson, By, checked_settings, fail, run, with_database
from bot.errors import CannotRun

knowledge = typer.Typer(help="The facts Pandu answers from (folder knowledge/).", no_args_is_help=True)


@knowledge.command("check")
def knowledge_check() -> None:
    """Validate every file under knowledge/; lists all problems. Exit code 1 when there is one."""
    from bot.knowledge.check import run
    from bot.settings import ROOT

    raise typer.Exit(run(ROOT / "knowledge"))


@knowledge.command("due")
def knowledge_due(
    before: Annotated[
        datetime | None, typer.Option(help="What is due until this day; none: today.", formats=["%Y-%m-%d"])
    ] = None,
    document: Annotated[str, typer.Option(help="All that rests on this document (id), whatever its date.")] = "",
    as_json: AsJson = False,
) -> None:
    """List what somebody has to read again: national knowledge in the files, and publications. Exit code 1: files."""
    from bot.commands.work.due import tell
    from bot.commands.work.knowledge import due

    until = before.date() if before else datetime.now(UTC).date()
    try:
        code = tell(until, document, as_json=as_json)
    except CannotRun as error:
        fail(str(error))
    if not document and not as_json:
        typer.echo("\nPublished:")
        try:
            run(checked_settings(), due)
        except CannotRun as error:
            typer.echo(str(error))
    raise typer.Exit(code)


@knowledge.command("export")
def knowledge_export(
    folder: Annotated[Path, typer.Argument(help="Where to write; laid out like knowledge/.", file_okay=False)],
) -> None:
    """Write what this office published as YAML files."""
    from bot.commands.work.knowledge import export

    with_database(export, folder)


@knowledge.command("import")
def knowledge_import(
    folder: Annotated[Path, typer.Argument(help="Files laid out like knowledge/, any part of it.", exists=True)],
    by: By,
    reason: Annotated[str, typer.Option(help="Why; stands in the list of versions.")] = "impor berkas",
    office: Annotated[str, typer.Option(help="Id of the office that it belongs to. Empty: everybody.")] = "",
) -> None:
    """Check YAML files and publish them, all or nothing; live in every process within a minute."""
    from bot.commands.work.knowledge import take_in

    with_database(take_in, folder, by, reason, office)
