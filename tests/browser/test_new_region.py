"""A region that nobody held, by clicks alone: pasted, checked, tried, published, and then served on both channels."""

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

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.applications.numbers import claim_code_in, number_in
from bot.settings import ROOT
from tests.browser import standards
from tests.browser.applicants import OnTelegram, OnWhatsApp, Phone, ask, choose
from tests.browser.window import LIMIT, Window, context, window
from tests.helpers.system import Person, Running, free_port, start, wait_until_ready
from tests.helpers.until import until
from tests.peers.bot_api import TOKEN as BOT_TOKEN
from tests.peers.bot_api import BotApiServer
from tests.peers.serving import serving
from tests.peers.twilio_api import ACCOUNT, SENDER
from tests.peers.twilio_api import TOKEN as TWILIO_TOKEN
from tests.peers.twilio_chain import Chain, twilio_chain

OWN_WORDS = "kereta-hujan-jendela-77"
BUDI = "+6281200000177"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
SIZES: dict[str, dict[str, Any]] = {"laptop": {}, "phone": PHONE}
MOST_QUESTIONS = 20
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
            people = {"dian": ("Dian Contoh", "officer"), "ratna": ("Ratna Contoh", "supervisor")}
            yield Place(running, telegram, chain, {one: _hired(running, one, *who) for one, who in people.items()})
        finally:
            await asyncio.to_thread(running.stop)


def _hired(running: Running, username: str, name: str, role: str) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PANDU_")}
    command = [str(Path(sys.executable).with_name("pandu")), "officers", "add", username, name, "--role", role]
    environment["PANDU_DATA_DIR"] = str(running.folder)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip().splitlines()[-1].strip()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("size", SIZES)
async def test_from_a_pasted_page_to_applicants_on_both_channels(
    chromium: Browser, test_folder: Path, tmp_path: Path, size: str
) -> None:
    async with place(test_folder / f"new-region-{size}", tmp_path) as here:
        steps = Steps()
        officer = await _window(chromium, here, "dian", size)
        draft = await _drafted(officer, steps)
        supervisor = await _window(chromium, here, "ratna", size)
        await _published(supervisor, draft, steps)
        print(
            f"\n{len(steps.taken)} clicks, {steps.letters} letters: {steps.minutes():.1f} minutes",
            *steps.taken,
            sep="\n  ",
        )
        assert steps.minutes() <= 10

        live = await _live(here)
        print(f"live after {live:.1f} s")
        assert live <= 60

        telegram = OnTelegram(here.telegram)
        whatsapp = OnWhatsApp(here.chain, f"{here.running.url}/webhooks/whatsapp", f"whatsapp:{BUDI}")
        for phone in (telegram, whatsapp):
            await _answers(phone)
            await _guides(phone)
            await _takes_a_complaint(phone)
        number, code = await _registered(officer)
        await ask(telegram, code, standards.TITLE, "Tahap")
        await ask(whatsapp, "sampai mana izin saya?", standards.TITLE, "Tahap", number)
        for one in (officer, supervisor):
            assert one.faults == []
            await one.page.context.close()


async def _window(chromium: Browser, here: Place, username: str, size: str) -> Window:
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


def _field(page: Page, label: str) -> Locator:
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
        await _field(self.page, label).fill(text)

    async def paste(self, label: str, text: str) -> None:
        self._did(f"pastes into {label!r}")
        await _field(self.page, label).fill(text)

    def _did(self, words: str) -> None:
        self.steps.taken.append(f"{self.who} {words}")


async def _drafted(officer: Window, steps: Steps) -> str:
    """The address of the draft."""
    hand, page = Hand(officer, "officer", steps), officer.page
    await hand.open(f"{officer.url}/console/knowledge", "Pengetahuan")
    await hand.follow("Standar kantor")
    await hand.paste("Atau tempelkan teksnya", standards.PAGE)
    await hand.press("Baca")
    await expect(page.get_by_role("heading", name=standards.TITLE)).to_be_visible(timeout=LIMIT)
    steps.taken.append("officer reads document and draft beside each other")
    steps.words = 2 * len(standards.PAGE.split())
    await hand.write("Daerah", standards.REGION)
    await hand.write("Nama daerah yang dipakai orang", "kabupaten semarang, kab semarang, ungaran")
    await hand.write("Nama lain yang dipakai orang", "izin depot air minum, depot air minum, depot isi ulang")
    await hand.press("Simpan draf")
    await expect(page.get_by_text("Semua aturan dipenuhi.")).to_be_visible(timeout=LIMIT)
    draft = page.url.partition("#")[0]
    await hand.follow("Coba bertanya kepada draf ini")
    await hand.write("Pertanyaan", "berapa lama izin depot air minum di kab semarang")
    await hand.press("Tanyakan")
    await expect(page.get_by_role("log", name="Percobaan")).to_contain_text(standards.DURATION, timeout=LIMIT)
    await page.get_by_role("button", name=re.compile(r"Jalankan \d+ pertanyaan")).click()
    steps.taken.append("officer clicks 'Jalankan … pertanyaan'")
    verdicts = page.locator("#questions [role=status]")
    await expect(verdicts).to_contain_text("baru terjawab", timeout=LIMIT)
    for bad in ("rusak", "hilang", "bukan dijawab dari draf ini", "tidak memuat"):
        await expect(verdicts).not_to_contain_text(bad)
    return draft


