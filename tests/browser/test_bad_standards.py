"""Files that a page must not take, and two people at one draft, in a real browser."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Browser, expect

from bot.standards import refusal
from tests.browser import standards
from tests.browser.window import LIMIT, Window, context, window
from tests.helpers.front_office import PASSWORD
from tests.standards import kinds
from tests.standards.test_hostile import FILES

DRAFTS = "/console/knowledge/drafts"
MEGABYTES = 50


async def test_fifty_megabytes_never_leave_the_browser(sari: Window, tmp_path: Path) -> None:
    page, big = sari.page, tmp_path / "standar.pdf"
    with big.open("wb") as file:
        file.truncate(MEGABYTES * 2**20)
    sent: list[str] = []
    await page.goto(f"{sari.url}{DRAFTS}")
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    field = page.locator("input[name=file]")
    await field.set_input_files(big)
    await page.get_by_role("button", name="Baca", exact=True).click()
    assert await field.evaluate("field => field.validationMessage") == refusal.TOO_BIG
    assert [one for one in sent if one.endswith(DRAFTS)] == []
    await field.set_input_files({"name": "standar.docx", "mimeType": "", "buffer": kinds.word()})
    await page.get_by_role("button", name="Baca", exact=True).click()
    await expect(page.get_by_role("heading", name="Pemeriksaan")).to_be_visible(timeout=LIMIT)


async def test_bad_files_are_explained_on_the_page(sari: Window) -> None:
    page = sari.page
    for name in ("locked.pdf", "broken.pdf", "scan.pdf", "macro.docx", "bomb.xlsx", "script.html", "recipe.txt"):
        make, sentence = FILES[name]
        await page.goto(f"{sari.url}{DRAFTS}")
        await page.locator("input[name=file]").set_input_files({"name": name, "mimeType": "", "buffer": make()})
        await page.get_by_role("button", name="Baca", exact=True).click()
        await expect(page.get_by_role("alert")).to_contain_text(sentence, timeout=LIMIT)


async def test_two_people_at_one_draft_lose_nothing(sari: Window, chromium: Browser) -> None:
    page = sari.page
    await page.goto(f"{sari.url}{DRAFTS}")
    await page.locator("textarea[name=text]").fill(standards.DEPOT.text)
    await page.get_by_role("button", name="Baca", exact=True).click()
    await expect(page.get_by_role("heading", name=standards.DEPOT.title)).to_be_visible(timeout=LIMIT)
    elsewhere = await context(chromium)
    agus = await window(elsewhere, sari.url)
    await agus.sign_in("agus", PASSWORD, page.url.removeprefix(sari.url).partition("#")[0])
    await page.locator("input[name=title]").fill("Judul dari Sari")
    await page.get_by_role("button", name="Simpan draf").click()
    await expect(page.get_by_role("heading", name="Judul dari Sari")).to_be_visible(timeout=LIMIT)
    await agus.page.locator("input[name=title]").fill("Judul dari Agus")
    await agus.page.get_by_role("button", name="Simpan draf").click()
    await expect(agus.page.get_by_role("alert")).to_contain_text("juga mengubah Judul layanan", timeout=LIMIT)
    await expect(agus.page.locator("input[name=title]")).to_have_value("Judul dari Agus")
    await page.reload()
    await expect(page.locator("input[name=title]")).to_have_value("Judul dari Sari")
    assert agus.faults == []
    await elsewhere.close()
