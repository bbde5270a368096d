"""`pandu bench`: Pandu and stock Rasa, one after the other on this machine, with the same model and dialogue.

Everything runs on loopback in a temporary folder and stops by itself after about four minutes.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.load import DIALOGUE, ask_pandu, ask_rasa, at_rate, saturate
from benchmarks.systems import ROOT, System, pandu, stock_rasa
from bot.processes.postgres import EmbeddedPostgres

RATE = 5.0  # messages a second
SECONDS = 30.0
PEOPLE = 16


def main(as_json: bool = False, models: Path = ROOT / ".pandu" / "models") -> int:
    """Run it and print a table, or one JSON object. Returns the exit code."""
    trained = sorted(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not trained:
        print("There is no trained model yet: run `pandu nlu train` or `make run` first.")
        return 1
    with tempfile.TemporaryDirectory(prefix="pandu-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        result = {"pandu": _pandu(folder / "pandu", models), "rasa": _rasa(folder / "rasa", trained[-1])}
    ratio = result["pandu"]["saturation"]["turns_per_second"] / result["rasa"]["saturation"]["turns_per_second"]
    result["ratio"] = round(ratio, 2)
    if as_json:
        print(json.dumps(result, indent=2))
    else:
        _print(result)
    return 0


def _pandu(folder: Path, models: Path) -> dict[str, Any]:
    with pandu(folder, models) as (system, ready):
        ask = ask_pandu(system.url)
        measured = asyncio.run(_measure(system, ask))
    return {"seconds_to_ready": round(ready, 1), **measured}


def _rasa(folder: Path, model: Path) -> dict[str, Any]:
    from bot.storage.migrate import migrate

    server = EmbeddedPostgres(folder / "data")
    url = server.start()
    try:
        asyncio.run(migrate(url))
        assert server.pid is not None
        with stock_rasa(folder, model, url, server.pid) as system:
            ask = ask_rasa(system.url, str(int(time.time()) * 1000))
            return asyncio.run(_measure(system, ask))
    finally:
        server.stop()


async def _measure(system: System, ask: Any) -> dict[str, Any]:
    await saturate(ask, people=2, seconds=4)  # warm up
    steady = await at_rate(ask, RATE, SECONDS)
    before = system.cpu_seconds()
    full = await saturate(ask, PEOPLE, SECONDS)
    cpu = (system.cpu_seconds() - before) / full.turns * 1000
    return {
        f"at_{RATE:g}_per_second": steady.summary(),
        "saturation": full.summary(),
        "cpu_seconds_per_1000_turns": round(cpu, 1),
        "memory": system.memory(),
    }


def _print(result: dict[str, Any]) -> None:
    table = Table(title=f"Same machine, same model, same dialogue ({len(DIALOGUE)} questions)")
    table.add_column("")
    table.add_column("Pandu", justify="right")
    table.add_column("stock Rasa 3.6.21", justify="right")
    rows = [
        (f"p50 at {RATE:g} msg/s, ms", "at_5_per_second", "p50_ms"),
        (f"p95 at {RATE:g} msg/s, ms", "at_5_per_second", "p95_ms"),
        (f"p99 at {RATE:g} msg/s, ms", "at_5_per_second", "p99_ms"),
        ("turns/s at saturation", "saturation", "turns_per_second"),
        ("p95 at saturation, ms", "saturation", "p95_ms"),
        ("memory (PSS), MB", "memory", "pss_mb"),
        ("memory (RSS), MB", "memory", "rss_mb"),
    ]
    for title, group, key in rows:
        table.add_row(title, str(result["pandu"][group][key]), str(result["rasa"][group][key]))
    cpu = "cpu_seconds_per_1000_turns"
    table.add_row("CPU seconds per 1,000 turns", str(result["pandu"][cpu]), str(result["rasa"][cpu]))
    table.add_row("throughput ratio", f"{result['ratio']}", "1")
    console = Console()
    console.print(table)
    console.print(f"Pandu ready after {result['pandu']['seconds_to_ready']} s.")
