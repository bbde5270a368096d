"""The console in a real browser, on an invented front office without an engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext, Route, expect
from sqlalchemy import text

from tests.browser.axe import faults
from tests.browser.gateway import Gateway
from tests.browser.window import LIMIT, Window, context, window
from tests.helpers.front_office import PASSWORD
from tests.helpers.open_office import Office, make_database, open_office
from tests.helpers.system import free_port
from tests.helpers.until import until

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture(scope="session")
async def served(database_url: str, test_folder: Path) -> AsyncIterator[tuple[Office, str]]:
    """The office and its address."""
    url = await make_database(database_url, "front_office_in_a_browser")
    async with open_office(url, test_folder / "front-office") as office:
        port = free_port()
        server = uvicorn.Server(uvicorn.Config(office.app, port=port, log_level="warning", timeout_graceful_shutdown=1))
        serving = asyncio.create_task(server.serve())

        async def started() -> bool:
            return server.started

        await until(started)
        yield office, f"http://127.0.0.1:{port}"
        server.should_exit = True
        await serving


@pytest.fixture
def office(served: tuple[Office, str]) -> Office:
    return served[0]


@pytest.fixture
def url(served: tuple[Office, str]) -> str:
    return served[1]


@pytest.fixture(scope="session")
async def cookies(chromium: Browser, served: tuple[Office, str]) -> dict[str, list[Any]]:
    """Of officers who have signed in: what their browsers keep."""
    kept: dict[str, list[Any]] = {}
    for username in ("sari", "agus"):
        opened = await context(chromium)
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


# --- signing in, roles ---


async def test_signing_in_leads_to_the_page_that_was_asked_for_and_out_again(context: BrowserContext, url: str) -> None:
    officer = await window(context, url)
    await officer.page.goto(f"{url}/console/replies")
    await officer.page.get_by_label("Nama pengguna").fill("rina")
    await officer.page.get_by_label("Kata sandi").fill("salah-sekali-ini")
    await officer.page.keyboard.press("Enter")
    await expect(officer.page.get_by_role("alert")).to_contain_text("tidak cocok")
    await officer.page.get_by_label("Kata sandi").fill(PASSWORD)
    await officer.page.keyboard.press("Enter")
    await expect(officer.page).to_have_url(f"{url}/console/replies")
    await officer.page.get_by_role("button", name="Keluar").click()
    await expect(officer.page).to_have_url(f"{url}/console/sign-in")
    await officer.page.goto(f"{url}/console/inbox")
    await expect(officer.page.get_by_label("Kata sandi")).to_be_visible()


@pytest.mark.parametrize(
    ("username", "sees", "refused"),
    [
        ("sari", {"Percakapan", "Balasan siap", "Akun saya"}, ("hours", "rules", "officers", "audit", "keys")),
        ("wati", {"Jam layanan", "Aturan jawaban", "Catatan"}, ("officers", "keys")),
        ("agus", {"Petugas & tim", "Kunci API"}, ()),
    ],
)
async def test_each_role_sees_its_pages_and_no_others(
    context: BrowserContext, url: str, username: str, sees: set[str], refused: tuple[str, ...]
) -> None:
    officer = await window(context, url)
    await officer.sign_in(username, PASSWORD)
    titles = {
        one.strip()
        for one in await officer.page.locator("nav[aria-label=Bagian] a > span:first-of-type").all_inner_texts()
    }
    assert sees <= titles
    for section in refused:
        answer = await officer.page.goto(f"{url}/console/{section}")
        assert answer is not None
        assert answer.status == 403, section
        await expect(officer.page.get_by_role("heading")).to_have_text("Halaman ini bukan untuk peran Anda")


# --- working ---


async def test_everything_works_from_the_keyboard(context: BrowserContext, office: Office, url: str) -> None:
    person = await office.waiting("Aan Contoh", minutes=400)  # waits longest: first in the list
    officer = await window(context, url)
    keyboard = officer.page.keyboard
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
    await keyboard.press("a")
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
    await officer.act("Ambil").click()
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


async def test_what_happens_while_the_line_is_down_is_there_afterwards(
    context: BrowserContext, office: Office, url: str
) -> None:
    gateway = Gateway(url)
    await gateway.open()
    officer = await window(context, gateway.url)
    await officer.sign_in("sari", PASSWORD)
    mine = await office.owned("sari")
    await officer.open(mine)
    await gateway.close()
    await expect(officer.page.locator("[data-offline]")).to_be_visible(timeout=LIMIT)
    await officer.box.fill("ini belum terkirim")
    await officer.box.press("Control+Enter")
    await expect(officer.said).to_contain_text("Belum terkirim")
    missed = await office.waiting("Citra Contoh")
    async with office.runtime.database.session() as session:
        await office.stage(session).asks(mine, "masih di sana bu?", 0)
    await gateway.open()
    await expect(officer.page.locator("[data-offline]")).to_be_hidden(timeout=LIMIT)
    await officer.sees("masih di sana bu?")
    await expect(officer.row(missed)).to_be_visible(timeout=LIMIT)
    await expect(officer.box).to_have_value("ini belum terkirim")
    await officer.box.press("Control+Enter")
    await officer.sees("ini belum terkirim")
    assert [one.text for one in await office.sent(mine)] == ["ini belum terkirim"]
    await gateway.close()


async def test_a_session_that_ends_in_an_open_page_loses_nothing(
    context: BrowserContext, office: Office, url: str
) -> None:
    person = await office.owned("wati")
    wati = await window(context, url)
    await wati.sign_in("wati", PASSWORD, f"/console/conversations/{person}")

    async def ends(route: Route) -> None:
        """The session is over when the draft arrives, whatever else the page asks for before."""
        await office.runtime.database.run(
            text("update officer_sessions set revoked_at = now() where officer_id = :id"), {"id": office.people.wati.id}
        )
        await route.continue_()

    await wati.page.route("**/draft", ends, times=1)
    await wati.box.fill("sedang saya tulis")
    await expect(wati.page.get_by_role("heading", name="Masuk ke meja petugas")).to_be_visible(timeout=LIMIT)
    await wati.page.get_by_label("Nama pengguna").fill("wati")
    await wati.page.get_by_label("Kata sandi").fill(PASSWORD)
    await wati.page.keyboard.press("Enter")
    await expect(wati.page).to_have_url(f"{url}/console/conversations/{person}")
    await expect(wati.box).to_have_value("sedang saya tulis")
    assert wati.faults == []


async def test_a_draft_survives_a_reload_and_goes_to_the_other_tab(sari: Window, office: Office) -> None:
    person = await office.owned("sari")
    await sari.open(person)
    other = Window(await sari.page.context.new_page(), sari.url)
    await other.open(person)
    await sari.page.bring_to_front()
    await sari.box.fill("besok\nsaya kabari")
    await expect(sari.page.get_by_text("Draf tersimpan")).to_be_visible()
    await other.page.bring_to_front()
    await other.page.evaluate("dispatchEvent(new Event('focus'))")
    await expect(other.box).to_have_value("besok\nsaya kabari")
    await other.page.reload()
    await expect(other.box).to_have_value("besok\nsaya kabari")
    await other.reply("besok saya kabari")
    await sari.page.bring_to_front()
    await sari.page.evaluate("dispatchEvent(new Event('focus'))")
    await expect(sari.box).to_have_value("")
    await sari.sees("besok saya kabari")
    assert len(await office.sent(person)) == 1


async def test_who_waits_is_counted_in_the_title(sari: Window, office: Office) -> None:
    await sari.connected()
    before = int((await sari.page.title()).split(")")[0].strip("("))
    await office.waiting()
    await expect(sari.page).to_have_title(f"({before + 1}) Percakapan · Pandu", timeout=LIMIT)
    await sari.page.goto(f"{sari.url}/console/account")
    await expect(sari.page).to_have_title(f"({before + 1}) Akun saya · Pandu", timeout=LIMIT)


async def test_the_list_keeps_its_filter_beside_an_open_conversation(sari: Window, office: Office) -> None:
    await sari.page.get_by_text("Milik saya").click()
    await expect(sari.page).to_have_url(f"{sari.url}/console/inbox?view=mine")
    await sari.row(office.found["dewi"]).click()
    await expect(sari.page).to_have_url(f"{sari.url}/console/conversations/{office.found['dewi']}?view=mine")
    await expect(sari.page.get_by_role("heading", name="Dewi Contoh")).to_be_visible()
    await expect(sari.page.get_by_alt_text("Foto dari pemohon: layar.jpg")).to_be_visible()
    await expect(sari.row(office.found["dewi"])).to_have_attribute("aria-current", "true")
    await sari.page.go_back()
    await expect(sari.page).to_have_url(f"{sari.url}/console/inbox?view=mine")
    await expect(sari.page.get_by_text("Pilih percakapan di sebelah kiri")).to_be_visible()


async def test_older_messages_come_while_scrolling_and_the_place_is_kept(sari: Window, office: Office) -> None:
    async with office.runtime.database.session() as session:
        stage = office.stage(session)
        person = await stage.person("Gita Contoh", "telegram", 1)
        for number in range(70):
            await stage.asks(person, f"pesan ke-{number} dari Gita", 100 - number)
    await sari.open(person)
    await expect(sari.says("pesan ke-69 dari Gita")).to_be_in_viewport()
    await expect(sari.log.locator(".text")).to_have_count(30)
    await sari.log.evaluate("log => log.scrollTo(0, 0)")
    await expect(sari.says("pesan ke-0 dari Gita")).to_be_attached(timeout=LIMIT)
    await expect(sari.says("pesan ke-40 dari Gita")).to_be_in_viewport()
    await expect(sari.says("pesan ke-0 dari Gita")).not_to_be_in_viewport()
    async with office.runtime.database.session() as session:
        await office.stage(session).asks(person, "yang terbaru dari Gita", 0)
    await sari.page.evaluate("document.body.dispatchEvent(new CustomEvent('catch-up'))")
    await sari.page.get_by_role("button", name="Pesan terbaru").click()
    await expect(sari.says("yang terbaru dari Gita")).to_be_in_viewport()
    await expect(sari.says("pesan ke-0 dari Gita")).to_be_attached()


# --- bad input ---


async def test_markup_is_shown_and_not_run(sari: Window, office: Office) -> None:
    await sari.open(office.found["budi"])
    await sari.sees("<script>alert(1)</script>")
    await expect(sari.page.get_by_role("heading", name="Budi <b>Contoh</b>")).to_be_visible()
    assert await sari.log.locator("script, b").count() == 0


async def test_a_pasted_megabyte_is_refused_and_stays_in_the_field(sari: Window, office: Office) -> None:
    person = await office.owned("sari")
    await sari.open(person)
    for size in (300_000, 1_500_000, 3_000_000):
        await sari.box.evaluate("(box, size) => { box.value = 'x'.repeat(size); }", size)
        await sari.page.get_by_role("button", name="Kirim", exact=True).click()
        await expect(sari.said.get_by_role("alert")).to_be_visible()
        assert await sari.box.evaluate("box => box.value.length") == size
        await sari.said.evaluate("said => said.replaceChildren()")
    assert await office.sent(person) == []


async def test_a_file_of_a_forged_type_is_refused_and_the_text_stays(sari: Window, office: Office) -> None:
    person = await office.owned("sari")
    await sari.open(person)
    await sari.box.fill("ini fotonya")
    forged = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": b"MZ\x90\x00 no picture"}
    await sari.page.locator("[data-files]").set_input_files(forged)
    await sari.page.get_by_role("button", name="Kirim", exact=True).click()
    await expect(sari.said.get_by_role("alert")).to_contain_text("foto.jpg")
    await expect(sari.box).to_have_value("ini fotonya")
    await sari.page.get_by_role("button", name="Batalkan foto.jpg").click()
    await sari.box.press("Control+Enter")
    await sari.sees("ini fotonya")


async def test_a_reply_to_a_conversation_that_was_closed_meanwhile_is_explained(
    sari: Window, office: Office, chromium: Browser
) -> None:
    person = await office.owned("sari")
    await sari.open(person)
    await sari.box.fill("satu hal lagi")
    elsewhere = await context(chromium)
    wati = await window(elsewhere, sari.url)
    await wati.sign_in("wati", PASSWORD, f"/console/conversations/{person}")
    wati.page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
    await wati.act("Tutup").click()
    await expect(sari.page.locator("#composer-state[data-mode=bot]")).to_be_attached(timeout=LIMIT)
    await sari.box.press("Control+Enter")
    await expect(sari.said.get_by_role("alert")).to_contain_text("sudah selesai dan kembali ke Pandu")
    await expect(sari.box).to_have_value("satu hal lagi")
    await elsewhere.close()


# --- everybody can use it ---


HOUSE = ("replies?edit=1", "hours?office=kudus", "rules", "inbox?view=held", "inbox?view=call-backs")
LOOKS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "light": ({}, HOUSE),
    "dark": ({"color_scheme": "dark"}, ("hours?office=kudus",)),
    "phone": (PHONE, ("rules",)),
}


@pytest.mark.parametrize("look", LOOKS)
async def test_axe_finds_no_serious_fault(
    chromium: Browser, office: Office, url: str, cookies: dict[str, list[Any]], look: str
) -> None:
    options, pages = LOOKS[look]
    held, mine = await office.kept_back("Hani Contoh"), await office.owned("agus", channel="whatsapp")
    opened = await context(chromium, bypass_csp=True, **options)
    officer = await window(opened, url)
    await officer.page.goto(f"{url}/console/sign-in")
    found = {f"sign-in: {name}": where for name, where in (await faults(officer.page)).items()}
    await opened.add_cookies(cookies["agus"])
    conversations = (office.found["siti"], office.found["dewi"], held, mine)
    for address in ("inbox", *pages, *(f"conversations/{number}" for number in conversations)):
        await officer.page.goto(f"{url}/console/{address}")
        found |= {f"{address}: {name}": where for name, where in (await faults(officer.page)).items()}
    await officer.page.get_by_role("button", name="Balasan siap").click()
    await expect(officer.page.get_by_role("dialog")).to_contain_text("Salam")
    found |= {f"picker: {name}": where for name, where in (await faults(officer.page)).items()}
    await opened.close()
    assert found == {}


async def test_the_first_load_is_light(sari: Window, office: Office) -> None:
    sizes: list[int] = []
    fresh = await sari.page.context.new_page()
    session = await sari.page.context.new_cdp_session(fresh)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    for address in ("inbox", f"conversations/{office.found['siti']}"):
        sizes.clear()
        await fresh.goto(f"{sari.url}/console/{address}")
        await expect(fresh.locator("body[data-heard]")).to_be_attached(timeout=LIMIT)
        assert 20_000 < sum(sizes) < 150_000, address
