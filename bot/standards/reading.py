"""Files read in a process of their own, with limits on time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.standards.files import MOST_BYTES
from bot.standards.models import StandardDraft
from bot.standards.refusal import BROKEN, NOT_THERE, TOO_BIG, TOO_LONG, TOO_MUCH, Refused

SECONDS = 40.0
MOST_OUTPUT = 20_000_000
_OUT_OF_MEMORY = 3
_REPOSITORY = Path(__file__).resolve().parents[2]


def read_path(path: Path) -> StandardDraft:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused(TOO_BIG)
        data = path.read_bytes()
    except OSError as error:
        raise Refused(NOT_THERE) from error
    return read_data(data, path.name)


def read_data(data: bytes, name: str, *, seconds: float = SECONDS) -> StandardDraft:
    """The drafts in a file. Raises `Refused`; the process that reads is killed when its time is over."""
    answer = _answer(data, name, seconds)
    if "refused" in answer:
        raise Refused(str(answer["refused"]))
    try:
        return StandardDraft.model_validate(answer.get("draft"))
    except ValidationError as error:
        raise Refused(BROKEN) from error


def read_source(data: bytes, name: str, *, seconds: float = SECONDS) -> tuple[StandardDraft, str]:
    """The drafts and the text they were read from, to be shown beside them."""
    answer = _answer(data, name, seconds)
    if "refused" in answer:
        raise Refused(str(answer["refused"]))
    return StandardDraft.model_validate(answer.get("draft")), str(answer.get("text", ""))


def _answer(data: bytes, name: str, seconds: float) -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        raise Refused(TOO_BIG)
    command = [sys.executable, "-m", "bot.standards.child", Path(name).suffix.lower()[:8]]
    try:
        done = subprocess.run(  # noqa: S603  # our own module, nothing of the file in the command
            command,
            input=data,
            capture_output=True,
            timeout=seconds,
            cwd=_REPOSITORY,
            env={"PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(TOO_LONG) from error
    if done.returncode == _OUT_OF_MEMORY:
        raise Refused(TOO_MUCH)
    if done.returncode < 0:  # a signal: the limit of processor time, or memory
        raise Refused(TOO_LONG if -done.returncode in (24, 9) else BROKEN)
    try:
        answer = json.loads(done.stdout[:MOST_OUTPUT])
    except ValueError as error:
        raise Refused(BROKEN) from error
    return answer if isinstance(answer, dict) else {}
