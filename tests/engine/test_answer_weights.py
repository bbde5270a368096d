"""Weights that find answers: learned from examples, kept small, and no fault where the file is missing or broken."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from bot.dialogue.training import ENGINE_PYTHON, engine_environment
from bot.settings import ROOT

pytestmark = pytest.mark.slow
LEARNED = 0.8
"""Share of the messages it learned from whose answer comes first: less means weights of other texts."""


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    ended = subprocess.run(
        [str(ENGINE_PYTHON), "tests/engine/answers_check.py"],
        cwd=ROOT,
        env=engine_environment(),
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    result: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return result


def test_new_words_lead_to_the_answer_of_their_kind(found: dict[str, Any]) -> None:
    assert found["first"] == ["hujan", "harga"]
    assert found["total"] == pytest.approx(1, abs=0.05)


def test_without_usable_weights_or_words_nothing_is_likely(found: dict[str, Any]) -> None:
    assert found["nothing"] == [[], [], [], []]


def test_the_kept_weights_are_those_of_the_kept_messages(found: dict[str, Any]) -> None:
    assert found["learned"] > LEARNED
