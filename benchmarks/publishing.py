"""Publishing while people write: how soon every process answers with it, and whether a turn fails.

    python -m benchmarks.publishing [--offices 0] [--seconds 60] [--rate 20] [--times 4]

One web process, two workers and an engine, as on several machines, on one PostgreSQL. `--offices` are published before
the start, with ten invented services each. Everything runs on loopback in a temporary folder and ends by itself.
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
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from benchmarks import load, offices
from benchmarks.systems import ROOT, System, pandu_in_parts
from bot.knowledge import publishing
from bot.knowledge.publications import Key, Publication, publish
from bot.knowledge.regions import Region
from bot.storage.database import Database
from bot.storage.migrate import migrate

WORKERS = 2
LIMIT = 60.0
"""Seconds after which a publication must be live everywhere."""
_NEWEST = re.compile(r"\bnewest\W{1,4}(\d+)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


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
    system: System, logs: Sequence[Path], seconds: float, rate: float, times: int, held: int
) -> dict[str, Any]:
    """Load, and `times` publications in it, each looked for until it is answered and every process has it."""
    failed: Counter[str] = Counter()
    ask = _counting(load.ask_pandu(system.url), failed)
    database = Database(system.database_url)
    await load.saturate(ask, people=2, seconds=4)
    new = offices.places(held + times)[:times]
    running = asyncio.create_task(load.at_rate(ask, rate, seconds))
    live = [await _published(system, logs, database, place, seconds / (times + 1)) for place in new]
    found = await running
    await database.close()
    return {
        "failed": dict(failed),
        "turns": found.summary() | {"longest_ms": round(max(found.milliseconds))},
        "published": [{key: round(value, 1) for key, value in one.items()} for one in live],
    }


def _counting(ask: load.Ask, failed: Counter[str]) -> load.Ask:
    async def counted(session: aiohttp.ClientSession, person: str, question: str) -> None:
        try:
            await ask(session, person, question)
        except (aiohttp.ClientError, AssertionError, TimeoutError) as error:
            failed[f"{type(error).__name__}: {str(error)[:200]}"] += 1

    return counted


async def _published(
    system: System, logs: Sequence[Path], database: Database, place: Region, pause: float
) -> dict[str, float]:
    """Seconds that checking and storing took, and from then on until it is answered and each process has said so."""
    contents = offices.entries(place, 10, random.Random(len(place.id)))
    began = time.monotonic()
    async with database.session() as session:
        new = Publication(by="bench", office=None, reason=place.title, effective_on=_today())
        await publishing.put(session, new, contents, _today())
    stored, number = time.monotonic(), new.id
    answered, *told = await asyncio.gather(_answered(system, place, contents), *(_told(log, number) for log in logs))
    await asyncio.sleep(max(0.0, pause - (time.monotonic() - began)))
    return {
        "stored_s": stored - began,
        "answered_s": answered - stored,
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
        with pandu_in_parts(folder, models, 1, WORKERS, lambda url: asyncio.run(_filled(url, held))) as system:
            logs = [folder / "web-0.log", *(folder / f"worker-{number}.log" for number in range(WORKERS))]
            at_start = _taken(system)
            found = asyncio.run(measured(system, logs, seconds, rate, times, held))
            taken = {"at_start": at_start, "after": _taken(system)}
            return {"offices": held, "start_s": round(system.seconds_to_ready, 1), **taken, **found}


def _taken(system: System) -> dict[str, list[dict[str, int]]]:
    """Megabytes, and seconds of a processor so far, of the processes that know, by role."""
    found: dict[str, list[dict[str, int]]] = {}
    for process in system.processes:
        role, now = str(process.args[-1]), psutil.Process(process.pid)  # type: ignore[index]
        seconds = sum(now.cpu_times()[:2])
        found.setdefault(role, []).append({"mb": round(now.memory_info().rss / 2**20), "cpu_s": round(seconds)})
    return found


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
    slowest = max(max(one["answered_s"], one["every_process_s"]) for one in found["published"])
    raise SystemExit(bool(found["failed"]) or slowest > LIMIT)


if __name__ == "__main__":
    main()
