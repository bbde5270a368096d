"""Slow callers: a connection with nothing said, or letter by letter, is not theirs for long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from fastapi import FastAPI, Request

from bot.web.patience import PatientProtocol
from tests.peers.serving import serving


class Impatient(PatientProtocol):
    header_seconds = 0.3


@pytest.fixture
async def port() -> AsyncIterator[int]:
    app = FastAPI()

    @app.post("/")
    async def length(request: Request) -> int:
        await asyncio.sleep(3 * Impatient.header_seconds)  # an answer may take longer than the headers
        return len(await request.body())

    async with serving(app, http=Impatient, timeout_keep_alive=75) as address:
        yield int(address.rpartition(":")[2])


REQUEST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"


async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(REQUEST + b"abc")
    async with asyncio.timeout(10):
        assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
        assert await reader.readexactly(1) == b"3"


@pytest.mark.parametrize("requests", [0, 1])
@pytest.mark.parametrize("beginning", [b"", b"GET /", b"POST / HTTP/1.1\r\nHost: x\r\n"])
async def test_headers_that_never_end(port: int, requests: int, beginning: bytes) -> None:
    if requests and not beginning:
        return  # idle between two requests: timeout_keep_alive's business
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(requests):
        await answered(reader, writer)
    writer.write(beginning)

    async def dripping() -> None:
        while beginning and not writer.is_closing():  # each letter comes long before any timeout between two
            writer.write(b"x")
            await asyncio.sleep(0.05)

    drip = asyncio.create_task(dripping())
    with suppress(ConnectionError):
        async with asyncio.timeout(10):
            assert await reader.read(1) == b"", "closed without an answer"
    drip.cancel()
    writer.close()


async def test_a_whole_request_is_answered_however_long_its_answer_takes(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(2):
        await answered(reader, writer)
        await asyncio.sleep(2 * Impatient.header_seconds)  # idle: timeout_keep_alive's business
    writer.close()
