"""Limits of bodies, announced or streamed, whoever reads them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request

from bot.web.limits import BodyLimit


def client() -> httpx.AsyncClient:
    app = FastAPI()

    @app.post("/json")
    async def json(body: dict[str, Any]) -> dict[str, int]:
        return {"fields": len(body)}

    @app.post("/raw")
    async def raw(request: Request) -> dict[str, int]:
        return {"length": len(await request.body())}

    app.add_middleware(BodyLimit, limit=1000)
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://test", headers={"content-type": "application/json"})


async def streamed(size: int) -> AsyncIterator[bytes]:
    yield b'{"a": "'
    for _ in range(size // 100):
        yield b"x" * 100
    yield b'"}'


@pytest.mark.parametrize("path", ["/json", "/raw"])
async def test_large_bodies_are_refused_small_ones_pass(path: str) -> None:
    async with client() as http:
        assert (await http.post(path, content=b'{"a": "' + b"x" * 2000 + b'"}')).status_code == 413
        assert (await http.post(path, content=streamed(2000))).status_code == 413
        assert (await http.post(path, content=streamed(500))).status_code == 200
        assert (await http.post(path, content=b"{}")).status_code == 200


async def test_a_length_that_is_no_number_is_refused() -> None:
    async with client() as http:
        assert (await http.post("/raw", content=b"a", headers={"content-length": "viel"})).status_code == 413
