"""One Chromium for all browser tests, a fresh profile for each; `pandu_url` is the running system.

`office` and `url` are an invented front office without an engine, `sari` the window of one of its officers.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.gateway import Gateway
from tests.browser.listening import listening
from tests.browser.phone import Phone
from tests.browser.window import Window, window
from tests.browser.window import context as new_context
from tests.helpers.databases import fresh_database
from tests.helpers.front_office import PASSWORD
from tests.helpers.open_office import Office, open_office


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    expect.set_options(timeout=30_000)  # milliseconds; the machine may be busy with other tests
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
        yield browser
        await browser.close()


@pytest.fixture
async def context(chromium: Browser) -> AsyncIterator[BrowserContext]:
    context = await chromium.new_context(
        viewport={"width": 1366, "height": 768}, locale="id-ID", timezone_id="Asia/Jakarta"
    )
    yield context
    await context.close()


@pytest.fixture
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """A page on which any script error or refusal by the content policy fails the test."""
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    assert faults == []


@pytest.fixture
def conversation() -> str:
    return f"uji-{secrets.token_hex(6)}"


@pytest.fixture
async def phone(page: Page, pandu_url: str, conversation: str) -> Phone:
    """The simulator, open on an empty conversation, dressed as Telegram."""
    phone = Phone(page, pandu_url)
    await phone.open(conversation)
    return phone


@pytest.fixture
async def gateway(pandu_url: str) -> AsyncIterator[Gateway]:
    gateway = Gateway(pandu_url)
    await gateway.open()
    yield gateway
    await gateway.close()


@pytest.fixture(scope="package")
async def served(database_url: str, test_folder: Path) -> AsyncIterator[tuple[Office, str]]:
    """The office and its address. Only here: its knowledge is the process's, and would be renewed under other tests."""
    url = await fresh_database(database_url, "front_office_in_a_browser")
    async with open_office(url, test_folder / "front-office") as office, listening(office) as address:
        yield office, address


@pytest.fixture
def office(served: tuple[Office, str]) -> Office:
    return served[0]


@pytest.fixture
def url(served: tuple[Office, str]) -> str:
    return served[1]


@pytest.fixture(scope="package")
async def cookies(chromium: Browser, served: tuple[Office, str]) -> dict[str, list[Any]]:
    """Of officers who have signed in: what their browsers keep."""
    kept: dict[str, list[Any]] = {}
    for username in ("sari", "agus"):
        opened = await new_context(chromium)
        await (await window(opened, served[1])).sign_in(username, PASSWORD)
        kept[username] = list(await opened.cookies())
        await opened.close()
    return kept


@pytest.fixture
async def sari(context: BrowserContext, url: str, cookies: dict[str, list[Any]]) -> AsyncIterator[Window]:
    """The window of an officer who has signed in."""
    await context.add_cookies(cookies["sari"])
    sari = await window(context, url)
    await sari.page.goto(f"{url}/console/inbox")
    yield sari
    assert sari.faults == []
