"""Applicants: what they write, how many at once, and when they wait."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.chaos.ledger import Chat, Ledger, Said
from benchmarks.chaos.post import Post
from benchmarks.chaos.questions import QUESTIONS

BARE = 0.4  # share of the files that come without words
IN_OUTAGE = 0.3  # share of the messages written during an outage that have a file
LONGEST_UNDER_FILE = 1000  # characters of an answer that still fits one WhatsApp message with the word about the file
MOST_OPEN = 4  # unanswered messages of one applicant; fewer than there are questions
PATIENCE = 240.0  # seconds an applicant waits for an answer before giving up for good


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


class Crowd:
    """All applicants together: they write `messages` messages in all, each waiting for answers now and then."""

    def __init__(
        self, ledger: Ledger, post: Post, gauge: Gauge, messages: int, files: float, chance: random.Random
    ) -> None:
        self.ledger = ledger
        self.post = post
        self.gauge = gauge
        self.messages = messages
        self.chance = chance
        self.files = files  # share of the messages
        self.sent = 0
        self.waiting = 0  # messages that wait for their answer
        self.open = 0  # those of them that no outage keeps waiting
        self.away: set[str] = set()  # channels whose provider is away
        self.to_the_absent = 0  # messages written meanwhile
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
                await self.say(chat, with_file=self.chance.random() < self._share(chat))
            await asyncio.sleep(self.chance.uniform(0, 2))

    async def say(self, chat: Chat, *, with_file: bool = False) -> Said:
        """Write this applicant's next question; returns when the provider has delivered it or given up."""
        file = None
        if with_file:
            away = chat.channel in self.away
            file = self.ledger.files.make(chat.channel, chat.address, in_outage=away)
        held = (chat.channel, chat.address) in self.held
        bare = file is not None and self.chance.random() < BARE
        question = "" if bare else self._next(chat, under_file=file is not None)
        said = Said(chat.address, len(chat.said), question, time.monotonic(), optional=held or bare, file=file)
        chat.said.append(said)
        self.sent += 1
        self.to_the_absent += chat.channel in self.away
        self.waiting += not said.optional
        said.counted = not said.optional and chat.channel not in self.away
        self.open += said.counted
        await self.post.deliver(chat, said)
        return said

    def _share(self, chat: Chat) -> float:
        """More files while the provider is away: that is what they are for."""
        return max(self.files, IN_OUTAGE) if self.files and chat.channel in self.away else self.files

    def _next(self, chat: Chat, *, under_file: bool) -> str:
        """Never one that this applicant has open."""
        if id(chat) not in self._questions:
            self._questions[id(chat)] = itertools.cycle(self.chance.sample(QUESTIONS, len(QUESTIONS)))
        questions = self._questions[id(chat)]
        return next(one for one in questions if not under_file or self._short(one))

    def _short(self, question: str) -> bool:
        return len(self.ledger.book.bubbles[question][0]) <= LONGEST_UNDER_FILE

    def hold(self, chat: Chat) -> None:
        """An officer comes: from now on answers may come, but need not."""
        self.held.add((chat.channel, chat.address))
        for said in chat.said:
            if not said.done and not said.optional:
                said.optional = True
                self.waiting -= 1
                self._uncount(said)

    def leave(self, channel: str) -> None:
        """The channel's provider is away: what waits there holds nobody else back."""
        self.away.add(channel)
        for chat in self.ledger.chats.values():
            if chat.channel == channel:
                for said in chat.said[-2 * MOST_OPEN :]:
                    self._uncount(said)

    def come_back(self, channel: str) -> None:
        self.away.discard(channel)

    def _uncount(self, said: Said) -> None:
        self.open -= said.counted
        said.counted = False

    def release(self, chat: Chat) -> None:
        self.held.discard((chat.channel, chat.address))

    @property
    def done(self) -> bool:
        return self.stopped or self.sent >= self.messages

    def _answered(self, said: Said) -> None:
        self.waiting -= not said.optional
        if said.counted:
            self._uncount(said)
            self.gauge.answered(said.done - said.begun)

    async def _room(self, chat: Chat) -> bool:
        """Wait until this applicant, and all together, have few enough messages unanswered. False: the end."""
        begin = time.monotonic()
        while not self.done:
            held = (chat.channel, chat.address) in self.held
            if not held and self.open < self.gauge.allowed and chat.open() < MOST_OPEN:
                return True
            if chat.channel in self.away:
                begin = time.monotonic()
            elif time.monotonic() - begin > PATIENCE and chat.open() >= MOST_OPEN:
                return False
            await asyncio.sleep(self.chance.uniform(0.02, 0.1))
        return False
