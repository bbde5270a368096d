"""Every address of the application, visited as nobody, as every role, and with every other secret.

A new address has to be named here (those of the console: in tests/console/test_roles.py), or the first test fails.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest

from bot.applications import keys
from bot.applications.posting import register_of
from bot.officers.models import ROLES
from tests.console.test_roles import LEAST
from tests.console.test_roles import OPEN as OPEN_CONSOLE
from tests.helpers.engine import TOKEN as ENGINE_TOKEN
from tests.helpers.hiring import hire
from tests.helpers.routes import addresses
from tests.hostile.conftest import SECRET, Target
from tests.peers.twilio_api import PUBLIC, sign

OPEN = {
    "GET /",
    "GET /openapi.json",
    "GET /privasi",
    "GET /health/live",  # health and metrics: the proxy keeps them inside (docs/threat-model.md)
    "GET /health/ready",
    "GET /metrics",
    "GET /simulator",  # the simulator: off as soon as a real channel is configured
    "GET /simulator/static/{path}",
    "POST /api/simulator/{conversation}/messages",
    "GET /api/simulator/{conversation}/messages",
    "GET /api/simulator/{conversation}/stream",
}
BY_SECRET = {
    "POST /webhooks/telegram": "telegram",
    "POST /webhooks/whatsapp": "twilio",
    "POST /webhooks/whatsapp/status": "twilio",
    "POST /actions": "engine",
    "POST /api/v1/applications": "api key",
    "GET /api/v1/applications": "api key",
    "GET /api/v1/applications/{number}": "api key",
    "POST /api/v1/applications/{number}/events": "api key",
    "POST /api/v1/applications/{number}/claim-code": "api key",
}
BY_LINK = {  # signed or secret addresses, and a call that carries its own signature
    "GET /files/{token}",
    "GET /data/{token}",
    "POST /data/{token}",
    "POST /api/v1/complaints/{key}/tracking",
}
REFUSED = {401, 403}
NEW = {"service": "magetan-perluasan", "received_on": "2026-11-02", "applicant": "Budi"}


@dataclass(frozen=True)
class Visitor:
    """Somebody with one kind of credential."""

    name: str
    headers: dict[str, str] = field(default_factory=dict)
    query: str = ""


@pytest.fixture(scope="module")
async def visitors(target: Target) -> list[Visitor]:
    """Nobody, each role of the console, and the holder of every other secret."""
    found = [
        Visitor("nobody"),
        Visitor("telegram", {"X-Telegram-Bot-Api-Secret-Token": SECRET}),
        Visitor("twilio"),  # signs each call, see `visit`
        Visitor("engine", {"Authorization": f"Bearer {ENGINE_TOKEN}"}, f"?token={ENGINE_TOKEN}"),
        Visitor("api key", {"Authorization": f"Bearer {target.key}"}),
    ]
    async with httpx.AsyncClient(base_url=target.url, headers={"sec-fetch-site": "same-origin"}) as client:
        return found + [Visitor(role, {"Cookie": await cookie(target, client, role)}) for role in ROLES]


async def cookie(target: Target, client: httpx.AsyncClient, role: str) -> str:
    """The session cookie of a new officer."""
    password = "jalan-kudus-hujan-sore"
    async with target.runtime.database.session() as session:
        officer = await hire(session, f"u{secrets.token_hex(5)}", role=role, password=password)
    answer = await client.post("/console/sign-in", data={"username": officer.username, "password": password})
    assert answer.status_code == 303, answer.text
    given = answer.headers["set-cookie"]
    assert "; secure" in given.lower()  # the office's address is https
    return given.partition(";")[0]


@pytest.fixture
async def client(target: Target) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=target.url, headers={"sec-fetch-site": "same-origin"}, timeout=20) as client:
        yield client


async def visit(client: httpx.AsyncClient, route: str, visitor: Visitor, number: str = "PDU-2345-678X") -> int:
    """The status of a call with that credential and an empty body; of an endless answer, its beginning's."""
    method, path = route.split(" ")
    path = "/".join({"{number}": number}.get(part, "999999") if part[:1] == "{" else part for part in path.split("/"))
    headers = dict(visitor.headers)
    if visitor.name == "twilio":
        headers |= sign(PUBLIC + path, {})
    if "/webhooks/whatsapp" in path:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    content = None if method == "GET" else b"" if "/webhooks/whatsapp" in path else b"{}"
    async with client.stream(method, path + visitor.query, content=content, headers=headers) as answer:
        return answer.status_code


