"""The short way for what machines bring, a call or two a message: to its answer, not through the whole router."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send


class Straight:
    """ASGI middleware. Of `routes`, those that are Starlette's own, without parameters and for POST, are answered here;
    the others, and other methods, are the router's business."""

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self.app = app
        self.answers = {one.path: one.endpoint for one in routes if type(one) is Route and not one.param_convertors}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self.answers.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if answer is None:
            await self.app(scope, receive, send)
            return
        response: Response = await answer(Request(scope, receive))
        await response(scope, receive, send)
