"""A report about one's own application begins with what the register knows, and only for its owner."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications.models import Application, ApplicationLook
from bot.applications.service import NewApplication, Register, add, advance
from bot.complaints import wording
from bot.knowledge.load import get_knowledge
from bot.working_days import ClosedDay
from tests.complaints.conftest import Person, newcomer

PHONE = "0812-3456-7890"
LATE = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)  # a Thursday; the promise of five days ended on Monday

Registers = Callable[..., Awaitable[Application]]


@pytest.fixture
async def owner(session: AsyncSession, tmp_path: Path) -> Person:
    found = await newcomer(session, tmp_path, "whatsapp", "whatsapp:+6281234567890")
    found.now = LATE
    return found


@pytest.fixture
def registers(session: AsyncSession, owner: Person) -> Registers:
    """Registers an application of the owner, in the stage `stage` since 16 November."""

    async def one(service: str = "magetan-perluasan", stage: str = "verifikasi", on: int = 16) -> Application:
        register = Register(session, get_knowledge(), ZoneInfo("Asia/Jakarta"), lambda: owner.now)
        new = NewApplication(
            service, received_on=date(2026, 11, 2), phones=[PHONE], stage=stage, stage_on=date(2026, 11, on)
        )
        return (await add(register, new, "sari")).application

    return one


async def looks(session: AsyncSession) -> list[str]:
    return list(await session.scalars(select(ApplicationLook.outcome).order_by(ApplicationLook.id)))


async def to_preview(person: Person, visibility: str = "Rahasia") -> str:
    """From the open story to the text of the preview."""
    await person.tap("Selesai")
    said = await person.finish("kemarin", visibility)
    return str(said.messages[0]["text"])


async def test_from_the_late_status_to_a_report_with_its_facts(owner: Person, registers: Registers) -> None:
    application = await registers()
    status = await owner.say("udah 3 minggu izin saya gak ada kabar", "track_status")
    assert "Buat laporan" not in status.buttons, "one way into a complaint is enough"
    await owner.tap("Buat pengaduan")
    begun = await owner.tap("Buat laporan")
    assert "DPMPTSP Kabupaten Magetan" in begun.text and application.number in begun.text
    assert "janji waktunya terlewati 3 hari kerja" in begun.text
    await owner.tap("Pengaduan")
    await owner.say("tiap ditanya cuma disuruh tunggu")
    preview = await to_preview(owner)
    assert f"Nomor permohonan: {application.number}." in preview
    assert "Izin Perluasan Usaha Industri di DPMPTSP Kabupaten Magetan" in preview
    assert "Waktu menurut Standar Pelayanan Magetan: 5 hari" in preview
    assert "batasnya 23 November 2026 dan pada 26 November 2026 sudah terlewati 3 hari kerja" in preview
    assert await looks(owner.session) == ["shown", "shown"], "the status, and the report"


async def test_a_wish_to_report_is_no_question_for_the_status(owner: Person) -> None:
    said = await owner.say("saya mau laporkan saja, udah lewat janjinya", "track_status")
    assert "Buat laporan" in said.buttons


async def test_who_owns_one_application_need_not_name_it(owner: Person, registers: Registers) -> None:
    application = await registers()
    await owner.say("petugasnya lambat sekali, saya kecewa", "complaint")
    assert await looks(owner.session) == [], "nothing is looked up before a report is wanted"
    begun = await owner.tap("Buat laporan")
    assert application.number in begun.text and "terlewati 3 hari kerja" in begun.text
    assert await looks(owner.session) == ["shown"]


async def test_a_complaint_about_another_office_is_not_about_it(owner: Person, registers: Registers) -> None:
    application = await registers()
    await owner.say("petugas di kudus galak", "complaint", office="kudus")
    begun = await owner.tap("Buat laporan")
    assert "Kudus" in begun.text and application.number not in begun.text
    assert await looks(owner.session) == []


async def test_of_several_the_late_one_or_the_one_that_is_chosen(owner: Person, registers: Registers) -> None:
    late, fresh = await registers(), await registers(on=25)
    await owner.say("izin saya lambat sekali", "complaint")
    begun = await owner.tap("Buat laporan")
    assert late.number in begun.text and fresh.number not in begun.text
    await owner.tap("Batalkan")
    await owner.tap("Ya, hapus laporan")
    other = await registers()
    await owner.say("izin saya lambat sekali", "complaint")
    begun = await owner.tap("Buat laporan")
    assert "permohonan yang mana" in begun.text and fresh.number not in begun.buttons
    assert {late.number, other.number, "Bukan permohonan itu"} <= set(begun.buttons)
    chosen = await owner.tap(other.number)
    assert f"nomor {other.number}" in chosen.text and "terlewati 3 hari kerja" in chosen.text
    assert (await owner.report()).answers["stage"] == "verifikasi"
    await owner.say("ubah permohonan")
    assert "Nomor itu tidak ada" in (await owner.say("PDU-2222-2222")).text or "mana" in owner.chat.last.text
    said = await owner.tap("Bukan permohonan itu")
    answers = (await owner.report()).answers
    assert "number" not in answers and "over" not in answers and other.number not in said.text
    await owner.tap("Batalkan")
    await owner.tap("Ya, hapus laporan")
    await owner.say(f"{other.number} lambat sekali", "complaint")
    assert other.number in (await owner.tap("Buat laporan")).text


async def test_a_stranger_gets_no_facts(person: Person, registers: Registers) -> None:
    application = await registers()
    person.now = LATE
    await person.send(f'/complaint{{"application_number":"{application.number}"}}')
    begun = await person.tap("Buat laporan")
    assert "Magetan" not in begun.text and "terlewati" not in begun.text
    assert await looks(person.session) == ["refused"]
    answers = (await person.report()).answers
    assert answers["number"] == application.number and "number_from" not in answers, "their own words stay"


async def test_no_lateness_where_the_register_knows_better(owner: Person, registers: Registers) -> None:
    await registers(on=25)
    await owner.say("udah 3 minggu izin perluasan saya gak ada kabar", "complaint")
    begun = await owner.tap("Buat laporan")
    assert "terlewati" not in begun.text
    preview = await to_preview(owner)
    assert "hari kerja" not in preview, "the promise runs since the 25th only"


async def test_another_number_or_service_takes_the_facts_away(owner: Person, registers: Registers) -> None:
    application = await registers()
    await owner.say("izin saya lambat sekali", "complaint")
    await owner.tap("Buat laporan")
    assert "terlewati 3 hari kerja" in await to_preview(owner)
    await owner.tap("Ubah")
    await owner.tap("Bagian lain")
    await owner.tap("Nomor permohonan")
    said = await owner.say("B-7/2026")
    assert "Nomor permohonan: B-7/2026." in said.text
    assert application.number not in said.text and "terlewati" not in said.text


async def test_an_anonymous_report_does_not_carry_the_number(owner: Person, registers: Registers) -> None:
    application = await registers()
    await owner.say("izin saya lambat sekali", "complaint")
    await owner.tap("Buat laporan")
    assert application.number not in await to_preview(owner, "Anonim")
    await owner.say("ubah anonim")
    await owner.tap("Rahasia")
    if wording.NAME in owner.chat.last.text:
        await owner.say("Siti Aminah")
    assert application.number in owner.chat.last.text


async def test_closed_days_of_the_office_do_not_count(owner: Person, registers: Registers) -> None:
    owner.session.add(ClosedDay(office="magetan", day=date(2026, 11, 24), reason="Pemadaman listrik"))
    await owner.session.flush()
    await registers()
    await owner.say("izin saya lambat sekali", "complaint")
    assert "terlewati 2 hari kerja" in (await owner.tap("Buat laporan")).text


async def test_nor_do_they_from_a_date_of_the_person(person: Person) -> None:
    person.session.add(ClosedDay(office="magetan", day=date(2026, 11, 10), reason="Pemadaman listrik"))
    await person.session.flush()
    assert "sudah 13 hari kerja" in (await person.to_preview()).text, "fourteen without that day"


async def test_a_draft_left_for_a_month_begins_again_with_the_register(owner: Person, registers: Registers) -> None:
    application = await registers()
    await owner.say("izin saya lambat sekali", "complaint")
    await owner.tap("Buat laporan")
    assert "sudah terlewati 3 hari kerja" in await to_preview(owner)
    await owner.say("lanjutkan nanti")
    owner.now += timedelta(days=28)
    register = Register(owner.session, get_knowledge(), ZoneInfo("Asia/Jakarta"), lambda: owner.now)
    await advance(register, application.number, "berita-acara", "sari")
    await advance(register, application.number, "terbit", "sari")
    said = await owner.say("lanjutkan laporan")
    assert "Menurut catatan permohonan di kantor, waktu itu" in said.text, "asked again, as it is now"
    assert (await owner.report()).answers["stage"] == "terbit"
    await owner.tap("Tidak usah")
    assert "terlewati 3" not in owner.chat.last.text
