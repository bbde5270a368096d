"""Applications and reports in a real browser: by keyboard."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, expect
from sqlalchemy import select

from bot.applications.models import Application
from bot.applications.posting import register_of
from bot.applications.service import NewApplication, add
from bot.complaints.models import Complaint
from bot.conversations.models import Conversation
from tests.browser.listening import listening
from tests.browser.window import Window, window
from tests.helpers.databases import fresh_database
from tests.helpers.front_office import PASSWORD
from tests.helpers.open_office import Office, open_office

BODY = "Loketnya tutup jam sepuluh."


@pytest.fixture(scope="module")
async def served(database_url: str, test_folder: Path) -> AsyncIterator[tuple[Office, str]]:
    """An office with some applications, one of them late, and a secret report; and its address."""
    url = await fresh_database(database_url, "cases_in_a_browser")
    async with open_office(url, test_folder / "cases") as office:
        await _fill(office)
        async with listening(office) as address:
            yield office, address


async def _fill(office: Office) -> None:
    async with office.runtime.database.session() as session:
        register = register_of(office.runtime, session)
        start = register.today() - timedelta(days=40)
        for number, (service, stage) in enumerate(
            [("magetan-perluasan", "verifikasi"), ("kudus-iui", ""), ("verifikasi-iui-oss", "perbaikan")]
        ):
            new = NewApplication(
                service,
                reference=f"503/{number}",
                applicant=f"Contoh {number}",
                received_on=start,
                stage=stage,
                phones=["081234567890"],
            )
            await add(register, new, f"officer:{office.people.rina.id}")
        person = Conversation(channel="simulator", address="warga-rahasia")
        session.add(person)
        await session.flush()
        answers = {"visibility": "rahasia", "office_id": "magetan", "name": "Siti Contoh", "place": "loket"}
        report = Complaint(
            conversation_id=person.id,
            status="queued",
            step="",
            answers=answers,
            title="Loket sering tutup",
            body=BODY,
            route="conduct",
            recipient="lapor",
            office="magetan",
            service="magetan-perluasan",
            confirmed_at=datetime.now(UTC) - timedelta(days=1),
        )
        session.add(report)


@pytest.fixture
async def sari(context: BrowserContext, served: tuple[Office, str]) -> AsyncIterator[Window]:
    sari = await window(context, served[1])
    await sari.sign_in("sari", PASSWORD, "/console/applications")
    yield sari
    assert sari.faults == []


async def test_from_a_new_application_to_its_next_stage_by_keyboard(sari: Window, served: tuple[Office, str]) -> None:
    page, keyboard = sari.page, sari.keyboard
    await keyboard.press("n")
    await expect(page.get_by_role("heading", name="Daftarkan permohonan")).to_be_visible()
    await keyboard.press("l")
    await page.locator("select[name=procedure]").select_option("magetan-perluasan/utama")
    await page.get_by_label("Nomor berkas kantor").fill("503/77")
    await page.get_by_label("Nama pemohon").fill("Ani <b>Contoh</b>")
    await page.get_by_label("Telepon atau e-mail").fill("12")
    await keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Nomor telepon tidak valid")
    await expect(page.get_by_label("Nama pemohon")).to_have_value("Ani <b>Contoh</b>")
    await page.get_by_label("Telepon atau e-mail").fill("0813 1111 2222")
    await keyboard.press("Enter")
    await expect(page.get_by_role("status").first).to_contain_text("Terdaftar dengan nomor PDU-")
    await expect(page.get_by_text("Ani <b>Contoh</b>")).to_be_visible()
    await keyboard.press("m")
    await keyboard.press("Space")
    await page.get_by_role("button", name="Simpan tahap").press("Enter")
    await expect(page.get_by_text("Pemohon tidak dikabari.")).to_be_visible()
    await keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Pemeriksaan kelengkapan")).to_be_visible()
    await keyboard.press("c")
    await keyboard.type("sudah ditelepon")
    await keyboard.press("Control+Enter")
    await expect(page.get_by_text("sudah ditelepon")).to_be_visible()
    await page.goto(f"{sari.url}/console/applications")
    await keyboard.press("/")
    await keyboard.type("503/77")
    await keyboard.press("Enter")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await keyboard.press("j")
    await keyboard.press("Enter")
    await expect(page.get_by_text("sudah ditelepon")).to_be_visible()


async def test_single_letters_can_be_switched_off(sari: Window) -> None:
    page = sari.page
    await sari.keyboard.press("?")
    await page.get_by_label("Pintasan satu huruf aktif").uncheck()
    await sari.keyboard.press("Escape")
    await page.reload()
    await sari.keyboard.press("n")
    await sari.keyboard.press("?")
    await expect(page.get_by_label("Pintasan satu huruf aktif")).not_to_be_checked()
    await expect(page).to_have_url(re.compile("/console/applications$"))
    await page.get_by_label("Pintasan satu huruf aktif").check()
    await sari.keyboard.press("Escape")
    await sari.keyboard.press("n")
    await expect(page.get_by_role("heading", name="Daftarkan permohonan")).to_be_visible()


async def test_a_list_is_looked_through_and_written(sari: Window, served: tuple[Office, str]) -> None:
    page = sari.page
    await sari.keyboard.press("i")
    await expect(page.get_by_role("heading", name="Impor daftar")).to_be_visible()
    rows = "nomor;layanan;tanggal_masuk;tahap;tanggal_tahap\nI/1;kudus-iui;2-1-2026;40;5-1-2026\nI/2;terbang;x;;\n"
    file = {"name": "daftar.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    await page.get_by_label("Berkas").set_input_files(file)
    await page.get_by_role("button", name="Periksa").click()
    await expect(page.get_by_role("row", name="3 Layanan “terbang” tidak dikenal")).to_be_visible()
    await page.get_by_role("button", name="Tulis 1 baris yang benar saja").click()
    asked = page.locator("#asked")
    await expect(asked).to_contain_text("Baris yang salah tidak ditulis")
    await asked.get_by_role("button", name="Batal").click()
    await expect(asked).to_be_hidden()
    await page.get_by_role("button", name="Tulis 1 baris yang benar saja").click()
    await asked.get_by_role("button", name="Tulis").click()
    await expect(page.get_by_role("status").first).to_contain_text("1 baru, 0 berubah")
    async with served[0].runtime.database.session() as session:
        assert (await session.scalars(select(Application.reference).where(Application.reference == "I/1"))).all()


async def test_a_secret_report_is_copied_and_marked_with_its_number(
    sari: Window, context: BrowserContext, served: tuple[Office, str]
) -> None:
    page = sari.page
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.goto(f"{sari.url}/console/complaints")
    await expect(page.get_by_text(BODY)).to_have_count(0)
    await sari.keyboard.press("j")
    await expect(page.locator("tbody a").first).to_be_focused()
    await sari.keyboard.press("Enter")
    await expect(page.get_by_text("Isi laporan Rahasia tidak ditampilkan.")).to_be_visible()
    await sari.keyboard.press("t")
    await expect(page.get_by_text(BODY)).to_be_visible()
    await page.get_by_role("button", name="Salin Isi laporan").click()
    await expect(page.get_by_text("Tersalin")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == BODY
    number = page.get_by_label("Tracking ID")
    await page.get_by_role("button", name="Simpan nomor").click()
    assert await number.evaluate("field => field.validity.valueMissing"), "required"
    await number.fill("1916449")
    await sari.keyboard.press("Enter")
    await page.get_by_role("button", name="Ya").click()
    await expect(page.get_by_role("status").first).to_contain_text("pelapor dikabari")
    await expect(page.get_by_text("#1916449").first).to_be_visible()
    await expect(page.get_by_text(BODY)).to_have_count(0)
