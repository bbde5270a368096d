"""The set of long messages: its passages exist, and its labels agree with each other."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.answers.passages import passages_of
from bot.knowledge.load import get_knowledge

SET = Path(__file__).with_name("own_situations.yml")
KINDS = {"trouble": True, "howto": True, "none": False, "mood": False}  # whether a passage holds the matter
KEYS = {"id", "say", "gold", "fits", "kind", "held"}
SHORTEST, LONGEST, LONG = 12, 90, 40


@pytest.fixture(scope="module")
def situations() -> list[dict[str, Any]]:
    return list(yaml.safe_load(SET.read_text(encoding="utf-8")))


def test_every_passage_named_exists(situations: list[dict[str, Any]]) -> None:
    held = {one.id for one in passages_of(get_knowledge())}
    missing = [
        f"{one['id']}: {name}" for one in situations for name in (*one["gold"], *one["fits"]) if name not in held
    ]
    assert not missing, f"passages renamed or gone; label these messages again: {', '.join(missing)}"


def test_labels_agree(situations: list[dict[str, Any]]) -> None:
    wrong = [
        one["id"]
        for one in situations
        if set(one) != KEYS
        or one["held"] is not KINDS[one["kind"]]
        or one["held"] is not bool(one["gold"])
        or len({*one["gold"], *one["fits"]}) != len(one["gold"]) + len(one["fits"])
    ]
    assert not wrong


def test_a_message_occurs_once(situations: list[dict[str, Any]]) -> None:
    counted = Counter(value for one in situations for value in (one["id"], one["say"].casefold()))
    assert not [value for value, times in counted.items() if times > 1]


def test_messages_are_as_long_as_people_write(situations: list[dict[str, Any]]) -> None:
    lengths = {one["id"]: len(one["say"].split()) for one in situations}
    assert not [name for name, words in lengths.items() if not SHORTEST <= words <= LONGEST]
    assert sum(words > LONG for words in lengths.values()) * 3 >= len(lengths)
