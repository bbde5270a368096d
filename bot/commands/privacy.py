"""The commands `pandu privacy …`; what they do is in bot/commands/work/privacy.py."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.common import By, with_database

privacy = typer.Typer(
    help="Personal data: how long it is kept, copies, erasing, holds, encryption keys.", no_args_is_help=True
)
Conversation = Annotated[int, typer.Argument(help="Number of the conversation.")]


@privacy.command()
def retention(
    preview: Annotated[bool, typer.Option("--preview", help="Only say what is over; change nothing.")] = False,
) -> None:
    """Let go what is over its period; Pandu does this by itself every night."""
    from bot.commands.work import privacy as work

    with_database(work.retention, preview)


@privacy.command()
def hold(
    subject: Annotated[str, typer.Argument(help="conversation, application or complaint.")],
    number: Annotated[int, typer.Argument(help="Its number (id).")],
    reason: Annotated[str, typer.Option(help="Why it must not be erased; no personal data.")],
    by: By,
) -> None:
    """Forbid erasing something, and the conversations it belongs to."""
    from bot.commands.work import privacy as work

    with_database(work.hold, subject, number, reason, by)


@privacy.command()
def holds() -> None:
    """The holds that are active, and requests for erasing that wait for them."""
    from bot.commands.work import privacy as work

    with_database(work.show_holds)


@privacy.command()
def release(number: Annotated[int, typer.Argument(help="Number from `pandu privacy holds`.")], by: By) -> None:
    """End a hold."""
    from bot.commands.work import privacy as work

    with_database(work.release, number, by)


@privacy.command("export")
def export_copy(
    conversation: Conversation,
    out: Annotated[Path, typer.Option(help="File to write: .json or .html.", dir_okay=False)],
    by: By,
) -> None:
    """Write the copy of a conversation's data, for a person who asked the office for it."""
    from bot.commands.work import privacy as work

    with_database(work.export_copy, conversation, out, by)


@privacy.command()
def erase(
    conversation: Conversation,
    by: By,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a conversation, for a person who asked the office for it; they are told in the chat."""
    from bot.commands.work import privacy as work

    if not yes:
        typer.confirm(f"Erase conversation {conversation}? This cannot be undone.", abort=True)
    with_database(work.erase, conversation, by)


@privacy.command("new-key")
def new_key() -> None:
    """Make a new encryption key and say how to use it; needs no database."""
    from bot.commands.work import privacy as work
    from bot.settings import get_settings

    typer.echo(work.new_key(get_settings()))


@privacy.command("rotate-keys")
def rotate_keys() -> None:
    """Encrypt again, with the newest key, what is plain or of an older key. Restart Pandu with the new key first."""
    from bot.commands.work import privacy as work

    with_database(work.rotate_keys)
