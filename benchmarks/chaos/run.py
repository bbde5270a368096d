"""One run: start everything, learn the answers, load and kill, drain, compare."""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import text

from benchmarks.chaos.balancer import Balancer
from benchmarks.chaos.desk import Officers, insist
from benchmarks.chaos.installation import Installation, Postgres, Site, make_part, running
from benchmarks.chaos.ledger import Book, Chat, Counts, Ledger, Said, compare, key_of
from benchmarks.chaos.peers import Provider, Telegram, Twilio, Weather
from benchmarks.chaos.people import QUESTIONS, Crowd, Gauge, Post
from benchmarks.systems import ROOT
from bot.app import build_runtime
from bot.conversations import wording
from bot.conversations.runtime import Runtime
from bot.handoff import wording as handoff_wording
from bot.processes.checks import free_port
from bot.processes.postgres import EmbeddedPostgres
from bot.settings import Settings
from bot.storage.keyring import new_key
from tests.peers.bot_api import TOKEN as BOT_TOKEN
from tests.peers.twilio_api import ACCOUNT, SENDER
from tests.peers.twilio_api import TOKEN as TWILIO_TOKEN

LOOPBACK = Site()
FORGOTTEN = 1.0  # seconds: PostgreSQL writes what nobody waits for three times wal_writer_delay later at most
DRAIN = 180.0  # seconds for what is still unanswered when the last message was sent
ENGINE_TOKEN = "engine-token-of-the-chaos-run"  # noqa: S105  only of this run

_OPEN = text("""
select (select count(*) from incoming_messages where handled_at is null)
     + (select count(*) from outgoing_messages where status in ('pending', 'sending')) as waiting
""")
_ANSWERS = text("""
select i.text as question, array_agg(o.text order by o.id) as answers
from incoming_messages i join outgoing_messages o on o.in_reply_to = i.id
join conversations c on c.id = i.conversation_id where c.address = :address group by i.id, i.text order by i.id
""")
_STORED = text("""
select (select count(*) from incoming_messages) as incoming,
    (select count(*) from incoming_messages where handled_at is null) as unhandled,
    (select count(*) from outgoing_messages where status in ('pending', 'sending')) as unsent,
    (select count(*) from outgoing_messages where status = 'failed') as failed,
    (select count(*) from incoming_messages where outcome = 'error') as errors
""")


