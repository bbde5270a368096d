"""Replies: only by the owner, once, in the channel's pieces; files by their content; the window; sending again."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from bot.channels.base import PermanentSendError
from bot.conversations import outbox
from bot.conversations.models import Conversation, Outgoing
from bot.handoff.answering.replying import looked_at, reply, reply_by_template, resend, show_typing, typing
from bot.handoff.desk import BadInput, Closed, DeskError, NotYours, WindowClosed
from bot.handoff.file_types import check
from bot.handoff.ownership.service import claim, close, give_back, request_person
from bot.handoff.reading.presence import draft, leave, look, save_draft, viewers
from bot.handoff.window import window_left
from tests.handoff.conftest import House
from tests.handoff.samples import DOCX, PDF, XLSX, office, picture
from tests.helpers.runtime import RecordingChannel, rows


@pytest.fixture
async def talk(house: House) -> int:
    """Siti's conversation, which Rina has."""
    conversation = await house.applicant()
    await house.wrote(conversation, "biaya izin berapa?")
    await house.asks(request_person, conversation, "Pemohon meminta petugas.")
    await house.does("rina", claim, conversation)
    return conversation


async def test_a_reply_goes_out_in_the_officers_name(house: House, talk: int, channel: RecordingChannel) -> None:
    sent = await house.does("rina", reply, talk, "Selamat siang,\r\nbiayanya nol.")
    await outbox.deliver(house.runtime, talk)
    assert [one.text for one in channel.sent] == [
        "Anda terhubung dengan petugas Rina.",
        "Selamat siang,\nbiayanya nol.",
    ]
    (row,) = [one for one in await rows(house.runtime, Outgoing) if one.id in sent.messages]
    assert (row.author, row.officer_id, row.status) == ("officer", house.officers["rina"].id, "sent")
    assert (await house.handoff(talk)).first_reply_at is not None


async def test_only_the_owner_replies(house: House, talk: int) -> None:
    with pytest.raises(NotYours, match="Rina"):
        await house.does("budi", reply, talk, "halo")
    await house.does("rina", close, talk)
    with pytest.raises(Closed, match="sudah selesai"):
        await house.does("rina", reply, talk, "halo")


async def test_a_double_click_and_two_tabs_send_once(house: House, talk: int) -> None:
    both = await asyncio.gather(*(house.does("rina", reply, talk, "sekali saja", token="form-1") for _ in range(4)))
    assert len({one.messages for one in both}) == 1
    assert sorted(one.repeated for one in both) == [False, True, True, True]
    assert [words for _, words in await house.said(talk)].count("sekali saja") == 1
    other = await house.does("rina", reply, talk, "sekali saja", token="form-2")
    assert not other.repeated


async def test_a_long_reply_is_split_for_the_channel(house: House, talk: int, channel: RecordingChannel) -> None:
    sent = await house.does("rina", reply, talk, "Kalimat ini agak panjang. " * 20, token="t")
    assert len(sent.messages) > 2
    await outbox.deliver(house.runtime, talk)
    assert all(len(one.text) <= channel.max_text for one in channel.sent)
    assert (await house.does("rina", reply, talk, "apa saja", token="t")).messages == sent.messages