def test_every_address_says_who_may_call_it(target: Target) -> None:
    assert addresses(target.app) == OPEN | set(BY_SECRET) | BY_LINK | OPEN_CONSOLE | set(LEAST)


@pytest.mark.parametrize("route", sorted(BY_SECRET))
async def test_only_the_right_secret_opens_a_machines_address(
    client: httpx.AsyncClient, visitors: list[Visitor], route: str
) -> None:
    for visitor in visitors:
        status = await visit(client, route, visitor)
        if visitor.name == BY_SECRET[route]:
            assert status not in REFUSED, visitor.name
        else:
            assert status in REFUSED, visitor.name


@pytest.mark.parametrize("route", sorted(LEAST))
async def test_only_the_right_role_opens_a_page_of_the_console(
    client: httpx.AsyncClient, visitors: list[Visitor], route: str
) -> None:
    if route.endswith("/sign-out"):
        return  # would end the sessions of the other tests; tests/console/test_signing_in.py signs out
    for visitor in visitors:
        status = await visit(client, route, visitor)
        if visitor.name not in ROLES:
            assert status in (303, 401), visitor.name
        elif ROLES.index(visitor.name) < ROLES.index(LEAST[route]):  # type: ignore[arg-type]
            assert status == 403, visitor.name
        else:
            assert status < 500 and status not in (*REFUSED,), (visitor.name, status)


@pytest.mark.parametrize("route", sorted(BY_LINK))
async def test_without_its_link_nobody_opens_it(client: httpx.AsyncClient, visitors: list[Visitor], route: str) -> None:
    for visitor in visitors:
        assert await visit(client, route, visitor) in (404, 422), visitor.name


@pytest.mark.parametrize("route", sorted(OPEN))
async def test_open_addresses_need_nothing(client: httpx.AsyncClient, route: str) -> None:
    assert await visit(client, route, Visitor("nobody")) in (200, 307, 404, 422)


async def test_a_key_of_one_office_does_not_see_the_other(target: Target, client: httpx.AsyncClient) -> None:
    made = await client.post(
        "/api/v1/applications", json=NEW | {"reference": "O/1"}, headers={"Authorization": f"Bearer {target.key}"}
    )
    number = made.json()["number"]
    async with target.runtime.database.session() as session:
        other = await keys.make(register_of(target.runtime, session), "kudus", "kudus")
    visitor = Visitor("api key", {"Authorization": f"Bearer {other}"})
    for route in sorted(route for route in BY_SECRET if "{number}" in route):
        body_is_wrong = route.endswith("/events")  # 422 comes before the question whose it is
        assert await visit(client, route, visitor, number) in ((404, 422) if body_is_wrong else (404,))
    moved = await client.post(
        f"/api/v1/applications/{number}/events", json={"stage": "verifikasi"}, headers=visitor.headers
    )
    assert moved.status_code == 404
    listed = (await client.get("/api/v1/applications", headers=visitor.headers)).json()
    assert listed["applications"] == []
    created = await client.post("/api/v1/applications", json=NEW | {"reference": "O/2"}, headers=visitor.headers)
    assert created.status_code == 403


@pytest.mark.parametrize("elsewhere", ["https://jahat.example", "//jahat.example"])
async def test_no_address_sends_people_elsewhere(
    target: Target, client: httpx.AsyncClient, visitors: list[Visitor], elsewhere: str
) -> None:
    query = dict.fromkeys(("to", "next", "url", "redirect", "return_to", "continue"), elsewhere)
    for route in sorted(route for route in addresses(target.app) if route.startswith("GET ")):
        path = "/".join("1" if part[:1] == "{" else part for part in route.split(" ")[1].split("/"))
        for visitor in (visitors[0], visitors[-1]) if "sign-in" in path else (visitors[-1],):
            async with client.stream("GET", path, params=query, headers=visitor.headers) as answer:
                leads = answer.headers.get("location", "") + answer.headers.get("hx-redirect", "")
                assert not leads or (leads.startswith("/") and leads[1:2] not in ("/", "\\")), (route, leads)


async def test_every_answer_carries_safe_headers(target: Target, client: httpx.AsyncClient) -> None:
    for route in sorted(addresses(target.app)):
        method, path = route.split(" ")
        path = "/".join("1" if part[:1] == "{" else part for part in path.split("/"))
        async with client.stream(method, path) as answer:
            assert answer.headers["x-content-type-options"] == "nosniff", route
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], route
            assert "unsafe" not in answer.headers["content-security-policy"], route
            assert "referrer-policy" in answer.headers, route
            assert "server" not in answer.headers or "uvicorn" in answer.headers["server"]  # serve() sends none
