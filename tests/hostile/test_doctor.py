"""`pandu doctor` sees refusals, a role that may do too much, what the internet reaches, and open files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot import refusals
from bot.commands.work import doctor_safety
from bot.finding import Check, Finding
from bot.refusals import Alarm
from bot.settings import Settings
from bot.storage.roles import make_roles
from bot.storage.urls import urls_of
from tests.helpers.databases import fresh_database
from tests.hostile.conftest import Target


def settings(folder: Path, **more: object) -> Settings:
    return Settings(_env_file=None, data_dir=folder, **more)  # type: ignore[arg-type, call-arg]


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=10) as client:
        yield client


async def test_refusals_of_the_running_server(
    target: Target, tmp_path: Path, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "alarm", Alarm(limit=2))
    port = int(target.url.rsplit(":", 1)[1])
    for expected in ("ok", "wrong"):
        await client.post(f"{target.url}/webhooks/whatsapp", data={"a": "b"}, headers={"X-Twilio-Signature": "x"})
        found = await doctor_safety.refusals(settings(tmp_path, port=port), client)
        assert found.verdict == expected
        assert "whatsapp: wrong signature" in found.found or expected == "ok"
    assert "PANDU_TWILIO_AUTH_TOKEN" in found.advice
    gone = await doctor_safety.refusals(settings(tmp_path, port=9), client)
    assert gone.verdict == "note"


async def test_the_role_in_a_configured_database(database_url: str, tmp_path: Path, client: httpx.AsyncClient) -> None:
    urls = urls_of(await fresh_database(database_url, "doctored"))
    await make_roles(urls.owner, passwords=False)
    verdicts = {}
    for url in (urls.owner, urls.app, "postgresql://localhost:9/none", ""):
        verdicts[url] = await doctor_safety.role(settings(tmp_path, database_url=url), client)
    assert [found.verdict for found in verdicts.values()] == ["note", "ok", "note", "ok"]
    assert "superuser" in verdicts[urls.owner].found and "pandu database roles" in verdicts[urls.owner].advice
    assert "pandu_app" in verdicts[urls.app].found


async def test_what_the_internet_reaches(target: Target, tmp_path: Path, client: httpx.AsyncClient) -> None:
    async def seen(**more: object) -> Finding:
        return await doctor_safety.exposure(settings(tmp_path, **more), client)

    assert (await seen()).verdict == "ok"
    simulated = await seen(public_url=target.url, simulator="on")
    assert (simulated.verdict, "simulator" in simulated.found) == ("wrong", True)
    assert "/metrics" in (await seen(public_url=target.url, simulator="off")).found
    assert (await seen(public_url="http://127.0.0.1:9", simulator="off")).verdict == "ok"
    assert "0.0.0.0" in (await seen(host="0.0.0.0")).found


async def test_files_that_other_users_can_open(
    tmp_path: Path, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    check: Check = doctor_safety.files
    data = tmp_path / "data"
    for folder in (data, data / "secrets"):
        folder.mkdir()
        folder.chmod(0o755)
    assert "secrets" in (await check(settings(data), client)).found
    (data / "secrets").chmod(0o700)
    assert (await check(settings(data), client)).verdict == "ok"
    (tmp_path / ".env").write_text("PANDU_TELEGRAM_TOKEN=x\n")
    (tmp_path / ".env").chmod(0o644)
    assert (await check(settings(data), client)).advice == "chmod o= .env"
    (tmp_path / ".env").chmod(0o600)
    assert (await check(settings(data), client)).verdict == "ok"
