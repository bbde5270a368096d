"""The settings, the model and the database of a command, each with one sentence where it cannot be had."""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from bot.settings import Settings

Work = Callable[..., Awaitable[int]]


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"uid {os.getuid()}"


AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
By = Annotated[str, typer.Option(help="Who does it; stands in the timeline.", default_factory=_user)]


def fail(sentence: str) -> NoReturn:
    """End the command: exit code 1."""
    typer.echo(sentence, err=True)
    sys.exit(1)


def checked_settings() -> Settings:
    """The settings, or one sentence a wrong one."""
    from pydantic import ValidationError

    from bot.settings import get_settings

    try:
        settings = get_settings()
    except ValidationError as error:
        wrong = [f"PANDU_{'_'.join(map(str, item['loc'])).upper()}: {item['msg']}" for item in error.errors()]
        fail(f"A setting is wrong. {'; '.join(wrong)}")
    from bot.processes.settings_check import problems, written

    if wrong := problems(settings, written()):
        fail("\n".join(wrong))
    return settings


def trained_model() -> Path:
    """The model of the present training data, trained when there is none; one sentence when that fails."""
    settings = checked_settings()
    from bot.dialogue.training import SECONDS, TRAINING, ensure_model
    from bot.errors import CannotRun
    from bot.progress import Progress

    try:
        progress = Progress({TRAINING: SECONDS[TRAINING]}, sys.stderr)
        return asyncio.run(ensure_model(settings.data_dir.resolve(), progress))
    except CannotRun as error:
        fail(str(error))


def with_database(work: Work, *arguments: object) -> None:
    """Run a command that needs the database; exits with its code, or with one sentence on what is wrong."""
    from bot.errors import CannotRun

    try:
        raise typer.Exit(run(checked_settings(), work, *arguments))
    except CannotRun as error:
        fail(str(error))


def run(settings: Settings, work: Work, *arguments: Any) -> int:
    """Call `work(runtime, *arguments)` with the job queue open; returns its exit code."""
    return asyncio.run(with_runtime(settings, work, *arguments))


async def with_runtime(settings: Settings, work: Work, *arguments: Any) -> int:
    """The same, inside a running event loop."""
    from bot.conversations.runtime import Runtime
    from bot.dialogue.client import Engine
    from bot.storage.database import DATABASE_ERRORS, Database
    from bot.storage.events import Events
    from bot.survey.service import hear_occasions
    from bot.tasks import make_jobs
    from bot.working_days import load_clocks

    url = database_url(settings)
    jobs = make_jobs(url, pool_size=2)
    runtime = Runtime(settings, Database(url, pool_size=2), jobs, Engine("http://127.0.0.1:1", ""), Events(url))
    hear_occasions(runtime)
    try:
        async with jobs.open_async():
            with suppress(*DATABASE_ERRORS):  # a database that waits for its migrations
                async with runtime.database.session() as session:
                    await load_clocks(session)
            return await work(runtime, *arguments)
    finally:
        await runtime.database.close()


def database_url(settings: Settings) -> str:
    """The database in use: the configured one, or the embedded one while it runs. Raises CannotRun."""
    from bot.errors import CannotRun
    from bot.processes.postgres import running_url

    url = settings.database_url or running_url(settings.data_dir)
    if not url:
        raise CannotRun("The database does not run: start Pandu in another terminal with make run.")
    return url
