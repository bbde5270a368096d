"""A trade that was named in the talk is known when its code is asked for, and an answer that asks for it hears it."""

from __future__ import annotations

import pytest

from bot.knowledge.load import get_knowledge
from tests.actions.chat import Chat


@pytest.mark.parametrize(
    ("asked", "named", "code"),
    [
        ("mau bikin usaha rempeyek di rumah mulai dari mana", "rempeyek kacang, saya goreng sendiri", "10794"),
        ("usaha rengginang rumahan mulai dari mana ya", "rengginang, dijemur terus dititip ke toko", "10794"),
        ("izin buka bengkel di rumah apa saja", "motor", "95320"),
        ("usaha kue dari rumah izinnya apa", "donat sama roti manis", "10710"),
    ],
)
async def test_an_answer_that_asks_for_the_trade_hears_it(chat: Chat, asked: str, named: str, code: str) -> None:
    first = await chat.say(asked, "ask_procedure")
    assert first.text.split("\n\n")[0].endswith("?")
    second = await chat.say(named, "nlu_fallback")
    assert code in second.text and "KBLI 2025" in second.text
    assert "oss-nib" in second.buttons["Mulai panduan"]


async def test_what_was_said_before_decides_between_the_codes(chat: Chat) -> None:
    await chat.say("mau bikin usaha rempeyek di rumah mulai dari mana", "ask_procedure")
    await chat.say("rempeyek kacang", "nlu_fallback")
    third = await chat.say("risikonya apa?", "ask_risk_or_kbli")
    assert "10794" in third.text and "risiko" in third.text.lower()


async def test_the_risk_of_a_trade_with_several_codes_asks_for_the_code_first(chat: Chat) -> None:
    await chat.say("usaha kerupuk kbli apa", "ask_risk_or_kbli")
    second = await chat.say("risikonya apa", "ask_risk_or_kbli")
    assert second.text.startswith("Risikonya menurut kodenya") and len(second.buttons) == 3
    third = await chat.say("apa itu usaha mikro", "nlu_fallback")
    assert "KBLI 2025" not in third.text


async def test_a_question_of_its_own_is_no_trade(chat: Chat) -> None:
    await chat.say("mau bikin usaha rempeyek di rumah mulai dari mana", "ask_procedure")
    second = await chat.say("biaya nib berapa", "ask_cost")
    assert "KBLI 2025" not in second.text


async def test_which_code_without_a_trade_is_about_the_one_that_was_named(chat: Chat) -> None:
    await chat.say("mau bikin usaha rempeyek di rumah mulai dari mana", "ask_procedure")
    second = await chat.say("kbli nya apa kak?", "ask_risk_or_kbli")
    assert "10794" in second.text


async def test_which_code_with_nothing_named_asks_for_the_trade(chat: Chat) -> None:
    said = await chat.say("kbli nya apa kak?", "ask_risk_or_kbli")
    assert "KBLI 2025" not in said.text


def test_an_answer_that_awaits_a_trade_ends_by_asking() -> None:
    waiting = [one for one in get_knowledge().questions.values() if one.awaits == "trade"]
    assert waiting and all(one.answer.endswith("?") for one in waiting)


@pytest.mark.parametrize(
    ("asked", "code"),
    [("mau buka apotek izinnya apa", "47721"), ("mau buka toko kelontong urus apa dulu", "47112")],
)
async def test_a_trade_that_was_named_is_not_asked_for(chat: Chat, asked: str, code: str) -> None:
    said = await chat.say(asked, "ask_procedure")
    assert "usahanya apa" not in said.text.lower()
    assert "KBLI 2025 untuk" in said.text and code in said.text and "sekunder" in said.text
    assert any(title.startswith("KBLI ") for title in said.buttons)
    assert "data KBLI 2025" in said.text.partition("Sumber: ")[2]


async def test_what_decides_between_its_codes_is_asked_and_heard(chat: Chat) -> None:
    first = await chat.say("buka bengkel di rumah izinnya apa", "ask_requirements")
    assert first.text.split("\n\n")[0].endswith("motor atau mobil?") and "95311" in first.text
    second = await chat.say("mobil", "nlu_fallback")
    assert second.text.startswith("95311")


async def test_how_it_is_done_is_heard_though_the_question_said_otherwise(chat: Chat) -> None:
    first = await chat.say("mau jualan kue dari rumah izin apa", "ask_procedure")
    assert "Anda membuatnya sendiri" in first.text
    second = await chat.say("bikin sendiri", "inform")
    assert second.text.startswith("10710")
