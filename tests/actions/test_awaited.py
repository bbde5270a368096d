"""Replies to questions of ours; the guide that fits the talk; a talk that does not jump elsewhere."""

from __future__ import annotations

import re

import pytest

from bot.knowledge.check import check
from bot.knowledge.load import FOLDER, get_knowledge
from tests.actions.chat import Chat


@pytest.mark.parametrize(
    ("risk", "begins"),
    [("menengah tinggi kak", "Risiko menengah tinggi"), ("rendah", "Risiko rendah"), ("tidak tahu", "Tingkat risiko")],
)
async def test_the_risk_that_an_answer_asks_for_is_heard(chat: Chat, risk: str, begins: str) -> None:
    first = await chat.say("nib tok wis cukup durung gawe dodolan", "ask_product")
    assert "Tingkat risiko Anda apa?" in first.text
    assert (await chat.say(risk, "inform")).text.startswith(begins)


async def test_the_region_that_an_answer_asks_for_is_heard(chat: Chat) -> None:
    first = await chat.say("yang bisa diurus di sini izin apa saja ya", "bot_identity")
    assert first.text.startswith("Layanan izin usaha") and "oss.go.id" in first.text
    assert "Perluasan" in (await chat.say("magetan", "inform")).text
    other = Chat(chat.session, chat.knowledge, chat.conversation)
    await other.say("yang bisa diurus di sini izin apa saja ya", "bot_identity")
    said = (await other.say("klungkung", "nlu_fallback")).text
    assert "belum punya standar Kabupaten Klungkung" in said and "DPMPTSP Kabupaten Klungkung" in said


async def test_who_hears_nothing_is_told_what_holds_everywhere_before_the_region_is_asked(chat: Chat) -> None:
    said = await chat.say("dari bulan lalu tidak ada balasan", "track_status")
    assert "ditanyai tertulis" in said.text and said.text.index("tertulis") < said.text.index("daerah mana")


@pytest.mark.parametrize(
    ("trouble", "intent", "told"),
    [
        ("layar oss putih polos", "app_error", "sebelum login"),
        ("akun oss dikuasai bekas pegawai saya", "account_problem", "badan usaha"),
        ("dinas diam saja, surat saya ga dibales", "complaint", "sudah 4 bulan"),
    ],
)
async def test_what_a_card_asked_for_goes_into_the_text_to_send(
    chat: Chat, trouble: str, intent: str, told: str
) -> None:
    first = await chat.say(trouble, intent)
    second = await chat.say(told, "nlu_fallback")
    assert second.text.startswith("Tulis itu juga") and "<" in second.text
    assert "Jawabannya masih sama" not in second.text and second.text != first.text


async def test_a_way_of_the_card_that_was_tried_leads_to_its_next_step(chat: Chat) -> None:
    await chat.say("kode otp oss ga nongol", "otp_not_received")
    second = await chat.say("udah ngecek folder spam", "nlu_fallback")
    assert "folder spam sudah Anda coba" in second.text
    third = await chat.say("sudah dicoba semua", "guide_next")
    assert "senang bisa membantu" not in third.text


async def test_an_offered_text_is_given_to_a_yes(chat: Chat) -> None:
    first = await chat.say("status perbaikan terus alasannya kosong", "nlu_fallback")
    assert "Mau saya siapkan teksnya?" in first.text
    assert "<nomor>" in (await chat.say("mau", "affirm")).text


async def test_the_guide_that_belongs_to_a_code_begins_at_once(chat: Chat) -> None:
    await chat.say("kbli cilok apa", "ask_risk_or_kbli")
    said = await chat.say("mulai panduan", "guide_start")
    assert "Dari akun sampai NIB" in said.text


async def test_a_telling_that_decides_nothing_between_codes_is_asked_once_more(chat: Chat) -> None:
    first = await chat.say("kbli keripik apa ya", "ask_risk_or_kbli")
    second = await chat.say("pakai wajan besar di dapur", "out_of_scope")
    assert "LAPOR" not in second.text and {*second.buttons} & {*first.buttons}


async def test_what_follows_a_matter_of_others_does_not_jump(chat: Chat) -> None:
    await chat.say("insentif untuk penanam modal ada tidak", "nlu_fallback")
    said = await chat.say("terus daftarnya di mana", "ask_procedure")
    assert "halal" not in said.text and "tidak ada dalam sumber saya" in said.text


async def test_a_corrected_region_is_no_question_for_a_meaning(chat: Chat) -> None:
    await chat.say("lama izin perluasan industri di kudus", "ask_duration")
    said = await chat.say("eh magetan maksudnya", "nlu_fallback")
    assert "5 hari" in said.text


@pytest.mark.parametrize(
    ("text", "intent"), [("oh gitu", "affirm"), ("wkwk", "out_of_scope"), ("waalaikum salam", "greet")]
)
async def test_who_only_shows_that_it_was_read_is_asked_nothing(chat: Chat, text: str, intent: str) -> None:
    await chat.say("nib berlaku berapa tahun", "ask_term")
    said = await chat.say(text, intent)
    assert not said.buttons and "?" not in said.text


async def test_a_report_that_lapor_does_not_take_is_lapors_trouble(chat: Chat) -> None:
    said = await chat.say("ngirim aduan gagal melulu, katanya gangguan server", "app_error")
    assert "LAPOR!" in said.text and "SMS 1708" in said.text


async def test_an_nib_that_is_out_is_no_draft(chat: Chat) -> None:
    said = await chat.say("nib terbit kemarin, halaman tabel kode usahanya tidak ada isinya", "nib_stuck_draft")
    assert "Cetak NIB" in said.text


def test_an_entry_that_asks_what_nobody_hears_is_refused() -> None:
    knowledge = get_knowledge()
    entry = knowledge.questions["nib-apa-itu"]
    asking = entry.model_copy(update={"answer": f"{entry.answer} Usaha Anda apa?"})
    changed = knowledge.model_copy(update={"questions": {**knowledge.questions, entry.id: asking}})
    assert any("nib-apa-itu: asks what nobody hears" in one for one in check(changed, FOLDER))
    deaf = knowledge.questions["nib-cukup-untuk"]
    silent = deaf.model_copy(update={"answer": re.sub(r" [^.]*\?$", "", deaf.answer)})
    changed = knowledge.model_copy(update={"questions": {**knowledge.questions, deaf.id: silent}})
    assert any("nib-cukup-untuk: awaits a reply and asks nothing" in one for one in check(changed, FOLDER))


@pytest.mark.parametrize(
    ("asked", "intent"),
    [("kontak dpmptsp kudus", "ask_contact"), ("masa berlaku nib", "ask_duration"), ("arti sppl", "ask_term")],
)
async def test_a_short_question_after_a_card_is_no_answer_to_it(chat: Chat, asked: str, intent: str) -> None:
    await chat.say("data perusahaan siinas tidak sesuai", "siinas_company_data")
    said = await chat.say(asked, intent)
    assert "teks di bawah" not in said.text and said.sources
