"""Trials: whole talks played through the real actions with another knowledge, leaving no trace.

Everything happens in one transaction that is rolled back. The engine understands, as for applicants; where it is away
the talk is heard from its words alone, and `Talk.heard_alone` says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any

from rasa_sdk.executor import ActionExecutor
from sqlalchemy.ext.asyncio import AsyncSession

from actions import ActionServices, build_executor
from actions.driven import begun, nobody
from bot.answers.indexes import prepare
from bot.answers.payloads import parse
from bot.conversations.runtime import Runtime
from bot.dialogue.client import EngineUnavailable, Understanding
from bot.knowledge.models import Knowledge
from bot.messages import Button, Reply, SourceRef
from bot.survey.wording import HELPED

MOST_TURNS = 12
_AT_ONCE = asyncio.Semaphore(2)
_UNHEARD = Understanding("nlu_fallback", 0.0)


@dataclass(frozen=True, slots=True)
class Turned:
    """One turn: the replies, and how they came about (bot/answers/decision.py)."""

    said: str
    replies: tuple[Reply, ...]
    decision: dict[str, Any]

    @property
    def text(self) -> str:
        """Without "did this help?", which does not stand below every answer."""
        return "\n\n".join(one.text.removesuffix(f"\n\n{HELPED}") for one in self.replies)


@dataclass(frozen=True, slots=True)
class Talk:
    turns: tuple[Turned, ...]
    heard_alone: bool = False


async def play(
    runtime: Runtime, knowledge: Knowledge, talks: Sequence[Sequence[str]], office: str | None = None
) -> list[Talk]:
    """Each talk is what somebody says turn by turn; a text that begins with "/" is the payload of a button.

    `office`: answers as an installation of that office; None: as this one.
    """
    texts = list(dict.fromkeys(one for talk in talks for one in talk[:MOST_TURNS] if not one.startswith("/")))
    understood, alone = await _understood(runtime, texts)
    settings = runtime.settings if office is None else runtime.settings.model_copy(update={"office": office})
    async with _AT_ONCE, _passing(runtime) as session:
        await asyncio.to_thread(prepare, knowledge)  # seconds, the first time: not while others wait

        @asynccontextmanager
        async def same() -> AsyncIterator[AsyncSession]:
            yield session
            await session.flush()

        services = ActionServices(knowledge, settings, same, nobody, classification=runtime.classification)
        executor = build_executor(services)
        return [Talk(tuple(await _played(executor, session, talk[:MOST_TURNS], understood)), alone) for talk in talks]


async def _understood(runtime: Runtime, texts: list[str]) -> tuple[dict[str, Understanding], bool]:
    if not texts:
        return {}, False
    try:
        return dict(zip(texts, await runtime.engine.parse(texts), strict=True)), False
    except EngineUnavailable:
        return {}, True


@asynccontextmanager
async def _passing(runtime: Runtime) -> AsyncIterator[AsyncSession]:
    """A session of which nothing stays."""
    async with runtime.database.engine.connect() as connection:
        transaction = await connection.begin()
        try:
            async with AsyncSession(
                bind=connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
            ) as session:
                yield session
        finally:
            await transaction.rollback()


async def _played(
    executor: ActionExecutor, session: AsyncSession, said: Sequence[str], understood: dict[str, Understanding]
) -> list[Turned]:
    talk = await begun(executor, session, "trial")
    turns = []
    for text in said:
        answers = await talk.turn(text, _meant(text, understood.get(text, _UNHEARD)))
        decision: dict[str, Any] = next(
            (one["custom"]["decision"] for one in answers if one["custom"].get("decision")), {}
        )
        turns.append(Turned(text, tuple(_reply(one) for one in answers), decision))
    return turns


def _meant(text: str, heard: Understanding) -> dict[str, Any]:
    """What the engine makes of a message; of a button, what its payload says."""
    if text.startswith("/"):
        name, named = parse(text)
        entities = [{"entity": key, "value": value} for key, value in named.items()]
        return {"intent": name, "confidence": 1.0, "entities": entities}
    return asdict(heard)


def _reply(one: dict[str, Any]) -> Reply:
    return Reply(
        one["text"],
        tuple(Button(tap["title"], tap["payload"]) for tap in one["buttons"]),
        tuple(SourceRef(source["document"], source["clause"]) for source in one["custom"]["sources"]),
    )
