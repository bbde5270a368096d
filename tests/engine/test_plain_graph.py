"""Graph, rules and n-grams beside Rasa's and scikit-learn's own ways."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.engine_checks import found_by


def test_our_ways_are_rasas(model: Path) -> None:
    found = found_by("plain_check.py", str(model), PANDU_ENGINE_TOKEN="x")
    assert found["wrong"] == []
    assert found["plain_rules"] > 40
    assert found["known"] > found["plain_rules"], "rules were looked up, not asked of Rasa every time"
    assert found["cases"] > 1000
