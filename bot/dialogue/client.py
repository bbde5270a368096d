"""The dialogue engine as seen from a turn: one HTTP call, typed answer, two errors."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.messages import Button, Reply, SourceRef

MAX_TEXT = 2000  # characters; the engine reads no more, and refuses bodies over 512 kB
TIMEOUT = aiohttp.ClientTimeout(total=20, connect=2)
CANNOT_CONNECT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
AWAY = 3.0  # seconds in which an engine that did not answer is asked last


class EngineUnavailable(Exception):
    """The engine is away or could not finish the turn; try again later."""


class UnknownPayload(Exception):
    """The engine has no such intent: an old button, or something typed by hand."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the engine made of a message. `ranking` holds up to five (intent, confidence).

    `answers`: passages that it holds likely, each with the logarithm of its probability; only where it was asked to
    parse (in a turn they go to the actions).
    """

    intent: str
    confidence: float
    entities: list[dict[str, Any]] = field(default_factory=list)
    ranking: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[str, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a turn came to. `memory` is the engine's, to be given back with the conversation's next turn.

    `decision`: how the answer came about (bot/answers/decision.py), where the actions said it.
    """

    replies: list[Reply]
    understood: Understanding
    memory: str | None = None
    decision: dict[str, Any] | None = None


class Engine:
    """Client of the engines: one address, or several with commas between them. Any engine may serve any turn.

    A turn goes to the engine with the fewest at hand; one that does not answer is left alone for a while.
    """

    def __init__(self, urls: str, token: str) -> None:
        self._turns = {url.strip().rstrip("/"): 0 for url in urls.split(",") if url.strip()}
        self._away: dict[str, float] = {}
        self._headers = {"Authorization": f"Bearer {token}"}
        self._session: aiohttp.ClientSession | None = None

    def session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                headers=self._headers, timeout=TIMEOUT, connector=aiohttp.TCPConnector(limit=32)
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def turn(
        self, conversation_id: int, *, text: str = "", payload: str = "", metadata: dict[str, Any], memory: str = ""
    ) -> Spoken:
        """One turn of dialogue. Raises EngineUnavailable or UnknownPayload."""
        body: dict[str, Any] = {"conversation": str(conversation_id), "metadata": metadata, "memory": memory}
        body |= {"payload": payload} if payload else {"text": text[:MAX_TEXT]}
        answer = await self._post("/webhooks/pandu/turn", body)
        replies = [_reply(message) for message in answer["messages"]]
        decision = next((one["decision"] for one in answer["messages"] if one.get("decision")), None)
        return Spoken(replies, _understanding(answer["understood"]), answer.get("memory"), decision)

    async def parse(self, texts: list[str]) -> list[Understanding]:
        """Understand texts without any dialogue; for measuring."""
        answer = await self._post("/webhooks/pandu/parse", {"texts": texts})
        return [_understanding(item) for item in answer["understood"]]

    async def vectors(self, texts: list[str]) -> list[list[float]]:
        """What texts mean: 384 numbers each, length 1; at most 16 texts. For grouping. Raises EngineUnavailable."""
        answer = await self._post("/webhooks/pandu/vectors", {"texts": texts})
        found: list[list[float]] = answer["vectors"]
        return found

    async def healthy(self) -> bool:
        """Whether at least one engine works."""
        for url in self._in_order():
            with suppress(aiohttp.ClientError, TimeoutError, OSError):
                timeout = aiohttp.ClientTimeout(total=2)
                async with self.session().get(f"{url}/webhooks/pandu/", timeout=timeout) as response:
                    if response.status == 200:
                        return True
        return False

    def _in_order(self) -> list[str]:
        """The addresses, the one to ask first at the front."""
        now = time.monotonic()
        return sorted(self._turns, key=lambda url: (self._away.get(url, 0.0) > now, self._turns[url]))

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Ask an engine; the next one where the first cannot even be connected to."""
        for url in self._in_order():
            self._turns[url] += 1
            try:
                return await self._ask(url, path, body)
            except CANNOT_CONNECT:
                self._away[url] = time.monotonic() + AWAY
            except (TimeoutError, aiohttp.ClientError, OSError) as error:
                self._away[url] = time.monotonic() + AWAY
                raise EngineUnavailable(str(error) or type(error).__name__) from error
            finally:
                self._turns[url] -= 1
        raise EngineUnavailable("no engine can be connected to")

    async def _ask(self, url: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self.session().post(f"{url}{path}", json=body) as response:
            if response.status == 422:
                raise UnknownPayload(body.get("payload", ""))
            if response.status != 200:
                raise EngineUnavailable(f"the engine answered {response.status}")
            answer: dict[str, Any] = await response.json()
            return answer


def _reply(message: dict[str, Any]) -> Reply:
    return Reply(
        text=message.get("text") or "",
        buttons=tuple(Button(item["title"], item["payload"]) for item in message.get("buttons") or ()),
        sources=tuple(SourceRef(item["document"], item.get("clause") or "") for item in message.get("sources") or ()),
    )


def _understanding(item: dict[str, Any]) -> Understanding:
    return Understanding(
        intent=item["intent"],
        confidence=float(item["confidence"]),
        entities=item.get("entities") or [],
        ranking=item.get("ranking") or [],
        answers=[(str(name), float(chance)) for name, chance in item.get("answers") or []],
    )
