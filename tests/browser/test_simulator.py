"""The simulator page in a real browser, against the running system."""

from __future__ import annotations

import httpx
from playwright.async_api import Browser, Page, expect

from tests.browser.phone import Phone

QUESTION = "Berapa biaya izin usaha industri di Kudus?"


async def test_a_typed_question_is_answered_live(phone: Phone) -> None:
    await phone.write(QUESTION)
    await expect(phone.mine.last).to_have_text(QUESTION)
    await expect(phone.box).to_have_value("")
    await expect(phone.box).to_be_focused()
    await phone.answered(1)
    await expect(phone.page.locator("#u-intent")).not_to_have_text("–")


async def test_what_was_understood_is_shown_to_developers(phone: Phone) -> None:
    await phone.ask(QUESTION)
    strip = phone.page.locator("#understood")
    await strip.locator("summary").click()
    await expect(strip.locator("#u-family")).to_be_visible()
    await expect(strip.locator("#u-owner")).to_have_text("bot")


async def test_markup_in_a_message_is_shown_and_not_run(phone: Phone) -> None:
    nasty = "<b>tebal</b> <img src=x onerror=alert(1)> & *bintang*"
    await phone.write(nasty)
    await expect(phone.mine.last).to_have_text(nasty)
    await phone.answered(1)
    assert await phone.page.locator(".row img").count() == 0


async def test_a_tapped_button_is_answered(phone: Phone) -> None:
    await phone.page.get_by_role("button", name="Mulai").click()
    await phone.answered(1)
    title = await phone.keys.first.inner_text()
    before = await phone.answers.count()
    await phone.keys.first.click()
    await expect(phone.mine.last).to_have_text(title)
    await phone.answered(before + 1)
    await expect(phone.box).to_be_focused()


async def test_an_example_question_is_asked_by_a_click(phone: Phone) -> None:
    example = phone.page.locator("[data-ask]").first
    question = await example.inner_text()
    await example.click()
    await expect(phone.mine.last).to_have_text(question)
    await phone.answered(1)


async def test_whatsapp_shows_a_list_that_esc_closes_and_a_tap_answers(phone: Phone) -> None:
    await phone.dress("WhatsApp")
    await phone.page.get_by_role("button", name="Mulai").click()
    await phone.answered(1)
    opener = phone.page.get_by_role("button", name="Lihat pilihan").last
    await opener.click()
    choices = phone.sheet.get_by_role("listitem")
    await expect(choices.first.get_by_role("button")).to_be_focused()
    assert await choices.count() > 3
    await phone.page.keyboard.press("Escape")
    await expect(phone.sheet).to_be_hidden()
    await expect(opener).to_be_focused()

    await opener.click()
    title = await choices.nth(1).inner_text()
    before = await phone.answers.count()
    await choices.nth(1).get_by_role("button").click()
    await expect(phone.sheet).to_be_hidden()
    await expect(phone.mine.last).to_have_text(title)
    await phone.answered(before + 1)


async def test_without_buttons_the_menu_is_numbered_and_a_number_chooses(phone: Phone) -> None:
    await phone.page.get_by_role("button", name="Mulai").click()
    await phone.answered(1)
    title = await phone.keys.first.inner_text()
    await phone.page.get_by_role("switch", name="Tanpa tombol").check(force=True)
    await expect(phone.page.locator(".keys")).to_have_count(0)
    await expect(phone.page.locator(".menu-text").last).to_contain_text(f"1. {title}")
    await phone.ask("1")
    await expect(phone.mine.last).to_have_text("1")


async def test_everything_works_from_the_keyboard(phone: Phone) -> None:
    keyboard = phone.page.keyboard
    await expect(phone.box).to_be_focused()
    await keyboard.type("menu")
    await keyboard.press("Shift+Enter")
    await keyboard.type("utama")
    await expect(phone.box).to_have_value("menu\nutama")
    await keyboard.press("ControlOrMeta+a")
    await keyboard.type("menu")
    await keyboard.press("Enter")
    await phone.answered(1)
    title = await phone.keys.last.inner_text()
    await keyboard.press("Shift+Tab")  # from the box back into the newest choices
    await expect(phone.keys.last).to_be_focused()
    outline = await phone.keys.last.evaluate("key => getComputedStyle(key).outlineStyle")
    assert outline == "solid"
    before = await phone.answers.count()
    await keyboard.press("Enter")
    await expect(phone.mine.last).to_have_text(title)
    await phone.answered(before + 1)
    await expect(phone.box).to_be_focused()


