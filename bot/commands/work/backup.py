"""`pandu database backup` and `restore`: PostgreSQL's own programs, the ones that come with Pandu."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

import psycopg

from bot.errors import CannotRun
from bot.processes.postgres import EmbeddedPostgres, clean_environment, last_line, programs_folder
from bot.settings import Settings
from bot.storage.folders import new_closed
from bot.storage.migrate import head, knows


def backup(url: str, file: Path) -> None:
    """A dump of one moment, while everything goes on. Never over a file that is there. Raises CannotRun."""
    if file.exists():
        raise CannotRun(f"{file} is there already: choose another name.")
    unfinished = file.with_name(f"{file.name}.part")
    try:
        with new_closed(unfinished) as output:  # people's messages
            command = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", url]
            _run(command, output=output, what="The database cannot be dumped")
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)


def restore(settings: Settings, file: Path, *, older: bool = False) -> None:
    """Fill an empty database from a dump: the configured one, or the embedded one, which is started for that.

    All of it or nothing. Raises CannotRun, also for a database that holds something and for a dump of another version;
    `older`: one of an earlier version is taken, and brought to the present shape at the next start.
    """
    if not file.is_file():
        raise CannotRun(f"There is no file {file}.")
    check_version(file, older=older)
    server = None if settings.database_url else EmbeddedPostgres(settings.data_dir)
    url = server.start() if server else settings.database_url
    try:
        with psycopg.connect(url) as connection:
            found = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
        if found and found[0]:
            raise CannotRun("The database holds something already; restore into an empty one.")
        command = ["pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--dbname", url, str(file)]
        _run(command, output=None, what="The dump cannot be restored")
    finally:
        if server:
            server.stop()


def check_version(file: Path, *, older: bool) -> None:
    """Raises CannotRun, with both versions, when another version of Pandu made the dump."""
    made, here = version_of(file), head()
    if made == here or (older and knows(made)):
        return
    if not made:
        raise CannotRun(f"{file} is no backup of a Pandu database: it does not say which version made it.")
    both = f"{file} is of version {made}, and this Pandu is of version {here}"
    if knows(made):
        raise CannotRun(f"{both}: restore with --older, and it is brought up to date at the next start.")
    raise CannotRun(f"{both}: restore it with the Pandu that made it, or update this one first.")


def version_of(file: Path) -> str:
    """The newest migration that a dump holds; "" where it names none."""
    with tempfile.TemporaryFile() as output:
        command = ["pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file)]
        _run(command, output=output, what="The dump cannot be restored")
        output.seek(0)
        found = re.search(r"^COPY [^\n]*alembic_version [^\n]*\n(\w+)$", output.read().decode(), re.MULTILINE)
    return found[1] if found else ""


def _run(command: list[str], *, output: object, what: str) -> None:
    program, *rest = command
    done = subprocess.run(  # noqa: S603
        [str(programs_folder() / program), *rest],
        stdout=output if output is not None else subprocess.DEVNULL,  # type: ignore[call-overload]
        stderr=subprocess.PIPE,
        env=clean_environment(),
        check=False,
    )
    if done.returncode != 0:
        raise CannotRun(f"{what}: {last_line(done.stderr.decode(errors='replace'))}")
