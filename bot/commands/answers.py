"""`pandu answers`: testing what Pandu says, asking why it said it, and learning what long messages need."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.common import AsJson, fail
from bot.errors import CannotRun

answers = typer.Typer(help="Test what Pandu says, and ask why it says it.", no_args_is_help=True)


@answers.command("test")
def answers_test(
    file: Annotated[Path, typer.Argument(help="YAML: dialogues with what replies must hold.", exists=True)],
    as_json: AsJson = False,
    url: Annotated[str, typer.Option(help="A running Pandu (its simulator on); none: play in this process.")] = "",
) -> None:
    """Play a file of questions; per group, with the reasons of those that do not hold."""
    from bot.commands.work.answers import test

    try:
        raise typer.Exit(test(file, url=url, as_json=as_json))
    except CannotRun as error:
        fail(str(error))


@answers.command("why")
def answers_why(
    message: Annotated[str, typer.Argument(help="What an applicant wrote.")],
    office: Annotated[str, typer.Option(help="An office (id) that was talked about before.")] = "",
    as_json: AsJson = False,
) -> None:
    """What is heard in a message, which passages are found with which scores, and what is decided."""
    from bot.commands.work.answers import why

    try:
        raise typer.Exit(why(message, office=office, as_json=as_json))
    except CannotRun as error:
        fail(str(error))


@answers.command("learn")
def answers_learn() -> None:
    """Learn from the wordings and nlu_data/situations.jsonl which answer a long message needs (some minutes)."""
    from bot.commands.work.answers_learn import learn

    try:
        learn()
    except CannotRun as error:
        fail(str(error))
