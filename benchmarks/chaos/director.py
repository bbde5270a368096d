"""Kills, evenly over the messages, and what was under way at each."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from benchmarks.chaos.crowd import Crowd
from benchmarks.chaos.desk import insist
from benchmarks.chaos.stage import Stage

FORGOTTEN = 1.0  # seconds: PostgreSQL writes what nobody waits for three times wal_writer_delay later at most

_UNDER_WAY = text("""
select c.address, o.text from outgoing_messages o join conversations c on c.id = o.conversation_id
where o.status = 'sending'
""")


@dataclass(slots=True)
class Killed:
    """One SIGKILL: what, when (seconds since the first message), and how many sends the outbox then held as begun."""

    what: str
    at: float
    in_flight: int


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
        under_way = {(row.address, self.on.ledger.key(row.text)) for row in rows}
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
