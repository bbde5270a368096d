"""The ground of one run: providers, database, balancer and processes, and the answers that are known."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import text

from benchmarks.chaos.balancer import Balancer
from benchmarks.chaos.desk import insist
from benchmarks.chaos.files import Files
from benchmarks.chaos.installation import Installation, Postgres, Site, make_part, running
from benchmarks.chaos.ledger import Book, Chat, Ledger, Said, key_of
from benchmarks.chaos.peers import Provider, Telegram, Twilio, Weather
from benchmarks.chaos.post import Post
from benchmarks.chaos.questions import QUESTIONS
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
ENGINE_TOKEN = "engine-token-of-the-chaos-run"  # noqa: S105  only of this run

_OPEN = text("""
select (select count(*) from incoming_messages where handled_at is null)
     + (select count(*) from stored_files where path = '' and error = '')
     + (select count(*) from outgoing_messages where status in ('pending', 'sending')) as waiting
""")
_ANSWERS = text("""
select i.text as question, array_agg(o.text order by o.id) as answers
from incoming_messages i join outgoing_messages o on o.in_reply_to = i.id
join conversations c on c.id = i.conversation_id where c.address = :address group by i.id, i.text order by i.id
""")


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything. `seconds` bounds the sending."""

    messages: int = 20_000
    kills: int = 52
    outages: int = 8
    outage_seconds: float = 150.0
    files: float = 0.05  # share of the messages
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
    ledger = Ledger(book(), Files(random.Random(plan.seed + 2)))
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


def book() -> Book:
    """The sentences beside the answers."""
    said = {"outage": wording.OUTAGE, "error": wording.ERROR, "flood": wording.FLOOD}
    notices = {key_of(reply.text): name for name, reply in said.items()}
    notices |= {key_of(wording.MEDIA[kind].text): "file" for kind in ("photo", "document")}
    handoff = (handoff_wording.CONNECTED, handoff_wording.GIVEN_BACK)
    openings = {words.partition("{")[0]: "handoff" for words in handoff}
    openings |= {
        wording.file_lost(kind, too_big=False, megabytes=0)[:40]: "file lost" for kind in ("photo", "document")
    }
    return Book(notices=notices, openings=openings)


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
