"""Values that break programs, in every place of calls that are otherwise right."""

from __future__ import annotations

import json
import time
from itertools import count
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.hostile.conftest import Target, answer_is_fine

ODD: tuple[Any, ...] = (
    "\x00",
    "a\x00b",
    "\ud800",
    "\U0010ffff",
    "a" * 5_000,
    "\u202e",
    "'; drop table applications; --",
    "%00",
    "../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "",
    0,
    -1,
    2**31,
    2**63,
    -(2**63) - 1,
    10**400,
    1e308,
    True,
    None,
    [],
    [[[[]]]],
    {},
    {"a": "b"},
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "2026-02-30",
)
APPLICATION = {
    "service": "magetan-perluasan",
    "procedure": "",
    "reference": "H/1",
    "applicant": "Budi",
    "business": "Tahu Budi",
    "received_on": "2026-11-02",
    "phones": ["0812-3456-7890"],
    "emails": ["budi@contoh.id"],
    "stage": "",
    "stage_on": None,
}
EVENT = {"stage": "verifikasi", "reason": "x", "on": "2026-11-03", "expected": "", "correction": False}
MESSAGES: list[dict[str, Any]] = [{"text": "halo", "id": "1"}, {"payload": "/show_menu"}, {"menu": 1, "choice": 0}]
_numbers = count(1)


def spoiled(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The body with one odd value in one place, for every place and value; lists get it inside too."""
    found = []
    for name, value in body.items():
        for odd in ODD:
            found.append(body | {name: odd})
            if isinstance(value, list):
                found.append(body | {name: [odd]})
    return found


async def call(client: httpx.AsyncClient, method: str, path: str, body: Any = None, **headers: str) -> int:
    """The status; fails on 5xx and on anything slower than two seconds."""
    content = None if body is None else json.dumps(body).encode()
    begin = time.monotonic()
    answer = await client.request(method, path, content=content, headers={"content-type": "application/json"} | headers)
    answer_is_fine(answer.status_code, time.monotonic() - begin, method, path, body, headers)
    return answer.status_code


@pytest.fixture
async def client(target: Target) -> Any:
    headers = {"Authorization": f"Bearer {target.key}"}
    async with httpx.AsyncClient(base_url=target.url, headers=headers, timeout=20) as client:
        yield client


async def test_in_a_new_application(client: httpx.AsyncClient) -> None:
    statuses = set()
    for body in spoiled(APPLICATION):
        unique = body if body["reference"] != "H/1" else body | {"reference": f"H/{next(_numbers)}"}
        statuses.add(await call(client, "POST", "/api/v1/applications", unique))
    assert {201, 422} <= statuses


async def test_in_an_event_and_an_idempotency_key(client: httpx.AsyncClient) -> None:
    made = await client.post("/api/v1/applications", json=APPLICATION | {"reference": "E/1"})
    number = made.json()["number"]
    for position, body in enumerate(spoiled(EVENT)):
        await call(client, "POST", f"/api/v1/applications/{number}/events", body, **{"Idempotency-Key": f"k{position}"})


@pytest.mark.parametrize("path", ["/api/v1/applications/{}", "/api/simulator/{}/messages", "/simulator/static/{}"])
async def test_in_a_path(client: httpx.AsyncClient, path: str) -> None:
    for odd in (*ODD, "..%2f..%2fetc%2fpasswd", "....//", "%2e%2e/", "\\..\\", "%ff%fe", "%25%30%30"):
        raw = odd if isinstance(odd, str) and "%" in odd else quote(str(odd).encode("utf-8", "surrogatepass"), safe="")
        await call(client, "GET", path.format(raw))


async def test_in_a_query(client: httpx.AsyncClient) -> None:
    for odd in ODD:
        raw = quote(str(odd).encode("utf-8", "surrogatepass"))
        for name in ("stage", "reference", "after", "limit"):
            await call(client, "GET", f"/api/v1/applications?{name}={raw}")
        await call(client, "GET", f"/api/simulator/siti/messages?after={raw}")
        await call(client, "POST", f"/webhooks/whatsapp/status?message={raw}&content={raw}")


async def test_in_a_simulated_message(client: httpx.AsyncClient) -> None:
    for message in MESSAGES:
        for body in spoiled(message):
            await call(client, "POST", f"/api/simulator/odd-{next(_numbers)}/messages", body)


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[" * 100_000, b'{"a":' * 50_000, b'"\\ud800"', b"1" * 5_000, b"NaN"]
)
@pytest.mark.parametrize(
    "path", ["/api/v1/applications", "/api/simulator/x/messages", "/actions?token=engine-token-of-the-tests"]
)
async def test_bodies_that_are_no_json_object(client: httpx.AsyncClient, path: str, content: bytes) -> None:
    begin = time.monotonic()
    answer = await client.post(path, content=content, headers={"content-type": "application/json"})
    answer_is_fine(answer.status_code, time.monotonic() - begin, path, content[:20])
    assert answer.status_code in (400, 422)


async def test_the_engines_call_with_odd_parts(client: httpx.AsyncClient) -> None:
    right = {"next_action": "action_welcome", "tracker": {"sender_id": "1"}, "domain": {}, "version": "3.6.21"}
    for body in (*spoiled({"next_action": 1}), *spoiled({"tracker": 1} | {"next_action": "action_welcome"})):
        answer = await client.post("/actions?token=engine-token-of-the-tests", content=json.dumps(body).encode())
        assert answer.status_code in (200, 400, 404), body
    assert (await client.post("/actions?token=falsch", json=right)).status_code == 403
