"""The officers' desk on a real database: a runtime as in tests/conversations, and always the same people.

Rina and Budi are officers, Sari their supervisor; the applicant is Siti.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.conversations.models import Conversation, Incoming, Outgoing
from bot.conversations.runtime import Runtime
from bot.handoff.desk import Act
from bot.handoff.models import Handoff
from bot.handoff.people import OfficersDesk
from bot.officers.models import Officer

NAMES = {"rina": ("Rina", "officer"), "budi": ("Budi", "officer"), "sari": ("Sari", "supervisor")}


@dataclass
class Clock:
    """A clock that tests move."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at

    def on(self, **time: float) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def runtime(runtime: Runtime) -> Runtime:
    async with runtime.database.session() as session:
        for table in (
            "officers",
            "teams",
            "canned_replies",
            "handoff_rules",
            "office_hours",
            "office_closed_days",
            "desk_rules",
            "labels",
        ):
            await session.execute(text(f"delete from {table}"))
    runtime.people = OfficersDesk(runtime.settings, runtime.database)
    return runtime


@pytest.fixture
async def officers(runtime: Runtime) -> dict[str, Officer]:
    people = {
        username: Officer(username=username, name=name, role=role, password_hash="x")
        for username, (name, role) in NAMES.items()
    }
    async with runtime.database.session() as session:
        session.add_all(people.values())
    return people


@dataclass
class House:
    """The office: `does` runs one act as an officer, in a transaction of its own."""

    runtime: Runtime
    officers: dict[str, Officer]
    clock: Clock

    async def does(self, who: str, act: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        async with self.runtime.database.session() as session:
            desk = Act(session, self.runtime, self.officers.get(who), self.clock)
            return await act(desk, *arguments, **named)

    async def asks(self, act: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """The same for what takes a session."""
        async with self.runtime.database.session() as session:
            return await act(session, *arguments, **named)

    async def applicant(
        self, channel: str = "recording", address: str = "siti", name: str = "Siti", **more: Any
    ) -> int:
        """A conversation; returns its id."""
        async with self.runtime.database.session() as session:
            conversation = Conversation(channel=channel, address=address, profile_name=name, **more)
            session.add(conversation)
            await session.flush()
            return conversation.id

    async def wrote(self, conversation: int, words: str, **more: Any) -> int:
        """A message that has been handled."""
        values = {"kind": "text", "handled_at": self.clock(), "outcome": "answered", "received_at": self.clock()} | more
        async with self.runtime.database.session() as session:
            found = await session.get_one(Conversation, conversation)
            count = (await session.execute(text("select count(*) from incoming_messages"))).scalar_one()
            message = Incoming(
                conversation_id=conversation,
                channel=found.channel,
                provider_id=f"wrote-{count}",
                text=words,
                **values,
            )
            session.add(message)
            await session.flush()
            return message.id

    async def owner(self, conversation: int) -> str:
        async with self.runtime.database.session() as session:
            return (await session.get_one(Conversation, conversation)).owner

    async def handoff(self, conversation: int) -> Handoff:
        """The newest."""
        query = select(Handoff).where(Handoff.conversation_id == conversation).order_by(Handoff.id.desc()).limit(1)
        async with self.runtime.database.session() as session:
            return (await session.execute(query)).scalar_one()

    async def said(self, conversation: int) -> list[tuple[str, str]]:
        """(author, text) of everything stored for the applicant, in order."""
        query = select(Outgoing.author, Outgoing.text).where(Outgoing.conversation_id == conversation)
        async with self.runtime.database.session() as session:
            return [tuple(one) for one in (await session.execute(query.order_by(Outgoing.id))).all()]


@pytest.fixture
def house(runtime: Runtime, officers: dict[str, Officer], clock: Clock) -> House:
    return House(runtime, officers, clock)
