"""The console in a real browser: signing in, keyboard, phone, the first load."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Browser, BrowserContext, expect

from bot.officers import service as officers
from tests.browser.window import LIMIT, Window, context, window
from tests.helpers.front_office import PASSWORD
from tests.helpers.hiring import made
from tests.helpers.open_office import Office

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


# --- signing in ---


async def test_signing_in_leads_to_the_page_that_was_asked_for_and_out_again(context: BrowserContext, url: str) -> None:
    officer = await window(context, url)
    await officer.page.goto(f"{url}/console/replies")
    await officer.page.get_by_label("Nama pengguna").fill("rina")
    await officer.page.get_by_label("Kata sandi").fill("salah-sekali-ini")
    await officer.keyboard.press("Enter")
    await expect(officer.page.get_by_role("alert")).to_contain_text("tidak cocok")
    await officer.page.get_by_label("Kata sandi").fill(PASSWORD)
    await officer.keyboard.press("Enter")
    await expect(officer.page).to_have_url(f"{url}/console/replies")
    await officer.page.get_by_role("button", name="Keluar").click()
    await expect(officer.page).to_have_url(f"{url}/console/sign-in")
    await officer.page.goto(f"{url}/console/inbox")
    await expect(officer.page.get_by_label("Kata sandi")).to_be_visible()


async def test_the_first_password_is_changed_in_peace(context: BrowserContext, office: Office, url: str) -> None:
    """Nothing that is refused yet is asked for: a page that begins anew would lose what is typed."""
    async with office.runtime.database.session() as session:
        first = "sandi-pertama-sekali"
        await officers.add(session, "baru", "Baru", "officer", "system", made(first))
    beginner, asked = await window(context, url), list[str]()
    await beginner.page.goto(f"{url}/console/inbox")
    await beginner.page.get_by_label("Nama pengguna").fill("baru")
    await beginner.page.get_by_label("Kata sandi").fill(first)
    beginner.page.on("request", lambda one: asked.append(one.url))
    await beginner.page.get_by_role("button", name="Masuk").click()
    old = beginner.page.get_by_label("Kata sandi lama")
    await old.fill(first)
    await beginner.page.wait_for_load_state("networkidle")
    assert [one for one in asked if one.endswith(("/console/live", "/console/inbox/waiting"))] == []
    await expect(old).to_have_value(first)
    await expect(beginner.page.locator("[data-offline]")).to_be_hidden()
    for number in (1, 2):
        await beginner.page.locator("input[type=password]").nth(number).fill("hujan-turun-di-kudus")
    await beginner.page.get_by_role("button", name="Simpan").click()
    await expect(beginner.page.get_by_role("link", name="Percakapan")).to_be_visible(timeout=LIMIT)
    assert beginner.faults == []


# --- working ---


async def test_everything_works_from_the_keyboard(context: BrowserContext, office: Office, url: str) -> None:
    person = await office.waiting("Aan Contoh", minutes=400)  # waits longest: first in the list
    officer = await window(context, url)
    keyboard = officer.keyboard
    await officer.page.goto(f"{url}/console/inbox")
    await expect(officer.page.get_by_label("Nama pengguna")).to_be_focused()
    await keyboard.type("rina")
    await keyboard.press("Tab")
    await keyboard.type(PASSWORD)
    await keyboard.press("Enter")
    await officer.connected()
    await keyboard.press("/")
    await keyboard.type("Aan")
    await expect(officer.rows.locator("li")).to_have_count(1)
    await keyboard.press("ArrowDown")
    await expect(officer.row(person)).to_be_focused()
    await keyboard.press("Enter")
    await expect(officer.page.get_by_role("heading", name="Aan Contoh")).to_be_visible()
    await officer.wired()
    await keyboard.press("a")
    await officer.agree_by_key()
    await officer.holds()
    await keyboard.press("r")
    await expect(officer.box).to_be_focused()
    await keyboard.type("Selamat pagi")
    await keyboard.press("Control+Enter")
    await officer.sees("Selamat pagi")
    await expect(officer.box).to_be_focused()
    await keyboard.press("Escape")
    await keyboard.press("b")
    await expect(officer.page.get_by_role("dialog")).to_contain_text("Selamat datang, Aan Contoh")
    await keyboard.type("salam")
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    await expect(officer.box).to_have_value(
        "Selamat datang, Aan Contoh. Saya Rina dari DPMPTSP Kabupaten Kudus. Apa yang bisa dibantu?"
    )
    await keyboard.press("Escape")
    await keyboard.press("n")
    await keyboard.type("@sa")
    await keyboard.press("Tab")
    await expect(officer.page.get_by_role("option", name="Sari (@sari)")).to_be_focused()
    await keyboard.press("Enter")
    await keyboard.type("tolong ingat ini")
    await keyboard.press("Control+Enter")
    await officer.sees("@sari tolong ingat ini")
    await keyboard.press("Escape")
    await keyboard.press("?")
    await expect(officer.page.get_by_role("dialog")).to_contain_text("Ctrl + Enter")
    await keyboard.press("Escape")
    await expect(officer.page.get_by_role("dialog")).to_be_hidden()
    await keyboard.press("l")
    await officer.agree_by_key()
    await expect(officer.page.locator("#composer-state[data-mode=queue]")).to_be_attached()
    assert officer.faults == []


async def test_a_phone_shows_the_list_or_the_conversation(
    chromium: Browser, office: Office, url: str, cookies: dict[str, list[Any]]
) -> None:
    person = await office.waiting("Bayu Contoh", minutes=390)
    small = await context(chromium, **PHONE)
    await small.add_cookies(cookies["sari"])
    officer = await window(small, url)
    await officer.page.goto(f"{url}/console/inbox")
    await officer.row(person).click()
    await expect(officer.rows).to_be_hidden()
    await officer.does("Ambil")
    await officer.holds()
    await officer.reply("Baik, Pak.")
    await officer.sees("Baik, Pak.")
    await expect(officer.box).to_be_in_viewport()
    for address in ("/console/inbox", f"/console/conversations/{person}", "/console/replies", "/console"):
        await officer.page.goto(url + address)
        assert await officer.page.evaluate("document.documentElement.scrollWidth") == 390, address
    await officer.open(person)
    await officer.page.get_by_role("link", name="Kembali ke daftar").click()
    await expect(officer.rows).to_be_visible()
    await officer.page.get_by_role("button", name="Lainnya").click()
    await expect(officer.page.get_by_role("link", name="Akun saya")).to_be_visible()
    assert officer.faults == []
    await small.close()


async def test_the_first_load_is_light(sari: Window, office: Office) -> None:
    sizes: list[int] = []
    fresh = await sari.page.context.new_page()
    session = await sari.page.context.new_cdp_session(fresh)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await session.send("Network.setBypassServiceWorker", {"bypass": True})  # it keeps them after the first
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    for address in ("inbox", f"conversations/{office.found['siti']}"):
        sizes.clear()
        await fresh.goto(f"{sari.url}/console/{address}")
        await expect(fresh.locator("body[data-heard]")).to_be_attached(timeout=LIMIT)
        assert 20_000 < sum(sizes) < 150_000, address
