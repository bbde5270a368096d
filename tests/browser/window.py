"""An officer's window of the console."""

from __future__ import annotations

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

LIMIT = 30_000  # milliseconds; the machine may be busy with other tests


class Keys:
    """A keyboard at a page whose scripts have run: a key before that is nobody's."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.type = page.keyboard.type

    async def press(self, key: str) -> None:
        await self._page.wait_for_load_state("domcontentloaded")
        await self._page.keyboard.press(key)


class Window:
    """`faults` are script errors and what the content policy refused: there must be none."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.keyboard = Keys(page)
        self.url = url
        self.faults: list[str] = []
        self.pane = page.locator("#pane")
        self.rows = page.locator("#rows")
        self.box = page.get_by_label("Balasan untuk pemohon")
        self.log = page.get_by_role("log")
        self.said = page.locator("#said")
        page.set_default_timeout(LIMIT)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on(
            "console",
            lambda line: self.faults.append(line.text) if "Content Security Policy" in line.text else None,
        )

    async def sign_in(self, username: str, password: str, to: str = "/console/inbox") -> None:
        await self.page.goto(f"{self.url}{to}")
        await self.page.get_by_label("Nama pengguna").fill(username)
        await self.page.get_by_label("Kata sandi").fill(password)
        await self.page.get_by_role("button", name="Masuk").click()
        await expect(self.page.locator("nav[aria-label=Bagian] [aria-current=page]")).to_be_attached(timeout=LIMIT)

    async def open(self, conversation_id: int, query: str = "") -> None:
        await self.page.goto(f"{self.url}/console/conversations/{conversation_id}{query}")
        await self.connected()

    async def connected(self) -> None:
        """The page hears what happens."""
        await expect(self.page.locator("body[data-heard]")).to_be_attached(timeout=LIMIT)

    async def wired(self) -> None:
        """What a swap brought obeys keys: htmx has seen it."""
        seen = "document.querySelector('#reply')?.['htmx-internal-data']?.initHash"
        await self.page.wait_for_function(f"{seen} !== undefined", timeout=LIMIT)

    def row(self, conversation_id: int) -> Locator:
        return self.page.locator(f"#row-{conversation_id} a")

    def act(self, title: str) -> Locator:
        return self.page.locator(".who .acts").get_by_role("button", name=title, exact=True)

    async def does(self, title: str) -> None:
        """An act that the applicant hears of: what is said is shown, and agreed to."""
        await self.act(title).click()
        await self.agree()

    async def agree(self) -> None:
        await self.page.locator("#asking").get_by_role("button", name="Ya").click()

    async def agree_by_key(self) -> None:
        """The yes has the focus when what is said is shown."""
        await expect(self.page.locator("#asking").get_by_role("button", name="Ya")).to_be_focused()
        await self.keyboard.press("Enter")
        await expect(self.page.locator("#asking")).to_be_hidden(timeout=LIMIT)

    def says(self, text: str) -> Locator:
        """A bubble with this text."""
        return self.log.locator(".text").filter(has_text=text)

    async def sees(self, text: str) -> None:
        await expect(self.log.get_by_text(text).last).to_be_visible(timeout=LIMIT)

    async def reply(self, text: str) -> None:
        await self.box.fill(text)
        await self.box.press("Control+Enter")
        await expect(self.box).to_have_value("", timeout=LIMIT)

    async def holds(self) -> None:
        """The conversation is this officer's."""
        await expect(self.page.locator("#composer-state[data-mode=mine]")).to_be_attached(timeout=LIMIT)


async def window(context: BrowserContext, url: str) -> Window:
    return Window(await context.new_page(), url)


async def context(chromium: Browser, **options: object) -> BrowserContext:
    size = {"viewport": {"width": 1366, "height": 768}, "locale": "id-ID", "timezone_id": "Asia/Jakarta"}
    return await chromium.new_context(**(size | options))  # type: ignore[arg-type]
