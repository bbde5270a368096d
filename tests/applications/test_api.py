"""`/api/v1/applications` through the real web application, on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from bot.app import build_runtime, create_app
from bot.applications import keys
from bot.applications.posting import register_of
from bot.applications.service import Register
from bot.knowledge.load import get_knowledge
from bot.settings import Settings
from bot.storage.database import Database

NEW: dict[str, Any] = {
    "service": "magetan-perluasan",
    "reference": "A/1",
    "phones": ["0812-3456-7890"],
    "applicant": "Budi",
}


@dataclass
class Office:
    """A client with a key, as the office's own system would be."""

    client: httpx.AsyncClient
    key: str

    async def ask(
        self, method: str, path: str = "", body: Any = None, once: str = "", key: str | None = None
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.key if key is None else key}"}
        headers |= {"Idempotency-Key": once} if once else {}
        return await self.client.request(method, f"/api/v1/applications{path}", json=body, headers=headers)


@pytest.fixture
async def office(database: Database, database_url: str, tmp_path: Any) -> AsyncIterator[Office]:
    settings = Settings(_env_file=None, data_dir=tmp_path, simulator="on")  # type: ignore[call-arg]
    runtime = build_runtime(settings, database_url, "http://127.0.0.1:1", "t")
    async with database.session() as session:
        await session.execute(text("set local pandu.erasing = 'on'"))
        await session.execute(text("truncate applications, api_keys, api_requests cascade"))
        key = await keys.make(register_of(runtime, session), "sistem-kantor")
    app = create_app(settings, runtime)
    transport = httpx.ASGITransport(app)
    async with runtime.jobs.open_async(), httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        yield Office(client, key)
    await runtime.database.close()


async def test_an_application_is_made_moved_and_read(office: Office) -> None:
    made = await office.ask("POST", "", NEW)
    assert made.status_code == 201, made.text
    number = made.json()["number"]
    assert (made.json()["stage"], made.json()["next"]) == ("pengisian", ["pemeriksaan"])
    moved = await office.ask("POST", f"/{number}/events", {"stage": "pemeriksaan", "expected": "pengisian"})
    assert moved.status_code == 201 and moved.json()["waits_for"] == "Dinas Perindustrian"
    read = (await office.ask("GET", f"/{number}")).json()
    assert [one["actor"] for one in read["events"]] == ["api:sistem-kantor"] * 2
    listed = (await office.ask("GET", "?reference=A/1")).json()
    assert [one["number"] for one in listed["applications"]] == [number] and listed["after"] is None
    claim = await office.ask("POST", f"/{number}/claim-code")
    assert claim.status_code == 201 and claim.json()["code"].startswith("KLAIM-")


async def test_the_same_idempotency_key_changes_nothing_twice(office: Office) -> None:
    first = await office.ask("POST", "", NEW, once="k-1")
    again = await office.ask("POST", "", NEW, once="k-1")
    assert again.json() == first.json() and again.headers["Idempotency-Replayed"] == "true"
    other = await office.ask("POST", "", NEW | {"reference": "A/2"}, once="k-1")
    assert other.status_code == 422
    both = await asyncio.gather(*(office.ask("POST", "", NEW | {"reference": "A/3"}, once="k-2") for _ in range(2)))
    assert both[0].json()["number"] == both[1].json()["number"]


async def test_two_at_once_one_wins(office: Office) -> None:
    number = (await office.ask("POST", "", NEW)).json()["number"]
    move = {"stage": "pemeriksaan", "expected": "pengisian"}
    answers = await asyncio.gather(*(office.ask("POST", f"/{number}/events", move) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
    assert "api:sistem-kantor has moved" in next(one for one in answers if one.status_code == 409).json()["detail"]


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (NEW | {"service": "siup"}, 404, "is no service"),
        (NEW | {"phones": ["12"]}, 422, "telephone"),
        (NEW | {"received_on": "2999-01-01"}, 422, "future"),
        (NEW | {"umur": 3}, 422, "umur"),
        (NEW | {"reference": ""}, 422, "reference"),
        ({}, 422, "service"),
    ],
)
async def test_wrong_requests_are_explained(office: Office, body: Any, status: int, word: str) -> None:
    answer = await office.ask("POST", "", body)
    assert (answer.status_code, word in answer.text) == (status, True)
    assert (await office.ask("GET")).json()["applications"] == []


async def test_references_numbers_and_ways_that_do_not_exist(office: Office) -> None:
    number = (await office.ask("POST", "", NEW)).json()["number"]
    assert (await office.ask("POST", "", NEW)).status_code == 409
    assert (await office.ask("GET", "/PDU-2222-2222")).status_code == 404
    assert (await office.ask("POST", f"/{number}/events", {"stage": "terbit"})).status_code == 422
    assert (await office.ask("POST", f"/{number}/events", {"stage": "terbit", "correction": True})).status_code == 422
    corrected = {"stage": "terbit", "correction": True, "reason": "salah catat"}
    assert (await office.ask("POST", f"/{number}/events", corrected)).json()["events"][-1]["kind"] == "correction"


@pytest.mark.parametrize("key", ["", "pdk_falsch", "x" * 500])
async def test_without_a_key_nothing(office: Office, key: str) -> None:
    assert (await office.ask("GET", key=key)).status_code == 401
    assert (await office.ask("POST", "", NEW, key=key)).status_code == 401


async def test_a_key_of_one_office_sees_only_that_office(office: Office, database: Database) -> None:
    number = (await office.ask("POST", "", NEW)).json()["number"]
    async with database.session() as session:
        register = Register(session, get_knowledge())
        kudus = await keys.make(register, "kudus", "kudus")
    assert (await office.ask("GET", f"/{number}", key=kudus)).status_code == 404
    assert (await office.ask("GET", key=kudus)).json()["applications"] == []
    assert (await office.ask("POST", "", NEW | {"reference": "B"}, key=kudus)).status_code == 403
    async with database.session() as session:
        assert kudus not in str((await session.execute(text("select * from api_keys"))).all())
        await keys.revoke(Register(session, get_knowledge()), "kudus")
    assert (await office.ask("GET", key=kudus)).status_code == 401


async def test_it_describes_itself(office: Office) -> None:
    described = (await office.client.get("/openapi.json")).json()
    assert "/api/v1/applications/{number}/events" in described["paths"]
    assert "API key" in described["components"]["securitySchemes"]
