"""`pandu officers …`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from bot.commands.common import with_database

officers = typer.Typer(help="Accounts of the front-office staff.", no_args_is_help=True)


class OfficerRole(StrEnum):
    """From the least to the most: each may do what those before it may."""

    officer = "officer"
    supervisor = "supervisor"
    administrator = "administrator"


@officers.command("add")
def officers_add(
    username: Annotated[str, typer.Argument(help="Small letters, digits, dot and dash.")],
    name: Annotated[str, typer.Argument(help="Applicants read it: “Anda terhubung dengan petugas …”.")],
    role: Annotated[OfficerRole, typer.Option(help="What the officer may do.")] = OfficerRole.officer,
) -> None:
    """Make an account; prints its first password."""
    from bot.commands.work.officers import add

    with_database(add, username, name, role.value)


@officers.command("list")
def officers_list() -> None:
    """All accounts."""
    from bot.commands.work.officers import show

    with_database(show)


@officers.command("reset-password")
def officers_reset_password(username: Annotated[str, typer.Argument(help="From `pandu officers list`.")]) -> None:
    """Print a new first password and end all sessions of the account."""
    from bot.commands.work.officers import reset_password

    with_database(reset_password, username)