async def _published(supervisor: Window, draft: str, steps: Steps) -> None:
    hand, page = Hand(supervisor, "supervisor", steps), supervisor.page
    await hand.open(f"{supervisor.url}/console/knowledge", "Pengetahuan")
    await hand.follow("Standar kantor")
    await hand.follow(standards.TITLE)
    assert page.url.partition("#")[0] == draft
    await hand.write("Alasan", "standar tahun 2026")
    await hand.press("Terbitkan")
    await hand.press("Terbitkan", within=page.get_by_role("dialog"))
    await expect(page.get_by_text("paling lama satu menit lagi")).to_be_visible(timeout=LIMIT)


async def _live(here: Place) -> float:
    """Seconds until somebody new gets the answer."""
    begun = time.monotonic()

    async def answered() -> bool:
        person = Person(here.running.url)
        await asyncio.to_thread(person.says, "berapa lama izin depot air minum di kab semarang?")
        return standards.DURATION in person.heard()

    await until(answered, 60)
    return time.monotonic() - begun


async def _answers(phone: Phone) -> None:
    await ask(phone, "halo", "Pandu")
    first = await ask(
        phone, "apa saja syarat izin depot air minum di kabupaten semarang?", *standards.REQUIREMENTS[1:4]
    )
    assert "Sumber:" in first
    await ask(phone, "biayanya?", standards.COST)
    await ask(phone, "berapa lama?", standards.DURATION)
    await ask(phone, "ke mana mengadu soal izin depot air minum di kabupaten semarang?", standards.PHONE)


async def _guides(phone: Phone) -> None:
    await ask(phone, "pandu saya urus izin depot air minum di kab semarang", "syarat")
    for _ in range(MOST_QUESTIONS):
        if any(key.startswith("Lanjut") for key in phone.keys):
            break
        starts = [key for key in phone.keys if key.startswith("Mulai")]
        await choose(phone, (starts or phone.keys)[0])
    await choose(phone, "Lanjut", "Langkah 1 dari 6", "formulir permohonan")
    await choose(phone, "Lanjut", "Langkah 2 dari 6")
    await ask(phone, "berhenti")


async def _takes_a_complaint(phone: Phone) -> None:
    """From the first words to the yes; nothing goes anywhere without it."""
    await ask(phone, "petugas dinkes kab semarang lambat, izin depot saya dua bulan belum ada kabar, saya kecewa")
    await choose(phone, "Buat laporan")
    for _ in range(MOST_QUESTIONS):
        if "Ya, sudah benar" in phone.keys:
            break
        await _replied(phone)
    report = "\n".join(phone.heard[-3:])
    assert standards.OFFICE in report and standards.TITLE in report, report
    await choose(phone, "Ya, sudah benar", "Belum dikirim ke mana pun")


async def _replied(phone: Phone) -> str:
    """What comes after the first choice that fits, or after a sentence where there is none."""
    for title in ("Selesai", standards.TITLE[:12], "Tidak ingat", "Di kantor", "Anonim", "LAPOR!", "Lewati"):
        if any(key.startswith(title) for key in phone.keys):
            return await choose(phone, title)
    return await ask(phone, "izinnya segera diproses")


async def _registered(officer: Window) -> tuple[str, str]:
    """An application of the new service, entered in the console: its number, and a claim code."""
    page = officer.page
    await page.goto(f"{officer.url}/console/applications/new")
    services = _field(page, "Layanan")
    value = await services.locator("option", has_text=standards.TITLE).first.get_attribute("value")
    await services.select_option(value)
    await _field(page, "Nama pemohon").fill("Budi Contoh")
    await _field(page, "Telepon atau e-mail yang sudah diperiksa").fill(BUDI)
    await page.get_by_role("button", name="Daftarkan").click()
    await page.wait_for_url(re.compile(r"/console/applications/PDU-"), timeout=LIMIT)
    number = number_in(page.url)
    assert number
    await page.get_by_role("button", name=re.compile("kode klaim", re.IGNORECASE)).click()
    await expect(page.locator("main")).to_contain_text("KLAIM-", timeout=LIMIT)
    code = claim_code_in(await page.locator("main").inner_text())
    assert code
    return number, code
