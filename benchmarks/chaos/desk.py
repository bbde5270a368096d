"""An officer who takes conversations over during the run, writes, listens, and gives them back."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import psycopg
from procrastinate.exceptions import ConnectorException
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from benchmarks.chaos.crowd import PATIENCE, Crowd
from benchmarks.chaos.ledger import OFFICER, Chat, Officer
from bot.handoff.answering.replying import reply
from bot.handoff.desk import Act, Closed
from bot.handoff.ownership.service import claim, give_back

AWAY = (SQLAlchemyError, ConnectorException, psycopg.Error, OSError)

_CONVERSATION = text("select id from conversations where channel = :channel and address = :address")
_QUIET = text("""
select not exists(select from incoming_messages where conversation_id = :id and handled_at is null)
    and not exists(select from outgoing_messages where conversation_id = :id and status in ('pending', 'sending'))
    as quiet
""")


async def insist[T](work: Callable[[], Awaitable[T]], seconds: float = PATIENCE) -> T:
    """Repeats what the database's absence breaks."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return await work()
        except AWAY:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.3)


class Officers:
    """`runtime` is a process's own connection to the database, as `pandu handoffs` has one."""

    def __init__(self, runtime: Any, crowd: Crowd, chance: random.Random, pause: float) -> None:
        self.runtime = runtime
        self.crowd = crowd
        self.chance = chance
        self.pause = pause
        self._number = itertools.count(1)

    async def work(self) -> None:
        """Case after case, until all messages are sent."""
        while not self.crowd.done:
            await asyncio.sleep(self.pause * self.chance.uniform(0.5, 1.5))
            known = [chat for chat in self.crowd.ledger.chats.values() if chat.said]
            if known:
                await self._case(self.chance.choice(known))

    async def _case(self, chat: Chat) -> None:
        found = await insist(
            lambda: self.runtime.database.run(_CONVERSATION, {"channel": chat.channel, "address": chat.address})
        )
        if not found:
            return  # their first message is on its way
        self.crowd.hold(chat)
        conversation = found[0].id
        officer = Officer(time.monotonic())
        chat.officers.append(officer)
        await self._write(conversation, officer)
        officer.taken = time.monotonic()
        for _ in range(2):
            await self.crowd.say(chat)
        await self._until(lambda: len(officer.heard) >= 1)
        await self._write(conversation, officer)
        await self._until(lambda: len(set(officer.heard)) >= 2)
        await asyncio.sleep(self.chance.uniform(0.2, 1.0))
        await self._until_quiet(conversation)
        officer.ended = time.monotonic()
        await insist(lambda: self._close(conversation))
        self.crowd.release(chat)

    async def _write(self, conversation: int, officer: Officer) -> None:
        number = next(self._number)
        words = f"{OFFICER} {number}: selamat siang, saya bantu ya."
        officer.sent.append(words)
        await insist(lambda: self._reply(conversation, words, f"chaos-{number}"))

    async def _reply(self, conversation: int, words: str, token: str) -> None:
        """As `pandu handoffs reply`; the token keeps a repeated try from sending twice."""
        async with self.runtime.database.session() as session:
            act = Act(session, self.runtime)
            await claim(act, conversation, step_in=True)
            await reply(act, conversation, words, token=token)

    async def _close(self, conversation: int) -> None:
        """As `pandu handoffs close`."""
        async with self.runtime.database.session() as session:
            with suppress(Closed):  # the commit of the last try went through, only its answer was lost
                await give_back(Act(session, self.runtime), conversation)

    async def _until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition() and time.monotonic() < deadline:
            await asyncio.sleep(0.05)

    async def _until_quiet(self, conversation: int) -> None:
        """Nothing of the time with the officer is left to be handled or sent."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if (await insist(lambda: self.runtime.database.run(_QUIET, {"id": conversation})))[0].quiet:
                return
            await asyncio.sleep(0.2)
