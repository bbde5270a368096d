"""`make hosts`: python -m benchmarks.hosts [--messages N] [--json] [--write docs/chaos.md]."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
from dataclasses import asdict
from pathlib import Path

import uvloop

from benchmarks.chaos.__main__ import stoppable
from benchmarks.chaos.page import as_json, lost, passed, rows, write
from benchmarks.hosts.run import HostPlan, Report, hosts, smaller

BEGIN, END = "<!-- make hosts writes from here -->", "<!-- to here, hosts -->"
LEFT_OUT = (
    *("SIGKILLs", "sends under way at a kill", "doubled, neither", "sends taken by a provider that was silent"),
    *("outages of a provider", "messages written to a provider that was away", "the same on the other channel"),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.hosts", description=__doc__)
    plan = HostPlan()
    parser.add_argument("--messages", type=int, default=plan.load.messages)
    parser.add_argument("--seconds", type=float, default=1200.0, help="no more is sent after that")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    parser.add_argument("--write", type=Path, help="page whose table is replaced")
    options = parser.parse_args()
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    quiet = (lambda line: None) if options.json else (lambda line: print(line, flush=True))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        report = runner.run(stoppable(hosts(smaller(plan, options.messages, options.seconds), quiet)))
    if options.json:
        acts = [asdict(act) for act in report.acts]
        print(json.dumps(as_json(report.result) | {"acts": acts, "hosts": report.told}, indent=2))
    else:
        print("\n".join([table(report), *lost(report.result), *report.result.doubled]))
    if options.write:
        write(options.write, f"Hosts: {report.told}.\n\n{table(report)}", BEGIN, END)
    return 0 if passed(report.result) else 1


def table(report: Report) -> str:
    """What was done and what applicants saw of it, then the ledger."""
    lines = [
        "| under load | seconds | messages written meanwhile | p95, s | longest, s | sentences about an outage |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for act in report.acts:
        figures = (f"{act.end - act.begin:.0f}", act.messages, f"{act.p95:.1f}", f"{act.longest:.1f}", act.outages)
        lines.append(f"| {act.name} | {' | '.join(map(str, figures))} |")
    kept = [(name, value) for name, value in rows(report.result) if not name.startswith(LEFT_OUT)]
    return "\n".join([*lines, "", "| | |", "| --- | ---: |", *(f"| {name} | {value} |" for name, value in kept)])


if __name__ == "__main__":
    raise SystemExit(main())
