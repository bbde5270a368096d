"""The console on a laptop: what has to be seen is seen without scrolling."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.listening import listening
from tests.browser.window import Window, context, window
from tests.helpers.databases import fresh_database
from tests.helpers.front_office import PASSWORD
from tests.helpers.full_house import House, furnish
from tests.helpers.open_office import Office, open_office

Served = tuple[Office, House, str]


@pytest.fixture(scope="module")
async def served(database_url: str, test_folder: Path) -> AsyncIterator[Served]:
    url = await fresh_database(database_url, "every_page_in_a_browser")
    async with open_office(url, test_folder / "every-page") as office:
        house = await furnish(office)
        async with listening(office) as address:
            yield office, house, address


async def test_the_transcript_has_most_of_a_laptop(chromium: Browser, served: Served) -> None:
    """Also with the window of 24 hours near its end; the message box stands in line with its buttons."""
    office, _, url = served
    sari = await window(await context(chromium), url)
    await sari.sign_in("sari", PASSWORD)
    await sari.open(office.found["dewi"], "?view=mine")
    await sari.holds()
    box = await sari.box.bounding_box()
    send = await sari.page.locator("#send").bounding_box()
    log = await sari.log.bounding_box()
    assert box and send and log
    assert log["height"] >= 430  # of 768
    assert abs(box["y"] + box["height"] - send["y"] - send["height"]) < 6
    assert abs(box["x"] - log["x"]) < 24 and box["width"] > 450
    await expect(sari.page.locator("#packet dd").first).to_be_visible()
    await sari.page.context.close()


async def test_the_sections_of_an_administrator_fit_a_laptop(chromium: Browser, served: Served) -> None:
    agus: Window = await window(await context(chromium), served[2])
    await agus.sign_in("agus", PASSWORD)
    nav = agus.page.locator("nav[aria-label=Bagian]")
    assert await nav.evaluate("one => one.scrollHeight <= one.clientHeight + 1")
    await expect(agus.page.get_by_role("button", name="Keluar")).to_be_in_viewport()
    await agus.page.context.close()
