"""Two people changed one draft: what one of them changed stands, and what both changed is told."""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Any

from pydantic import ValidationError

from bot.standards.work import Work

_MOST_BYTES = 4_000_000


def merged(base: Work, mine: Work, theirs: Work) -> tuple[Work, Work, dict[str, list[str]]]:
    """Both people's changes to `base`: once with theirs, once with mine where both changed the same.

    The third is what they wrote in those places, by the field of `Work`; empty where nobody is in another's way.
    """
    clashes: dict[str, list[str]] = {}
    found: list[dict[str, Any]] = [{}, {}]
    before, ours, other = (one.model_dump(mode="json", by_alias=True) for one in (base, mine, theirs))
    for name in before:
        for at, own in enumerate((False, True)):
            told: list[str] = []
            found[at][name] = _both(before[name], ours[name], other[name], own, told)
            if told:
                clashes[name] = told
    kept, shown = (Work.model_validate(one) for one in found)
    return kept, shown, clashes


def _both(base: Any, mine: Any, theirs: Any, own: bool, told: list[str]) -> Any:
    """`own`: mine where both changed the same, else theirs, which is told."""
    if mine in (theirs, base):
        return theirs
    if theirs == base:
        return mine
    three = (base, mine, theirs)
    if all(isinstance(one, dict) for one in three):
        return {key: _both(base[key], mine[key], theirs[key], own, told) for key in base}
    if all(isinstance(one, list) for one in three) and len(base) <= min(len(mine), len(theirs)):
        known = len(base)  # items are unticked, never removed; new ones stand at the end
        pairs = zip(base, mine[:known], theirs[:known], strict=True)
        first = [_both(*each, own=own, told=told) for each in pairs]
        added = theirs[known:]
        return [*first, *added, *(one for one in mine[known:] if one not in added)]
    told.append(str(theirs if theirs is not None else ""))
    return mine if own else theirs


def packed(work: Work) -> str:
    """A draft for a field of a form, so that it comes back with what was changed in it."""
    return base64.b64encode(zlib.compress(work.model_dump_json(by_alias=True).encode())).decode()


def unpacked(text: str) -> Work | None:
    """The draft; None where the field holds none."""
    try:
        content = zlib.decompressobj().decompress(base64.b64decode(text, validate=True), _MOST_BYTES)
        return Work.model_validate_json(content)
    except (binascii.Error, ValueError, zlib.error, ValidationError):
        return None
