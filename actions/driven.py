"""The actions without the dialogue engine: its calls, with the slots and events that it would keep between them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk.executor import ActionExecutor
from sqlalchemy.ext.asyncio import AsyncSession

from actions.run import action_of
from bot.channels.simulator.kind import Simulator
from bot.conversations.models import Conversation
from bot.messages import Reply


@dataclass
class Driven:
    """One talk. `conversation` is the id of a row; `slots` and `events` grow with every turn."""

    executor: ActionExecutor
    conversation: int
    slots: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)

    async def turn(self, text: str, meant: Mapping[str, Any], *, first: bool = False) -> list[dict[str, Any]]:
        """The responses to one message, as the action server gives them; `meant` is what the engine's parse gives."""
        latest = {
            "text": text,
            "intent": {"name": meant["intent"], "confidence": meant["confidence"]},
            "entities": list(meant.get("entities") or ()),
            "intent_ranking": list(meant.get("ranking") or ()),
            "answers": list(meant.get("answers") or ()),
            "parts": [],
            "metadata": {"message_id": None, "first_contact": first, "channel": Simulator.name},
        }
        self.events.append({"event": "user", "text": text, "parse_data": latest})
        result = dict(await self.executor.run(self._call(latest)) or {})
        self.slots.update({one["name"]: one["value"] for one in result["events"] if one["event"] == "slot"})
        responses: list[dict[str, Any]] = result["responses"]
        self.events += [{"event": "bot", "text": one["text"]} for one in responses]
        return responses

    def _call(self, latest: dict[str, Any]) -> dict[str, Any]:
        return {
            "next_action": action_of(latest["intent"]["name"]),
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


async def begun(executor: ActionExecutor, session: AsyncSession, purpose: str) -> Driven:
    """A talk of a new person on the simulator's channel."""
    person = Conversation(channel=Simulator.name, address=f"{purpose}-{secrets.token_hex(8)}")
    session.add(person)
    await session.flush()
    return Driven(executor, person.id)


async def nobody(*_: object, **__: object) -> Reply | None:
    """In place of asking for an officer: there is none behind a test or a trial."""
    return None
