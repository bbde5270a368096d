"""From the bot to a person and back: an applicant and two officers, each in a window of their own."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, expect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.commands.common import with_runtime
from bot.conversations.models import Conversation
from bot.conversations.runtime import Runtime
from bot.handoff.desk import Act
from bot.handoff.ownership.service import watch_leases
from bot.settings import Settings
from tests.browser.phone import Phone
from tests.browser.window import LIMIT, Window, context, window
from tests.handoff.samples import PDF
from tests.helpers.front_office import PASSWORD
from tests.helpers.hiring import hire
from tests.helpers.system import Running

Office = Callable[[Callable[[AsyncSession, Runtime], Awaitable[object]]], Awaitable[None]]


@pytest.fixture
def office(running: Running) -> Office:
    """Runs something on the running system's database."""

    async def inside(work: Callable[[AsyncSession, Runtime], Awaitable[object]]) -> None:
        async def act(runtime: Runtime) -> int:
            async with runtime.database.session() as session:
                await work(session, runtime)
            return 0

        await with_runtime(Settings(_env_file=None, data_dir=running.folder), act)

    return inside


@pytest.fixture
async def officers_windows(chromium: Browser, running: Running, office: Office) -> AsyncIterator[tuple[Window, Window]]:
    """Sari's and Rina's, signed in, on the list of who waits."""
    mark = secrets.token_hex(4)

    async def hire_both(session: AsyncSession, _: Runtime) -> None:
        for name in ("Sari", "Rina"):
            await hire(session, f"{name.lower()}-{mark}", name, "officer", PASSWORD)

    await office(hire_both)
    opened = [await context(chromium) for _ in range(2)]
    windows = [await window(one, running.url) for one in opened]
    await asyncio.gather(
        *(one.sign_in(f"{name}-{mark}", PASSWORD) for one, name in zip(windows, ("sari", "rina"), strict=True))
    )
    yield windows[0], windows[1]
    for one in opened:
        await one.close()
    assert [fault for one in windows for fault in one.faults] == []


async def number_of(office: Office, address: str) -> int:
    found: list[int] = []

    async def look(session: AsyncSession, _: Runtime) -> None:
        query = select(Conversation.id).where(Conversation.address == address)
        found.append((await session.execute(query)).scalar_one())

    await office(look)
    return found[0]


async def test_from_the_bot_to_a_person_and_back(
    phone: Phone, conversation: str, officers_windows: tuple[Window, Window], office: Office
) -> None:
    sari, rina = officers_windows
    await sari.connected()
    await rina.connected()
    await phone.ask("apa syarat izin usaha industri di kudus?")
    await phone.ask("mau bicara dengan petugas")
    number = await number_of(office, conversation)

    # who waits appears without a reload; both open it, and see each other
    for one in (sari, rina):
        await one.row(number).click(timeout=LIMIT)
        await expect(one.page).to_have_url(f"{one.url}/console/conversations/{number}")
        await one.sees("mau bicara dengan petugas")
    await expect(sari.page.locator(".viewer")).to_contain_text("Rina", timeout=LIMIT)
    await expect(rina.page.locator(".viewer")).to_contain_text("Sari", timeout=LIMIT)

    # both take it at once: one has it, the other hears who
    await asyncio.gather(*(one.act("Ambil").dispatch_event("click") for one in (sari, rina)))
    both = [one.page.locator("#asking").get_by_role("button", name="Ya") for one in (sari, rina)]
    for one in both:
        await expect(one).to_be_visible(timeout=LIMIT)
    await asyncio.gather(*(one.dispatch_event("click") for one in both))
    await expect(sari.page.locator("#composer-state[data-mode=mine], #composer-state[data-mode=other]")).to_be_attached(
        timeout=LIMIT
    )
    sari_won = await sari.page.locator("#composer-state[data-mode=mine]").count() == 1
    owner, other = (sari, rina) if sari_won else (rina, sari)
    name, colleague = ("Sari", "Rina") if sari_won else ("Rina", "Sari")
    await owner.holds()
    await expect(other.page.locator("#composer-state")).to_contain_text(f"dipegang petugas {name}", timeout=LIMIT)
    await expect(phone.page.get_by_text(f"Anda terhubung dengan petugas {name}.")).to_be_visible(timeout=LIMIT)

    # words and a file go out, words come in, the colleague reads along
    await owner.reply("Selamat siang, aktanya <masih> berlaku.")
    await expect(phone.page.get_by_text("Selamat siang, aktanya <masih> berlaku.")).to_be_visible(timeout=LIMIT)
    await expect(owner.log.locator(".by-officer .tick.sent")).to_have_count(1, timeout=LIMIT)
    await other.sees("Selamat siang, aktanya <masih> berlaku.")
    await phone.write("terima kasih bu, formulirnya?")
    await owner.sees("terima kasih bu, formulirnya?")
    await owner.page.locator("[data-files]").set_input_files(
        {"name": "formulir.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    await owner.page.get_by_role("button", name="Kirim", exact=True).click()
    await expect(phone.page.get_by_text("formulir.pdf")).to_be_visible(timeout=LIMIT)

    # a note for officers only, then into the colleague's hands
    await other.keyboard.press("n")
    await other.page.get_by_label("Catatan, hanya dibaca petugas").fill("formulir barunya di laci kedua")
    await other.keyboard.press("Control+Enter")
    await owner.sees("formulir barunya di laci kedua")
    await owner.act("Alihkan").click()
    dialog = owner.page.get_by_role("dialog")
    to = dialog.get_by_label("Kepada")
    await to.select_option(await to.locator("option", has_text=f"{colleague}: hadir").get_attribute("value"))
    await dialog.get_by_label("Catatan untuk yang menerima").fill("tolong lanjutkan, saya ke loket")
    await dialog.get_by_role("button", name="Alihkan").click()
    await owner.agree()
    await other.holds()
    await other.sees("tolong lanjutkan, saya ke loket")
    await expect(phone.page.get_by_text(f"dilanjutkan oleh petugas {colleague}")).to_be_visible(timeout=LIMIT)
    await expect(phone.page.get_by_text("laci kedua")).to_have_count(0)
    await expect(phone.page.get_by_text("tolong lanjutkan")).to_have_count(0)

    # nothing happens for longer than the lease: back into the queue, and taken again
    async def later(session: AsyncSession, runtime: Runtime) -> None:
        await watch_leases(Act(session, runtime, None, lambda: datetime.now(UTC) + timedelta(minutes=16)))

    await office(later)
    await expect(other.page.locator("#composer-state[data-mode=queue]")).to_be_attached(timeout=LIMIT)
    await other.sees(f"Tidak ada kegiatan dari {colleague}")
    await owner.does("Ambil")
    await owner.holds()

    # and given back: the bot goes on
    await owner.does("Ke Pandu")
    await expect(owner.page.locator("#composer-state[data-mode=bot]")).to_be_attached(timeout=LIMIT)
    await expect(phone.page.get_by_text("kembali terhubung dengan Pandu").last).to_be_visible(timeout=LIMIT)
    before = await phone.answers.count()
    await phone.write("biayanya berapa?")
    await phone.answered(before + 1)
    await expect(phone.page.locator("#u-owner")).to_have_text("bot", timeout=LIMIT)
    await owner.sees("biayanya berapa?")
