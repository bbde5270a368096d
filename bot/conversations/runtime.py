"""The runtime: the things that a process needs at hand, one object, made in `app.py`, handed down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from procrastinate import App as Jobs
from sqlalchemy.ext.asyncio import AsyncSession

from bot import links
from bot.channels.base import Channel
from bot.conversations.notice import Notice
from bot.conversations.pace import Pace
from bot.conversations.people import People
from bot.conversations.strain import Strain
from bot.dialogue.client import Engine
from bot.kbli.classification import Classification, Shelf
from bot.messages import Reply
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.events import Events

FILES = "files"
FILE_SECONDS = 24 * 3600.0
TakeFiles = Callable[[AsyncSession, int, int, list[dict[str, Any]]], Awaitable[list[Reply]]]
"""What a capability answers to attachments that it waits for (none: it waits for none): session, conversation, incoming
message, attachments as stored."""

FileKept = Callable[[int, str], Awaitable[None]]
"""What follows when a file has been fetched, before it is noted: incoming message, path in the files folder."""
AfterHandoff = Callable[[AsyncSession, int, int], Awaitable[None]]
"""What follows when an officer has ended a handoff: session, conversation, handoff."""
AfterLicence = Callable[[AsyncSession, int, int, str, str], Awaitable[None]]
"""What follows when an applicant has read that the licence is issued: session, conversation, application, office and
service."""


@dataclass(slots=True)
class Runtime:
    settings: Settings
    database: Database
    jobs: Jobs
    engine: Engine
    events: Events
    channels: dict[str, Channel] = field(default_factory=dict)
    paces: dict[str, Pace] = field(default_factory=dict)
    strains: defaultdict[str, Strain] = field(default_factory=lambda: defaultdict(Strain))
    """By what is called: a channel's sends, its downloads."""
    take_files: TakeFiles | None = None
    file_kept: FileKept | None = None
    people: People | None = None
    notice: Callable[[], Notice] | None = None
    """What everybody reads with the first reply."""
    after_handoff: AfterHandoff | None = None
    after_licence: AfterLicence | None = None
    while_thinking: Callable[[int], AbstractContextManager[Any]] = nullcontext
    """Around the engine's part of a conversation's turn: what its action will want to know can be fetched meanwhile."""
    without_engine: set[int] = field(default_factory=set)
    """Conversations whose turn here found no engine, and is to be tried again."""
    shelf: Shelf = field(default_factory=Shelf)

    async def classification(self) -> Classification | None:
        """The classification of businesses (KBLI) that was imported, held in memory; None without one."""
        return await self.shelf.get(self.database)

    @property
    def privacy_url(self) -> str:
        return links.public(self.settings, "/privasi")

    def file_path(self, message_id: int) -> str:
        """The path under which the file of an outgoing message can be fetched for a day."""
        return f"/files/{links.token(self.settings, FILES, str(message_id), FILE_SECONDS)}"

    def file_url(self, message_id: int) -> str:
        """The same for the internet."""
        return links.public(self.settings, self.file_path(message_id))

    @property
    def without_provider(self) -> list[str]:
        """Channels where nobody has to be called: what is stored is sent."""
        return [name for name, channel in self.channels.items() if not channel.has_provider]

    def add_channel(self, channel: Channel) -> None:
        self.channels[channel.name] = channel
        self.paces[channel.name] = Pace.of(channel)
