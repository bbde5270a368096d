"""`pandu handoffs`: the people who wait, from the command line. The console offers the same with more comfort."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from bot.processes.errors import CannotRun
from bot.processes.postgres import running_url
from bot.settings import Settings

Work = Callable[..., Awaitable[int]]


def database_url(settings: Settings) -> str:
    """The database in use: the configured one, or the embedded one while it runs. Raises CannotRun."""
    url = settings.database_url or running_url(settings.data_dir)
    if not url:
        raise CannotRun("The database does not run: start Pandu in another terminal with make run.")
    return url


def run(settings: Settings, work: Work, *arguments: Any) -> int:
    """Call `work(runtime, *arguments)` with the job queue open; returns its exit code."""
    return asyncio.run(with_runtime(settings, work, *arguments))


async def with_runtime(settings: Settings, work: Work, *arguments: Any) -> int:
    """The same, inside a running event loop."""
    from bot.conversations.jobs import make_jobs
    from bot.dialogue.client import Engine
    from bot.runtime import Runtime
    from bot.storage.database import Database
    from bot.storage.events import Events

    url = database_url(settings)
    jobs = make_jobs(url, pool_size=2)
    runtime = Runtime(settings, Database(url, pool_size=2), jobs, Engine("http://127.0.0.1:1", ""), Events(url))
    try:
        async with jobs.open_async():
            return await work(runtime, *arguments)
    finally:
        await runtime.database.close()


async def show(runtime: Any) -> int:
    """Print one line a waiting conversation."""
    from bot.handoff.service import waiting

    async with runtime.database.session() as session:
        found = await waiting(session)
    for item in found:
        minutes = int((datetime.now(UTC) - item.since).total_seconds() // 60)
        name = item.name or "-"
        print(f"{item.conversation_id:>6}  {item.owner:<8} {minutes:>5} min  {item.channel:<10} {name}: {item.reason}")
        if item.last_text:
            print(f"        {item.last_text[:200]}")
    if not found:
        print("Nobody waits for a person.")
    return 0


async def reply(runtime: Any, conversation: int, text: str) -> int:
    """Take the conversation and queue an officer's message in one transaction."""
    from bot.conversations.outbox import say
    from bot.handoff.service import take

    if not text.strip():
        raise CannotRun("The message is empty.")
    async with runtime.database.session() as session:
        if not await take(session, conversation):
            raise CannotRun(f"There is no conversation {conversation}: see pandu handoffs list.")
        await say(runtime, session, conversation, text, "officer", [])
    print(f"Sent. Conversation {conversation} is yours until you close it.")
    return 0


async def close(runtime: Any, conversation: int) -> int:
    """Let the bot answer again."""
    from bot.handoff.service import give_back

    async with runtime.database.session() as session:
        if not await give_back(session, conversation):
            raise CannotRun(f"There is no conversation {conversation}: see pandu handoffs list.")
    print(f"Conversation {conversation} is the bot's again.")
    return 0
