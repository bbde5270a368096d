"""Two ways to play dialogues: in this process with an engine that only parses, or over HTTP against a running Pandu."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx

from actions import ActionServices, build_executor
from actions.run import action_of
from bot.commands.work.answers_file import Bubble, DialogueAsked
from bot.conversations.models import Conversation
from bot.dialogue.parse_engine import Parse
from bot.errors import CannotRun
from bot.knowledge.load import get_knowledge
from bot.messages import Reply
from bot.processes.postgres import EmbeddedPostgres
from bot.settings import Settings, get_settings
from bot.storage.database import Database
from bot.storage.migrate import migrate

OPENING = "halo"
"""Said first in every dialogue; its reply is not judged."""


@asynccontextmanager
async def in_process() -> AsyncIterator[Database]:
    """A database of its own for as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="pandu-answers-") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101, S103  PostgreSQL's user must reach it
        server = EmbeddedPostgres(Path(folder, "database"))
        database = Database(server.start())
        try:
            await migrate(database.url)
            yield database
        finally:
            await database.close()
            server.stop()


class InProcess:
    """Understanding from an engine, everything after it here: no channel, no job, no HTTP to ourselves."""

    def __init__(self, database: Database, parse: Parse, settings: Settings | None = None) -> None:
        self._database = database
        self._parse = parse
        services = ActionServices(get_knowledge(), settings or get_settings(), database.session, _nobody)
        self._executor = build_executor(services)

    async def play(self, dialogue: DialogueAsked) -> list[list[Bubble]]:
        """The bubbles of each turn."""
        async with self._database.session() as session:
            person = Conversation(channel="simulator", address=f"answers-{secrets.token_hex(8)}")
            session.add(person)
            await session.flush()
            number = person.id
        slots: dict[str, Any] = {}
        events: list[dict[str, Any]] = []
        replies = []
        understood = self._parse([OPENING, *(turn.say for turn in dialogue.turns)])
        for message, (text, meant) in enumerate(
            zip([OPENING, *(turn.say for turn in dialogue.turns)], understood, strict=True), start=1
        ):
            replies.append(await self._turn(number, message, text, meant, slots, events))
        return replies[1:]

    async def _turn(
        self,
        conversation: int,
        message: int,
        text: str,
        meant: dict[str, Any],
        slots: dict[str, Any],
        events: list[dict[str, Any]],
    ) -> list[Bubble]:
        latest = {
            "text": text,
            "intent": {"name": meant["intent"], "confidence": meant["confidence"]},
            "entities": meant.get("entities", []),
            "intent_ranking": meant.get("ranking", []),
            "parts": [],
            "metadata": {"message_id": None, "first_contact": message == 1, "channel": "simulator"},
        }
        events.append({"event": "user", "text": text, "parse_data": latest})
        call = {
            "next_action": action_of(meant["intent"]),
            "sender_id": str(conversation),
            "tracker": {
                "sender_id": str(conversation),
                "slots": dict(slots),
                "latest_message": latest,
                "events": list(events),
                "paused": False,
                "active_loop": {},
                "latest_action_name": "action_listen",
            },
            "version": "3.6.21",
        }
        result = json.loads(json.dumps(dict(await self._executor.run(call) or {})))
        slots.update({one["name"]: one["value"] for one in result["events"] if one["event"] == "slot"})
        events += [{"event": "bot", "text": one["text"]} for one in result["responses"]]
        return [Bubble(one["text"], tuple(tap["title"] for tap in one["buttons"])) for one in result["responses"]]


async def _nobody(*_: object, **__: object) -> Reply | None:
    """There is no officer behind a test."""
    return None


class OverHttp:
    """The simulator's interface of a running Pandu."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def play(self, dialogue: DialogueAsked) -> list[list[Bubble]]:
        """The bubbles of each turn. Raises CannotRun."""
        name = f"answers-{secrets.token_hex(8)}"
        self._say(name, OPENING)
        return [self._say(name, turn.say) for turn in dialogue.turns]

    def _say(self, name: str, text: str) -> list[Bubble]:
        try:
            answer = self._client.post(f"/api/simulator/{name}/messages", json={"text": text})
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise CannotRun(f"Pandu does not answer: {error}") from error
        return [_bubble(one) for one in answer.json()["replies"]]


@contextmanager
def over_http(url: str) -> Iterator[OverHttp]:
    """A player for the Pandu at `url`."""
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        yield OverHttp(client)


def _bubble(one: dict[str, Any]) -> Bubble:
    buttons: Sequence[dict[str, str]] = one.get("buttons") or ()
    return Bubble(one["text"], tuple(tap["title"] for tap in buttons))
