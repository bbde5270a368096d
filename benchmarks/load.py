"""Bounded load over HTTP: the same dialogue for every system under test, at a fixed rate or as fast as it answers.

At a rate, messages come as those of people who know nothing of each other: at random moments, with exponential gaps
(Poisson), so that some come together. The moments, who asks and what are drawn with a fixed seed: they are the same for
every system. One person's questions keep the dialogue's order; people begin at different places of it, so that a short
measurement holds every question, too.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
import time
import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import aiohttp
from twilio.request_validator import RequestValidator

# What people ask, in an order that uses memory of the conversation (office, service, topic) and every kind of answer.
DIALOGUE = (
    "selamat pagi kak, mau tanya",
    "apa saja syarat izin usaha industri di kudus",
    "berapa lama prosesnya",
    "biayanya berapa ya",
    "kalau izin perluasan di magetan gimana syaratnya",
    "bayar ga itu",
    "dasar hukumnya apa",
    "nomor telepon kantornya berapa",
    "apa itu nib",
    "cara daftar akun siinas gimana",
    "otp oss gak masuk2 dari tadi",
    "makasih min",
)

Ask = Callable[[aiohttp.ClientSession, str, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Measured:
    """Turns answered, wall seconds, and the latencies of each in milliseconds."""

    turns: int
    seconds: float
    milliseconds: list[float]

    @property
    def per_second(self) -> float:
        return self.turns / self.seconds

    def quantile(self, share: float) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")

    def summary(self) -> dict[str, float]:
        return {
            "turns": self.turns,
            "turns_per_second": round(self.per_second, 1),
            "p50_ms": round(self.quantile(0.50), 1),
            "p95_ms": round(self.quantile(0.95), 1),
            "p99_ms": round(self.quantile(0.99), 1),
            "mean_ms": round(statistics.fmean(self.milliseconds), 1) if self.milliseconds else float("nan"),
        }


async def saturate(ask: Ask, people: int, seconds: float) -> Measured:
    """`people` conversations, each asking its next question as soon as the last is answered."""
    latencies: list[float] = []
    begin = time.monotonic()
    async with _session() as session:

        async def talk(person: int) -> None:
            for question in itertools.cycle(DIALOGUE):
                if time.monotonic() - begin > seconds:
                    return
                latencies.append(await _timed(ask, session, f"sat{person}", question))

        await asyncio.gather(*(talk(person) for person in range(people)))
    return Measured(len(latencies), time.monotonic() - begin, latencies)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message at `moment`, in seconds from the start."""

    moment: float
    person: int
    question: str


def arrivals(rate: float, seconds: float, people: int, seed: int = 7) -> list[Arrival]:
    """`rate` * `seconds` messages at random moments, by time; always the same for the same arguments.

    People take turns in an order of their own in each round, and person n begins with question n of the dialogue, so
    that the first `len(DIALOGUE)` people already ask everything once.
    """
    chance = random.Random(seed)
    found: list[Arrival] = []
    order = list(range(people))
    count = int(rate * seconds)
    # A Poisson process with a known number of messages: each at any moment with equal chance.
    for number, moment in enumerate(sorted(chance.uniform(0, seconds) for _ in range(count))):
        spoken, place = divmod(number, people)
        if place == 0 and spoken:  # the first round in order: one of each question
            chance.shuffle(order)
        person = order[place]
        found.append(Arrival(moment, person, DIALOGUE[(person + spoken) % len(DIALOGUE)]))
    return found


async def at_rate(ask: Ask, rate: float, seconds: float, people: int = 20) -> Measured:
    """`rate` messages a second on average, whether or not the last is answered; late answers count as late.

    A person whose last question is not answered yet waits with the next one, and the wait counts.
    """
    latencies: list[float] = []
    loop = asyncio.get_running_loop()
    begin = loop.time()
    turns = [asyncio.Lock() for _ in range(people)]
    async with _session() as session:

        async def one(arrival: Arrival) -> None:
            await asyncio.sleep(begin + arrival.moment - loop.time())
            came = time.perf_counter()
            async with turns[arrival.person]:
                await ask(session, f"rate{rate:g}-{arrival.person}", arrival.question)
            latencies.append((time.perf_counter() - came) * 1000)

        await asyncio.gather(*(one(arrival) for arrival in arrivals(rate, seconds, people)))
    return Measured(len(latencies), loop.time() - begin, latencies)


async def _timed(ask: Ask, session: aiohttp.ClientSession, person: str, question: str) -> float:
    begin = time.perf_counter()
    await ask(session, person, question)
    return (time.perf_counter() - begin) * 1000


async def alternately(ask: Ask, people: Sequence[str], rounds: int, question: str = DIALOGUE[3]) -> list[Measured]:
    """Ask one after the other, in each round everybody once, so that a busy moment of the machine strikes all alike."""
    latencies: list[list[float]] = [[] for _ in people]
    begin = time.monotonic()
    async with _session() as session:
        for _ in range(rounds):
            for person, found in zip(people, latencies, strict=True):
                found.append(await _timed(ask, session, person, question))
    seconds = time.monotonic() - begin
    return [Measured(len(found), seconds / len(people), found) for found in latencies]


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=120),
        connector=aiohttp.TCPConnector(limit=400),
        headers={"Accept-Encoding": "identity"},  # as any program on the same machine
    )


def ask_pandu(url: str) -> Ask:
    async def ask(session: aiohttp.ClientSession, person: str, question: str) -> None:
        async with session.post(f"{url}/api/simulator/{person}/messages", json={"text": question}) as response:
            body = await response.json()
            assert response.status == 200, body
            assert body["replies"] or body["owner"] != "bot", body

    return ask


def send_whatsapp(url: str, public_url: str, account: str, token: str, sender: str) -> Ask:
    """A message as Twilio delivers it, signed; done when it is acknowledged."""
    validator = RequestValidator(token)
    numbers = itertools.count(1)

    async def ask(session: aiohttp.ClientSession, person: str, question: str) -> None:
        form = {
            "AccountSid": account,
            "MessageSid": f"SM{next(numbers):032x}",
            "From": f"whatsapp:+62811{zlib.crc32(person.encode()) % 10**8:08d}",
            "To": sender,
            "Body": question,
            "NumMedia": "0",
            "ProfileName": "Contoh",
        }
        signature = validator.compute_signature(f"{public_url}/webhooks/whatsapp", form)
        headers = {"X-Twilio-Signature": signature}
        async with session.post(f"{url}/webhooks/whatsapp", data=form, headers=headers) as response:
            assert response.status == 200, await response.text()

    return ask


def rasa_sender(person: str) -> str:
    """A number, because our actions take the sender for a conversation's."""
    return str(10**12 + zlib.crc32(person.encode()))


def ask_rasa(url: str) -> Ask:
    """Stock Rasa's REST channel."""

    async def ask(session: aiohttp.ClientSession, person: str, question: str) -> None:
        body = {"sender": rasa_sender(person), "message": question}
        async with session.post(f"{url}/webhooks/rest/webhook", json=body) as response:
            replies = await response.json()
            assert response.status == 200, replies
            assert replies, question

    return ask
