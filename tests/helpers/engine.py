"""A stand-in for the dialogue engine that follows its HTTP contract (docs/message.md) and does what a test says.

Only for what the real engine cannot be made to do on demand: be away, be slow, fail in the middle. The dialogue
itself is tested with the real engine (tests/system).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from json import dumps, loads
from typing import Any

from aiohttp import web

TOKEN = "engine-token-of-the-tests"


@dataclass
class StandInEngine:
    """Answers "jawaban: <text>"; `before` runs first and may wait or raise; `calls` holds what came."""

    calls: list[dict[str, Any]] = field(default_factory=list)
    before: Callable[[dict[str, Any]], Awaitable[None]] | None = None
    status: int = 200
    meanings: dict[str, dict[str, Any]] = field(default_factory=dict)  # what `parse` makes of a text
    decision: dict[str, Any] | None = None  # how the answer came about
    url: str = ""
    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/webhooks/pandu/turn", self._turn)
        app.router.add_post("/webhooks/pandu/parse", self._parse)
        app.router.add_get("/webhooks/pandu/", self._health)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _health(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "model": "stand-in"}, status=self.status)

    async def _parse(self, request: web.Request) -> web.Response:
        texts = (await request.json())["texts"]
        unknown = {"intent": "nlu_fallback", "confidence": 0.2, "entities": [], "ranking": []}
        return web.json_response(
            {"understood": [self.meanings.get(text, unknown) for text in texts]}, status=self.status
        )

    async def _turn(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        body = await request.json()
        self.calls.append(body)
        if self.before is not None:
            await self.before(body)
        if self.status != 200:
            return web.Response(status=self.status)
        said = body.get("text") or body["payload"]
        if said.startswith("/unknown"):
            return web.Response(status=422)
        buttons = [{"title": "Biaya", "payload": '/ask_cost{"service":"kudus-iui"}'}] if "menu" in said else []
        return web.json_response(
            {
                "messages": [
                    {"text": f"jawaban: {said}", "buttons": buttons, "sources": [], "decision": self.decision}
                ],
                "understood": {"intent": "ask_cost", "confidence": 0.9, "entities": [], "ranking": []},
                "memory": dumps({"heard": [*loads(body["memory"] or "{}").get("heard", []), said]}),
            }
        )
