"""`pandu bench`: Pandu and stock Rasa, one after the other on this machine, with the same model and dialogue.

Everything runs on loopback in a temporary folder and stops by itself after about a quarter of an hour; `quick` takes a
third of that, and `only` names the parts to run.
"""

from __future__ import annotations

import asyncio
import json
import platform
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks import parts, report
from benchmarks.load import ask_pandu, ask_rasa, saturate
from benchmarks.systems import ROOT, pandu, stock_rasa
from bot.processes.postgres import EmbeddedPostgres

PARTS = ("saturation", "rates", "history", "webhooks", "stored", "scale")
AGAINST_RASA = ("saturation", "rates", "history")
Say = Callable[[str], None]


def main(
    as_json: bool = False,
    models: Path = ROOT / ".pandu" / "models",
    *,
    only: Sequence[str] = (),
    quick: bool = False,
    write: bool = False,
) -> int:
    """Run it and print a table, or one JSON object. `write` also renews docs/performance.md. Returns the exit code."""
    console = Console(stderr=True)
    unknown = set(only) - set(PARTS)
    if unknown:
        console.print(f"There is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}.")
        return 1
    trained = sorted(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not trained:
        console.print("There is no trained model yet: run `pandu nlu train` or `make run` first.")
        return 1
    result = measure(models, trained[-1], only or PARTS, parts.QUICK if quick else parts.Size(), console.log)
    if as_json:
        print(json.dumps(result, indent=2))
    else:
        _print(result)
    if write:
        for path in report.write(result, ROOT / "docs"):
            console.print(f"Written: {path.relative_to(ROOT)}")
    return 0


def measure(models: Path, model: Path, chosen: Sequence[str], size: parts.Size, say: Say) -> dict[str, Any]:
    """All chosen parts: {"machine", "date", "pandu": {…}, "rasa": {…}, "ratio"}."""
    result: dict[str, Any] = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine(), "size": size.seconds}
    with tempfile.TemporaryDirectory(prefix="pandu-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        result["pandu"] = _pandu(folder, models, chosen, size, say)
        if set(chosen) & set(AGAINST_RASA):
            result["rasa"] = _rasa(folder / "rasa", model, chosen, size, say)
    if "saturation" in chosen:
        ours, theirs = (result[name]["saturation"]["turns_per_second"] for name in ("pandu", "rasa"))
        result["ratio"] = round(ours / theirs, 2)
    return result


def machine() -> dict[str, Any]:
    """What it was measured on."""
    names = [line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "processors": psutil.cpu_count() or 1,
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "load_before": round(psutil.getloadavg()[0], 2),
    }


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def _pandu(folder: Path, models: Path, chosen: Sequence[str], size: parts.Size, say: Say) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if set(chosen) & set(AGAINST_RASA):
        with pandu(folder / "pandu", models) as (system, ready):
            found["seconds_to_ready"] = round(ready, 1)
            ask = ask_pandu(system.url)
            asyncio.run(saturate(ask, people=2, seconds=4))
            if "rates" in chosen:
                say("Pandu: steady rates")
                found |= asyncio.run(parts.rates(system, ask, size))
            if "saturation" in chosen:
                say("Pandu: saturation")
                found |= asyncio.run(parts.saturation(system, ask, size))
            if "history" in chosen:
                say("Pandu: a long conversation")
                found |= parts.history(system, ask, size.rounds, parts.lengthen_pandu)
    for name, part in (("webhooks", parts.webhooks), ("stored", parts.stored), ("scale", parts.scale)):
        if name in chosen:
            say(f"Pandu: {name}")
            found |= part(folder / name, models, size)
    return found


def _rasa(folder: Path, model: Path, chosen: Sequence[str], size: parts.Size, say: Say) -> dict[str, Any]:
    from bot.storage.migrate import migrate

    found: dict[str, Any] = {}
    server = EmbeddedPostgres(folder / "data")
    url = server.start()
    try:
        asyncio.run(migrate(url))
        parts.introduce_to_rasa(url)
        assert server.pid is not None
        say("Stock Rasa starts")
        with stock_rasa(folder, model, url, server.pid) as system:
            found["seconds_to_ready"] = round(system.seconds_to_ready, 1)
            ask = ask_rasa(system.url)
            asyncio.run(saturate(ask, people=2, seconds=4))
            if "rates" in chosen:
                say("Stock Rasa: steady rates")
                found |= asyncio.run(parts.rates(system, ask, size))
            if "saturation" in chosen:
                say("Stock Rasa: saturation")
                found |= asyncio.run(parts.saturation(system, ask, size))
            if "history" in chosen:
                say("Stock Rasa: a long conversation")
                found |= parts.history(system, ask, 2, parts.lengthen_rasa)
    finally:
        server.stop()
    return found


def _print(result: dict[str, Any]) -> None:
    of = result["machine"]
    title = f"{of['processors']} × {of['processor']}, {of['memory_gb']} GB, {result['date']}"
    table = Table(title=title)
    for heading in ("", "Pandu", "stock Rasa 3.6.21"):
        table.add_column(heading, justify="left" if not heading else "right")
    for row in report.rows(result):
        table.add_row(*row)
    Console().print(table)
