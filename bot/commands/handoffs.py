"""`pandu handoffs`: the people who wait."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.common import with_database

handoffs = typer.Typer(help="Conversations that wait for a person, or have one.", no_args_is_help=True)

Officer = Annotated[str, typer.Option(help="User name of the officer. Empty: the command line's own.")]


@handoffs.command("list")
def handoffs_list() -> None:
    """Who waits for a person, longest waiting first."""
    from bot.commands.work.handoffs import show

    with_database(show)


@handoffs.command("reply")
def handoffs_reply(
    conversation: Annotated[int, typer.Argument(help="Number from `pandu handoffs list`.")],
    text: Annotated[str, typer.Argument(help="What the applicant reads.")],
    officer: Officer = "",
) -> None:
    """Answer as an officer; from now on the bot is silent in this conversation."""
    from bot.commands.work.handoffs import reply

    with_database(reply, conversation, text, officer)


@handoffs.command("close")
def handoffs_close(
    conversation: Annotated[int, typer.Argument(help="Number from `pandu handoffs list`.")],
    officer: Officer = "",
) -> None:
    """Give the conversation back to the bot."""
    from bot.commands.work.handoffs import close

    with_database(close, conversation, officer)
