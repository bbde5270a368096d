"""Affairs of others, given back kindly; wishes for quiet and chatting, offered no licences."""

from __future__ import annotations

import pytest

from bot.answers.passages import passages_of
from bot.hearing import listen
from bot.knowledge.load import get_knowledge
from tests.actions.chat import Chat


@pytest.mark.parametrize(
    ("text", "intent", "whom"),
    [
        ("tabloid langganan ibu, situs beritanya minta bayar dua kali", "nlu_fallback", "redaksi"),
        ("modem dan wifi di rumah kontrakan merah terus dari sore", "app_error", "layanan pelanggan"),
        ("paketku muter muter di bandung, sudah lima hari", "track_status", "resi"),
        ("kartu atm saya ketelan mesin di minimarket", "complaint", "bank"),
        ("iuran keamanan kampung naik jadi dua kali lipat, boleh begitu?", "ask_cost", "RT"),
        ("apakah ada loker bagian arsip di dinas perizinan", "ask_detail", "pengumuman"),
        (
            "pecah sertifikat warisan bapak ke tiga anak, berkasnya apa",
            "ask_requirements",
            "kantor pertanahan",
        ),
    ],
)
async def test_what_is_of_others_is_said_to_be_theirs(chat: Chat, text: str, intent: str, whom: str) -> None:
    said = await chat.say(text, intent)
    assert whom in said.text and "OSS" not in said.text
    assert not {*said.buttons} - {"Menu"}


async def test_a_citys_matter_is_lapors_whatever_the_intent(chat: Chat) -> None:
    said = await chat.say("penerangan jalan dekat jembatan padam dari bulan lalu", "track_status")
    assert "lapor.go.id" in said.text and next(iter(said.buttons)) == "Buat laporan"


def test_no_wording_of_an_answer_is_a_foreign_affair() -> None:
    knowledge = get_knowledge()
    ours = {one.entry for one in knowledge.matters.values()}
    written = [one for one in passages_of(knowledge) if one.kind in ("entry", "card") and one.id not in ours]
    foreign = {ask: one.id for one in written for ask in one.asks if listen(knowledge, ask).matter}
    assert len(foreign) <= 2, foreign


@pytest.mark.parametrize(
    "text", ["jualan pulsa perlu izin apa", "kos kosan dekat kampus, nib nya apa", "kurir minta kode otp oss saya"]
)
def test_a_business_of_that_kind_is_no_foreign_affair(text: str) -> None:
    assert not listen(get_knowledge(), text).matter


async def test_the_paper_of_a_licence_that_is_talked_about_is_ours(chat: Chat) -> None:
    await chat.say("syarat izin kursus menjahit di pariaman apa saja", "ask_requirements")
    said = await chat.say("kalau ijazah berapa lembar?", "ask_requirements")
    assert "kampus" not in said.text


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("udah cukup ya pandu", "goodbye"),
        ("jangan ngomong terus deh", "deny"),
        ("tidak usah dibalas lagi", "guide_stop"),
        ("berhenti dulu kak", "guide_stop"),
    ],
)
async def test_who_wants_quiet_gets_it(chat: Chat, text: str, intent: str) -> None:
    await chat.say("nib itu apa", "ask_term")
    said = await chat.say(text, intent)
    assert len(said.text) < 50 and "?" not in said.text and not said.buttons


async def test_to_stop_being_something_is_a_question(chat: Chat) -> None:
    said = await chat.say("berhenti jadi direktur gimana nib nya", "nlu_fallback")
    assert "Tulis saja kalau nanti perlu" not in said.text


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("piye kabare mas", "greet"),
        ("bikinin puisi cinta dong", "out_of_scope"),
        ("pandu umurnya berapa", "bot_identity"),
        ("ini mesin apa bukan sih", "bot_identity"),
    ],
)
async def test_chatting_gets_one_quiet_line(chat: Chat, text: str, intent: str) -> None:
    said = await chat.say(text, intent)
    assert len(said.messages) == 1 and len(said.text) < 120 and not said.buttons


async def test_a_system_that_is_named_goes_before_the_affair(chat: Chat) -> None:
    said = await chat.say("daftar pengantar nikah di ssw galat terus waktu dikirim", "app_error")
    assert "urusan pernikahan" not in said.text and "SSW" in said.text
