"""The console as an installed app: what a browser is told, and what its worker may keep."""

from __future__ import annotations

import io
import json
import re

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image

from bot.console.desk import FLASH, Desk
from bot.web.assets import SHARED
from tests.console.conftest import SignedIn


async def test_the_manifest_says_what_is_installed(nobody: httpx.AsyncClient) -> None:
    answer = await nobody.get("/console/app.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    found = answer.json()
    assert (found["start_url"], found["scope"], found["display"]) == ("/console/inbox", "/console", "standalone")
    assert found["lang"] == "id" and found["name"] == "Pandu – meja petugas"
    purposes = set()
    for icon in found["icons"]:
        picture = await nobody.get(icon["src"])
        assert picture.headers["content-type"] == icon["type"] == "image/png"
        width, height = Image.open(io.BytesIO(picture.content)).size
        assert f"{width}x{height}" == icon["sizes"]
        purposes.add(icon["purpose"])
    assert purposes == {"any", "maskable"}


async def test_pages_lead_to_the_manifest_in_light_and_dark(signed_in: SignedIn, nobody: httpx.AsyncClient) -> None:
    style = (SHARED / "base.css").read_text()
    papers = re.findall(r"--paper: (#[0-9a-f]{6})", style)
    for page in (
        (await nobody.get("/console/sign-in")).text,
        (await (await signed_in("officer")).get("/console/inbox")).text,
    ):
        assert '<link rel="manifest" href="/console/app.webmanifest">' in page
        assert re.findall(r'name="theme-color" content="(#[0-9a-f]{6})"', page) == papers


async def _kept(client: httpx.AsyncClient) -> list[str]:
    """The addresses that the worker keeps."""
    code = (await client.get("/console/service-worker.js")).text
    files = json.loads(re.search(r"const FILES = (\[.*?\]);", code)[1])  # type: ignore[index]
    page = json.loads(re.search(r'const OFFLINE = (".*?");', code)[1])  # type: ignore[index]
    return [*files, page]


async def test_the_worker_is_asked_for_each_time_and_sees_the_whole_console(nobody: httpx.AsyncClient) -> None:
    answer = await nobody.get("/console/service-worker.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["service-worker-allowed"] == "/console"
    assert answer.headers["cache-control"] == "no-cache"
    assert "default-src 'self'" in answer.headers["content-security-policy"]


async def test_the_worker_keeps_only_what_is_the_same_for_everybody(
    signed_in: SignedIn, nobody: httpx.AsyncClient
) -> None:
    officer = await signed_in("supervisor")
    kept = await _kept(officer)
    assert kept == await _kept(nobody) and len(kept) > 8
    for address in kept:
        assert re.fullmatch(r"/console/static/[\w.-]+\?v=[0-9a-f]{16}|/console/offline", address), address
        mine, theirs = await officer.get(address), await nobody.get(address)
        assert mine.status_code == 200 and mine.content == theirs.content, address
        assert officer.officer.name not in mine.text  # type: ignore[attr-defined]


async def test_a_release_renews_the_worker(
    app: FastAPI, nobody: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (await nobody.get("/console/service-worker.js")).text
    assert (await nobody.get("/console/service-worker.js")).text == before
    desk: Desk = app.state.desk
    changed = [*desk.assets.urls()[:-1], "/console/static/console.css?v=0123456789abcdef"]
    monkeypatch.setattr(type(desk.assets), "urls", lambda _: changed)
    after = (await nobody.get("/console/service-worker.js")).text
    version = [re.search(r"pandu-[0-9a-f]{16}", code)[0] for code in (before, after)]  # type: ignore[index]
    assert version[0] != version[1]


async def test_the_page_without_a_line_shows_nobody_and_takes_no_message(nobody: httpx.AsyncClient) -> None:
    nobody.cookies.set(FLASH, "Percakapan%20diambil", path="/console")
    page = await nobody.get("/console/offline")
    assert "Tidak tersambung" in page.text and "Percakapan diambil" not in page.text
    assert 'lang="id"' in page.text and "set-cookie" not in page.headers
