"""The connector against a server that keeps our contract, and fails in every way a server can."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr, ValidationError
from sqlalchemy import select, text

from bot.complaints import connector, office
from bot.complaints.connector import deliver_due, signature
from bot.complaints.models import Complaint, ComplaintDelivery, ComplaintFile
from bot.conversations.models import Conversation, Incoming, Outgoing
from bot.conversations.runtime import Runtime
from bot.dialogue.client import Engine
from bot.settings import ConnectorSettings, Settings
from bot.storage.database import Database
from bot.storage.events import Events
from bot.tasks import make_jobs

SECRET = "rahasia-bersama-kantor"
NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class OfficeServer:
    """Keeps each report once by its key, checks the signature, answers as told."""

    url: str = ""
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        key = request.headers["Idempotency-Key"]
        self.calls.append(key)
        expected = signature(SECRET, request.headers["X-Pandu-Timestamp"], body)
        if request.headers["X-Pandu-Signature"] != expected:
            return web.json_response({"error": "signature"}, status=401)
        if self.answers:
            return await self.answers.pop(0)(request)
        if key in self.reports:
            return web.json_response({"receipt": f"R-{key[:4]}"}, status=409)
        self.reports[key] = json.loads(body)
        return web.json_response({"receipt": f"R-{key[:4]}"}, status=201)


def answer(status: int, body: str = "", **headers: str) -> Answer:
    async def give(_: web.Request) -> web.StreamResponse:
        return web.Response(
            status=status, text=body, headers={key.replace("_", "-"): one for key, one in headers.items()}
        )

    return give


@pytest.fixture
async def server() -> AsyncIterator[OfficeServer]:
    found = OfficeServer()
    app = web.Application()
    app.router.add_post("/laporan", found.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/laporan"
    yield found
    await runner.cleanup()


@pytest.fixture
async def runtime(
    database: Database, database_url: str, server: OfficeServer, tmp_path: Path
) -> AsyncIterator[Runtime]:
    target = ConnectorSettings(url=server.url, secret=SecretStr(SECRET))
    settings = Settings(_env_file=None, data_dir=tmp_path, complaint_connectors={"magetan": target})
    settings.files_dir.mkdir(parents=True)
    jobs = make_jobs(database_url, pool_size=2)
    async with jobs.open_async():
        yield Runtime(settings, database, jobs, Engine("http://127.0.0.1:1", ""), Events(database_url))


@pytest.fixture
async def report(database: Database) -> int:
    return await make_report(database)


async def make_report(database: Database, **changed: Any) -> int:
    async with database.session() as session:
        await session.execute(text("truncate conversations, procrastinate_jobs cascade"))
        conversation = Conversation(channel="simulator", address="siti")
        session.add(conversation)
        await session.flush()
        values: dict[str, Any] = {
            "conversation_id": conversation.id,
            "status": "sending",
            "step": "",
            "answers": {"kind": "pengaduan", "visibility": "nama", "name": "Siti", "contact": "siti@contoh.id"},
            "title": "Izin belum selesai",
            "body": "Saya sudah menunggu.",
            "office": "magetan",
            "recipient": "lapor",
            "confirmed_at": NOW,
        }
        row = Complaint(**{**values, **changed})
        session.add(row)
        await session.flush()
        session.add(ComplaintDelivery(complaint_id=row.id, key=f"kunci-{row.id}", next_at=NOW))
        return row.id


@asynccontextmanager
async def looked(database: Database, report: int) -> AsyncIterator[tuple[Complaint, ComplaintDelivery, list[str]]]:
    async with database.session() as session:
        row = await session.get(Complaint, report)
        query = select(ComplaintDelivery).where(ComplaintDelivery.complaint_id == report)
        told = (await session.execute(select(Outgoing.text).order_by(Outgoing.id))).scalars().all()
        assert row is not None
        yield row, (await session.execute(query)).scalar_one(), list(told)


async def test_a_report_arrives_signed_and_once(runtime: Runtime, server: OfficeServer, report: int) -> None:
    assert await deliver_due(runtime, NOW) == 1
    assert await deliver_due(runtime, NOW + timedelta(days=1)) == 0
    (sent,) = server.reports.values()
    assert sent["title"] == "Izin belum selesai" and sent["office"]["id"] == "magetan"
    assert sent["reporter"] == {"name": "Siti", "contact": "siti@contoh.id"}
    async with looked(runtime.database, report) as (row, delivery, told):
        assert (row.status, delivery.status) == ("received", "sent")
        assert delivery.receipt.startswith("R-") and row.tracking_id is None
        assert len(told) == 1 and "Tracking ID LAPOR! belum ada" in told[0]


async def test_anonymous_means_without_name(runtime: Runtime, server: OfficeServer, database: Database) -> None:
    await make_report(database, answers={"visibility": "anonim", "name": "Siti", "contact": "0812"})
    await deliver_due(runtime, NOW)
    (sent,) = server.reports.values()
    assert sent["reporter"] is None and sent["anonymous"] is True
    assert "Siti" not in json.dumps(sent) and "0812" not in json.dumps(sent)


async def test_attachments_go_along(runtime: Runtime, server: OfficeServer, report: int) -> None:
    (runtime.settings.files_dir / "complaint-1.pdf").write_bytes(b"%PDF-1.4 isi")
    async with runtime.database.session() as session:
        conversation = (await session.execute(select(Conversation.id))).scalar_one()
        message = Incoming(conversation_id=conversation, channel="simulator", provider_id="p", kind="document")
        session.add(message)
        await session.flush()
        session.add(
            ComplaintFile(
                complaint_id=report, message_id=message.id, filename="rahasia budi.pdf", path="complaint-1.pdf", size=12
            )
        )
    await deliver_due(runtime, NOW)
    (sent,) = server.reports.values()
    (one,) = sent["attachments"]
    assert base64.b64decode(one["base64"]) == b"%PDF-1.4 isi" and one["filename"] == "lampiran-1.pdf"


async def test_a_tracking_id_in_the_answer_is_told(runtime: Runtime, server: OfficeServer, report: int) -> None:
    server.answers = [answer(200, '{"receipt": "R-1", "tracking_id": "1916449"}')]
    await deliver_due(runtime, NOW)
    async with looked(runtime.database, report) as (row, _, told):
        assert (row.status, row.tracking_id, row.submitted_by) == ("submitted", "1916449", "connector")
        assert "1916449" in told[0]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 415, 422, 301, 302, 307])
async def test_refused_for_good_is_a_dead_letter(
    runtime: Runtime, server: OfficeServer, report: int, status: int
) -> None:
    server.answers = [answer(status, Location=server.url)]
    await deliver_due(runtime, NOW)
    async with looked(runtime.database, report) as (row, delivery, told):
        assert (row.status, delivery.status, delivery.error) == ("sending", "dead", str(status))
        assert "belum berhasil" in told[0]
    assert len(server.calls) == 1, "a redirect is not followed"


async def hang_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def stall(request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    return web.Response()


async def flood(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(20):
        await response.write(b"x" * 10_000)
    return response


@pytest.mark.parametrize(
    "failing",
    [
        answer(500),
        answer(502),
        answer(503),
        answer(408),
        answer(429),
        answer(200, "<html>masuk</html>"),
        answer(200, "[]"),
        answer(200, '{"receipt": 7}'),
        answer(200, '{"receipt": "  "}'),
        answer(201),
        hang_up,
        stall,
        flood,
    ],
)
async def test_what_may_pass_is_tried_again_with_the_same_key(
    runtime: Runtime, server: OfficeServer, report: int, failing: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connector, "TIMEOUT", 0.5)
    server.answers = [failing]
    await deliver_due(runtime, NOW)
    async with looked(runtime.database, report) as (row, delivery, told):
        assert (row.status, delivery.status, delivery.attempts, told) == ("sending", "pending", 1, [])
        assert delivery.error and delivery.next_at == NOW + timedelta(minutes=1)
    assert await deliver_due(runtime, NOW + timedelta(seconds=30)) == 0
    await deliver_due(runtime, NOW + timedelta(minutes=2))
    assert len(set(server.calls)) == 1 and len(server.reports) == 1


async def test_an_answer_lost_on_the_way_counts_once(runtime: Runtime, server: OfficeServer, report: int) -> None:
    async def take_and_hang_up(request: web.Request) -> web.StreamResponse:
        server.reports[request.headers["Idempotency-Key"]] = json.loads(await request.read())
        return await hang_up(request)

    server.answers = [take_and_hang_up]
    await deliver_due(runtime, NOW)
    await deliver_due(runtime, NOW + timedelta(minutes=2))
    async with looked(runtime.database, report) as (_, delivery, _told):
        assert delivery.status == "sent", "409: taken before"
    assert len(server.reports) == 1


async def test_the_wait_that_is_asked_for_is_kept(runtime: Runtime, server: OfficeServer, report: int) -> None:
    server.answers = [answer(503, Retry_After="7200")]
    await deliver_due(runtime, NOW)
    async with looked(runtime.database, report) as (_, delivery, _told):
        assert delivery.next_at == NOW + timedelta(hours=2)


async def test_nobody_at_home_ends_in_the_dead_letter_list(runtime: Runtime, database: Database, report: int) -> None:
    gone = ConnectorSettings(url="http://127.0.0.1:9/laporan", secret=SecretStr(SECRET))
    runtime.settings.complaint_connectors["magetan"] = gone
    moment = NOW
    for _ in range(connector.ATTEMPTS):
        await deliver_due(runtime, moment)
        moment += timedelta(hours=7)
    async with looked(database, report) as (_, delivery, told):
        assert (delivery.status, delivery.attempts, delivery.error) == ("dead", connector.ATTEMPTS, "ConnectError")
        assert len(told) == 1, "told once, at the end"


async def test_a_dead_letter_is_tried_again_by_an_officer(
    runtime: Runtime, server: OfficeServer, database: Database, report: int
) -> None:
    server.answers = [answer(422)]
    await deliver_due(runtime, NOW)
    async with database.session() as session:
        assert await office.retry(session, report, NOW)
        assert not await office.retry(session, report, NOW)
    await deliver_due(runtime, NOW)
    assert len(set(server.calls)) == 1 and len(server.reports) == 1


async def test_two_workers_send_once(runtime: Runtime, server: OfficeServer, report: int) -> None:
    assert sum(await asyncio.gather(deliver_due(runtime, NOW), deliver_due(runtime, NOW))) == 1
    assert len(server.calls) == 1


async def test_without_a_connector_nothing_leaves(runtime: Runtime, server: OfficeServer, report: int) -> None:
    runtime.settings.complaint_connectors.clear()
    await deliver_due(runtime, NOW)
    async with looked(runtime.database, report) as (_, delivery, _told):
        assert delivery.status == "dead"
    assert server.calls == []


@pytest.mark.parametrize(
    ("url", "secret"),
    [("http://kantor.example.go.id/l", SECRET), ("ftp://x", SECRET), ("https://kantor.example.go.id/l", "pendek")],
)
def test_only_https_and_a_real_secret(url: str, secret: str) -> None:
    with pytest.raises(ValidationError):
        ConnectorSettings(url=url, secret=SecretStr(secret))


def test_the_secret_is_not_shown() -> None:
    target = ConnectorSettings(url="https://kantor.example.go.id/l", secret=SecretStr(SECRET))
    assert SECRET not in repr(target) and SECRET not in str(target)
