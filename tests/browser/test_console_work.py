"""Working in the console, in a real browser: lines that break, sessions that end, drafts, lists, bad input."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, BrowserContext, Route, expect
from sqlalchemy import text

from tests.browser.gateway import Gateway
from tests.browser.window import LIMIT, Window, context, window
from tests.helpers.front_office import PASSWORD
from tests.helpers.open_office import Office


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
    await wati.keyboard.press("Enter")
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


async def test_a_button_that_was_pressed_does_not_become_another_act(sari: Window, office: Office) -> None:
    person = await office.waiting("Tika Contoh")
    await sari.open(person)
    await sari.does("Ambil")
    await expect(sari.act("Lepas")).to_be_visible(timeout=LIMIT)
    await expect(sari.act("Ambil")).to_have_count(0)


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


async def test_one_conversation_takes_the_place_of_another(sari: Window, office: Office) -> None:
    for name in ("Siti Contoh", "Budi <b>Contoh</b>"):
        await sari.row(office.found[name.split()[0].lower()]).click()
        await expect(sari.page.get_by_role("heading", name=name)).to_be_visible()
        await sari.wired()


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
    await wati.does("Tutup")
    await expect(sari.page.locator("#composer-state[data-mode=bot]")).to_be_attached(timeout=LIMIT)
    await sari.box.press("Control+Enter")
    await expect(sari.said.get_by_role("alert")).to_contain_text("sudah selesai dan kembali ke Pandu")
    await expect(sari.box).to_have_value("satu hal lagi")
    await elsewhere.close()


async def test_marked_rows_are_put_off_from_the_keyboard(sari: Window, office: Office) -> None:
    person = await office.waiting("Aab Contoh", minutes=900)
    page, keyboard = sari.page, sari.keyboard
    await page.goto(f"{sari.url}/console/inbox?q=Aab")
    await sari.connected()
    await sari.row(person).focus()
    await keyboard.press("v")
    bar = page.get_by_role("form", name="Tindakan untuk yang ditandai")
    await expect(bar).to_contain_text("1 ditandai")
    await bar.get_by_role("button", name="Alihkan yang ditandai").click()
    await expect(page.get_by_role("option", name="Rina: ")).to_be_attached()
    await keyboard.press("Escape")
    await bar.get_by_role("button", name="Tunda yang ditandai").click()
    await page.get_by_role("dialog").get_by_role("button", name="Tunda", exact=True).click()
    await expect(page.locator("#bulk-result")).to_contain_text("1 percakapan ditunda.")
    await expect(sari.row(person)).to_be_hidden()
    await expect(bar).to_be_hidden()
    assert sari.faults == []


async def test_marked_rows_are_taken_after_a_yes_and_put_back_together(
    sari: Window, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = office.runtime.settings.model_copy(update={"recall_seconds": 60})
    monkeypatch.setattr(office.runtime, "settings", patient)
    people = [await office.waiting(f"Aac{n} Contoh", minutes=900) for n in range(2)]
    page = sari.page
    await page.goto(f"{sari.url}/console/inbox?q=Aac")
    await sari.connected()
    for person in people:
        await sari.row(person).focus()
        await sari.keyboard.press("v")
    bar = page.get_by_role("form", name="Tindakan untuk yang ditandai")
    take = bar.get_by_role("button", name="Ambil yang ditandai")
    await take.click()
    asked = page.locator("#asking")
    await expect(asked).to_contain_text("Anda terhubung dengan petugas Sari.")
    await asked.get_by_role("button", name="Batal").click()
    await expect(bar).to_contain_text("2 ditandai")
    await take.click()
    await sari.agree()
    await expect(page.locator("#bulk-result")).to_contain_text("2 percakapan diambil.")
    await expect(bar).to_be_hidden()
    await page.get_by_role("button", name="Batalkan").click()
    await expect(page.get_by_text("Dibatalkan untuk 2 percakapan")).to_be_visible()
