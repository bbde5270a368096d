"""An office that takes Pandu up by clicks in its console: read, checked, tried, published, and every step counted."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from bot.settings import ROOT
from tests.browser.standards import Standard
from tests.browser.window import LIMIT, Window, context, window
from tests.helpers.system import Running, free_port, start, wait_until_ready
from tests.peers.bot_api import TOKEN as BOT_TOKEN
from tests.peers.bot_api import BotApiServer
from tests.peers.serving import serving
from tests.peers.twilio_api import ACCOUNT, SENDER
from tests.peers.twilio_api import TOKEN as TWILIO_TOKEN
from tests.peers.twilio_chain import Chain, twilio_chain

OWN_WORDS = "kereta-hujan-jendela-77"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
SIZES: dict[str, dict[str, Any]] = {"laptop": {}, "phone": PHONE}
PEOPLE = {
    "dian": ("Dian Contoh", "officer"),
    "ratna": ("Ratna Contoh", "supervisor"),
    "wahyu": ("Wahyu Contoh", "officer"),
}
A_CLICK, A_KEY, A_WORD = 4.0, 0.3, 0.4
"""Seconds that somebody who has not done it before takes: to look and click, to type a letter, to check a word."""


@dataclass
class Steps:
    """What a person did, in words, and how long it takes by hand; pasting costs a click, not a letter each."""

    taken: list[str] = field(default_factory=list)
    letters: int = 0
    words: int = 0
    machine: float = 0.0

    def minutes(self) -> float:
        return (len(self.taken) * A_CLICK + self.letters * A_KEY + self.words * A_WORD + self.machine) / 60


@dataclass
class Place:
    """The running system with its two channels, and who works there: user name to first password."""

    running: Running
    telegram: BotApiServer
    chain: Chain
    passwords: dict[str, str]


@asynccontextmanager
async def place(folder: Path, logs: Path) -> AsyncIterator[Place]:
    telegram, port = BotApiServer(), str(free_port())
    public = f"http://127.0.0.1:{port}"
    async with serving(telegram.app) as api, twilio_chain(public, logs) as chain:
        settings = {"PORT": port, "PUBLIC_URL": public, "WHATSAPP_SENDER": SENDER, "TWILIO_API_URL": chain.url}
        settings |= {"TELEGRAM_TOKEN": BOT_TOKEN, "TELEGRAM_API_URL": api}
        settings |= {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TWILIO_TOKEN}
        running = start(folder, **settings)
        try:
            await asyncio.to_thread(wait_until_ready, running)
            yield Place(running, telegram, chain, {one: _hired(running, one, *who) for one, who in PEOPLE.items()})
        finally:
            await asyncio.to_thread(running.stop)


def _hired(running: Running, username: str, name: str, role: str) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PANDU_")}
    command = [str(Path(sys.executable).with_name("pandu")), "officers", "add", username, name, "--role", role]
    environment["PANDU_DATA_DIR"] = str(running.folder)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip().splitlines()[-1].strip()


async def signed_in(chromium: Browser, here: Place, username: str, size: str) -> Window:
    """Somebody who signs in for the first time and chooses a password."""
    opened = await window(await context(chromium, **SIZES[size]), here.running.url)
    page = opened.page
    page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
    await page.goto(f"{opened.url}/console/knowledge")
    await page.get_by_label("Nama pengguna").fill(username)
    await page.get_by_label("Kata sandi").fill(here.passwords[username])
    await page.get_by_role("button", name="Masuk").click()
    await page.get_by_label("Kata sandi lama").fill(here.passwords[username])
    await page.get_by_label("Kata sandi baru", exact=False).first.fill(OWN_WORDS)
    await page.get_by_label("Kata sandi baru, sekali lagi").fill(OWN_WORDS)
    await page.get_by_role("button", name="Simpan").click()
    return opened


def field_of(page: Page, label: str) -> Locator:
    """What is typed into under this label, whatever hint stands beside it."""
    named = page.locator("label.field", has=page.locator("span", has_text=re.compile(rf"^{re.escape(label)}$")))
    return named.first.locator("input, textarea, select")


class Hand:
    """A person's hand on a page: each act is a step."""

    def __init__(self, at: Window, who: str, steps: Steps) -> None:
        self.page, self.who, self.steps = at.page, who, steps

    async def open(self, address: str, title: str) -> None:
        self._did(f"opens {title}")
        await self.page.goto(address)

    async def follow(self, title: str) -> None:
        self._did(f"clicks {title!r}")
        await self.page.get_by_role("link", name=title).first.click()

    async def press(self, title: str, within: Locator | None = None) -> None:
        self._did(f"clicks {title!r}" + (" once more" if within else ""))
        begun = time.monotonic()
        await (within or self.page).get_by_role("button", name=title, exact=True).first.click()
        await self.page.wait_for_load_state()
        self.steps.machine += time.monotonic() - begun

    async def write(self, label: str, text: str) -> None:
        self._did(f"writes {label!r}: {text}")
        self.steps.letters += len(text)
        await field_of(self.page, label).fill(text)

    async def paste(self, label: str, text: str) -> None:
        self._did(f"pastes into {label!r}")
        await field_of(self.page, label).fill(text)

    async def choose(self, label: str, file: Path) -> None:
        self._did(f"chooses {file.name} under {label!r}")
        self._did("opens it in the window that comes")
        await field_of(self.page, label).set_input_files(file)

    def _did(self, words: str) -> None:
        self.steps.taken.append(f"{self.who} {words}")


