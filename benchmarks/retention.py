"""The deletion of old messages while new ones arrive: its time, its cost to the others, its leftovers.

    python -m benchmarks.retention [--old 1000000]

makes a database of its own with as many old messages as recent ones (half incoming, half outgoing), runs the nightly
job, and measures meanwhile how long storing a message takes. Then it writes as many again as went, to see whether
their room is used. Prints JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg
import structlog
from sqlalchemy import text

from bot.conversations import inbox
from bot.conversations.runtime import Runtime
from bot.dialogue.client import Engine
from bot.knowledge.load import get_knowledge
from bot.messages import IncomingMessage
from bot.privacy.retention import periods, run
from bot.processes.postgres import EmbeddedPostgres
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.events import Events
from bot.storage.keyring import new_key
from bot.storage.migrate import migrate
from bot.tasks import make_jobs

PEOPLE, NEWS = 20_000, 200_000
RATE = 40.0  # messages stored a second meanwhile
CALM = 15.0  # seconds of the comparison
OLD_DAYS = 800  # more than the period of messages

_PEOPLE = "insert into conversations (channel, address) select 'telegram', n::text from generate_series(1, %s) n"
_MESSAGES = """
with written as (
    insert into incoming_messages
        (conversation_id, channel, provider_id, kind, text, received_at, handled_at, outcome, understood)
    select 1 + n %% %s, 'telegram', %s || n, 'text', 'berapa lama izin perluasan ' || n || ' di magetan ya pak',
        now() - %s * interval '1 day' + n * interval '1 second' / 20,
        now() - %s * interval '1 day' + n * interval '1 second' / 20, 'answered',
        '{"intent": "ask_duration", "family": "info", "confidence": 0.9, "ranking": []}'
    from generate_series(1, %s) n returning id, conversation_id, received_at
)
insert into outgoing_messages (conversation_id, in_reply_to, text, status, attempts, provider_id, created_at, sent_at)
select conversation_id, id, repeat('Jangka waktu: 14 hari kerja menurut standar pelayanan. ', 6), 'delivered', 1,
    id::text, received_at, received_at
from written
"""
_NEWS = """
with a as (
    insert into applications (number, office, service, procedure, received_on, stage, stage_since, turn)
    values ('FILL', 'x', 'x', 'x', current_date, 'x', now(), 'nobody') returning id
), e as (
    insert into application_events (application_id, kind, stage, actor, happened_at)
    select a.id, 'stage', 'x', 'benchmark', now() from a, generate_series(1, %s) returning id, application_id
)
insert into application_news (application_id, event_id, conversation_id, kind, posted_at)
select application_id, id, 1 + id %% %s, 'stage', now() from e
"""
_SIZE = text("""
select sum(pg_total_relation_size(name)) as bytes
from unnest(array['incoming_messages', 'outgoing_messages']::regclass[]) name
""")


async def fill(url: str, pairs: int, name: str, days: int, *, first: bool) -> float:
    """`pairs` messages with their answers, `days` old. Returns seconds."""
    begin = time.perf_counter()
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        if first:
            await connection.execute(_PEOPLE, [PEOPLE])
            await connection.execute(_NEWS, [NEWS, PEOPLE])
        await connection.execute(_MESSAGES, [PEOPLE, name, days, days, pairs])
        await connection.execute("analyze")
    return time.perf_counter() - begin


async def stored_meanwhile(runtime: Runtime, name: str, ended: asyncio.Event) -> list[float]:
    """Messages stored at RATE until `ended`; milliseconds each took from the moment it was due, sorted."""
    took: list[float] = []
    waiting: set[asyncio.Task[None]] = set()

    async def one(number: int, due: float) -> None:
        await inbox.store(runtime, IncomingMessage("telegram", str(number % PEOPLE), f"{name}{number}", "text", "halo"))
        took.append((time.perf_counter() - due) * 1000)

    begin, number = time.perf_counter(), 0
    while not ended.is_set():
        due = begin + number / RATE
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        task = asyncio.create_task(one(number, due))
        waiting.add(task)
        task.add_done_callback(waiting.discard)
        number += 1
    await asyncio.gather(*waiting)
    return sorted(took)


def quantiles(milliseconds: list[float]) -> dict[str, float]:
    places = {"p50": 0.5, "p99": 0.99, "longest": 1.0}
    return {name: round(milliseconds[int((len(milliseconds) - 1) * place)], 1) for name, place in places.items()}


async def measure(url: str, folder: Path, old: int) -> dict[str, Any]:
    settings = Settings(_env_file=None, data_dir=folder)
    runtime = Runtime(
        settings=settings, database=Database(url), jobs=make_jobs(url), engine=Engine("", ""), events=Events(url)
    )
    await fill(url, old // 2, "old-", OLD_DAYS, first=True)
    await fill(url, old // 2, "new-", 100, first=False)
    found = [one for one in periods(get_knowledge().privacy, {}) if one.kind.id == "messages"]

    async def size() -> int:
        return int((await runtime.database.run(_SIZE))[0].bytes) // 1_000_000

    result: dict[str, Any] = {"messages": 2 * old, "megabytes": {"before": await size()}}
    ended = asyncio.Event()
    asyncio.get_running_loop().call_later(CALM, ended.set)
    result["store_ms_calm"] = quantiles(await stored_meanwhile(runtime, "calm-", ended))
    ended.clear()
    meanwhile = asyncio.create_task(stored_meanwhile(runtime, "busy-", ended))
    begin = time.perf_counter()
    counts = await run(runtime, found)
    seconds = time.perf_counter() - begin
    ended.set()
    result |= {"gone": counts["messages"], "seconds": round(seconds, 1)}
    result |= {"gone_a_second": round(counts["messages"] / seconds), "store_ms_meanwhile": quantiles(await meanwhile)}
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        begin = time.perf_counter()
        await connection.execute("vacuum (analyze) incoming_messages, outgoing_messages")  # as autovacuum does
    result["vacuum_seconds"] = round(time.perf_counter() - begin, 1)
    result["megabytes"]["after"] = await size()
    await fill(url, old // 2, "again-", 1, first=False)
    result["megabytes"]["written again"] = await size()
    await runtime.database.close()
    return result


def main(old: int) -> None:
    os.environ.setdefault("PANDU_DATA_KEYS", new_key())
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory(prefix="pandu-retention-") as name:
        Path(name).chmod(0o755)
        server = EmbeddedPostgres(Path(name) / "database")
        url = server.start()
        try:
            asyncio.run(migrate(url))
            print(json.dumps(asyncio.run(measure(url, Path(name), old)), indent=1))
        finally:
            server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--old", type=int, default=1_000_000)
    main(parser.parse_args().old)
