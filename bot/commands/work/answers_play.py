"""Two ways to play dialogues: in this process with an engine that only parses, or over HTTP against a running Pandu."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx

from actions import ActionServices, build_executor
from actions.driven import begun, nobody
from bot.commands.work.answers_file import Bubble, DialogueAsked
from bot.dialogue.parse_engine import Parse
from bot.errors import CannotRun
from bot.knowledge.load import get_knowledge
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
        server = EmbeddedPostgres(Path(folder, "database"), {"fsync": "off"})  # nothing of it is wanted again
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
        services = ActionServices(get_knowledge(), settings or get_settings(), database.session, nobody)
        self._executor = build_executor(services)

    async def play(self, dialogue: DialogueAsked) -> list[list[Bubble]]:
        """The bubbles of each turn."""
        said = [OPENING, *(turn.say for turn in dialogue.turns)]
        async with self._database.session() as session:
            talk = await begun(self._executor, session, "answers")
        replies: list[list[Bubble]] = []
        for text, meant in zip(said, self._parse(said), strict=True):
            found = await talk.turn(text, meant, first=not replies)
            replies.append([_bubble(one) for one in found])
        return replies[1:]


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
