"""Applicants who write through the real webhooks, and providers that deliver as Telegram and Twilio do.

Telegram delivers a chat's updates one after the other and repeats one that got no 2xx until it does
(https://core.telegram.org/bots/api#setwebhook). Twilio tries once more when no connection could be made, and then gives
up (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides: rc=1, rp=ct, 15 s in all).
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from benchmarks.chaos.ledger import Chat, Ledger, Said
from benchmarks.chaos.peers import Telegram, Twilio
from tests.peers.twilio_api import ACCOUNT, SENDER, sign

# Each is understood by itself and has one answer, whatever was said before.
QUESTIONS = (
    "apa saja syarat izin usaha industri di kudus",
    "berapa lama izin perluasan di magetan",
    "berapa biaya izin perluasan di magetan",
    "dasar hukum izin perluasan di magetan apa",
    "apa itu nib",
    "apa itu kbli",
    "cara daftar akun siinas gimana",
    "otp oss gak masuk2 dari tadi",
    "lupa kata sandi oss",
    "kontak dpmptsp kudus",
    "data perusahaan siinas tidak sesuai",
    "apa itu lkpm",
)
MOST_OPEN = 4  # unanswered messages of one applicant; fewer than there are questions
PATIENCE = 240.0  # seconds an applicant waits for an answer before giving up for good
COPIES, REPEATS = 0.03, 0.03  # shares of webhooks that come several times at once, and again later


@dataclass
class Gauge:
    """How many messages may be unanswered in all: more while answers come fast, fewer when they do not."""

    most: int
    goal_seconds: float
    allowed: float = 12.0
    recent: deque[float] = field(default_factory=lambda: deque(maxlen=60))

    def answered(self, seconds: float) -> None:
        self.recent.append(seconds)
        slow = sorted(self.recent)[int(len(self.recent) * 0.8)]  # WhatsApp's pace is slower than Telegram's
        self.allowed = min(self.most, self.allowed + 0.2) if slow < self.goal_seconds else max(8, self.allowed * 0.98)


@dataclass
class Post:
    """The providers' delivery to Pandu's public address, with copies and repeats, and what came of it."""

    client: aiohttp.ClientSession
    public: str
    telegram: Telegram
    twilio: Twilio
    chance: random.Random
    deliveries: int = 0
    given_up: int = 0
    refused: int = 0  # answers that are neither 200 nor 5xx
    unavailable: int = 0  # no connection, broken off, or 5xx
    milliseconds: list[float] = field(default_factory=list)
    _updates: Any = field(default_factory=lambda: itertools.count(500_000))
    _later: set[asyncio.Task[Any]] = field(default_factory=set)

    async def deliver(self, chat: Chat, said: Said) -> None:
        """Returns when the provider is done with it."""
        await (self._telegram(chat, said) if chat.channel == "telegram" else self._whatsapp(chat, said))

    async def _telegram(self, chat: Chat, said: Said) -> None:
        person = {"id": int(chat.address), "is_bot": False, "first_name": "Warga", "language_code": "id"}
        number = next(self._updates)
        update = {
            "update_id": number,
            "message": {
                **{"message_id": number, "from": person, "date": int(time.time()), "text": said.question},
                "chat": {"id": int(chat.address), "type": "private", "first_name": "Warga"},
            },
        }
        wait = 0.2
        while not await self._ring(said, lambda: self._post_update(update)):
            await asyncio.sleep(wait * self.chance.uniform(0.7, 1.3))
            wait = min(wait * 2, 5.0)

    async def _whatsapp(self, chat: Chat, said: Said) -> None:
        sid = "SM" + f"{self.chance.getrandbits(128):032x}"
        form = {
            **{"MessageSid": sid, "SmsMessageSid": sid, "AccountSid": ACCOUNT, "From": chat.address, "To": SENDER},
            **{"Body": said.question, "NumMedia": "0", "ProfileName": "Warga", "WaId": chat.address[-13:]},
        }
        self.twilio.keep(sid, "inbound", chat.address, SENDER, said.question)
        if not await self._ring(said, lambda: self._post_form(form)):
            self.given_up += 1

    async def _ring(self, said: Said, post: Any) -> bool:
        """One delivery, now and then in several copies at once; True when one of them got its 200."""
        copies = self.chance.choice((2, 3)) if self.chance.random() < COPIES else 1
        taken = any(await asyncio.gather(*(post() for _ in range(copies))))
        if taken:
            said.acknowledged = said.acknowledged or time.monotonic()
            if self.chance.random() < REPEATS:
                task = asyncio.create_task(self._again(post))
                self._later.add(task)
                task.add_done_callback(self._later.discard)
        return taken

    async def _again(self, post: Any) -> None:
        await asyncio.sleep(self.chance.uniform(0.1, 5))
        await post()

    async def _post_update(self, update: dict[str, Any]) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.telegram.secret}
        with suppress(aiohttp.ClientError, TimeoutError, OSError):
            return await self._post(self.telegram.webhook, json=update, headers=headers)
        self.unavailable += 1
        return False

    async def _post_form(self, form: dict[str, str]) -> bool:
        url = f"{self.public}/webhooks/whatsapp"
        for _ in range(2):
            try:
                return await self._post(url, data=form, headers=sign(url, form))
            except aiohttp.ClientConnectorError:
                self.unavailable += 1
            except (aiohttp.ClientError, TimeoutError, OSError):
                self.unavailable += 1
                return False
        return False

    async def _post(self, url: str, **what: Any) -> bool:
        self.deliveries += 1
        begin = time.perf_counter()
        async with self.client.post(url, **what) as answer:
            await answer.read()
        self.milliseconds.append((time.perf_counter() - begin) * 1000)
        if answer.status >= 500:
            self.unavailable += 1
        elif answer.status != 200:
            self.refused += 1
        return answer.status == 200


class Crowd:
    """All applicants together: they write `messages` messages in all, each waiting for answers now and then."""

    def __init__(self, ledger: Ledger, post: Post, gauge: Gauge, messages: int, chance: random.Random) -> None:
        self.ledger = ledger
        self.post = post
        self.gauge = gauge
        self.messages = messages
        self.chance = chance
        self.sent = 0
        self.open = 0  # messages that wait for their answer
        self.stopped = False
        self.held: set[tuple[str, str]] = set()  # chats that the officer works with now
        self._questions: dict[int, Iterator[str]] = {}
        ledger.on_answer = self._answered

    async def live(self, chat: Chat) -> None:
        """One applicant, until all messages are sent."""
        await asyncio.sleep(self.chance.uniform(0, 3))
        while not self.done:
            for _ in range(self.chance.randint(1, MOST_OPEN - 1)):
                if not await self._room(chat):
                    return
                await self.say(chat)
            await asyncio.sleep(self.chance.uniform(0, 2))

    async def say(self, chat: Chat) -> Said:
        """Write this applicant's next question; returns when the provider has delivered it or given up."""
        if id(chat) not in self._questions:
            self._questions[id(chat)] = itertools.cycle(self.chance.sample(QUESTIONS, len(QUESTIONS)))
        question = next(self._questions[id(chat)])
        said = Said(
            chat.address, len(chat.said), question, time.monotonic(), optional=(chat.channel, chat.address) in self.held
        )
        chat.said.append(said)
        self.sent += 1
        self.open += not said.optional
        await self.post.deliver(chat, said)
        return said

    def hold(self, chat: Chat) -> None:
        """An officer comes: from now on answers may come, but need not."""
        self.held.add((chat.channel, chat.address))
        for said in chat.said:
            if not said.done and not said.optional:
                said.optional = True
                self.open -= 1

    def release(self, chat: Chat) -> None:
        self.held.discard((chat.channel, chat.address))

    @property
    def done(self) -> bool:
        return self.stopped or self.sent >= self.messages

    def _answered(self, said: Said) -> None:
        if not said.optional:
            self.open -= 1
            self.gauge.answered(said.done - said.begun)

    async def _room(self, chat: Chat) -> bool:
        """Wait until this applicant, and all together, have few enough messages unanswered. False: the end."""
        begin = time.monotonic()
        while not self.done:
            held = (chat.channel, chat.address) in self.held
            if not held and self.open < self.gauge.allowed and chat.open() < MOST_OPEN:
                return True
            if time.monotonic() - begin > PATIENCE and chat.open() >= MOST_OPEN:
                return False
            await asyncio.sleep(self.chance.uniform(0.02, 0.1))
        return False