async def test_a_reload_keeps_the_conversation(phone: Phone, conversation: str) -> None:
    await phone.ask(QUESTION)
    await phone.dress("WhatsApp")
    before = await phone.bubbles.all_inner_texts()
    await phone.page.reload()
    await phone.connected()
    await expect(phone.bubbles).to_have_text(before)
    await expect(phone.page.get_by_role("radio", name="WhatsApp")).to_be_checked()
    assert phone.page.url.endswith(f"#{conversation}")


async def test_a_new_conversation_is_empty_and_the_old_one_is_kept(phone: Phone, conversation: str) -> None:
    await phone.ask(QUESTION)
    before = await phone.bubbles.count()
    await phone.page.get_by_role("button", name="Percakapan baru").click()
    await expect(phone.bubbles).to_have_count(0)
    await expect(phone.page.get_by_role("button", name="Mulai")).to_be_visible()
    await phone.page.goto(f"{phone.url}/simulator#{conversation}")
    await phone.connected()
    await expect(phone.bubbles).to_have_count(before)


async def test_a_second_window_follows_live(phone: Phone, conversation: str, chromium: Browser) -> None:
    await phone.ask("halo")
    context = await chromium.new_context()
    second = Phone(await context.new_page(), phone.url)
    await second.open(conversation)
    before = await second.answers.count()
    await phone.ask(QUESTION)
    await expect(second.answers).to_have_count(await phone.answers.count(), timeout=30_000)
    assert await second.answers.count() > before
    await context.close()


async def test_on_a_small_phone_the_chat_fills_the_screen(page: Page, pandu_url: str, conversation: str) -> None:
    await page.set_viewport_size({"width": 360, "height": 640})
    await page.goto(f"{pandu_url}/simulator#{conversation}")
    box = await page.locator("#phone").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 360, "height": 640}
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    await page.get_by_role("button", name="Menu dan contoh pertanyaan").click()
    await expect(page.get_by_role("heading", name="Coba tanyakan")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("heading", name="Coba tanyakan")).to_be_hidden()
    await expect(page.get_by_role("button", name="Menu dan contoh pertanyaan")).to_be_focused()


async def test_a_long_answer_is_read_from_its_beginning(page: Page, pandu_url: str, conversation: str) -> None:
    await page.set_viewport_size({"width": 360, "height": 420})
    phone = Phone(page, pandu_url)
    await phone.open(conversation)
    await phone.ask("halo")
    await expect(phone.mine.last).to_be_in_viewport()
    await expect(phone.keys.last).not_to_be_in_viewport()
    await page.get_by_role("button", name="Ke pesan terbaru").click()
    await expect(phone.keys.last).to_be_in_viewport()
    await expect(page.get_by_role("button", name="Ke pesan terbaru")).to_be_hidden()


async def test_the_privacy_page_says_what_pandu_is_not(page: Page, pandu_url: str) -> None:
    await page.goto(f"{pandu_url}/privasi")
    await expect(page.get_by_text("bukan OSS dan bukan SIINas")).to_be_visible()
    await expect(page.get_by_text("menghapus yang sudah lewat masanya")).to_be_visible()


async def test_the_page_is_light_and_brings_everything_itself(page: Page, pandu_url: str) -> None:
    bodies: dict[str, int] = {}
    await page.goto(f"{pandu_url}/simulator")
    names = await page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    async with httpx.AsyncClient(timeout=60) as client:
        for name in {f"{pandu_url}/simulator", *(name for name in names if "/api/" not in name)}:
            assert name.startswith(pandu_url)
            answer = await client.get(name)
            bodies[name] = len(answer.content)
            assert answer.headers["x-content-type-options"] == "nosniff"
            again = await client.get(name, headers={"If-None-Match": answer.headers.get("etag", "none")})
            assert again.status_code == (304 if "/static/" in name else 200)
        policy = (await client.get(f"{pandu_url}/simulator")).headers["content-security-policy"]
    assert policy.startswith("default-src 'self'")
    assert len(bodies) >= 6
    assert sum(bodies.values()) < 60_000
