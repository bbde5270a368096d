"""The `pandu` command. Every command imports what it needs when it runs, so that `pandu --help` is quick."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.cli_applications import apikeys, applications
from bot.cli_database import database
from bot.cli_officers import officers
from bot.cli_privacy import privacy
from bot.cli_survey import survey

if TYPE_CHECKING:
    from bot.processes.handoffs import Work
    from bot.settings import Settings

app = typer.Typer(
    help="Pandu: a WhatsApp and Telegram assistant for people who apply for a business licence in Indonesia.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
knowledge = typer.Typer(help="The facts Pandu answers from (folder knowledge/).", no_args_is_help=True)
nlu = typer.Typer(help="The model that understands messages.", no_args_is_help=True)
unknown = typer.Typer(help="Messages that were not understood: look, label, export.", no_args_is_help=True)
handoffs = typer.Typer(help="Conversations that wait for a person, or have one.", no_args_is_help=True)
app.add_typer(knowledge, name="knowledge")
app.add_typer(nlu, name="nlu")
nlu.add_typer(unknown, name="unknown")
complaints = typer.Typer(
    help="Reports of citizens: those that staff send to LAPOR!, and how all stand.", no_args_is_help=True
)
app.add_typer(handoffs, name="handoffs")
app.add_typer(applications, name="applications")
app.add_typer(apikeys, name="apikeys")
app.add_typer(complaints, name="complaints")
app.add_typer(privacy, name="privacy")
app.add_typer(database, name="database")
app.add_typer(officers, name="officers")
app.add_typer(survey, name="survey")


class Role(StrEnum):
    """What one process does; `all` is a whole office on one machine."""

    all = "all"
    web = "web"
    worker = "worker"
    engine = "engine"


AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@app.command()
def serve(role: Annotated[Role, typer.Option(help="Which part to run.")] = Role.all) -> None:
    """Run Pandu until Ctrl-C: database, dialogue engine, worker and web."""
    settings = _settings()
    from bot.processes.serve import serve as run

    raise typer.Exit(run(settings, role.value))


@app.command()
def chat(
    conversation: Annotated[str, typer.Option(help="Name of the conversation; the same name goes on with it.")] = "",
    url: Annotated[str, typer.Option(help="Address of the running Pandu. Empty: from the settings.")] = "",
) -> None:
    """Chat in the terminal with the Pandu that runs here, on the same path as a message from Telegram or WhatsApp."""
    settings = _settings()
    from bot.processes.chat import chat as run

    raise typer.Exit(run(url or f"http://{_reachable(settings.host)}:{settings.port}", conversation))


@app.command()
def doctor() -> None:
    """Check database, engine, tokens, webhook and disk, and say what to do. Exit code 1 when something is wrong."""
    settings = _settings()
    from bot.doctor import run

    raise typer.Exit(run(settings))


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
        _fail(f"The benchmarks need the repository and its development tools ({error}): run scripts/bootstrap --dev.")
    model = _model(lambda line: typer.echo(line, err=True))
    raise typer.Exit(main(as_json, model.parent, only=only or (), quick=quick, write=write))


@knowledge.command("check")
def knowledge_check() -> None:
    """Validate every file under knowledge/; lists all problems. Exit code 1 when there is one."""
    from bot.knowledge.check import run
    from bot.settings import ROOT

    raise typer.Exit(run(ROOT / "knowledge"))


@nlu.command("train")
def nlu_train() -> None:
    """Train the model if its training data, configuration or components changed; prints its path."""
    typer.echo(_model(typer.echo))


@nlu.command("test")
def nlu_test(
    file: Annotated[Path, typer.Argument(help="JSONL: one labelled message a line.", exists=True, dir_okay=False)],
    as_json: AsJson = False,
    confusion: Annotated[
        Path | None, typer.Option(help="Also write what was taken for what as a picture (SVG).")
    ] = None,
) -> None:
    """Measure how well messages of a labelled file are understood."""
    from bot.dialogue.nlu_test import run

    raise typer.Exit(run(file, as_json=as_json, confusion=confusion))


@unknown.command("list")
def unknown_list(most: Annotated[int, typer.Option(help="Groups to show.")] = 20) -> None:
    """Groups of messages that were not understood, those of most people first."""
    from bot.processes.unknown import show

    with_database(show, most)


@unknown.command("label")
def unknown_label(
    number: Annotated[int, typer.Argument(help="Number from `pandu nlu unknown list`.")],
    intent: Annotated[str, typer.Argument(help="What the messages mean: an intent of domain.yml, or - for nothing.")],
    alone: Annotated[bool, typer.Option("--alone", help="Only this message, not its group.")] = False,
) -> None:
    """Say what a group of messages means."""
    from bot.processes.unknown import label

    with_database(label, number, intent, alone)


@unknown.command("export")
def unknown_export(
    file: Annotated[Path | None, typer.Argument(help="File to write; none: standard output.", dir_okay=False)] = None,
) -> None:
    """Everything labelled, as Rasa examples."""
    from bot.processes.unknown import export

    with_database(export, file)


Officer = Annotated[str, typer.Option(help="User name of the officer. Empty: the command line's own.")]


@handoffs.command("list")
def handoffs_list() -> None:
    """Who waits for a person, longest waiting first."""
    from bot.processes.handoffs import show

    with_database(show)


@handoffs.command("reply")
def handoffs_reply(
    conversation: Annotated[int, typer.Argument(help="Number from `pandu handoffs list`.")],
    text: Annotated[str, typer.Argument(help="What the applicant reads.")],
    officer: Officer = "",
) -> None:
    """Answer as an officer; from now on the bot is silent in this conversation."""
    from bot.processes.handoffs import reply

    with_database(reply, conversation, text, officer)


@handoffs.command("close")
def handoffs_close(
    conversation: Annotated[int, typer.Argument(help="Number from `pandu handoffs list`.")],
    officer: Officer = "",
) -> None:
    """Give the conversation back to the bot."""
    from bot.processes.handoffs import close

    with_database(close, conversation, officer)


Report = Annotated[int, typer.Argument(help="Number from `pandu complaints list`.")]


@complaints.command("list")
def complaints_list(
    every: Annotated[bool, typer.Option("--all", help="Also those that are answered or closed.")] = False,
) -> None:
    """Reports that wait for the staff or for an answer, late ones first. No words, no names."""
    from bot.processes.complaints import show_list

    with_database(show_list, every)


@complaints.command("show")
def complaints_show(report: Report) -> None:
    """One report, field by field in LAPOR!'s order, for copying."""
    from bot.processes.complaints import show_one

    with_database(show_one, report)