@pytest.mark.parametrize(
    ("words", "why"),
    [("  \n ", "kosong"), ("a" * 4097, "4096"), ("Yth. {nama}, silakan datang", r"\{nama\}")],
)
async def test_what_cannot_be_sent_is_refused(house: House, talk: int, words: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        await house.does("rina", reply, talk, words)


async def test_files_go_out_after_the_text(house: House, talk: int, channel: RecordingChannel) -> None:
    files = await looked_at([("tanda terima.pdf", PDF), ("../../peta.png", picture())], 5_000_000)
    await house.does("rina", reply, talk, "Terlampir.", files)
    await outbox.deliver(house.runtime, talk)
    assert [one.text for one in channel.sent][1:] == ["Terlampir.", "", ""]
    document, photo = [one.file for one in channel.sent if one.file]
    assert (document.filename, document.media_type, document.kind) == (
        "tanda terima.pdf",
        "application/pdf",
        "document",
    )
    assert (photo.filename, photo.kind) == ("peta.png", "photo")
    assert document.path.read_bytes() == PDF
    assert Path(house.runtime.settings.files_dir) in document.path.parents


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.exe", PDF, "application/pdf"),
        ("a.jpg", picture("JPEG"), "image/jpeg"),
        ("a.jpg", picture("PNG"), "image/png"),
        ("surat", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("daftar.zip", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
async def test_the_type_is_read_from_the_content(name: str, content: bytes, media_type: str) -> None:
    found = await check(name, content, 5_000_000)
    assert found.media_type == media_type
    assert found.filename.endswith(found.suffix) and ".exe" not in found.filename


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("foto.jpg", b"MZ\x90\x00" + b"\0" * 400, "bukan JPG"),
        ("foto.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "bukan JPG"),
        ("surat.pdf", b"%PDF-1.7 terpotong", "bukan JPG"),
        ("surat.pdf", b"<html><script>alert(1)</script></html>", "bukan JPG"),
        ("data.docx", office("apa/saja.xml"), "bukan JPG"),
        ("makro.docx", office("word/document.xml", "word/vbaProject.bin"), "bukan JPG"),
        ("makro.xlsx", office("xl/workbook.xml", "xl/VBAPROJECT.BIN"), "bukan JPG"),
        ("gambar.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "bukan JPG"),
        ("kosong.pdf", b"", "kosong"),
        ("besar.pdf", b"%PDF-" + b"0" * 2000 + b"%%EOF", "terlalu besar"),
    ],
)
async def test_forged_and_broken_files_are_refused(name: str, content: bytes, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        await check(name, content, 1000 if "besar" in name else 5_000_000)


async def test_one_bad_file_of_several_refuses_all() -> None:
    with pytest.raises(BadInput, match=r"b\.pdf"):
        await looked_at([("a.pdf", PDF), ("b.pdf", b"bukan")], 5_000_000)
    with pytest.raises(BadInput, match="5"):
        await looked_at([("a.pdf", PDF)] * 6, 5_000_000)


async def whatsapp(house: House, hours: float) -> int:
    """A WhatsApp conversation of Rina's, written to so many hours ago."""
    at = house.clock() - timedelta(hours=hours)
    conversation = await house.applicant("whatsapp", "whatsapp:+628123451234", last_incoming_at=at)
    await house.does("rina", claim, conversation, step_in=True)
    return conversation


async def test_after_24_hours_only_a_template(house: House) -> None:
    conversation = await whatsapp(house, 25)
    with pytest.raises(WindowClosed, match="24 jam"):
        await house.does("rina", reply, conversation, "maaf terlambat")
    with pytest.raises(DeskError, match="PANDU_WHATSAPP_REPLY_TEMPLATE"):
        await house.does("rina", reply_by_template, conversation, "maaf terlambat")
    house.runtime.settings.whatsapp_reply_template = "HX" + "0" * 32
    sent = await house.does("rina", reply_by_template, conversation, "maaf\n terlambat", token="t")
    assert (await house.does("rina", reply_by_template, conversation, "maaf", token="t")).repeated
    (row,) = [one for one in await rows(house.runtime, Outgoing) if one.id == sent.messages[0]]
    assert row.template == {"template": "reply", "1": "Rina", "2": "maaf terlambat"}


async def test_after_24_hours_nothing_is_said_that_could_only_fail(house: House) -> None:
    conversation = await whatsapp(house, 30)
    await house.does("rina", close, conversation)
    assert await house.said(conversation) == []


async def test_within_24_hours_it_is_a_message(house: House) -> None:
    conversation = await whatsapp(house, 23)
    assert (await house.does("rina", reply, conversation, "siap")).messages


def test_window_left(house: House) -> None:
    now = house.clock()
    assert window_left("telegram", now - timedelta(days=3), now) is None
    assert window_left("whatsapp", now - timedelta(hours=23), now) == timedelta(hours=1)
    assert window_left("whatsapp", now - timedelta(days=3), now) == timedelta(0)


async def test_a_failed_message_is_sent_again_once(house: House, talk: int, channel: RecordingChannel) -> None:
    await outbox.deliver(house.runtime, talk)
    channel.failures = [PermanentSendError("21617", "Pesan lebih panjang dari 1.600 karakter.")]
    (number,) = (await house.does("rina", reply, talk, "penting")).messages
    await outbox.deliver(house.runtime, talk)
    with pytest.raises(NotYours):
        await house.does("budi", resend, number)
    again = set(await asyncio.gather(*(house.does("rina", resend, number) for _ in range(3))))
    assert len(again) == 1
    await outbox.deliver(house.runtime, talk)
    assert [one.text for one in channel.sent].count("penting") == 1
    statuses = {one.id: one.status for one in await rows(house.runtime, Outgoing)}
    assert (statuses[number], statuses[again.pop()]) == ("failed", "sent")


async def test_what_has_arrived_is_never_doubled(house: House, talk: int) -> None:
    (number,) = (await house.does("rina", reply, talk, "sampai")).messages
    await outbox.deliver(house.runtime, talk)
    with pytest.raises(DeskError, match="gagal"):
        await house.does("rina", resend, number)


async def test_a_draft_survives_until_it_is_sent(house: House, talk: int) -> None:
    before = (await house.handoff(talk)).lease_until
    house.clock.on(minutes=3)
    await house.does("rina", save_draft, talk, "Selamat si")
    await house.does("rina", save_draft, talk, "Selamat siang")
    assert await house.does("rina", draft, talk) == "Selamat siang"
    assert await house.does("budi", draft, talk) == ""
    after = (await house.handoff(talk)).lease_until
    assert before and after and after > before, "writing is an act"
    await house.does("rina", reply, talk, "Selamat siang")
    assert await house.does("rina", draft, talk) == ""


async def test_officers_see_who_else_is_looking(house: House, talk: int) -> None:
    await house.does("rina", look, talk)
    assert [one.name for one in await house.does("budi", look, talk)] == ["Rina"]
    await house.does("budi", typing, talk)
    (seen,) = await house.does("rina", viewers, talk)
    assert (seen.name, seen.typing) == ("Budi", True)
    house.clock.on(seconds=10)
    assert [one.typing for one in await house.does("rina", viewers, talk)] == [False]
    await house.does("budi", leave, talk)
    assert await house.does("rina", viewers, talk) == []
    house.clock.on(minutes=1)
    assert await house.does("budi", look, talk) == [], "a page that says nothing any more is not open"


async def test_typing_reaches_the_applicant_only_from_the_owner(
    house: House, talk: int, channel: RecordingChannel
) -> None:
    await house.does("budi", show_typing, talk)
    assert channel.typed == []
    await house.does("rina", show_typing, talk)
    assert channel.typed == [("siti", "wrote-0")]


async def test_the_bot_never_talks_over_an_officer(house: House, talk: int, channel: RecordingChannel) -> None:
    async with house.runtime.database.session() as session:
        session.add(Outgoing(conversation_id=talk, author="bot", text="jawaban lama"))
    await outbox.deliver(house.runtime, talk)
    assert "jawaban lama" not in [one.text for one in channel.sent]


async def test_giving_back_offers_the_service_at_hand(house: House, talk: int) -> None:
    async with house.runtime.database.session() as session:
        await session.execute(text("update handoffs set service = 'kudus-iui', office = 'kudus'"))
    await house.does("rina", reply, talk, "Biayanya tidak disebutkan dalam dokumen.")
    await house.does("rina", give_back, talk)
    async with house.runtime.database.session() as session:
        found = await session.get_one(Conversation, talk)
    assert found.after_officer == {
        "officer": "Rina",
        "office": "kudus",
        "service": "kudus-iui",
        "said": "Biayanya tidak disebutkan dalam dokumen.",
    }
    assert found.menu is not None
    assert found.menu["buttons"][0] == {"title": "Syarat izin", "payload": '/ask_requirements{"service":"kudus-iui"}'}


async def test_a_reply_fulfils_a_wished_call_back(house: House, talk: int) -> None:
    async with house.runtime.database.session() as session:
        await session.execute(
            text("insert into call_backs (conversation_id, wanted_from, wanted_until) values (:id, now(), now())"),
            {"id": talk},
        )
    await house.does("rina", reply, talk, "ini jawabannya")
    async with house.runtime.database.session() as session:
        assert (await session.execute(text("select done_by from call_backs"))).scalar_one() == house.officers["rina"].id


async def test_html_stays_text(house: House, talk: int) -> None:
    (number,) = (await house.does("rina", reply, talk, "<script>alert(1)</script>")).messages
    async with house.runtime.database.session() as session:
        assert await session.scalar(select(Outgoing.text).where(Outgoing.id == number)) == "<script>alert(1)</script>"
        await session.execute(update(Outgoing).values(status="sent"))
