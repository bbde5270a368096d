"""Weights that find answers: learned from examples, kept small, and no fault where the file is missing or broken."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.engine_checks import found_by

pytestmark = pytest.mark.slow
LEARNED = 0.8
"""Share of the messages it learned from whose answer comes first: less means weights of other texts."""


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return found_by("answers_check.py")


def test_new_words_lead_to_the_answer_of_their_kind(found: dict[str, Any]) -> None:
    assert found["first"] == ["hujan", "harga"]
    assert found["total"] == pytest.approx(1, abs=0.05)


def test_without_usable_weights_or_words_nothing_is_likely(found: dict[str, Any]) -> None:
    assert found["nothing"] == [[], [], [], []]


def test_the_kept_weights_are_those_of_the_kept_messages(found: dict[str, Any]) -> None:
    assert found["learned"] > LEARNED
