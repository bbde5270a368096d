"""A chat with the actions, as the dialogue engine drives them: its action calls, its slots, its events."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor
from sqlalchemy.ext.asyncio import AsyncSession

from actions import ActionServices, build_executor
from actions.run import action_of
from bot.answers.payloads import parse
from bot.conversations.models import Conversation
from bot.knowledge.answer_notes import Notes
from bot.knowledge.load import get_knowledge
from bot.knowledge.models import Knowledge
from bot.messages import Reply
from bot.settings import Settings

PRIVACY = "https://pandu.example/privasi"


@dataclass
class Said:
    """The bubbles of one turn."""

    messages: list[dict[str, Any]]
    decision: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "\n".join(message["text"] for message in self.messages)

    @property
    def buttons(self) -> dict[str, str]:
        """Title -> payload of the last bubble."""
        return {button["title"]: button["payload"] for button in self.messages[-1]["buttons"]}

    @property
    def sources(self) -> list[dict[str, str]]:
        return [source for message in self.messages for source in message["sources"]]


@dataclass
class Chat:
    """Keeps what the engine would keep. `requests` are the handoffs asked for (conversation, reason),
    `erasing` the requests to erase that were confirmed (conversation, request).

    `stands` is what they are answered; `metadata` is added to a message's.
    """

    session: AsyncSession
    knowledge: Knowledge
    conversation: int
    office: str = ""
    slots: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    requests: list[tuple[int, str]] = field(default_factory=list)
    erasing: list[tuple[int, int]] = field(default_factory=list)
    stands: Reply | None = None
    notes: Notes | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    message: int = 0
    parts: tuple[str, ...] = ()
    last: Said = field(default_factory=lambda: Said([]))
    executor: ActionExecutor = field(init=False)

    def __post_init__(self) -> None:
        settings = Settings(office=self.office, _env_file=None)  # type: ignore[call-arg]
        services = ActionServices(
            self.knowledge,
            settings,
            self._session,
            self._request,
            erase_later=self._erase_later,
            **({"untold": self.notes.untold} if self.notes else {}),  # type: ignore[arg-type]
        )
        self.executor = build_executor(services)

    async def _erase_later(self, _: AsyncSession, conversation: int, request: int) -> None:
        self.erasing.append((conversation, request))

    async def say(
        self,
        text: str,
        intent: str,
        entities: dict[str, str] | None = None,
        *,
        first: bool = False,
        ranking: tuple[str, ...] = (),
        again: bool = False,
        parts: tuple[str, ...] = (),
    ) -> Said:
        """A typed message that the engine understood as `intent`. `again`: the same message once more."""
        self.parts = parts
        try:
            return await self._turn(text, intent, entities or {}, first, ranking, again)
        finally:
            self.parts = ()

    async def tap(self, title: str, *, again: bool = False) -> Said:
        """A button of the last bubble."""
        return await self.send(self.last.buttons[title], again=again)

    async def send(self, payload: str, *, first: bool = False, again: bool = False) -> Said:
        intent, entities = parse(payload)
        return await self._turn(payload, intent, entities, first, (), again)

    async def _turn(
        self, text: str, intent: str, entities: dict[str, str], first: bool, ranking: tuple[str, ...], again: bool
    ) -> Said:
        self.message += not again
        call = self._call(text, intent, entities, first, ranking)
        result = json.loads(json.dumps(dict(await self.executor.run(call) or {})))
        for event in result["events"]:
            assert event["event"] == "slot"
            self.slots[event["name"]] = event["value"]
        self.events += [{"event": "bot", "text": one["text"]} for one in result["responses"]]
        self.last = Said(
            [
                {"text": one["text"], "buttons": one["buttons"], "sources": one["custom"]["sources"]}
                for one in result["responses"]
            ],
            next((one["custom"]["decision"] for one in result["responses"] if one["custom"].get("decision")), {}),
        )
        return self.last

    def _call(
        self, text: str, intent: str, entities: dict[str, str], first: bool, ranking: tuple[str, ...]
    ) -> dict[str, Any]:
        latest = {
            "intent": {"name": intent, "confidence": 0.9},
            "entities": [{"entity": name, "value": value} for name, value in entities.items()],
            "text": text,
            "parts": [{"name": name, "confidence": 0.9} for name in self.parts],
            "intent_ranking": [{"name": name, "confidence": 0.3} for name in ranking],
            "metadata": {
                "message_id": self.message,
                "first_contact": first,
                "channel": "simulator",
                "privacy_url": PRIVACY,
                **self.metadata,
            },
        }
        self.events.append({"event": "user", "text": text, "parse_data": latest})
        return {
            "next_action": action_of(intent),
            "sender_id": str(self.conversation),
            "tracker": {
                "sender_id": str(self.conversation),
                "slots": dict(self.slots),
                "latest_message": latest,
                "events": list(self.events),
                "paused": False,
                "active_loop": {},
                "latest_action_name": "action_listen",
            },
            "version": "3.6.21",
        }

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[AsyncSession]:
        yield self.session
        await self.session.flush()

    async def _request(self, session: AsyncSession, conversation: int, reason: str, **more: str) -> Reply | None:
        assert session is self.session
        assert set(more) == {"kind", "office", "service"}
        self.requests.append((conversation, reason))
        return self.stands


@pytest.fixture
async def chat(session: AsyncSession) -> Chat:
    """A chat over the real knowledge, in a transaction that is rolled back."""
    person = Conversation(channel="simulator", address=f"siti-{secrets.token_hex(4)}")
    session.add(person)
    await session.flush()
    return Chat(session, get_knowledge(), person.id)
