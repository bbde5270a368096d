"""The simulator as a person at the keyboard sees it: what stands in the chat, and how to write there."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

ANSWER_LIMIT = 30_000  # milliseconds; the real engine may be busy with other tests


class Phone:
    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.box = page.get_by_label("Tulis pesan")
        self.log = page.get_by_role("log")
        self.bubbles = page.locator(".row .words")
        self.mine = page.locator(".row.out .words")
        self.answers = page.locator(".row:not(.out)")
        self.sheet = page.get_by_role("dialog")
        self.banner = page.get_by_text("Sambungan terputus")

    async def open(self, conversation: str, flavour: str = "Telegram") -> None:
        await self.page.goto(f"{self.url}/simulator#{conversation}")
        await self.connected()
        await self.dress(flavour)

    async def dress(self, flavour: str) -> None:
        """As "Telegram" or "WhatsApp"; on a small screen the switch is in the drawer."""
        drawer = self.page.get_by_role("button", name="Menu dan contoh pertanyaan")
        small = await drawer.is_visible()
        if small:
            await drawer.click()
        await self.page.get_by_role("radio", name=flavour).check(force=True)
        if small:
            await self.page.keyboard.press("Escape")

    async def connected(self) -> None:
        """The line is up: the history has been drawn."""
        await expect(self.log).to_have_attribute("aria-live", "polite", timeout=ANSWER_LIMIT)
        await expect(self.banner).to_be_hidden(timeout=ANSWER_LIMIT)

    async def write(self, text: str) -> None:
        await self.box.fill(text)
        await self.box.press("Enter")

    async def answered(self, count: int) -> None:
        """At least `count` bubbles of Pandu are there and nothing is on its way."""
        await expect(self.answers.nth(count - 1)).to_be_visible(timeout=ANSWER_LIMIT)
        await expect(self.page.locator(".row.out:not(.sent)")).to_have_count(0, timeout=ANSWER_LIMIT)

    async def ask(self, text: str) -> Locator:
        """Write, wait for the answer; returns its (last) row."""
        before = await self.answers.count()
        await self.write(text)
        await self.answered(before + 1)
        return self.answers.last

    @property
    def keys(self) -> Locator:
        """The choices under the newest bubble that has any."""
        return self.page.locator(".keys").last.get_by_role("button")
