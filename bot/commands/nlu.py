"""`pandu nlu`: the model that understands messages, and those it did not understand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.common import AsJson, trained_model, with_database

nlu = typer.Typer(help="The model that understands messages.", no_args_is_help=True)
unknown = typer.Typer(help="Messages that were not understood: look, label, export.", no_args_is_help=True)
nlu.add_typer(unknown, name="unknown")


@nlu.command("train")
def nlu_train() -> None:
    """Train the model if its training data, configuration or components changed; prints its path."""
    typer.echo(trained_model())


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
    from bot.commands.work.unknown import show

    with_database(show, most)


@unknown.command("label")
def unknown_label(
    number: Annotated[int, typer.Argument(help="Number from `pandu nlu unknown list`.")],
    intent: Annotated[str, typer.Argument(help="What the messages mean: an intent of domain.yml, or - for nothing.")],
    alone: Annotated[bool, typer.Option("--alone", help="Only this message, not its group.")] = False,
) -> None:
    """Say what a group of messages means."""
    from bot.commands.work.unknown import label

    with_database(label, number, intent, alone)


@unknown.command("export")
def unknown_export(
    file: Annotated[Path | None, typer.Argument(help="File to write; none: standard output.", dir_okay=False)] = None,
) -> None:
    """Everything labelled, as Rasa examples."""
    from bot.commands.work.unknown import export

    with_database(export, file)