_UNDER_WAY = text("""
select c.address, o.text from outgoing_messages o join conversations c on c.id = o.conversation_id
where o.status = 'sending'
""")


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything. `seconds` bounds the sending."""

    messages: int = 20_000
    kills: int = 52
    people: int = 240
    seconds: float = 3600.0
    officer_pause: float = 6.0  # seconds between two cases of the officer
    webs: int = 2
    workers: int = 2
    engines: int = 2
    most_open: int = 60
    goal_seconds: float = 2.5
    victims: tuple[str, ...] = ("worker",) * 7 + ("web",) * 6 + ("postgresql",) * 4 + ("engine",) * 3
    seed: int = 20261122
    keep: Path | None = None  # a folder for database and logs that stays
    models: Path = ROOT / ".pandu" / "models"
    weather: Weather = field(default_factory=Weather)


@dataclass(slots=True)
class Killed:
    """One SIGKILL: what, when (seconds since the first message), and how many sends the outbox then held as begun."""

    what: str
    at: float
    in_flight: int


@dataclass
class Result:
    """What one run found. `explained`: doubled bubbles that were under way when something was killed."""

    counts: Counts
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


@dataclass
class Stage:
    """Everything a run has at hand."""

    plan: Plan
    ledger: Ledger
    telegram: Telegram
    twilio: Twilio
    installation: Installation
    public: str
    post: Post
    runtime: Runtime
    folder: Path


@asynccontextmanager
async def stage(plan: Plan, folder: Path, site: Site = LOOPBACK) -> AsyncIterator[Stage]:
    """Providers, database, balancers and processes; started when entered."""
    chance = random.Random(plan.seed)
    ledger = Ledger(Book(notices={key_of(wording.OUTAGE.text): "outage", key_of(wording.ERROR.text): "error"}))
    ledger.book.notices[key_of(wording.FLOOD.text)] = "flood"
    ledger.book.openings |= {
        words.partition("{")[0]: "handoff" for words in (handoff_wording.CONNECTED, handoff_wording.GIVEN_BACK)
    }
    telegram = Telegram(ledger, plan.weather, chance.getrandbits(32), site.address)
    twilio = Twilio(ledger, plan.weather, chance.getrandbits(32), site.address)
    options = {"max_connections": "200", **site.database}
    postgres = Postgres(EmbeddedPostgres(folder / "database", options), site.opened)
    installation = Installation(postgres=postgres)
    async with telegram.open(), twilio.open(), running(installation):
        await postgres.start()
        async with Balancer([], site.address) as front:
            homes = [site.homes[number % len(site.homes)].address for number in range(plan.engines)]
            ports = [free_port() for _ in homes]
            engines = ",".join(f"http://{home}:{port}" for home, port in zip(homes, ports, strict=True))
            settings = settings_of(telegram, twilio, postgres.url, front.address, engines)
            for role, count in (("engine", plan.engines), ("web", plan.webs), ("worker", plan.workers)):
                installation.parts += [
                    make_part(role, number, folder, plan.models, settings, site.homes) for number in range(1, count + 1)
                ]
            front.backends += [(part.host, part.port) for part in installation.of("web")]
            for part, port in zip(installation.of("engine"), ports, strict=True):
                part.port = port
            installation.start()
            client = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=15), connector=aiohttp.TCPConnector(limit=500)
            )
            runtime = build_runtime(Settings(_env_file=None), postgres.url, "http://127.0.0.1:1", "", receiving=False)
            runtime.after_handoff = None  # no survey: its questions would be answers nobody expects
            async with client, runtime.jobs.open_async():
                post = Post(client, front.address, telegram, twilio, chance)
                yield Stage(plan, ledger, telegram, twilio, installation, front.address, post, runtime, folder)
                await runtime.database.close()


def settings_of(telegram: Provider, twilio: Provider, database: str, public: str, engines: str) -> dict[str, str]:
    return {
        "DATABASE_URL": database,
        "DATA_KEYS": os.environ.setdefault("PANDU_DATA_KEYS", new_key()),  # ours too: the officer writes from here
        "PUBLIC_URL": public,
        "ENGINE_URL": engines,
        "ENGINE_TOKEN": ENGINE_TOKEN,
        "ACTIONS_URL": f"{public}/actions?token={ENGINE_TOKEN}",
        "TELEGRAM_TOKEN": BOT_TOKEN,
        "TELEGRAM_API_URL": telegram.url,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TWILIO_TOKEN,
        "TWILIO_API_URL": twilio.url,
        "WHATSAPP_SENDER": SENDER,
        "LOG_LEVEL": "warning",
    }


async def learn(stage: Stage) -> None:
    """Ask every question while nothing is killed, and note the answers and the introduction."""
    book = stage.ledger.book
    veteran, newcomer = Chat("telegram", "9000001"), Chat("telegram", "9000002")  # not in the ledger
    asked = ["/start", *QUESTIONS]
    await stage.post.deliver(newcomer, _said(QUESTIONS[0]))
    for start in range(0, len(asked), 8):
        for question in asked[start : start + 8]:
            await stage.post.deliver(veteran, _said(question))
        await until_quiet(stage.runtime, 60)
    rows = await stage.runtime.database.run(_ANSWERS, {"address": veteran.address})
    for row in rows[1:]:
        book.learn(row.question, list(row.answers))
    if len(rows) != len(asked):
        raise RuntimeError(f"{len(asked)} questions, {len(rows)} answers")
    (first,) = await stage.runtime.database.run(_ANSWERS, {"address": newcomer.address})
    for words in (*first.answers, rows[0].answers[0]):
        if key_of(words) not in book.meaning:
            book.notices[key_of(words)] = "welcome"


def _said(question: str) -> Said:
    return Said("", 0, question, time.monotonic())


async def until_quiet(runtime: Runtime, seconds: float) -> bool:
    """Wait until every stored message is handled and every answer sent; False when it takes longer."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if (await insist(lambda: runtime.database.run(_OPEN)))[0].waiting == 0:
            return True
        await asyncio.sleep(0.1)
    return False


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


async def ready(on: Stage, begin: float, say: Any) -> float:
    """Until it answers and the answers are known; the seconds since `begin`."""
    await on.installation.ready(on.public)
    await until_webhook(on)
    await learn(on)
    took = time.monotonic() - begin
    say(f"ready and learnt after {took:.0f} s")
    return took


