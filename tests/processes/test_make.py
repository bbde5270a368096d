"""`make test` in a folder of its own, with programs in the place of pytest and the others: each part of it runs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from bot.settings import ROOT

FAILS_AT = '#!/bin/sh\necho "$*" >>pytest-calls\n[ "$(wc -l <pytest-calls)" != {} ]\n'


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("scripts/bootstrap", "scripts/node", "scripts/chromium", *(f".venv/bin/{one}" for one in PROGRAMS)):
        program(tmp_path / name, "#!/bin/sh\n")
    return tmp_path


PROGRAMS = ("ruff", "mypy", "pandu")


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.mark.parametrize("red", [0, 1, 2, 3, 4])
def test_every_part_runs_and_one_red_part_makes_all_red(repo: Path, red: int) -> None:
    program(repo / ".venv/bin/pytest", FAILS_AT.format(red))
    done = subprocess.run(["make", "test"], cwd=repo, capture_output=True, text=True, timeout=60, check=False)
    assert len((repo / "pytest-calls").read_text().splitlines()) == 4, done.stderr
    assert (done.returncode != 0) == bool(red)
