"""Outages of the providers under load: nobody listens, 503, silence; downloads come back last."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.chaos.crowd import Crowd
from benchmarks.chaos.gate import PHASES, UNAVAILABLE
from benchmarks.chaos.ledger import Ledger
from benchmarks.chaos.stage import Stage

DOWNLOADS = 1.25  # downloads are away so much longer than the API


@dataclass(frozen=True, slots=True)
class Outage:
    """One outage of a channel's provider. Times of time.monotonic()."""

    channel: str
    phases: tuple[str, ...]
    begin: float
    end: float


class Outages:
    """Takes the providers away in turn, evenly over the messages; each outage has all phases, in any order."""

    def __init__(self, on: Stage, crowd: Crowd, chance: random.Random, begin: float, say: Callable[[str], Any]) -> None:
        self.on = on
        self.crowd = crowd
        self.chance = chance
        self.begin = begin
        self.say = say
        self.had: list[Outage] = []

    async def work(self) -> None:
        plan = self.on.plan
        for number in range(plan.outages):
            due = plan.messages * (number + self.chance.uniform(0.2, 0.5)) / plan.outages
            while self.crowd.sent < due:
                if self.crowd.stopped:
                    return
                await asyncio.sleep(0.05)
            await self._outage(("telegram", "whatsapp")[number % 2], plan.outage_seconds)

    async def _outage(self, channel: str, seconds: float) -> None:
        gate = (self.on.telegram if channel == "telegram" else self.on.twilio).gate
        phases = tuple(self.chance.sample(PHASES, len(PHASES)))
        begin = time.monotonic()
        self.say(f"{begin - self.begin:6.0f} s  {channel} is away: {', '.join(phases)}")
        self.crowd.leave(channel)
        try:
            for phase in phases:
                await gate.phase(phase, phase)
                await asyncio.sleep(seconds / len(phases))
            await gate.phase("", UNAVAILABLE)
            self.crowd.come_back(channel)
            end = time.monotonic()
            self.had.append(Outage(channel, phases, begin, end))
            self.say(f"{end - self.begin:6.0f} s  {channel} is back, downloads are not yet")
            await asyncio.sleep(seconds * (DOWNLOADS - 1))
        finally:
            await gate.phase("", "")


def meanwhile(ledger: Ledger, outages: list[Outage]) -> list[float]:
    """Seconds to the answers to what was written on the other channel during an outage, sorted."""
    return sorted(
        said.done - said.begun
        for chat in ledger.chats.values()
        for said in chat.said
        if said.done and any(one.channel != chat.channel and one.begin <= said.begun < one.end for one in outages)
    )
