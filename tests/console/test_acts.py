"""The audit log in Indonesian: every act that the program writes down has its words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.console.acts import TITLES
from bot.settings import ROOT

_WRITES = re.compile(r"(?:note|_noted|record)\(\s*[^()]*?\"([a-z-]+\.[a-z-]+)\"")
_LOOKS = re.compile(r"(?:listed_to|note_listed)\([^\"()]*(?:\([^()]*\)[^\"()]*)*\"([a-z-]+)\"")


def sources() -> Iterator[str]:
    for path in (ROOT / "bot").rglob("*.py"):
        if "node_modules" not in path.parts:
            yield path.read_text()


def test_every_act_has_its_words() -> None:
    written = {name for source in sources() for name in _WRITES.findall(source)}
    assert len(written) > 30
    assert written - set(TITLES) == set()


def test_every_look_at_a_list_has_its_words() -> None:
    seen = {subject for source in sources() for subject in _LOOKS.findall(source)}
    assert seen >= {"application", "complaint", "conversation"}
    assert {f"{subject}.listed" for subject in seen} - set(TITLES) == set()
