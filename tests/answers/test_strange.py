"""Short messages of words that no answer knows: doubted, or not answered, however well their other words fit."""

from __future__ import annotations

import pytest

from bot.answers import finding
from bot.answers.context import Context
from bot.hearing import listen
from bot.knowledge.load import get_knowledge


def found(words: str) -> finding.Finding:
    return finding.find(get_knowledge(), listen(get_knowledge(), words), Context())


@pytest.mark.parametrize("words", ["gangguan firstmedia rumah", "diskon voucher karaoke hari ini", "i adore bitcoins"])
def test_another_matter_is_not_said_as_sure(words: str) -> None:
    assert found(words).outcome != "sure"


@pytest.mark.parametrize(
    ("words", "answer"), [("bikin nib bayar ga kata zubaidah", "nib-biaya"), ("biaya nib brp", "nib-biaya")]
)
def test_a_name_takes_no_answer_away(words: str, answer: str) -> None:
    best = found(words).best
    assert best is not None and best.passage.id == answer and found(words).outcome != "unsure"
