"""The sets of long and of short messages: passages exist, labels agree, a short trouble finds its own passage."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.answers import finding
from bot.answers.context import Context
from bot.answers.passages import passages_of
from bot.hearing import listen
from bot.knowledge.load import get_knowledge

SET = Path(__file__).with_name("own_situations.yml")
SHORT_SET = Path(__file__).with_name("own_troubles.yml")
KINDS = {"trouble": True, "howto": True, "none": False, "mood": False}  # whether a passage holds the matter
KEYS = {"id", "say", "gold", "fits", "kind", "held"}
SHORTEST, LONGEST, LONG = 12, 90, 40
FOUND_FIRST = 0.88
"""Share of the short troubles whose own passage is found first by words alone, without the engine."""


def _read(file: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load(file.read_text(encoding="utf-8")))


@pytest.fixture(scope="module", params=[SET, SHORT_SET], ids=["long", "short"])
def situations(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return _read(request.param)


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


def test_messages_are_as_long_as_people_write() -> None:
    lengths = {one["id"]: len(one["say"].split()) for one in _read(SET)}
    assert not [name for name, words in lengths.items() if not SHORTEST <= words <= LONGEST]
    assert sum(words > LONG for words in lengths.values()) * 3 >= len(lengths)


def test_short_troubles_find_their_own_passage() -> None:
    knowledge = get_knowledge()
    asked = [one for one in _read(SHORT_SET) if one["gold"]]
    missed = []
    for one in asked:
        best = finding.find(knowledge, listen(knowledge, one["say"]), Context(), "").best
        if best is None or best.passage.id not in one["gold"]:
            missed.append(f"{one['id']}: {best.passage.id if best else 'nothing'} for {', '.join(one['gold'])}")
    assert len(missed) <= len(asked) * (1 - FOUND_FIRST), "\n".join(missed)
