"""Small things: what browsers do their own way and phones have no room for, on the console's pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from playwright.async_api import Browser, expect

from bot.dates import say_date
from tests.browser.window import Window, context, window
from tests.helpers.open_office import Office

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


async def test_a_date_is_read_out_and_a_chosen_file_is_named(sari: Window) -> None:
    await sari.page.goto(f"{sari.url}/console/applications/new")
    field = sari.page.get_by_label("Tanggal masuk")
    await field.fill("2026-12-01")
    await expect(field.locator("+ .read")).to_have_text(f"Selasa, {say_date(date(2026, 12, 1))}")
    await sari.page.goto(f"{sari.url}/console/applications/import")
    place = sari.page.locator(".chooser")
    await expect(place).to_contain_text("belum ada yang dipilih")
    file: Any = {"name": "daftar kantor.csv", "mimeType": "text/csv", "buffer": b"x"}
    await sari.page.locator("input[type=file]").set_input_files(file)
    await expect(place).to_contain_text("daftar kantor.csv")


async def test_what_is_still_wrong_with_a_form_is_said_before_anything_is_asked(
    chromium: Browser, url: str, cookies: dict[str, list[Any]]
) -> None:
    opened = await context(chromium)
    await opened.add_cookies(cookies["agus"])
    agus = await window(opened, url)
    await agus.page.goto(f"{url}/console/notices")
    await agus.page.locator("textarea[name=text]").fill("Sistem OSS gangguan hari ini.")
    await agus.page.get_by_role("button", name="Pasang").click()
    await expect(agus.page.get_by_label("Berlaku sampai")).to_be_focused()
    await expect(agus.page.locator("#asked")).to_be_hidden()
    await opened.close()


async def test_what_was_said_and_has_faded_leaves_no_gap(sari: Window, office: Office) -> None:
    await sari.page.goto(f"{sari.url}/console/persons/{office.found['eko']}")
    await sari.page.get_by_role("button", name="Simpan", exact=True).click()
    said = sari.page.locator("main > .flash")
    await expect(said).to_be_visible()
    await said.dispatch_event("animationend")
    await expect(said).to_have_count(0)


async def test_two_taps_on_more_open_and_close_it(chromium: Browser, url: str, cookies: dict[str, list[Any]]) -> None:
    """The button stays under the finger; it was that for signing out."""
    opened = await context(chromium, **PHONE)
    await opened.add_cookies(cookies["agus"])
    agus = await window(opened, url)
    await agus.page.goto(f"{url}/console/figures")
    more = agus.page.get_by_role("button", name="Lainnya")
    place = await more.bounding_box()
    assert place
    at = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    await agus.page.touchscreen.tap(*at)
    await expect(more).to_have_attribute("aria-expanded", "true")
    await expect(agus.page.get_by_role("link", name="Hari ini")).to_be_in_viewport()
    await agus.page.touchscreen.tap(*at)
    await expect(more).to_have_attribute("aria-expanded", "false")
    assert agus.page.url.endswith("/console/figures")
    await opened.close()
