"""Every page of the console in Chromium, as the role that may see it: it fits, and everybody can use it.

One load serves both sizes and both colour schemes: they are changed on the open page.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from bot.console import walls
from tests.browser.axe import COLOURS, faults
from tests.browser.listening import listening
from tests.browser.window import Window, context, window
from tests.helpers.databases import fresh_database
from tests.helpers.front_office import PASSWORD
from tests.helpers.full_house import House, furnish
from tests.helpers.open_office import Office, open_office
from tests.helpers.routes import addresses

Served = tuple[Office, House, str]
LOOKS: tuple[tuple[int, int, str, tuple[str, ...]], ...] = (  # width, height, colours, of axe's rules: () for all
    (1366, 768, "light", ()),
    (1366, 768, "dark", COLOURS),
    (360, 740, "dark", COLOURS),
    (360, 740, "light", ()),
)
FILES = {"files/{file_id}", "sent-files/{message_id}", "static/{name}"}
MORE = (
    "nowhere",
    "hours?office=kudus",
    "inbox?view=call-backs",
    "inbox?view=held",
    "kbli?q=usaha+kopi",
    "replies?edit=1",
)
LIST = "nomor,layanan,tanggal_masuk,pemohon\n1,kudus-iui,2-11-2026,Rina Contoh\n2,terbang,kemarin,Tuti Contoh\n"


@pytest.fixture(scope="module")
async def served(database_url: str, test_folder: Path) -> AsyncIterator[Served]:
    url = await fresh_database(database_url, "every_page_in_a_browser")
    async with open_office(url, test_folder / "every-page") as office:
        house = await furnish(office)
        async with listening(office) as address:
            yield office, house, address


async def pages(served: Served, opened: BrowserContext) -> list[str]:
    """Of the app's own addresses those that are a whole page, filled with what the house has."""
    office, house, url = served
    filled = house.parts | {"import/{upload_id}": await uploaded(opened, url)}
    found = []
    for route in sorted(addresses(office.app)):
        method, path = route.split(" ")
        parts = walls.parts(path)
        if method != "GET" or not path.startswith("/console") or path == "/console/live" or "{kind}" in path:
            continue
        if FILES & {part for part, _ in parts}:
            continue
        for part, name in parts:
            path = path.replace(f"{{{name}}}", str(filled[part]))
        answer = await opened.request.get(url + path)
        assert answer.status in (200, 422), (path, answer.status)  # 422: the list with a wrong row
        if (await answer.text()).lstrip().startswith("<!doctype html>"):
            found.append(path.removeprefix("/console/"))
    return found


async def uploaded(opened: BrowserContext, url: str) -> int:
    """A list that was looked through, with a wrong row."""
    file = {"name": "daftar.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    address = f"{url}/console/applications/import"
    answer = await opened.request.post(address, multipart={"file": file}, headers={"origin": url})
    found = re.search(r"/import/(\d+)/columns", await answer.text())
    assert found, answer.status
    return int(found[1])


async def looked_at(one: Window, address: str) -> list[str]:
    """What is wrong with the page in any look."""
    page, found = one.page, list[str]()
    await page.goto(f"{one.url}/console/{address}".removesuffix("/"))
    for width, height, scheme, rules in LOOKS:
        await page.set_viewport_size({"width": width, "height": height})
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        look = f"{address} {width} {scheme}: "
        wide = await page.evaluate("document.documentElement.scrollWidth")
        found += [f"{look}{wide} wide"] if wide > width else []
        found += [f"{look}{rule} {where}" for rule, where in (await faults(page, *rules)).items()]
    found += [f"{address}: {fault}" for fault in one.faults]
    one.faults.clear()
    return found


async def test_every_page_fits_and_is_usable_by_everybody(chromium: Browser, served: Served) -> None:
    office, _, url = served
    opened = await context(chromium)
    agus = await window(opened, url)
    found = await looked_at(agus, "sign-in")
    await agus.sign_in("agus", PASSWORD)
    talks = [f"conversations/{office.found[name]}" for name in ("dewi", "maya")]
    there = [*await pages(served, opened), *MORE, *talks]
    assert len(there) > 45
    for address in there:
        found += await looked_at(agus, address)
    await opened.close()
    assert found == []


async def test_an_officers_own_conversation_and_its_dialogs_are_usable_by_everybody(
    chromium: Browser, served: Served
) -> None:
    office, _, url = served
    opened = await context(chromium)
    sari = await window(opened, url)
    await sari.sign_in("sari", PASSWORD)
    found = await looked_at(sari, f"conversations/{office.found['dewi']}?view=mine")
    dialog = sari.page.get_by_role("dialog")
    for name in ("Balasan siap", "Label", "Tunda", "Alihkan"):
        await sari.page.get_by_role("button", name=name, exact=True).click()
        await expect(dialog).to_be_in_viewport(ratio=1)
        found += [f"{name}: {rule} {where}" for rule, where in (await faults(sari.page)).items()]
        await sari.keyboard.press("Escape")
        await expect(dialog).to_be_hidden()
    await opened.close()
    assert found == []


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
