"""domain.yml, the rules and the table of families, which say the same."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bot.dialogue.intents import FALLBACK_INTENT, FAMILIES, INTENT_FAMILY, family_of
from bot.settings import ROOT


def read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / name).read_text("utf-8"))
    return content


def test_every_intent_has_a_family() -> None:
    assert {*read("domain.yml")["intents"], FALLBACK_INTENT} == set(INTENT_FAMILY)
    assert set(INTENT_FAMILY.values()) == set(FAMILIES)
    assert len(FAMILIES) == 24
    assert family_of("an intent of a later version") == "out_of_scope"


def test_every_intent_has_one_rule_with_one_known_action() -> None:
    domain = read("domain.yml")
    rules = read("nlu_data/rules.yml")["rules"]
    steps = [rule["steps"] for rule in rules]
    assert sorted(step[0]["intent"] for step in steps) == sorted(INTENT_FAMILY)
    assert all(len(step) == 2 for step in steps)
    assert {step[1]["action"] for step in steps} == set(domain["actions"])


def test_slots_are_set_by_actions_only() -> None:
    for name, slot in read("domain.yml")["slots"].items():
        assert slot["mappings"] == [{"type": "custom"}], name
        assert slot["influence_conversation"] is False, name


def test_examples_use_known_intents_and_entities() -> None:
    domain = read("domain.yml")
    for path in (ROOT / "nlu_data").glob("*.yml"):
        for entry in read(f"nlu_data/{path.name}").get("nlu", []):
            if "intent" in entry:
                assert entry["intent"] in domain["intents"], path.name
            if "lookup" in entry:
                assert entry["lookup"] in domain["entities"], path.name


@pytest.mark.parametrize("name", ["config.yml", "endpoints.yml"])
def test_stock_commands_need_no_environment(name: str) -> None:
    assert "${" not in (ROOT / name).read_text("utf-8")
