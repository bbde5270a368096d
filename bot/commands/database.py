"""`pandu database`: what the owner of the database does, and no running process may."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.common import database_url, fail

database = typer.Typer(help="The database: its shape, and who may do what in it.", no_args_is_help=True)


@database.command("migrate")
def database_migrate() -> None:
    """Bring the database to the shape that this Pandu needs. PANDU_DATABASE_URL must be its owner's."""
    from bot.storage.migrate import migrate

    _run(migrate)
    typer.echo("The database has the present shape.")


@database.command("roles")
def database_roles(
    new_passwords: Annotated[bool, typer.Option("--new-passwords", help="Also for roles that have one.")] = False,
) -> None:
    """Make the role of web and worker, and print its URL. PANDU_DATABASE_URL must be the owner's."""
    from bot.storage.migrate import migrate
    from bot.storage.roles import make_roles
    from bot.storage.urls import APP

    async def work(url: str) -> Any:
        await migrate(url)
        return await make_roles(url, renew=new_passwords)

    urls = _run(work)
    typer.echo(f"# {APP}, for web and worker. Without a password: it has one already; --new-passwords makes a new one.")
    typer.echo(f"PANDU_DATABASE_URL={urls.app}")


@database.command("backup")
def database_backup(file: Annotated[Path, typer.Argument(help="The dump to make, e.g. pandu-2026-11-22.dump")]) -> None:
    """Dump the database in use, as it is in one moment, while Pandu runs."""
    from bot.commands.work.backup import backup
    from bot.errors import CannotRun
    from bot.settings import get_settings

    try:
        backup(database_url(get_settings()), file)
    except CannotRun as error:
        fail(str(error))
    typer.echo(f"{file} holds the database. Not in it: the folder files/, and the keys (docs/operations.md).")


@database.command("restore")
def database_restore(
    file: Annotated[Path, typer.Argument(help="A dump made by `pandu database backup`")],
    older: Annotated[bool, typer.Option("--older", help="Also a dump of an earlier version.")] = False,
) -> None:
    """Fill an empty database from a dump. Pandu must not run."""
    from bot.commands.work.backup import restore
    from bot.errors import CannotRun
    from bot.settings import get_settings

    settings = get_settings()
    try:
        restore(settings.model_copy(update={"data_dir": settings.data_dir.resolve()}), file, older=older)
    except CannotRun as error:
        fail(str(error))
    typer.echo("Restored. Start Pandu: conversations go on where they were.")


def _run(work: Any) -> Any:
    """`work(url)` on the database in use; one sentence when that cannot be."""
    import psycopg
    from sqlalchemy.exc import DBAPIError

    from bot.errors import CannotRun
    from bot.processes.logs import mask
    from bot.settings import get_settings

    try:
        return asyncio.run(work(database_url(get_settings())))
    except CannotRun as error:
        fail(str(error))
    except (psycopg.errors.InsufficientPrivilege, DBAPIError) as error:
        fail(f"This needs the owner's URL in PANDU_DATABASE_URL: {mask(str(error).splitlines()[0])}")
    except psycopg.Error as error:
        fail(f"The database cannot be used ({mask(str(error).splitlines()[0])}).")
