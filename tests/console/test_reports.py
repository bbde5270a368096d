"""Figures of any period against the one before, as files, and reports ready to hand in."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import openpyxl
import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import text

from bot.conversations.models import Conversation, Incoming, Outgoing
from bot.dates import say_date
from bot.figures.models import Letterhead
from bot.handoff.models import Handoff
from bot.storage.database import Database
from tests.console.conftest import SignedIn, make_officer

_numbers = count()


@pytest.fixture(autouse=True)
async def empty(database: Database) -> AsyncIterator[None]:
    async with database.session() as session:
        await session.execute(text("truncate letterheads, applications, conversations cascade"))
    yield


async def asked(database: Database, at: datetime, office: str = "kudus", channel: str = "telegram") -> int:
    """Somebody who asked one question then."""
    async with database.session() as session:
        number = next(_numbers)
        person = Conversation(channel=channel, address=f"laporan-{number}", office=office, profile_name="Budi Contoh")
        session.add(person)
        await session.flush()
        session.add(
            Incoming(
                conversation_id=person.id,
                channel=channel,
                provider_id=f"laporan-{number}",
                kind="text",
                text="berapa biayanya",
                received_at=at,
                outcome="answered",
                understood={"intent": "ask_cost", "family": "ask_cost"},
            )
        )
        return person.id


async def handed(database: Database, person: int, at: datetime, officer: int, minutes: int) -> None:
    async with database.session() as session:
        reply = at + timedelta(minutes=minutes)
        session.add(
            Handoff(
                conversation_id=person,
                reason="minta petugas",
                office="kudus",
                service="kudus-iui",
                officer_id=officer,
                created_at=at,
                claimed_at=at,
                first_reply_at=reply,
                closed_at=reply,
                outcome="given_back",
            )
        )
        session.add(
            Outgoing(
                conversation_id=person,
                author="officer",
                officer_id=officer,
                text="Halo",
                status="sent",
                created_at=reply,
            )
        )


NOVEMBER, OCTOBER = datetime(2031, 11, 12, 3, tzinfo=UTC), datetime(2031, 10, 12, 3, tzinfo=UTC)


def rows_of(content: bytes, sheet: str) -> list[list[object]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows()]


def words_of(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join("\n".join(page.get_textpage().get_text_range() for page in pages).split())


async def test_a_month_against_the_one_before(signed_in: SignedIn, database: Database) -> None:
    officer = await make_officer(database, name="Sari Rasyīd Contoh")
    for _ in range(3):
        await asked(database, NOVEMBER)
    await asked(database, NOVEMBER, "magetan", "whatsapp")
    helped = await asked(database, NOVEMBER)
    await handed(database, helped, NOVEMBER + timedelta(minutes=1), officer.id, 8)
    for _ in range(2):
        await asked(database, OCTOBER)
    client = await signed_in("supervisor")
    file = await client.get("/console/figures/layanan/report.xlsx?masa=2031-B11")
    assert file.headers["content-disposition"].endswith('filename="layanan-semua-2031-B11.xlsx"')
    summary = {row[0]: row[1:] for row in rows_of(file.content, "Ringkasan")}
    assert summary["Ukuran"] == ["November 2031", "Oktober 2031", "Perubahan"]
    assert summary["Kunjungan dengan pertanyaan"] == [5, 2, "+150 %"]
    assert summary["Diselesaikan Pandu"] == [4, 2, "+100 %"]
    assert summary["Diselesaikan Pandu (%)"] == [80, 100, "−20,0"]
    assert summary["Jawaban pertama petugas, separuhnya dalam (menit)"] == [8, None, None]
    offices = {row[0]: row for row in rows_of(file.content, "Menurut kantor")}
    assert offices["Kabupaten Kudus"][1:6] == [4, 4, 4, 3, 75] and offices["Kabupaten Magetan"][1:4] == [1, 1, 1]
    channels = {row[0]: row for row in rows_of(file.content, "Menurut saluran")}
    assert channels["WhatsApp"][1] == 1 and channels["Telegram"][1] == 4
    services = {row[0]: row for row in rows_of(file.content, "Menurut layanan")}
    assert services["Izin Usaha Industri, Kabupaten Kudus"][4:6] == [1, 8]
    officers = {row[0]: row for row in rows_of(file.content, "Menurut petugas")}
    assert officers["Sari Rasyīd Contoh"][1:5] == [1, 1, 1, 8]
    page = (await client.get("/console/figures?masa=2031-B11")).text
    assert "November 2031" in page and "Sari Rasyīd Contoh" in page and "+150 %" in page
    assert "Sari Rasyīd Contoh" not in (await (await signed_in("officer")).get("/console/figures?masa=2031-B11")).text
    own = (await client.get("/console/figures?dari=2031-11-12&sampai=2031-11-13&kantor=magetan")).text
    assert ("12 November 2031 – 13 November 2031" in own and "DPMPTSP Kabupaten Magetan" in own) or "Magetan" in own


async def test_days_that_make_no_span_are_refused(signed_in: SignedIn) -> None:
    answer = await (await signed_in("officer")).get("/console/figures?dari=2031-11-12&sampai=2031-11-01")
    assert answer.status_code == 422 and "tidak boleh sebelum" in answer.text


@pytest.mark.parametrize(
    ("what", "title"),
    [("layanan", "Laporan layanan"), ("skm", "Laporan Survei Kepuasan"), ("pengaduan", "Rekapitulasi pengaduan")],
)
async def test_a_report_bears_letterhead_and_who_signs(
    signed_in: SignedIn, database: Database, what: str, title: str
) -> None:
    client = await signed_in("administrator")
    form = {
        "office": "kudus",
        "lines": "PEMERINTAH KABUPATEN CONTOH\n\nDINAS CONTOH PELAYANAN\nJalan Contoh Nomor 1",
        "place": "Kudus",
        "position": "Kepala Dinas",
        "signer": "Drs. Nguyễn Rasyīd Contoh",
        "signer_number": "19700101 200001 1 001",
    }
    assert (await client.post("/console/figures/letterhead", data=form)).status_code == 303
    async with database.session() as session:
        head = await session.get(Letterhead, "kudus")
        assert head and head.lines.count("\n") == 2
    assert "Drs. Nguyễn Rasyīd Contoh" in (await client.get("/console/figures/letterhead?kantor=kudus")).text
    pdf = await client.get(f"/console/figures/{what}/report.pdf?masa=2031-S2&kantor=kudus")
    assert pdf.headers["content-type"] == "application/pdf"
    words, today = words_of(pdf.content), datetime.now(ZoneInfo("Asia/Jakarta")).date()
    assert "DINAS CONTOH PELAYANAN" in words and title in words and "2031" in words
    assert ("NIP 19700101 200001 1 001" in words) == (what != "layanan")
    assert (f"Kudus, {say_date(today)}" in words) == (what != "layanan")
    assert what == "layanan" or f"Semester II 2031 (sampai {say_date(today)})" in words
    picture = await client.get(f"/console/figures/{what}/report.png?masa=2031-S2&kantor=kudus")
    assert Image.open(io.BytesIO(picture.content)).width > 1000
    book = await client.get(f"/console/figures/{what}/report.xlsx?masa=2031-S2&kantor=kudus")
    assert openpyxl.load_workbook(io.BytesIO(book.content)).sheetnames


@pytest.mark.parametrize(
    "page",
    [
        "applications/table",
        "applications/overdue/table",
        "complaints/table",
        "complaints/figures",
        "survey",
        "audit/table",
    ],
)
async def test_every_table_is_a_workbook_and_opens_in_columns(signed_in: SignedIn, page: str) -> None:
    client = await signed_in("supervisor")
    book = await client.get(f"/console/{page}.xlsx")
    assert book.status_code == 200
    head = [cell.value for cell in next(openpyxl.load_workbook(io.BytesIO(book.content)).worksheets[0].iter_rows())]
    text = (await client.get(f"/console/{page}.csv")).content.decode()
    assert text.startswith("\ufeff") and text.removeprefix("\ufeff").splitlines()[0].split(";") == head
    assert (await client.get(f"/console/{page}.exe")).status_code in (404, 422)
