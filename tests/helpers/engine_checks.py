"""Checks that run in the engine's own environment: a script there, the JSON object that it prints here."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from bot.dialogue.training import ENGINE_PYTHON, engine_environment
from bot.settings import ROOT

SECONDS = 200


def found_by(script: str, *arguments: str, **environment: str) -> dict[str, Any]:
    """What a script of tests/engine prints on its last line. Fails with the end of its errors."""
    ended = subprocess.run(
        [str(ENGINE_PYTHON), f"tests/engine/{script}", *arguments],
        cwd=ROOT,
        env=engine_environment(**environment),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found
