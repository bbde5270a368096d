"""The sources of a card: those of the words that are said."""

from __future__ import annotations

import pytest

from bot.answers import saying
from bot.answers.passages import statements_of
from bot.answers.supporting import supporting
from bot.answers.text import source_line
from bot.knowledge.load import get_knowledge

CARDS = get_knowledge().troubles


@pytest.mark.parametrize("identity", sorted(CARDS))
def test_a_card_names_no_source_of_what_it_does_not_say(identity: str) -> None:
    knowledge, card = get_knowledge(), CARDS[identity]
    for text in (card.first, card.last):
        kept = supporting(knowledge, text, card.facts)
        assert kept and [one for one in card.facts if one in kept] == kept
        assert "sekunder" in text or not all(statements_of(knowledge)[one].second for one in kept) or kept == card.facts


def test_a_number_keeps_its_fact_and_other_steps_do_not_count() -> None:
    knowledge = get_knowledge()
    card = CARDS["perbaikan-tanpa-alasan"]
    assert supporting(knowledge, card.first, card.facts)[0] == "verifikasi-perbaikan"
    assert "lapor-saluran" not in supporting(knowledge, card.first, card.facts)
    assert "lapor-saluran" in supporting(knowledge, "Kirim SMS ke 1708.", card.facts)


def test_few_cards_have_more_sources_than_a_line_holds() -> None:
    knowledge = get_knowledge()
    lines = [
        source_line(saying.with_source(knowledge, one.first, supporting(knowledge, one.first, one.facts))[1])
        for one in CARDS.values()
    ]
    assert sum("lainnya" in one for one in lines) <= len(lines) // 8
