"""The two files of our own questions, played with the trained model: how many hold, and how many are wrong for sure."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT


@pytest.mark.parametrize(("name", "least", "most_wrong"), [("own_questions", 0.905, 17), ("own_national", 0.925, 12)])
def test_answers_stay_as_good(name: str, least: float, most_wrong: int) -> None:
    command = [str(Path(sys.executable).parent / "pandu"), "answers", "test", f"tests/answers/{name}.yml", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    failed = [one["name"] for one in report["failed"]]
    assert report["share"] >= least and report["wrong"] <= most_wrong, (report["share"], report["wrong"], failed)
