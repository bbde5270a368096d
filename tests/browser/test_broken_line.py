"""A server that goes away and comes back: nothing typed is lost, nothing is sent twice."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.gateway import Gateway
from tests.browser.phone import Phone

QUESTION = "Apa itu NIB?"


async def test_what_is_typed_while_the_server_is_gone_is_sent_once_when_it_is_back(
    page: Page, gateway: Gateway, conversation: str
) -> None:
    phone = Phone(page, gateway.url)
    await phone.open(conversation)
    await phone.ask("halo")
    await gateway.close()
    await expect(phone.banner).to_be_visible()

    await phone.write(QUESTION)
    await expect(page.locator(".row.failed .words")).to_have_text([QUESTION])
    await expect(page.get_by_role("button", name="Kirim ulang")).to_be_visible()
    before = await phone.answers.count()

    await gateway.open()
    await phone.connected()
    await phone.answered(before + 1)
    await expect(page.get_by_role("button", name="Kirim ulang")).to_have_count(0)
    await page.reload()
    await phone.connected()
    await expect(phone.mine).to_have_text(["halo", QUESTION])


async def test_a_message_that_arrived_although_its_answer_was_lost_is_not_sent_again(
    page: Page, gateway: Gateway, conversation: str
) -> None:
    phone = Phone(page, gateway.url)
    await phone.open(conversation)
    await phone.ask("halo")
    before = await phone.answers.count()

    async def lose_the_answer(route) -> None:  # type: ignore[no-untyped-def]
        await route.fetch()
        await route.abort()

    await page.route("**/api/simulator/*/messages", lose_the_answer, times=1)
    await phone.write(QUESTION)
    await phone.answered(before + 1)
    await page.reload()
    await phone.connected()
    await expect(phone.mine).to_have_text(["halo", QUESTION])


async def test_try_now_connects_at_once(page: Page, gateway: Gateway, conversation: str) -> None:
    phone = Phone(page, gateway.url)
    await phone.open(conversation)
    await gateway.close()
    await expect(phone.banner).to_be_visible()
    await page.clock.install()  # time stands still from here: only the button can reconnect
    await gateway.open()
    await page.get_by_role("button", name="Coba sekarang").click()
    await phone.connected()


async def test_a_refused_message_says_why_and_can_be_sent_again(phone: Phone) -> None:
    refusal = {"detail": "Pesan ini tidak dapat diterima."}

    async def refuse(route) -> None:  # type: ignore[no-untyped-def]
        await route.fulfill(status=422, json=refusal)

    await phone.page.route("**/api/simulator/*/messages", refuse, times=1)
    await phone.write(QUESTION)
    await expect(phone.page.get_by_text(refusal["detail"])).to_be_visible()
    await phone.page.get_by_role("button", name="Kirim ulang").click()
    await phone.answered(1)
    await expect(phone.mine).to_have_text([QUESTION])
