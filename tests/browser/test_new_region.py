"""A region that nobody held, by clicks alone: read, checked, tried, published, and then served on both channels."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.applications.numbers import claim_code_in, number_in
from tests.browser import standards
from tests.browser.adopting import SIZES, Place, Steps, drafted, field_of, place, published, signed_in
from tests.browser.applicants import OnTelegram, OnWhatsApp, Phone, ask, choose
from tests.browser.standards import Standard
from tests.browser.window import LIMIT, Window
from tests.helpers.system import Person
from tests.helpers.until import until

BUDI = "+6281200000177"
MOST_QUESTIONS = 20
MOST_MINUTES = 10


@pytest.mark.timeout(600)
@pytest.mark.parametrize("size", SIZES)
async def test_from_a_standard_to_applicants_on_both_channels(
    chromium: Browser, test_folder: Path, tmp_path: Path, size: str
) -> None:
    """On a laptop the regency's own file is chosen, where it lies beside the repository; on a phone text is pasted."""
    standard = (standards.real() if size == "laptop" else None) or standards.DEPOT
    async with place(test_folder / f"new-region-{size}", tmp_path) as here:
        steps = Steps()
        officer = await signed_in(chromium, here, "dian", size)
        draft = await drafted(officer, standard, steps)
        supervisor = await signed_in(chromium, here, "ratna", size)
        await published(supervisor, standard, draft, steps)
        print(
            f"\n{len(steps.taken)} clicks, {steps.letters} letters: {steps.minutes():.1f} minutes",
            *steps.taken,
            sep="\n  ",
        )
        assert steps.minutes() <= MOST_MINUTES

        live = await _live(here, standard)
        print(f"live after {live:.1f} s")
        assert live <= 60

        telegram = OnTelegram(here.telegram)
        whatsapp = OnWhatsApp(here.chain, f"{here.running.url}/webhooks/whatsapp", f"whatsapp:{BUDI}")
        for phone in (telegram, whatsapp):
            await _answers(phone, standard)
            await _guides(phone, standard)
            await _takes_a_complaint(phone, standard)
        number, code = await _registered(officer, standard)
        await ask(telegram, code, standard.called, "Tahap")
        await ask(whatsapp, "sampai mana izin saya?", standard.called, "Tahap", number)
        for one in (officer, supervisor):
            assert one.faults == []
            await one.page.context.close()


async def _live(here: Place, standard: Standard) -> float:
    """Seconds until somebody new gets the answer."""
    begun = time.monotonic()

    async def answered() -> bool:
        person = Person(here.running.url)
        await asyncio.to_thread(person.says, f"apa saja syarat {standard.asked} di kab semarang?")
        return standard.requirements[0] in person.heard()

    await until(answered, 60)
    return time.monotonic() - begun


async def _answers(phone: Phone, standard: Standard) -> None:
    await ask(phone, "halo", "Pandu")
    first = await ask(phone, f"apa saja syarat {standard.asked} di kabupaten semarang?", *standard.requirements)
    assert "Sumber:" in first
    await ask(phone, "biayanya?", standard.cost)
    await ask(phone, "berapa lama?", standard.duration)
    await ask(phone, f"ke mana mengadu soal {standard.asked} di kabupaten semarang?", standard.contact)


async def _guides(phone: Phone, standard: Standard) -> None:
    await ask(phone, f"pandu saya urus {standard.asked} di kab semarang")
    for _ in range(MOST_QUESTIONS):
        if any(key.startswith("Lanjut") for key in phone.keys):
            break
        starts = [key for key in phone.keys if key.startswith("Mulai")]
        await choose(phone, (starts or phone.keys)[0])
    await choose(phone, "Lanjut", f"Langkah 1 dari {standard.steps}", standard.first_step)
    await choose(phone, "Lanjut", f"Langkah 2 dari {standard.steps}")
    await ask(phone, "berhenti")


async def _takes_a_complaint(phone: Phone, standard: Standard) -> None:
    """From the first words to the yes; nothing goes anywhere without it."""
    await ask(phone, "petugas dinkes kab semarang lambat, izin saya dua bulan belum ada kabar, saya kecewa")
    await choose(phone, "Buat laporan")
    for _ in range(MOST_QUESTIONS):
        if "Ya, sudah benar" in phone.keys:
            break
        await _replied(phone, standard)
    report = "\n".join(phone.heard[-3:])
    assert "Dinas Kesehatan Kabupaten Semarang" in report and standard.title in report, report
    await choose(phone, "Ya, sudah benar", "Belum dikirim ke mana pun")


async def _replied(phone: Phone, standard: Standard) -> str:
    """What comes after the first choice that fits, or after a sentence where there is none."""
    for title in ("Selesai", standard.called[:12], "Tidak ingat", "Di kantor", "Anonim", "LAPOR!", "Lewati"):
        if any(key.startswith(title) for key in phone.keys):
            return await choose(phone, title)
    return await ask(phone, "izinnya segera diproses")


async def _registered(officer: Window, standard: Standard) -> tuple[str, str]:
    """An application of the new service, entered in the console: its number, and a claim code."""
    page = officer.page
    await page.goto(f"{officer.url}/console/applications/new")
    services = field_of(page, "Layanan")
    value = await services.locator("option", has_text=standard.title).first.get_attribute("value")
    await services.select_option(value)
    await field_of(page, "Nama pemohon").fill("Budi Contoh")
    await field_of(page, "Telepon atau e-mail yang sudah diperiksa").fill(BUDI)
    await page.get_by_role("button", name="Daftarkan").click()
    await page.wait_for_url(re.compile(r"/console/applications/PDU-"), timeout=LIMIT)
    number = number_in(page.url)
    assert number
    for button in (page, page.get_by_role("dialog")):  # an older code ends, so it is asked once more
        await button.get_by_role("button", name="Kode klaim").click()
    await expect(page.locator("main")).to_contain_text("KLAIM-", timeout=LIMIT)
    code = claim_code_in(await page.locator("main").inner_text())
    assert code
    return number, code
