"""Graph, rules and n-grams beside Rasa's and scikit-learn's own ways."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from bot.dialogue.training import ENGINE_PYTHON, engine_environment
from bot.settings import ROOT


def test_our_ways_are_rasas(model: Path) -> None:
    ended = subprocess.run(
        [str(ENGINE_PYTHON), "tests/engine/plain_check.py", str(model)],
        cwd=ROOT,
        env=engine_environment(PANDU_ENGINE_TOKEN="x"),
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    found = json.loads(ended.stdout.splitlines()[-1])
    assert found["wrong"] == []
    assert found["plain_rules"] > 40
    assert found["known"] > found["plain_rules"], "rules were looked up, not asked of Rasa every time"
    assert found["cases"] > 1000
