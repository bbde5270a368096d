"""The speed at which a channel takes messages."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from aiolimiter import AsyncLimiter

from bot.channels.base import Channel


@dataclass(slots=True)
class Pace:
    """Keeps to a channel's limits: messages a second for the whole sender, and for one chat (short bursts allowed).

    The sender's limit is shared evenly by the workers that live, which each looks for every few seconds; a chat's holds
    by itself, as only one worker at a time has a conversation.
    """

    rate: float  # messages a second of the whole sender
    seconds_per_chat: float
    chats: OrderedDict[str, AsyncLimiter]
    senders: int = 1
    overall: AsyncLimiter = field(init=False)

    def __post_init__(self) -> None:
        self.overall = AsyncLimiter(self.rate, 1)

    @classmethod
    def of(cls, channel: Channel) -> Pace:
        return cls(channel.messages_per_second, channel.seconds_per_chat, OrderedDict())

    def share(self, senders: int) -> None:
        """From now on only as much as is left for one of so many workers."""
        if senders != self.senders:
            self.senders = senders
            share = self.rate / senders
            self.overall = AsyncLimiter(max(1.0, share), max(1.0, 1 / share))

    async def wait(self, address: str) -> None:
        if self.seconds_per_chat:
            limiter = self.chats.pop(address, None) or AsyncLimiter(5, 5 * self.seconds_per_chat)
            self.chats[address] = limiter
            while len(self.chats) > 10_000:
                self.chats.popitem(last=False)
            await limiter.acquire()
        await self.overall.acquire()
