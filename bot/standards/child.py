"""The work on one file in the process apart (bot/files/apart.py)."""

from __future__ import annotations

from typing import Any


def draft(data: bytes, suffix: str = "") -> dict[str, Any]:
    """The drafts and the text they were read from, or why there are none."""
    from bot.standards.files import lines_of
    from bot.standards.read import read_lines
    from bot.standards.refusal import BROKEN, Refused

    try:
        lines = lines_of(data, f"file{suffix}")
        text = "\n".join("\t".join(line.cells) if line.is_row else line.text for line in lines)
        return {"draft": read_lines(lines).model_dump(by_alias=True), "text": text}
    except Refused as refused:
        return {"refused": str(refused)}
    except RecursionError:
        return {"refused": BROKEN}
