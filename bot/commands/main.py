"""The `pandu` command. Every command imports what it needs when it runs, so that `pandu --help` is quick."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Annotated

import typer

from bot.commands.answers import answers
from bot.commands.applications import apikeys, applications
from bot.commands.common import AsJson, checked_settings, fail, trained_model
from bot.commands.complaints import complaints
from bot.commands.database import database
from bot.commands.handoffs import handoffs
from bot.commands.kbli import kbli
from bot.commands.knowledge import knowledge
from bot.commands.nlu import nlu
from bot.commands.officers import officers
from bot.commands.privacy import privacy
from bot.commands.standards import standards
from bot.commands.survey import survey

app = typer.Typer(
    help="Pandu: a WhatsApp and Telegram assistant for people who apply for a business licence in Indonesia.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(knowledge, name="knowledge")
app.add_typer(answers, name="answers")
app.add_typer(nlu, name="nlu")
app.add_typer(handoffs, name="handoffs")
app.add_typer(applications, name="applications")
app.add_typer(apikeys, name="apikeys")
app.add_typer(complaints, name="complaints")
app.add_typer(privacy, name="privacy")
app.add_typer(database, name="database")
app.add_typer(officers, name="officers")
app.add_typer(standards, name="standards")
app.add_typer(survey, name="survey")
app.add_typer(kbli, name="kbli")


@app.callback()
def closed() -> None:
    """What any command writes is for us alone (bot/storage/folders.py), and what it says is its answer alone."""
    os.umask(0o077)
    from bot.processes.logs import keep_off_standard_output

    keep_off_standard_output()


class Role(StrEnum):
    """What one process does; `all` is a whole office on one machine."""

    all = "all"
    web = "web"
    worker = "worker"
    engine = "engine"


@app.command()
def serve(role: Annotated[Role, typer.Option(help="Which part to run.")] = Role.all) -> None:
    """Run Pandu until Ctrl-C: database, dialogue engine, worker and web."""
    settings = checked_settings()
    from bot.processes.serve import serve as run

    raise typer.Exit(run(settings, role.value))


@app.command()
def chat(
    conversation: Annotated[str, typer.Option(help="Name of the conversation; the same name goes on with it.")] = "",
    url: Annotated[str, typer.Option(help="Address of the running Pandu. Empty: from the settings.")] = "",
) -> None:
    """Chat in the terminal with the Pandu that runs here, on the same path as a message from Telegram or WhatsApp."""
    settings = checked_settings()
    from bot.commands.work.chat import chat as run

    raise typer.Exit(run(url or settings.local_url, conversation))


@app.command()
def doctor(
    fix: Annotated[bool, typer.Option("--fix", help="First mend what is safe: webhook, templates.")] = False,
) -> None:
    """Check database, engine, tokens, webhook and disk, and say what to do. Exit code 1 when something is wrong."""
    settings = checked_settings()
    from bot.commands.work.doctor import run

    raise typer.Exit(run(settings, fix=fix))


@app.command()
def bench(
    as_json: AsJson = False,
    only: Annotated[list[str] | None, typer.Option(help="A part to run (several times for more); none: all.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A third of the time, rougher.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Renew docs/performance.md and its pictures.")] = False,
) -> None:
    """Measure speed and size on this machine, and the same dialogue on stock Rasa. Takes a quarter of an hour."""
    try:
        from benchmarks.run import main
    except ModuleNotFoundError as error:
        fail(f"The benchmarks need the repository and its development tools ({error}): run scripts/bootstrap --dev.")
    model = trained_model()
    raise typer.Exit(main(as_json, model.parent, only=only or (), quick=quick, write=write))


if __name__ == "__main__":
    app()
