"""Passages that hold what was asked for: said as sure, or else doubted."""

from __future__ import annotations

import pytest

from bot.answers import finding
from bot.answers.context import Context
from bot.hearing import listen
from bot.knowledge.load import get_knowledge


def best(text: str, intent: str = "") -> tuple[str, str]:
    """The passage that leads, and how sure it is."""
    knowledge = get_knowledge()
    found = finding.find(knowledge, listen(knowledge, text, intent, 0.9), Context())
    assert found.best is not None
    return found.best.passage.id, found.outcome


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("berapa hari instansi diberi waktu menanggapi laporan lapor", "lapor-"),
        ("izin perluasan magetan berapa hari", "magetan-lama"),
        ("yang memeriksa lapangan perluasan magetan bagian apa", "magetan-"),
    ],
)
def test_how_long_and_who_go_to_what_says_it(text: str, passage: str) -> None:
    identity, outcome = best(text)
    assert identity.startswith(passage) and outcome == "sure"


@pytest.mark.parametrize(
    "text", ["berapa persen laporan lapor yang sungguh ditanggapi", "syarat teknis pariaman diunggah berapa menit"]
)
def test_a_number_of_a_unit_that_is_not_held_is_doubted(text: str) -> None:
    assert best(text)[1] != "sure"
