"""docs/understanding.md: the help desk's categories lead to intents and subjects that exist."""

from __future__ import annotations

import re

from bot.dialogue.intents import INTENT_FAMILY
from bot.knowledge.load import get_knowledge
from bot.settings import ROOT

PAGE = (ROOT / "docs" / "understanding.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("| ").split("|")]
    for line in PAGE.split("## What the OSS help desk sorts")[1].splitlines()
    if line.startswith("| ") and not line.startswith(("| group", "| ---"))
]


def test_all_58_categories_are_met() -> None:
    assert len(ROWS) == 58 == len({(group, category) for group, category, _, _ in ROWS})


def test_intents_and_subjects_exist() -> None:
    topics = get_knowledge().topics
    for _, category, intents, subject in ROWS:
        named = re.findall(r"`(\w+)`", intents)
        assert named, category
        assert set(named) <= set(INTENT_FAMILY), category
        assert subject == "—" or re.findall(r"`([\w-]+)`", subject)[0] in topics, category


def test_the_figures_are_there() -> None:
    table = PAGE.split("<!-- make nlu-compare writes from here -->")[1].split("<!-- to here -->")[0]
    assert table.count("\n| ") >= 2 + 6
    assert (ROOT / "docs" / "images" / "confusion.svg").read_text("utf-8").startswith("<svg")
