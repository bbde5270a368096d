"""What a process needs at hand: one object, made in `app.py`, handed down."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from procrastinate import App as Jobs
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.base import Channel
from bot.conversations.outbox import Pace
from bot.dialogue.client import Engine
from bot.messages import Reply
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.events import Events

TakeFiles = Callable[[AsyncSession, int, int, list[dict[str, Any]]], Awaitable[list[Reply]]]
"""What a capability answers to attachments that it waits for (none: it waits for none): session, conversation, incoming
message, attachments as stored."""


@dataclass(slots=True)
class Runtime:
    settings: Settings
    database: Database
    jobs: Jobs
    engine: Engine
    events: Events
    channels: dict[str, Channel] = field(default_factory=dict)
    paces: dict[str, Pace] = field(default_factory=dict)
    take_files: TakeFiles | None = None

    @property
    def privacy_url(self) -> str:
        base = self.settings.public_url or f"http://{self.settings.host}:{self.settings.port}"
        return f"{base.rstrip('/')}/privasi"

    @property
    def without_provider(self) -> list[str]:
        """Channels where nobody has to be called: what is stored is sent."""
        return [name for name, channel in self.channels.items() if not channel.has_provider]

    def add_channel(self, channel: Channel) -> None:
        self.channels[channel.name] = channel
        self.paces[channel.name] = Pace.of(channel)