async def until_webhook(on: Stage) -> None:
    async with asyncio.timeout(30):
        while not on.telegram.webhook:
            await asyncio.sleep(0.05)


async def load(on: Stage, make_director: Callable[..., Director], start_seconds: float, say: Any) -> Result:
    """Applicants and officer work while the director breaks things; then in is compared with out."""
    plan, chance = on.plan, random.Random(on.plan.seed + 1)
    gauge = Gauge(plan.most_open, plan.goal_seconds)
    crowd = Crowd(on.ledger, on.post, gauge, plan.messages, chance)
    begin = time.monotonic()
    on.telegram.calm = on.twilio.calm = False
    people = [on.ledger.chat(*address_of(number)) for number in range(plan.people)]
    desk = Officers(on.runtime, crowd, chance, plan.officer_pause)
    director = make_director(on, crowd, chance, begin, say)
    lives = [asyncio.create_task(crowd.live(chat)) for chat in people]
    others = [asyncio.create_task(desk.work()), asyncio.create_task(director.direct())]
    ticker = asyncio.create_task(_tick(crowd, director, begin, say))
    try:
        await asyncio.wait(lives, timeout=plan.seconds)
        crowd.stopped = True
        say(f"{crowd.sent} messages sent; waiting for the last answers")
        deadline = time.monotonic() + DRAIN
        await asyncio.wait([*lives, *others], timeout=DRAIN)
        on.telegram.calm = on.twilio.calm = True
        while crowd.open and time.monotonic() < deadline:
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
    return _result(on, director, begin, start_seconds, stored)


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


class Director:
    """Kills at random, evenly over the messages. `suspects`: address and key of every send found under way."""

    def __init__(self, on: Stage, crowd: Crowd, chance: random.Random, begin: float, say: Any) -> None:
        self.on = on
        self.crowd = crowd
        self.chance = chance
        self.begin = begin
        self.say = say
        self.kills: list[Killed] = []
        self.suspects: set[tuple[str, str]] = set()
        self._bag: list[str] = []

    async def direct(self) -> None:
        plan = self.on.plan
        for number in range(plan.kills):
            due = plan.messages * (number + self.chance.uniform(0.3, 0.9)) / (plan.kills + 0.5)
            while self.crowd.sent < due:
                if self.crowd.stopped:
                    return
                await asyncio.sleep(0.02)
            await self.note(await self._kill())

    async def note(self, what: str) -> None:
        """Write down what was done, and what was under way: what the outbox holds as begun.

        When PostgreSQL died, that may have been forgotten (a claim for Telegram is not waited for until it is on the
        disk), so what the providers took since a second before counts, too.
        """
        moment = time.monotonic()
        at = moment - self.begin
        rows = await insist(lambda: self.on.runtime.database.run(_UNDER_WAY))
        under_way = {(row.address, key_of(row.text)) for row in rows}
        if "postgresql" in what:
            under_way |= self.on.ledger.accepted_since(moment - FORGOTTEN)
        self.suspects |= under_way
        self.kills.append(Killed(what, at, len(under_way)))
        self.say(f"{at:6.0f} s  {what}, {len(under_way)} sends under way")

    async def _kill(self) -> str:
        while True:
            if not self._bag:
                self._bag = self.chance.sample(self.on.plan.victims, len(self.on.plan.victims))
            kind = self._bag.pop()
            if kind == "postgresql":
                postgres = self.on.installation.postgres
                assert postgres is not None
                if not postgres.down:
                    return f"killed {postgres.kill(self.chance)}"
            elif alive := [part for part in self.on.installation.of(kind) if part.alive]:
                return f"killed {self.chance.choice(alive).kill(self.chance)}"
            self._bag.insert(0, kind)
            await asyncio.sleep(0.2)


def _result(on: Stage, director: Director, begin: float, start_seconds: float, stored: dict[str, int]) -> Result:
    counts, seconds = compare(on.ledger), time.monotonic() - begin
    doubled = [
        (", ".join(f"{name} at {on.ledger.accepted_at[name] - begin:.1f} s" for name in one.copies), one)
        for one in counts.doubled
    ]
    explained = {text_: (one.address, one.key) in director.suspects for text_, one in doubled}
    milliseconds = sorted(on.post.milliseconds) or [0.0]
    return Result(
        counts=counts,
        begin=begin,
        kills=director.kills,
        explained=sum(explained.values()),
        doubled=[text_ + ("" if known else "  (no kill)") for text_, known in explained.items()],
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