async def drafted(officer: Window, standard: Standard, steps: Steps) -> str:
    """The address of the draft."""
    hand, page = Hand(officer, "officer", steps), officer.page
    await hand.open(f"{officer.url}/console/knowledge", "Pengetahuan")
    await hand.follow("Standar kantor")
    if standard.file:
        await hand.choose("Berkas", standard.file)
    else:
        await hand.paste("Atau tempelkan teksnya", standard.text)
    await hand.press("Baca")
    await expect(page.get_by_role("heading", name=standard.title)).to_be_visible(timeout=LIMIT)
    steps.taken.append("officer reads document and draft beside each other")
    steps.words = 2 * standard.words
    for label, text in standard.fields.items():
        await hand.write(label, text)
    await hand.press("Simpan draf")
    await expect(page.get_by_text("Semua aturan dipenuhi.")).to_be_visible(timeout=LIMIT)
    draft = page.url.partition("#")[0]
    await hand.follow("Coba bertanya kepada draf ini")
    await hand.write("Pertanyaan", f"berapa lama {standard.asked} di kab semarang")
    await hand.press("Tanyakan")
    await expect(page.get_by_role("log", name="Percobaan")).to_contain_text(standard.duration, timeout=LIMIT)
    await page.get_by_role("button", name=re.compile(r"Jalankan \d+ pertanyaan")).click()
    steps.taken.append("officer clicks 'Jalankan … pertanyaan'")
    verdicts = page.locator("#questions [role=status]")
    await expect(verdicts).to_contain_text("baru terjawab", timeout=LIMIT)
    for bad in ("rusak", "hilang", "bukan dijawab dari draf ini", "tidak memuat"):
        await expect(verdicts).not_to_contain_text(bad)
    return draft


async def published(supervisor: Window, standard: Standard, draft: str, steps: Steps) -> None:
    hand, page = Hand(supervisor, "supervisor", steps), supervisor.page
    await hand.open(f"{supervisor.url}/console/knowledge", "Pengetahuan")
    await hand.follow("Standar kantor")
    await hand.follow(standard.title)
    assert page.url.partition("#")[0] == draft
    await hand.write("Alasan", "standar tahun 2026")
    await hand.press("Terbitkan")
    await hand.press("Terbitkan", within=page.get_by_role("dialog"))
    await expect(page.get_by_text("paling lama satu menit lagi")).to_be_visible(timeout=LIMIT)
