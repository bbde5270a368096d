"""Advice that did not help: the next step, a person beside the next office, then the person; never the same again."""

from __future__ import annotations

import pytest

from actions import wording
from tests.actions.chat import Chat


async def test_two_answers_that_did_not_help_bring_a_person_first(chat: Chat) -> None:
    first = await chat.say("kode otp oss saya tidak datang dari pagi", "otp_not_received")
    assert "cek ejaan e-mail" in first.text.lower()
    second = await chat.say("sudah saya coba, tetap tidak datang", "otp_not_received")
    assert "Bantuan OSS" in second.text and "Mohon diperiksa" in second.text, (
        "the end of the card, with the text to send"
    )
    assert "Cek ejaan" not in second.text
    third = await chat.say("masih belum juga kak", "nlu_fallback")
    assert third.text.startswith(wording.STUCK)
    assert next(iter(third.buttons)) == "Bicara petugas"
    assert "kontak@oss.go.id" in third.text, "the level above the help desk that was named before"
    assert chat.requests == []
    await chat.say("tetap saja tidak ada hasilnya", "complaint")
    title = chat.knowledge.troubles["kode-otp-tidak-datang"].title
    assert chat.requests == [(chat.conversation, wording.REASON_STUCK.format(title=title))]


async def test_yes_to_the_person_who_was_offered(chat: Chat) -> None:
    await chat.say("lupa sandi oss", "cannot_log_in")
    await chat.say("sudah semua, tetap gagal", "nlu_fallback")
    await chat.say("masih sama saja", "nlu_fallback")
    said = await chat.say("ya", "affirm")
    assert "saya serahkan ke petugas" in said.text and len(chat.requests) == 1


async def test_an_office_that_stays_silent_is_left_for_the_one_above(chat: Chat) -> None:
    first = await chat.say("dinas diam saja, permohonan saya tidak digubris", "complaint")
    assert next(iter(first.buttons)) == "Bicara petugas"
    second = await chat.say("sudah saya lakukan, masih tidak dijawab", "complaint")
    assert "naik satu tingkat: LAPOR!" in second.text
    third = await chat.say("belum dijawab juga", "complaint")
    assert third.text.startswith(wording.STUCK) and next(iter(third.buttons)) == "Bicara petugas"
    assert "Ombudsman" in third.text or "tanggapan di laporan yang sama" in third.text


async def test_what_was_named_as_tried_leads_to_what_is_left(chat: Chat) -> None:
    await chat.say("kode otp oss tidak masuk", "otp_not_received")
    said = await chat.say("spam sudah dicek, tetap tidak ada", "otp_not_received")
    assert "sudah Anda coba, jadi lanjut" in said.text
    title = chat.knowledge.troubles["kode-otp-tidak-datang"].title
    assert said.text.startswith(f"{title}: folder spam")


async def test_the_end_of_the_advice_is_not_skipped(chat: Chat) -> None:
    await chat.say("dinas diam saja, permohonan saya tidak digubris", "complaint")
    await chat.say("sudah ditelpon tetap tidak ada jawaban", "complaint")
    said = await chat.say("sudah kirim surat juga tidak dibalas", "complaint")
    assert said.text.startswith(wording.STUCK) and "naik satu tingkat: LAPOR!" in said.text
    assert list(said.buttons)[:2] == ["Bicara petugas", "Siapkan teksnya"]


async def test_another_trouble_begins_anew(chat: Chat) -> None:
    await chat.say("kode otp oss tidak masuk", "otp_not_received")
    said = await chat.say("sekarang malah nib saya tidak bisa dicetak", "cannot_download")
    assert "cetak" in said.text.lower() and wording.STUCK not in said.text


@pytest.mark.parametrize("text", ["sudah saya coba tapi tetap gagal", "tidak membantu", "masih sama saja"])
async def test_without_a_trouble_before_nothing_is_climbed(chat: Chat, text: str) -> None:
    said = await chat.say(text, "nlu_fallback")
    assert wording.STUCK not in said.text and chat.requests == []
