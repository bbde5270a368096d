"""Every page of the route table, on a laptop and a phone, light and dark: usable by everybody, nothing cut off, no
word from the code.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.axe import faults
from tests.browser.listening import listening
from tests.browser.window import Window, context, window
from tests.console.desk.test_plain_words import raw_words
from tests.helpers.databases import fresh_database
from tests.helpers.front_office import PASSWORD
from tests.helpers.full_house import House, furnish
from tests.helpers.open_office import Office, open_office
from tests.helpers.routes import addresses

Served = tuple[Office, House, str]
LOOKS = {
    "laptop, light": {},
    "laptop, dark": {"color_scheme": "dark"},
    "phone, light": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "phone, dark": {
        "viewport": {"width": 390, "height": 844},
        "is_mobile": True,
        "has_touch": True,
        "color_scheme": "dark",
    },
}
PARTS = frozenset(
    "GET /console/" + one
    for one in (
        "board",
        "conversations/{conversation_id}/draft",
        "conversations/{conversation_id}/labels",
        "conversations/{conversation_id}/live",
        "conversations/{conversation_id}/older",
        "conversations/{conversation_id}/replies",
        "conversations/{conversation_id}/suggestions",
        "inbox/choices",
        "inbox/rows",
        "inbox/waiting",
    )
)
"""Pieces of pages, for htmx; the pages that hold them are visited."""
OTHER = re.compile(
    r"GET /(?:api/.*|health/.*|metrics|openapi\.json|files/.*|simulator/static/.*|console/live|console/static/.*|"
    r"console/(?:sent-)?files/.*|console/.*\.\{kind\}|console/understanding/export|console/app\.webmanifest|"
    r"console/service-worker\.js)"
)
"""What gives a file, a table, a stream or data: no page."""
MORE = (
    "/console?masa=30-hari",
    "/console/inbox?view=held",
    "/console/inbox?view=call-backs",
    "/console/inbox?q=izin&view=all",
    "/console/kbli?q=warung+kopi",
    "/console/hours?office=kudus",
    "/console/no-such-page",
)
CODE_SHOWN = {  # the name of a setting for administrators; a document whose title names a column of OSS
    "/console/privacy",
    "/console/knowledge",
}
CUT_OFF = """() => [...document.querySelectorAll('main *')].filter(one => {
    const box = one.getBoundingClientRect();
    const says = [...one.childNodes].some(part => part.nodeType === 3 && part.textContent.trim());
    const scrolls = one.closest('.scroll, .tabs, .suggest, .extra-views, .source-text, .sr, table');
    return says && box.width > 1 && !scrolls && (box.right > innerWidth + 1 || box.left < -1);
}).map(one => one.outerHTML.slice(0, 120))"""
LETTERS = """() => [...document.querySelectorAll('main text, main p, main td, main th, main span, main a')].map(one => {
    const picture = one.closest('svg'), box = one.getBoundingClientRect();
    const drawn = picture && picture.viewBox.baseVal.width;
    const scale = drawn ? Math.min(picture.clientWidth / picture.viewBox.baseVal.width,
        picture.clientHeight / picture.viewBox.baseVal.height) : 1;
    const size = parseFloat(getComputedStyle(one).fontSize) * scale;
    const says = [...one.childNodes].some(part => part.nodeType === 3 && part.textContent.trim());
    const odd = (size < 11 || size > 24) && !one.closest('.index, .tile');
    return says && box.width && odd ? `${size.toFixed(1)} ${one.outerHTML.slice(0, 80)}` : '';
}).filter(Boolean)"""
"""Sizes of letters in pixels, those of charts as they are drawn: neither tiny nor huge."""


@pytest.fixture(scope="module")
async def served(database_url: str, test_folder: Path) -> AsyncIterator[Served]:
    url = await fresh_database(database_url, "every_page_in_a_browser")
    async with open_office(url, test_folder / "every-page") as office:
        house = await furnish(office)
        async with listening(office) as address:
            yield office, house, address


def visited(office: Office, house: House) -> list[str]:
    """An address for each route that is a page. Raises KeyError for a route whose parts nobody filled."""
    found = []
    for route in sorted(addresses(office.app)):
        if not route.startswith("GET ") or route in PARTS or OTHER.fullmatch(route):
            continue
        address = route.removeprefix("GET ")
        for before, name in re.findall(r"(?=(?:^|/)([^/]+)/\{([a-z_]+)\})", address):
            address = address.replace("{" + name + "}", str(house.parts[f"{before}/{{{name}}}"]), 1)
        found.append(address)
    return [*found, *MORE]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("look", LOOKS)
async def test_every_page_is_for_everybody(chromium: Browser, served: Served, look: str) -> None:
    office, house, url = served
    agus = await window(await context(chromium, **LOOKS[look]), url)
    await agus.page.goto(f"{url}/console/sign-in")
    wrong = await _wrong(agus.page, "/console/sign-in")
    await agus.sign_in("agus", PASSWORD)
    pages = visited(office, house)
    assert len(pages) > 45
    for address in pages:
        answer = await agus.page.goto(f"{url}{address}")
        assert answer is not None and answer.headers["content-type"].startswith("text/html"), address
        assert answer.status == (404 if "no-such" in address else 200), address
        wrong += await _wrong(agus.page, address)
    await agus.page.context.close()
    assert not wrong + agus.faults, "\n".join(wrong + agus.faults)


async def _wrong(page: Page, address: str) -> list[str]:
    await page.evaluate("document.fonts.ready")
    found = [f"{rule}: {where}" for rule, where in (await faults(page)).items()]
    found += [f"cut off: {one}" for one in await page.evaluate(CUT_OFF)]
    if await page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
        found.append("wider than the window")
    if address.startswith("/console"):
        found += [f"letters: {one}" for one in await page.evaluate(LETTERS)]
    if address not in CODE_SHOWN and address.startswith("/console") and "/drafts/" not in address:
        found += [f"raw word: {one}" for one in raw_words(await page.content())]
    return [f"{address} {one}" for one in found]


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
