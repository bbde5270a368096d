"""The office's system tells a tracking id later: signed, once, and never for somebody else's report."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import select, text

from bot.complaints.api import routes
from bot.complaints.connector import signature
from bot.complaints.models import Complaint, ComplaintDelivery
from bot.conversations.models import Outgoing
from bot.conversations.runtime import Runtime
from bot.dialogue.client import Engine
from bot.settings import ConnectorSettings, Settings
from bot.storage.database import Database
from bot.storage.events import Events
from bot.tasks import make_jobs
from tests.complaints.test_connector import make_report

SECRET = "rahasia-bersama-kantor"


@pytest.fixture
async def client(database: Database, database_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    target = ConnectorSettings(url="http://127.0.0.1:1/laporan", secret=SecretStr(SECRET))
    settings = Settings(_env_file=None, data_dir=tmp_path, complaint_connectors={"magetan": target})
    jobs = make_jobs(database_url, pool_size=2)
    app = FastAPI()
    app.include_router(routes)
    async with jobs.open_async():
        app.state.runtime = Runtime(settings, database, jobs, Engine("http://127.0.0.1:1", ""), Events(database_url))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pandu.test") as client:
            yield client


async def tell(
    client: httpx.AsyncClient, report: int, tracking: str = "1916449", *, secret: str = SECRET, age: int = 0
) -> httpx.Response:
    body = json.dumps({"tracking_id": tracking}).encode()
    timestamp = str(int(datetime.now(UTC).timestamp()) - age)
    headers = {"X-Pandu-Timestamp": timestamp, "X-Pandu-Signature": signature(secret, timestamp, body)}
    headers["Content-Type"] = "application/json"
    return await client.post(f"/api/v1/complaints/kunci-{report}/tracking", content=body, headers=headers)


async def state(database: Database, report: int) -> tuple[str, str | None, str, int]:
    async with database.session() as session:
        row = await session.get_one(Complaint, report)
        delivery = (await session.scalars(select(ComplaintDelivery))).one()
        told = len((await session.scalars(select(Outgoing))).all())
    return row.status, row.tracking_id, delivery.status, told


@pytest.mark.parametrize("status", ["received", "sending"])
async def test_a_later_number_counts_and_is_told_once(
    client: httpx.AsyncClient, database: Database, status: str
) -> None:
    report = await make_report(database, status=status)
    answer = await tell(client, report)
    assert (answer.status_code, answer.json()) == (200, {"tracking_id": "1916449", "status": "submitted"})
    assert (await tell(client, report)).status_code == 200
    assert await state(database, report) == ("submitted", "1916449", "sent", 1)
    assert (await tell(client, report, "2222222")).status_code == 409
    assert await state(database, report) == ("submitted", "1916449", "sent", 1)


async def test_who_wants_no_news_is_not_told_by_the_offices_system(
    client: httpx.AsyncClient, database: Database
) -> None:
    report = await make_report(database)
    async with database.session() as session:
        await session.execute(text("update conversations set no_news = 'asked'"))
    assert (await tell(client, report)).status_code == 200
    assert await state(database, report) == ("submitted", "1916449", "sent", 0)


async def test_what_is_refused_changes_nothing(client: httpx.AsyncClient, database: Database) -> None:
    report = await make_report(database)
    assert (await tell(client, report, secret="rahasia-yang-lain")).status_code == 401
    assert (await tell(client, report, age=301)).status_code == 401
    assert (await tell(client, report, age=-301)).status_code == 401
    assert (await tell(client, report + 1)).status_code == 404
    for wrong in ("12", "0123456", "abc", "12345678901", ""):
        assert (await tell(client, report, wrong)).status_code == 422
    assert (await client.post(f"/api/v1/complaints/kunci-{report}/tracking", json={})).status_code == 422
    assert await state(database, report) == ("sending", None, "pending", 0)


async def test_an_office_without_a_connector_has_no_say(client: httpx.AsyncClient, database: Database) -> None:
    report = await make_report(database, office="kudus")
    assert (await tell(client, report)).status_code == 404


async def test_a_number_of_another_report(client: httpx.AsyncClient, database: Database) -> None:
    report = await make_report(database)
    async with database.session() as session:
        first = await session.get_one(Complaint, report)
        other = Complaint(
            conversation_id=first.conversation_id,
            status="submitted",
            step="",
            title="Lain",
            body="Lain",
            confirmed_at=datetime.now(UTC),
            tracking_id="1916449",
        )
        session.add(other)
    assert (await tell(client, report)).status_code == 409
    assert (await state(database, report))[:2] == ("sending", None)
