"""Affairs of systems that are none of ours, citizens' reports, and what stands beside a sure answer."""

from __future__ import annotations

import pytest

from bot.answers.indexes import searched
from bot.answers.ranking import Query
from bot.hearing import listen
from bot.hearing.words import keys, plain
from bot.knowledge.load import get_knowledge
from tests.actions.chat import Chat


@pytest.mark.parametrize(
    ("text", "intent", "name"),
    [
        ("lupa kata sandi akun SiCantik", "cannot_log_in", "SiCantik"),
        ("biaya balik nama motor berapa", "ask_cost", "Samsat"),
        ("perpanjang STNK di mana", "ask_procedure", "Samsat"),
    ],
)
async def test_another_system_is_not_answered_from_oss(chat: Chat, text: str, intent: str, name: str) -> None:
    said = await chat.say(text, intent)
    assert f"urusan {name}" in said.text and not said.sources
    assert "Bicara petugas" in said.buttons


async def test_a_neighbour_that_we_hold_is_answered(chat: Chat) -> None:
    said = await chat.say("akun simbg saya tidak bisa dibuka", "cannot_log_in")
    assert "SIMBG" in said.text and said.sources


async def test_a_report_without_news_is_of_lapor(chat: Chat) -> None:
    said = await chat.say("aduan saya soal lampu jalan sudah sebulan belum diverifikasi", "track_status")
    assert "LAPOR!" in said.text and "oss.go.id" not in said.text


def test_what_works_is_not_read_as_broken() -> None:
    index = searched(get_knowledge(), (), ())

    def fits(text: str) -> float:
        heard = listen(get_knowledge(), text)
        query = Query(plain(text), tuple(keys(text)), aspects=heard.aspects)
        return max(
            (one.precision for one in index.search(query, lambda _: 1.0) if one.passage.id == "tidak-bisa-masuk"),
            default=0.0,
        )

    assert fits("tidak bisa login ke akun") > fits("sudah bisa login ke akun")
