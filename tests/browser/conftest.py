"""One Chromium for all browser tests, a fresh profile for each; `pandu_url` is the running system."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.gateway import Gateway
from tests.browser.phone import Phone


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
