"""`pandu chat` and `pandu doctor` against a small server with the contracts of simulator, Telegram and Twilio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.commands.work.chat import chat
from bot.commands.work.doctor import examine, run
from bot.finding import Finding
from bot.processes.checks import free_port
from bot.settings import Settings


class Site:
    """One local server: `routes` maps "METHOD path" to an answer (status, body); `calls` holds what came."""

    def __init__(self) -> None:
        self.routes: dict[str, tuple[int, Any]] = {}
        self.calls: list[tuple[str, Any]] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        key = f"{request.method} {request.path}"
        self.calls.append((key, await request.json() if request.can_read_body else None))
        status, body = self.routes.get(key, (404, {}))
        return web.json_response(body, status=status)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield site
    await runner.cleanup()


def typed(*lines: str) -> Any:
    """Someone who types these lines and then closes the terminal."""
    rest = iter(lines)

    def read() -> str:
        try:
            return next(rest)
        except StopIteration:
            raise EOFError from None

    return read


async def test_a_number_chooses_the_button(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    buttons = [{"title": "Kudus", "payload": "/inform"}, {"title": "Magetan", "payload": '/inform{"office":"magetan"}'}]
    site.routes = {
        "GET /health/live": (200, {}),
        "GET /api/simulator/terminal-probe/messages": (200, {"messages": []}),
        "POST /api/simulator/siti/messages": (
            200,
            {"replies": [{"text": "Di daerah mana?", "buttons": buttons, "sources": []}], "owner": "queue"},
        ),
    }
    assert await asyncio.to_thread(chat, site.url, "siti", typed("syaratnya?", "2", "3", "", "/keluar", "x")) == 0
    sent = [body for call, body in site.calls if call.startswith("POST")]
    assert sent == [{"text": "syaratnya?"}, {"payload": '/inform{"office":"magetan"}'}, {"text": "3"}]
    shown = capsys.readouterr().out
    assert "Di daerah mana?" in shown
    assert "  2. Magetan" in shown
    assert "menunggu petugas" in shown


async def test_without_a_server_it_says_what_to_type(capsys: pytest.CaptureFixture[str]) -> None:
    assert await asyncio.to_thread(chat, f"http://127.0.0.1:{free_port()}", "siti", typed()) == 1
    assert "make run" in capsys.readouterr().err


async def test_without_the_simulator_it_says_what_to_set(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.routes = {"GET /health/live": (200, {})}
    assert await asyncio.to_thread(chat, site.url, "siti", typed()) == 1
    assert "PANDU_SIMULATOR=on" in capsys.readouterr().err


def configured(folder: Path, url: str, **more: Any) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=folder,
        port=int(url.rsplit(":", 1)[1]),
        telegram_token=SecretStr("123456:secret-token-of-the-bot"),
        telegram_api_url=url,
        twilio_account_sid="AC1",
        twilio_auth_token=SecretStr("x"),
        twilio_api_url=url,
        whatsapp_sender="whatsapp:+14155238886",
        **more,
    )


def by_subject(findings: Any) -> dict[str, Finding]:
    return {finding.subject: finding for finding in findings}


async def test_the_doctor_finds_all_well(site: Site, tmp_path: Path, database_url: str) -> None:
    bot = "/bot123456:secret-token-of-the-bot"
    site.routes = {
        "GET /health/ready": (200, {"status": "ok"}),
        f"GET {bot}/getMe": (200, {"ok": True, "result": {"username": "pandu_bot"}}),
        f"GET {bot}/getWebhookInfo": (200, {"ok": True, "result": {"url": "", "pending_update_count": 3}}),
        "GET /2010-04-01/Accounts/AC1.json": (200, {"status": "active"}),
        "GET /webhooks/pandu/": (200, {"status": "ok"}),
    }
    settings = configured(
        tmp_path, site.url, database_url=database_url, engine_url=site.url, engine_token=SecretStr("t")
    )
    found = by_subject(await examine(settings))
    assert {name for name, finding in found.items() if finding.verdict == "wrong"} == {"whatsapp"}
    assert "PANDU_PUBLIC_URL" in found["whatsapp"].advice
    assert found["telegram"].found == "@pandu_bot, polling, 3 waiting"
    assert found["database"].verdict == "ok"


async def test_the_doctor_says_what_to_do(site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site.routes = {
        "GET /health/ready": (503, {"status": "unavailable", "database": True, "engine": False, "worker": True}),
        "GET /bot123456:secret-token-of-the-bot/getMe": (401, {"ok": False, "description": "Unauthorized"}),
    }
    settings = configured(tmp_path, site.url, public_url=site.url)
    found = by_subject(await examine(settings))
    assert found["server"].found == "runs, but not ready: engine"
    assert "@BotFather" in found["telegram"].advice
    assert "refuses them (404)" in found["whatsapp"].found
    assert found["database"].found == "the embedded server does not run"
    assert "https://" in found["address"].advice
    assert await asyncio.to_thread(run, settings) == 1
    printed = capsys.readouterr().out
    assert "WRONG  telegram" in printed
    assert "secret-token" not in printed
