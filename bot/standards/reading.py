"""Files read in a process of their own, with limits on time and memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.files.apart import Died, Limits, TookTooLong, TookTooMuch, apart
from bot.standards.files import MOST_BYTES
from bot.standards.models import StandardDraft
from bot.standards.refusal import BROKEN, NOT_THERE, TOO_BIG, TOO_LONG, TOO_MUCH, Refused

SECONDS = 40.0


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
    try:
        answer = apart("bot.standards.child:draft", data, Path(name).suffix.lower()[:8], limits=Limits(seconds))
    except TookTooLong as error:
        raise Refused(TOO_LONG) from error
    except TookTooMuch as error:
        raise Refused(TOO_MUCH) from error
    except Died as error:
        raise Refused(BROKEN) from error
    return answer if isinstance(answer, dict) else {}
