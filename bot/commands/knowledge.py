"""`pandu knowledge`: the facts Pandu answers from."""

from __future__ import annotations

import typer

knowledge = typer.Typer(help="The facts Pandu answers from (folder knowledge/).", no_args_is_help=True)


@knowledge.command("check")
def knowledge_check() -> None:
    """Validate every file under knowledge/; lists all problems. Exit code 1 when there is one."""
    from bot.knowledge.check import run
    from bot.settings import ROOT

    raise typer.Exit(run(ROOT / "knowledge"))
