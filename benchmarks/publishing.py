"""Publishing while people write: how soon every process answers with it, and whether a turn fails.

    python -m benchmarks.publishing [--offices 0] [--seconds 60] [--rate 20] [--times 4]

Two hosts and a worker of its own, on one PostgreSQL. `--offices` are published before the start, with ten invented
services each. Everything runs on loopback in a temporary folder and ends by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks import load, offices
from benchmarks.systems import ROOT, System, pandu, worker
from bot.knowledge import publishing
from bot.knowledge.publications import Key, Publication, publish
from bot.knowledge.regions import Region
from bot.processes.postgres import EmbeddedPostgres
from bot.storage.database import Database
from bot.storage.keyring import new_key
from bot.storage.migrate import migrate

LIMIT = 60.0
"""Seconds after which a publication must be live everywhere."""
_NEWEST = re.compile(r"\bnewest\W{1,4}(\d+)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Bench:
    """Two hosts that answer, the logs of every process that knows, and the database they share."""

    def __init__(self, folder: Path, models: Path, stack: ExitStack, url: str) -> None:
        shared = {"DATABASE_URL": url, "DATA_KEYS": new_key()}
        self.hosts: list[System] = []
        self.logs: list[Path] = []
        for name in ("first", "second"):
            host, _ = stack.enter_context(pandu(folder / name, models, **shared))
            self.hosts.append(host)
            self.logs.append(folder / name / "serve.log")
        self.worker = stack.enter_context(worker(folder / "worker", self.hosts[0], **shared))
        self.logs.append(folder / "worker" / "serve.log")

    def memory(self) -> list[int]:
        """Megabytes of each process that knows, without engine and database."""
        roots = [one.processes[0].pid for one in (*self.hosts, self.worker)]
        return [round(one.memory_info().rss / 2**20) for one in self._processes() if one.pid in roots]

    def _processes(self) -> Iterator[Any]:
        for system in (*self.hosts, self.worker):
            yield from system.members()


@contextmanager
def bench(folder: Path, models: Path, held: int) -> Iterator[tuple[Bench, Database]]:
    server = EmbeddedPostgres(folder / "database")
    url = server.start()
    try:
        asyncio.run(_filled(url, held))
        with ExitStack() as stack:
            yield Bench(folder, models, stack, url), Database(url)
    finally:
        server.stop()


async def _filled(url: str, held: int) -> None:
    await migrate(url)
    database, chance = Database(url), random.Random(7)
    async with database.session() as session:
        for place in offices.places(held):
            new = Publication(by="bench", office=None, reason="held", effective_on=_today())
            await publish(session, new, offices.entries(place, 10, chance))
    await database.close()


def _today() -> date:
    return datetime.now(UTC).date()


async def measured(
    bench: Bench, database: Database, seconds: float, rate: float, times: int, held: int
) -> dict[str, Any]:
    """Load on both hosts, and `times` publications in it, each looked for until it is answered everywhere."""
    failed: list[str] = []
    asks = [_counting(load.ask_pandu(host.url), failed) for host in bench.hosts]
    await asyncio.gather(*(load.saturate(ask, people=2, seconds=4) for ask in asks))
    new = offices.places(held + times)[:times]
    running = [asyncio.create_task(load.at_rate(ask, rate / 2, seconds)) for ask in asks]
    live = [await _published(bench, database, place, seconds / (times + 1)) for place in new]
    found = await asyncio.gather(*running)
    waits = [one for each in found for one in each.milliseconds]
    whole = load.Measured(sum(one.turns for one in found), max(one.seconds for one in found), waits)
    return {
        "failed": failed,
        "turns": whole.summary(),
        "longest_ms": round(max(waits)),
        "published": [{key: round(value, 1) for key, value in one.items()} for one in live],
    }


def _counting(ask: load.Ask, failed: list[str]) -> load.Ask:
    async def counted(session: aiohttp.ClientSession, person: str, question: str) -> None:
        try:
            await ask(session, person, question)
        except (aiohttp.ClientError, AssertionError, TimeoutError) as error:
            failed.append(f"{type(error).__name__}: {str(error)[:200]}")

    return counted


async def _published(bench: Bench, database: Database, place: Region, pause: float) -> dict[str, float]:
    """Seconds that checking and storing took, and from then on until each host answers and each process has said so."""
    contents = offices.entries(place, 10, random.Random(len(place.id)))
    began = time.monotonic()
    async with database.session() as session:
        new = Publication(by="bench", office=None, reason=place.title, effective_on=_today())
        await publishing.put(session, new, contents, _today())
    stored, number = time.monotonic(), new.id
    answered, told = await asyncio.gather(
        asyncio.gather(*(_answered(host, place, contents) for host in bench.hosts)),
        asyncio.gather(*(_told(log, number) for log in bench.logs)),
    )
    await asyncio.sleep(max(0.0, pause - (time.monotonic() - began)))
    return {
        "stored_s": stored - began,
        "answered_s": max(answered) - stored,
        "every_process_s": max(told) - stored,
    }


async def _answered(host: System, place: Region, contents: dict[Key, dict[str, Any] | None]) -> float:
    services = [one for (kind, _), one in contents.items() if kind == "services" and one]
    wanted = services[0]["duration"]["text"]
    async with aiohttp.ClientSession() as session:
        while True:
            address = f"{host.url}/api/simulator/baru-{uuid.uuid4().hex[:10]}/messages"
            question = {"text": f"berapa lama {services[0]['label'].lower()} di {place.title.lower()}"}
            async with session.post(address, json=question) as response:
                said = " ".join(one["text"] for one in (await response.json())["replies"])
            if wanted in said and place.title in said:
                return time.monotonic()
            await asyncio.sleep(0.2)


async def _told(log: Path, number: int) -> float:
    """When a process has taken over publication `number`."""
    while True:
        lines = await asyncio.to_thread(log.read_text, errors="replace")
        if any(int(one) >= number for one in _NEWEST.findall(_COLOUR.sub("", lines))):
            return time.monotonic()
        await asyncio.sleep(0.1)


def run(held: int, seconds: float, rate: float, times: int, models: Path) -> dict[str, Any]:
    """All figures. Ends in an error when a publication is not live in time."""
    with tempfile.TemporaryDirectory(prefix="pandu-publishing-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with bench(folder, models, held) as (running, database):
            starts = [round(host.seconds_to_ready, 1) for host in running.hosts]
            before = running.memory()
            found = asyncio.run(measured(running, database, seconds, rate, times, held))
            return {
                "offices": held,
                "start_s": starts,
                "memory_mb": {"at_start": before, "after": running.memory()},
                **found,
            }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offices", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--times", type=int, default=4)
    parser.add_argument("--models", type=Path, default=ROOT / ".pandu" / "models")
    options = parser.parse_args()
    found = run(options.offices, options.seconds, options.rate, options.times, options.models)
    print(json.dumps(found, indent=2))
    slowest = max(one["answered_s"] for one in found["published"])
    raise SystemExit(bool(found["failed"]) or slowest > LIMIT)


if __name__ == "__main__":
    main()
