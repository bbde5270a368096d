"""One run: start everything, learn the answers, load and kill, drain, compare."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.chaos.crowd import Crowd, Gauge
from benchmarks.chaos.desk import Officers, insist
from benchmarks.chaos.director import Director, Killed
from benchmarks.chaos.files import SentFile, lost
from benchmarks.chaos.ledger import Counts, compare
from benchmarks.chaos.outages import Outage, Outages, meanwhile
from benchmarks.chaos.stage import Plan, Stage, ready, stage, until_quiet

DRAIN = 180.0  # seconds for what is still unanswered when the last message was sent

_STORED = text("""
select (select count(*) from incoming_messages) as incoming,
    (select count(*) from incoming_messages where handled_at is null) as unhandled,
    (select count(*) from outgoing_messages where status in ('pending', 'sending')) as unsent,
    (select count(*) from outgoing_messages where status = 'failed') as failed,
    (select count(*) from incoming_messages where outcome = 'error') as errors
""")


@dataclass(frozen=True, slots=True)
class Away:
    """The outages; messages written to a provider that was away, and seconds to the answers on the other one.

    `files_lost`: of all files.
    """

    outages: list[Outage]
    messages: int
    meanwhile: list[float]
    files_lost: list[str]


@dataclass
class Result:
    """What one run found. `explained`: doubled bubbles that were under way when something was killed."""

    counts: Counts
    away: Away
    files: list[SentFile]
    taken_in_silence: int
    begin: float
    kills: list[Killed]
    explained: int
    doubled: list[str]
    seconds: float
    start_seconds: float
    deliveries: int
    unavailable: int
    refused: int
    given_up: int
    provider_refusals: int
    contract: list[str]
    stored: dict[str, int]
    restarts: dict[str, int]
    webhook_p99_ms: float
    welcome_doubled: int

    @property
    def by_kind(self) -> Counter[str]:
        return Counter(one.what.split()[1].rstrip("0123456789") for one in self.kills)


async def chaos(plan: Plan, say: Any = print) -> Result:
    """The whole run."""
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pandu-chaos-", delete=plan.keep is None) as name:
        folder = Path(name) if plan.keep is None else plan.keep
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        async with stage(plan, folder) as on:
            try:
                return await load(on, Director, await ready(on, begin, say), say)
            except BaseException:
                say(on.installation.tails())
                raise


async def load(on: Stage, make_director: Callable[..., Director], start_seconds: float, say: Any) -> Result:
    """Applicants and officer work while the director breaks things; then in is compared with out."""
    plan, chance = on.plan, random.Random(on.plan.seed + 1)
    gauge = Gauge(plan.most_open, plan.goal_seconds)
    crowd = Crowd(on.ledger, on.post, gauge, plan.messages, plan.files, chance)
    begin = time.monotonic()
    on.telegram.calm = on.twilio.calm = False
    people = [on.ledger.chat(*address_of(number)) for number in range(plan.people)]
    desk = Officers(on.runtime, crowd, chance, plan.officer_pause)
    director = make_director(on, crowd, chance, begin, say)
    outages = Outages(on, crowd, chance, begin, say)
    lives = [asyncio.create_task(crowd.live(chat)) for chat in people]
    others = [asyncio.create_task(work) for work in (desk.work(), director.direct(), outages.work())]
    ticker = asyncio.create_task(_tick(crowd, director, begin, say))
    try:
        await asyncio.wait(lives, timeout=plan.seconds)
        crowd.stopped = True
        say(f"{crowd.sent} messages sent; waiting for the last answers")
        patience = DRAIN + 2 * plan.outage_seconds * bool(plan.outages)
        deadline = time.monotonic() + patience
        await asyncio.wait([*lives, *others], timeout=patience)
        on.telegram.calm = on.twilio.calm = True
        while crowd.waiting and time.monotonic() < deadline:
            await asyncio.sleep(0.2)
        await until_quiet(on.runtime, max(5.0, deadline - time.monotonic()))
        for task in others:
            if task.done():
                task.result()
    finally:
        for task in (*lives, *others, ticker):
            task.cancel()
        await asyncio.gather(*lives, *others, ticker, return_exceptions=True)
    stored = (await insist(lambda: on.runtime.database.run(_STORED)))[0]._asdict()
    folders = [part.folder / "files" for part in on.installation.parts]
    files_lost = await lost(on.ledger.files, on.runtime, folders)
    away = Away(outages.had, crowd.to_the_absent, meanwhile(on.ledger, outages.had), files_lost)
    return _result(on, director, away, begin, start_seconds, stored)


def address_of(number: int) -> tuple[str, str]:
    """Every second applicant is on WhatsApp."""
    if number % 2:
        return "whatsapp", f"whatsapp:+62812{number:08d}"
    return "telegram", str(5_000_000 + number)


async def _tick(crowd: Crowd, director: Director, begin: float, say: Any) -> None:
    while True:
        await asyncio.sleep(30)
        seconds = time.monotonic() - begin
        say(
            f"{seconds:6.0f} s  {crowd.sent:6} sent  {crowd.open:3} open of {crowd.gauge.allowed:.0f}  "
            f"{len(director.kills)} kills  {crowd.sent / seconds:.1f}/s"
        )


def _result(
    on: Stage, director: Director, away: Away, begin: float, start_seconds: float, stored: dict[str, int]
) -> Result:
    counts, seconds = compare(on.ledger), time.monotonic() - begin
    doubled = [
        (", ".join(f"{name} at {on.ledger.accepted_at[name] - begin:.1f} s" for name in one.copies), one)
        for one in counts.doubled
    ]
    silent = on.telegram.gate.taken | on.twilio.gate.taken
    explained = {text_: (one.address, one.key) in director.suspects | silent for text_, one in doubled}
    milliseconds = sorted(on.post.milliseconds) or [0.0]
    return Result(
        counts=counts,
        away=away,
        files=list(on.ledger.files.sent.values()),
        taken_in_silence=len(silent),
        begin=begin,
        kills=director.kills,
        explained=sum(explained.values()),
        doubled=[text_ + ("" if known else "  (no kill, no silence)") for text_, known in explained.items()],
        seconds=seconds,
        start_seconds=start_seconds,
        deliveries=on.post.deliveries,
        unavailable=on.post.unavailable,
        refused=on.post.refused,
        given_up=on.post.given_up,
        provider_refusals=on.telegram.refused + on.twilio.refused,
        contract=on.telegram.contract + on.twilio.contract,
        stored=stored,
        restarts={part.name: part.starts - 1 for part in on.installation.parts},
        webhook_p99_ms=milliseconds[int(len(milliseconds) * 0.99)],
        welcome_doubled=sum(max(0, chat.notices["welcome"] - 1) for chat in on.ledger.chats.values()),
    )
