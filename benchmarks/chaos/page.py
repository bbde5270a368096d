"""The findings of a run as a table, as JSON, and as part of docs/chaos.md."""

from __future__ import annotations

import platform
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from benchmarks.chaos.gate import PHASES
from benchmarks.chaos.run import Result

BEGIN, END = "<!-- make chaos writes from here -->", "<!-- to here, chaos -->"


def passed(result: Result) -> bool:
    """Nothing lost, reordered or said over an officer; doubled only what was under way at a kill or taken by a provider
    that then was silent, none on WhatsApp; every file kept, and none said to be before it was.
    """
    counts = result.counts
    doubled = len(counts.doubled)
    return (
        not (counts.lost or counts.reordered or counts.over_officer or counts.officer_lost or counts.unknown)
        and doubled == result.explained
        and doubled <= sum(one.in_flight for one in result.kills) + result.taken_in_silence
        and not (result.away.files_lost or counts.claims or counts.notices["file lost"])
        and not whatsapp_doubled(result)
        and not result.contract
        and not (result.stored["unhandled"] or result.stored["unsent"] or result.stored["failed"])
    )


def whatsapp_doubled(result: Result) -> int:
    return sum(1 for one in result.counts.doubled if one.copies[0].startswith("SM"))


def rows(result: Result) -> list[tuple[str, str]]:
    counts = result.counts
    seconds = counts.seconds or [0.0]
    kinds = ", ".join(f"{count} {kind}" for kind, count in result.by_kind.most_common())
    return [
        ("messages written by applicants", f"{counts.messages:,}"),
        ("webhook calls (with copies and repeats)", f"{result.deliveries:,}"),
        ("SIGKILLs", f"{len(result.kills)} ({kinds})"),
        (f"outages of a provider ({', '.join(PHASES)}; downloads longer)", _outages(result)),
        ("messages written to a provider that was away", f"{result.away.messages:,}"),
        ("webhook calls that found nobody or got 5xx", f"{result.unavailable:,}"),
        ("of these given up by Twilio, fetched later from its message list", f"{result.given_up}"),
        ("sends refused by the providers (429, 5xx)", f"{result.provider_refusals:,}"),
        ("answers (bubbles) accepted by the providers", f"{counts.bubbles:,}"),
        ("**lost** (a message without its whole answer)", f"**{len(counts.lost)}**"),
        ("**reordered**", f"**{counts.reordered}**"),
        ("**said over an officer**", f"**{counts.over_officer}**"),
        ("photos and documents; sent during an outage", _files(result)),
        ("**files lost** (not there afterwards, or with other bytes)", f"**{len(result.away.files_lost)}**"),
        ("**said to be kept before they were**; told that one was lost", _told_of_files(result)),
        ("officer's messages; lost", f"{counts.officer_messages}; {counts.officer_lost}"),
        ("**doubled**, Telegram", f"**{len(counts.doubled) - whatsapp_doubled(result)}**"),
        ("**doubled**, WhatsApp (Twilio's list is looked into first)", f"**{whatsapp_doubled(result)}**"),
        ("officer's messages doubled; introductions doubled", f"{counts.officer_doubled}; {result.welcome_doubled}"),
        ("doubled, neither under way at a kill nor taken in silence", f"{len(counts.doubled) - result.explained}"),
        ("sends under way at a kill (the bound of what may be doubled)", f"{sum(k.in_flight for k in result.kills)}"),
        ("sends taken by a provider that was silent then (may be doubled, too)", f"{result.taken_in_silence}"),
        ("a bot's send already under way when the officer took over", f"{counts.just_taken}"),
        ("answers nobody expected", f"{len(counts.unknown)}"),
        ("sentences about an outage", f"{counts.notices['outage']}"),
        ("answers that the dialogue took for repeated", f"{counts.notices['repeated turn']}"),
        ("apologies for an error", f"{counts.notices['error']}"),
        ("left in the database: unhandled, unsent, failed", _left(result)),
        ("messages a second, kills included", f"{counts.messages / result.seconds:.1f}"),
        ("seconds to the whole answer: p50, p95, p99, longest", _quantiles(seconds)),
        ("the same on the other channel during an outage", _quantiles(result.away.meanwhile or [0.0])),
        ("webhook answered within, p99", f"{result.webhook_p99_ms:.0f} ms"),
    ]


def _outages(result: Result) -> str:
    spent = [f"{one.channel} {one.end - one.begin:.0f} s" for one in result.away.outages]
    return f"{len(spent)} ({', '.join(spent)})" if spent else "0"


def _files(result: Result) -> str:
    return f"{len(result.files):,}; {sum(1 for one in result.files if one.in_outage):,}"


def _told_of_files(result: Result) -> str:
    return f"**{len(result.counts.claims)}**; {result.counts.notices['file lost']}"


def _left(result: Result) -> str:
    return ", ".join(str(result.stored[name]) for name in ("unhandled", "unsent", "failed"))


def _quantiles(seconds: list[float]) -> str:
    places = [seconds[min(len(seconds) - 1, int(len(seconds) * share))] for share in (0.5, 0.95, 0.99)]
    return ", ".join(f"{value:.1f}" for value in (*places, seconds[-1]))


def table(result: Result) -> str:
    lines = ["| | |", "| --- | ---: |", *(f"| {name} | {value} |" for name, value in rows(result))]
    return "\n".join(lines)


def lost(result: Result) -> list[str]:
    """One line for each lost message or file."""
    messages = [
        f"{one.begun - result.begin:6.0f} s  {one.address} {one.number}: {one.question!r}, {len(one.answers)} bubbles, "
        + ("acknowledged" if one.acknowledged else "given up")
        for one in result.counts.lost
    ]
    return messages + result.away.files_lost


def as_json(result: Result) -> dict[str, Any]:
    counts = result.counts
    return {
        "passed": passed(result),
        "messages": counts.messages,
        "kills": [asdict(one) for one in result.kills],
        "lost": lost(result),
        "reordered": counts.reordered,
        "over_officer": counts.over_officer,
        "doubled": len(counts.doubled),
        "doubled_whatsapp": whatsapp_doubled(result),
        "doubled_under_way_at_a_kill": result.explained,
        "files_lost": result.away.files_lost[:20],
        "claims": counts.claims[:20],
        "unknown": counts.unknown[:20],
        "contract": result.contract[:20],
        "stored": result.stored,
        "restarts": result.restarts,
        "seconds": round(result.seconds, 1),
        "rows": dict(rows(result)),
    }


def machine() -> str:
    """The date and the machine, in one sentence."""
    cores = psutil.cpu_count()
    memory = round(psutil.virtual_memory().total / 1e9)
    today = f"{datetime.now().astimezone():%d %B %Y}"
    return f"{today}, {cores} cores ({platform.machine()}), {memory} GB of memory, {platform.system()}"


def write(page: Path, text: str, begin: str = BEGIN, end: str = END) -> None:
    """Replace what stands between the markers."""
    before, rest = page.read_text("utf-8").split(begin)
    after = rest.split(end)[1]
    page.write_text(f"{before}{begin}\n{machine()}\n\n{text}\n{end}{after}", "utf-8")
