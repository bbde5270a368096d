"""From the actions to a person and back: who takes over when, and what is said after an officer's talk."""

from __future__ import annotations

from typing import Any

import pytest

from bot.answers.payloads import button
from bot.messages import Reply
from tests.actions.chat import Chat

RANKING = ("ask_cost", "ask_term", "ask_product")
TALK = {"officer": "Rina", "office": "kudus", "service": "kudus-iui", "said": "Aktanya boleh fotokopi."}


async def after(chat: Chat, text: str, intent: str, talk: dict[str, str] | None = None) -> Any:
    """The first message after an officer's talk."""
    chat.metadata = {"after_officer": TALK if talk is None else talk}
    try:
        return await chat.say(text, intent)
    finally:
        chat.metadata = {}


async def test_after_two_misunderstandings_a_person_takes_over_once(chat: Chat) -> None:
    for _ in range(2):
        await chat.say("hmm gitu deh", "nlu_fallback", ranking=RANKING)
    assert chat.requests == []
    third = await chat.say("ya gitu", "nlu_fallback", ranking=RANKING)
    assert "saya serahkan ke petugas" in third.text
    assert third.buttons == {"Kembali ke Pandu": "/back_to_bot"}
    assert chat.requests == [(chat.conversation, "Pandu tidak memahami 3 pesan berturut-turut.")]
    fourth = await chat.say("ya gitu", "nlu_fallback", ranking=RANKING)
    assert fourth.buttons["Bicara petugas"] == "/talk_to_human"
    assert len(chat.requests) == 1


async def test_how_it_stands_in_the_queue_is_said_below(chat: Chat) -> None:
    chat.stands = Reply("Anda urutan ke-2.", (button("Cek antrean", "queue_place"),))
    said = await chat.say("mau bicara orang", "talk_to_human")
    assert said.text.endswith("\n\nAnda urutan ke-2.")
    assert said.buttons == {"Cek antrean": "/queue_place"}


async def test_a_greeting_after_an_officers_talk_is_no_new_start(chat: Chat) -> None:
    said = await after(chat, "halo", "greet")
    assert said.text.startswith("Tadi Anda berbicara dengan petugas Rina soal Izin")
    assert "“Aktanya boleh fotokopi.”" in said.text
    assert said.buttons["Syarat izin"] == '/ask_requirements{"service":"kudus-iui"}'
    assert "Menu utama" in said.buttons


async def test_a_question_goes_on_with_the_service_at_hand(chat: Chat) -> None:
    said = await after(chat, "syaratnya?", "ask_requirements")
    assert said.text.startswith("Melanjutkan percakapan Anda dengan petugas Rina soal Izin")
    assert "Kudus" in said.text and "Sumber" in said.text
    assert not (await chat.say("biayanya?", "ask_cost")).text.startswith("Melanjutkan")


async def test_thanks_mention_the_officer(chat: Chat) -> None:
    assert (await after(chat, "makasih", "thanks")).text.endswith(
        "Tadi Anda dilayani petugas Rina; kalau masih ada yang kurang, tulis saja."
    )


@pytest.mark.parametrize("talk", [{}, {"officer": "Rina", "office": "x", "service": "y"}, {"officer": None}])
async def test_a_talk_of_which_little_is_known(chat: Chat, talk: dict[str, Any]) -> None:
    assert (await after(chat, "halo", "greet", talk)).text.startswith("Tadi Anda berbicara dengan petugas")


async def test_who_wants_a_person_again_gets_one(chat: Chat) -> None:
    said = await after(chat, "petugas lagi", "talk_to_human")
    assert "saya serahkan ke petugas" in said.text and "Melanjutkan" not in said.text


@pytest.mark.parametrize(
    "text",
    [
        "bot bodoh",
        "botnya ga guna",
        "percuma ngomong sama robot",
        "capek saya ngomong sama bot",
        "goblok lu",
        "BANGSAT!!",
        "pandu gak nyambung banget",
        "dasar tolol",
    ],
)
async def test_anger_at_us_is_met_with_a_person(chat: Chat, text: str) -> None:
    said = await chat.say(text, "complaint")
    assert said.text.startswith("Maaf, saya belum membantu")
    assert chat.requests == [(chat.conversation, "Pemohon kesal kepada Pandu.")]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("petugas goblok tidak mau melayani", "complaint"),
        ("oss bangsat eror terus", "complaint"),
        ("jual makanan anjing kbli berapa", "nlu_fallback"),
        ("gila lama banget izinnya", "complaint"),
        ("apa pandu itu robot?", "bot_identity"),
        ("saya capek", "nlu_fallback"),
        ("usaha mesin bubut", "nlu_fallback"),
        ("goblok, berapa biaya izin di kudus", "ask_cost"),
    ],
)
async def test_other_anger_goes_its_own_way(chat: Chat, text: str, intent: str) -> None:
    await chat.say(text, intent)
    assert chat.requests == []
