"""`make chaos`: python -m benchmarks.chaos [--messages N] [--kills N] [--outages N] [--json] [--write PAGE]."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import signal
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvloop

from benchmarks.chaos.page import as_json, lost, passed, table, write
from benchmarks.chaos.run import chaos
from benchmarks.chaos.stage import Plan


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.chaos", description=__doc__)
    plan = Plan()
    parser.add_argument("--messages", type=int, default=plan.messages)
    parser.add_argument("--kills", type=int, default=plan.kills)
    parser.add_argument("--outages", type=int, default=plan.outages, help="of Telegram and Twilio in turn")
    parser.add_argument("--outage-seconds", type=float, default=plan.outage_seconds)
    parser.add_argument("--people", type=int, default=plan.people)
    parser.add_argument("--seconds", type=float, default=plan.seconds, help="no more is sent after that")
    parser.add_argument(
        "--goal-seconds", type=float, default=plan.goal_seconds, help="more is written at once while answers take less"
    )
    parser.add_argument("--seed", type=int, default=plan.seed)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    parser.add_argument("--write", type=Path, help="page whose table is replaced")
    parser.add_argument("--keep", type=Path, help="folder for database and logs, which stay for a look")
    options = parser.parse_args()
    asked = ("messages", "kills", "outages", "outage_seconds", "people", "seconds", "goal_seconds", "seed", "keep")
    chosen = {name: getattr(options, name) for name in asked}
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # the database is away now and then: that is the point
    quiet = (lambda line: None) if options.json else (lambda line: print(line, flush=True))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        result = runner.run(stoppable(chaos(replace(plan, **chosen), quiet)))
    print(json.dumps(as_json(result), indent=2) if options.json else table(result))
    if not options.json:
        print("\n".join([*lost(result), *result.doubled]))
    if options.write:
        write(options.write, table(result))
    return 0 if passed(result) else 1


async def stoppable[T](work: Coroutine[Any, Any, T]) -> T:
    """SIGTERM stops everything that was started, as Ctrl-C does."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


if __name__ == "__main__":
    raise SystemExit(main())
