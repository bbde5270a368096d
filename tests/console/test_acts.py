"""The audit log in Indonesian: every act that the program writes down has its words."""

from __future__ import annotations

import re

from bot.console.acts import TITLES
from bot.settings import ROOT

_WRITES = re.compile(r"(?:note|_noted|record)\(\s*[^()]*?\"([a-z-]+\.[a-z-]+)\"")


def test_every_act_has_its_words() -> None:
    written = {
        name
        for path in (ROOT / "bot").rglob("*.py")
        if "node_modules" not in path.parts
        for name in _WRITES.findall(path.read_text())
    }
    assert len(written) > 30
    assert written - set(TITLES) == set()
