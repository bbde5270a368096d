"""The guard itself: a test that reaches for another machine is stopped, and told of even when the refusal is caught."""

from __future__ import annotations

import socket

import httpx
import pytest

from tests.helpers import loopback


def test_a_connection_elsewhere_is_refused_and_told() -> None:
    with socket.socket() as one, pytest.raises(loopback.BeyondLoopback):
        one.connect(("192.0.2.1", 80))
    assert loopback.reached() == ["socket.connect '192.0.2.1'"]


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(loopback.BeyondLoopback):
        socket.getaddrinfo("pandu.example", 443)
    assert loopback.reached() == ["socket.getaddrinfo 'pandu.example'"]


async def test_nor_by_the_libraries_that_the_code_uses() -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        with pytest.raises((loopback.BeyondLoopback, ExceptionGroup)):
            await client.get("http://192.0.2.1/")
    assert loopback.reached()


def test_this_machine_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1])).close()
    assert loopback.reached() == []
