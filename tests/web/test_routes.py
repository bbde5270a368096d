"""Routes that are built at the start, not when the first applicant or officer calls."""

from __future__ import annotations

from typing import Any

import fastapi.routing
import httpx
import pytest
from fastapi import APIRouter, FastAPI

from bot.web.routes import make_ready


async def test_the_first_call_finds_all_routes_built(monkeypatch: pytest.MonkeyPatch) -> None:
    inner, outer, app = APIRouter(), APIRouter(), FastAPI()

    @inner.get("/inner/{number}")
    async def inside(number: int) -> int:
        return number

    outer.include_router(inner)
    app.include_router(outer)
    make_ready(app)

    def built(*_: Any, **__: Any) -> None:
        raise AssertionError("a route is built while somebody waits")

    monkeypatch.setattr(fastapi.routing, "get_dependant", built)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        assert (await http.get("/inner/7")).json() == 7
        assert (await http.get("/inner/x")).status_code == 422
