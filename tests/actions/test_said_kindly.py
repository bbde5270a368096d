"""Matters of others, thanks, outcries, reports made elsewhere: whom to turn to, few buttons, one remark a bubble."""

from __future__ import annotations

import pytest

from bot.answers import saying
from bot.answers.indexes import passages_for
from bot.answers.payloads import BESIDE, TO_PERSON
from bot.complaints import wording as reports
from bot.hearing import listen
from bot.knowledge.load import get_knowledge
from tests.actions.chat import Chat


@pytest.mark.parametrize(
    "text",
    [
        "gorong gorong di gang mawar ambles, tolong, trotoar ikut rusak",
        "kartu bansos nenek saya dari tahun lalu tidak pernah ada isinya",
    ],
)
async def test_a_citizens_matter_is_pointed_to_lapor_and_its_report_is_offered(chat: Chat, text: str) -> None:
    said = await chat.say(text, "out_of_scope")
    assert "bukan izin usaha" in said.text and "lapor.go.id" in said.text and "1708" in said.text
    assert said.sources and next(iter(said.buttons)) == "Buat laporan" and len(said.buttons) <= BESIDE + 1


async def test_credit_is_pointed_to_the_bank(chat: Chat) -> None:
    said = await chat.say("butuh pinjaman buat warung kopi saya", "out_of_scope")
    assert "bank penyalur" in said.text and said.sources


async def test_nothing_outside_is_turned_away_without_a_pointer(chat: Chat) -> None:
    for text in ("siapa juara liga kemarin", "jam tayang film besok", "zodiak leo minggu ini"):
        said = await chat.say(text, "out_of_scope")
        assert "lapor.go.id" in said.text and said.sources, text


async def test_who_waits_for_another_system_hears_of_lapor(chat: Chat) -> None:
    said = await chat.say("berkas di JakEVO dari bulan lalu belum disentuh", "track_status")
    assert "urusan JakEVO" in said.text and "lapor.go.id" in said.text and "Buat laporan" in said.buttons


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("keren banget pelayanannya", "survey_feedback"),
        ("wa'alaikumsalam bapak ibu, terima kasih atas pelayanannya", "greet"),
        ("pengalaman saya ngurus di mal pelayanan sehari jadi dan gratis", "survey_feedback"),
    ],
)
async def test_praise_and_tips_are_thanked_and_nothing_is_suspected(chat: Chat, text: str, intent: str) -> None:
    said = await chat.say(text, intent)
    assert said.text.startswith(("Terima kasih", "Sama-sama")) and "kendala" not in said.text
    assert list(said.buttons) == ["Menu"]


async def test_an_outcry_is_asked_what_happened(chat: Chat) -> None:
    said = await chat.say("keong", "survey_feedback")
    assert "Apa yang macet?" in said.text and next(iter(said.buttons)) != "Sampaikan keluhan"
    assert "Ada yang macet?" in (await chat.say("mantap sekali ya, lancar jaya 🤣", "survey_feedback")).text


@pytest.mark.parametrize(
    ("text", "begins"),
    [("ini robot ya?", "Ya, "), ("saya ngobrol sama orang beneran?", "Bukan, "), ("kamu siapa", "Saya Pandu")],
)
async def test_who_asks_for_a_yes_or_no_gets_it_first(chat: Chat, text: str, begins: str) -> None:
    assert (await chat.say(text, "bot_identity")).text.startswith(begins)


async def test_whose_bot_it_is(chat: Chat) -> None:
    assert "bukan kantor atau petugas DPMPTSP" in (await chat.say("ini bot punya dpmptsp?", "bot_identity")).text
    local = Chat(chat.session, chat.knowledge, chat.conversation, office="magetan")
    assert "Magetan" in (await local.say("ini bot punya dpmptsp?", "bot_identity")).text


async def test_how_far_it_is_begins_with_where_one_sees_it(chat: Chat) -> None:
    said = await chat.say("berkas izin saya sudah lolos verifikasi belum", "ask_duration")
    assert "dilihat di akun OSS" in said.text and said.buttons["Daerah lain"]


async def test_a_report_made_elsewhere_is_not_looked_up_here(chat: Chat) -> None:
    text = "status laporan saya di LAPOR! tertulis selesai padahal talut sungai tetap longsor"
    said = await chat.say(text, "complaint")
    assert "balas di laporan yang sama" in said.text and "Ombudsman" in said.text
    assert reports.LIST_NONE not in said.text
    assert "akun LAPOR!" in (await chat.say("cek laporan saya", "track_status")).text


async def test_anger_that_names_its_place_gets_the_step(chat: Chat) -> None:
    said = await chat.say("parah, tiap mau unggah dokumen selalu ditolak, payah", "complaint")
    assert "Macetnya di mana?" not in said.text and said.buttons["Buat laporan"]
    assert len(said.buttons) <= BESIDE + 1


def test_what_is_said_of_the_help_desk_and_of_second_hand_sources_stands_once() -> None:
    knowledge = get_knowledge()
    heard = listen(knowledge, "")
    for one in passages_for(knowledge, ()):
        if one.kind not in ("entry", "card"):
            continue
        for reply in saying.say(knowledge, one, heard):
            body = reply.text.partition("\n\nSumber: ")[0]
            assert len(saying.MARKS.findall(body)) < 2, (one.id, body)
            assert "Bantuan OSS" not in body or saying.ADDRESS.search(body), (one.id, body)
            assert body.count("0811-6774-642") < 2, (one.id, body)
            assert sum(button.title != TO_PERSON.title for button in reply.buttons) <= BESIDE, one.id
