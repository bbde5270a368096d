"""A file that an officer sends or opens: its kind by its content, and a name that is safe."""

from __future__ import annotations

import re
from pathlib import Path

from bot.conversations.sent_files import Checked
from bot.files.kinds import kind_of
from bot.handoff import wording
from bot.handoff.desk import BadInput

_UNSAFE = re.compile(r"[^\w .()-]+")


async def check(filename: str, content: bytes, limit: int) -> Checked:
    """What a file is. Raises BadInput: empty, above `limit` bytes, or of no kind that is sent. Not in a transaction."""
    if not content:
        raise BadInput(wording.EMPTY_FILE.format(name=_shown(filename)))
    if len(content) > limit:
        raise BadInput(wording.BIG_FILE.format(name=_shown(filename), most=f"{limit / 1_000_000:g}"))
    found = await kind_of(content)
    if found is None:
        raise BadInput(wording.WRONG_FILE.format(name=_shown(filename)))
    media_type, suffix = found
    kind = "photo" if media_type.startswith("image/") else "document"
    return Checked(safe_name(filename, suffix), media_type, suffix, kind)


def safe_name(filename: str, suffix: str) -> str:
    """A name without paths and odd signs that ends with `suffix`."""
    stem = Path(filename.replace("\\", "/")).name
    stem = stem[: -len(Path(stem).suffix)] if Path(stem).suffix else stem
    return (_UNSAFE.sub("_", stem).strip(" ._")[:80] or "berkas") + suffix


def _shown(filename: str) -> str:
    return _UNSAFE.sub("_", Path(filename.replace("\\", "/")).name)[:80] or "berkas"
