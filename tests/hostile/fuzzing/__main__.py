"""`python -m tests.hostile.fuzzing [--cases N] [--seed S] [--only NAME]`: exit code 1 when anything failed.

100,000 cases take about ten minutes on two processors. It starts a PostgreSQL server of its own in a temporary folder.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
import time
import warnings
from pathlib import Path

from bot.processes.logs import set_up_logs
from bot.processes.postgres import EmbeddedPostgres
from bot.storage.migrate import migrate
from tests.hostile.fuzzing.run import Result, attack, report
from tests.hostile.fuzzing.standards import standards_target
from tests.hostile.fuzzing.targets import counted, local_targets
from tests.hostile.fuzzing.webhooks import attacked

SEED = 20261122
SECONDS = 3600.0


def main() -> int:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(prog="tests.hostile.fuzzing", description="Hostile input against every reader.")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", default="", help="targets whose name contains this")
    options = parser.parse_args()
    set_up_logs("error")
    warnings.simplefilter("ignore")
    logging.getLogger("rasa_sdk").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="pandu-fuzz-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL's own user must be able to reach it
        server = EmbeddedPostgres(folder / "data")
        try:
            results = asyncio.run(_all(server.start(), folder, options.cases, options.seed, options.only))
        finally:
            server.stop()
    return report(results, lambda line: print(line, flush=True))


async def _all(database_url: str, folder: Path, cases: int, seed: int, only: str) -> list[Result]:
    await migrate(database_url)
    (folder / "work").mkdir()
    async with attacked(database_url, folder / "data") as web:
        targets = [
            one for one in (*web.targets(), *local_targets(folder / "work"), standards_target()) if only in one.name
        ]
        results, deadline = [], time.monotonic() + SECONDS
        for target, count in counted(targets, cases):
            result = await attack(target, count, seed, max(1.0, deadline - time.monotonic()))
            print(result.line(), flush=True)
            results.append(result)
        print(f"answers of the web application: {dict(sorted((web.statuses + web.console.statuses).items()))}")
        return results


if __name__ == "__main__":
    sys.exit(main())