@complaints.command("submitted")
def complaints_submitted(
    report: Report,
    tracking_id: Annotated[str, typer.Option(help="What LAPOR! gave: 5 to 10 digits.")],
) -> None:
    """Note that the report is in LAPOR!; the citizen is told."""
    from bot.processes.complaints import submitted

    with_database(submitted, report, tracking_id)


@complaints.command("retry")
def complaints_retry(report: Report) -> None:
    """Try a report again that the office's own system did not take (dead letter)."""
    from bot.processes.complaints import retry

    with_database(retry, report)


@complaints.command("report")
def complaints_report(
    csv: Annotated[Path | None, typer.Option(help="Write the table to this file.")] = None,
    svg: Annotated[Path | None, typer.Option(help="Draw the causes into this file.")] = None,
) -> None:
    """Counts by office, service, cause and status, days to the answer, and the top causes."""
    from bot.processes.complaints import report

    with_database(report, csv, svg)


@complaints.command("watch")
def complaints_watch(
    at: Annotated[str, typer.Option(help="Pretend it is this day, e.g. 2026-12-01. Empty: now.")] = "",
) -> None:
    """Send the reminders that are due; Pandu does this by itself every 15 minutes."""
    from bot.processes.complaints import watch

    with_database(watch, at)


def _settings() -> Settings:
    """The settings, or one sentence a wrong one."""
    from pydantic import ValidationError

    from bot.settings import get_settings

    try:
        return get_settings()
    except ValidationError as error:
        wrong = [f"PANDU_{'_'.join(map(str, item['loc'])).upper()}: {item['msg']}" for item in error.errors()]
        _fail(f"A setting is wrong. {'; '.join(wrong)}")


def _model(say: Callable[[str], None]) -> Path:
    """The model of the present training data, trained when there is none; one sentence when that fails."""
    settings = _settings()
    import asyncio

    from bot.processes.errors import CannotRun
    from bot.processes.model import ensure_model

    try:
        return asyncio.run(ensure_model(settings.data_dir.resolve(), say))
    except CannotRun as error:
        _fail(str(error))


def with_database(work: Work, *arguments: object) -> None:
    """Run a command that needs the database; exits with its code, or with one sentence on what is wrong."""
    from bot.processes.errors import CannotRun
    from bot.processes.handoffs import run

    try:
        raise typer.Exit(run(_settings(), work, *arguments))
    except CannotRun as error:
        _fail(str(error))


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(host, host)  # noqa: S104


def _fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    sys.exit(1)


if __name__ == "__main__":
    app()
