"""Words of a search, marked in what they were found in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

_BEFORE = 40  # characters that stand before the first marked word


def typed(search: str) -> tuple[str, ...]:
    """The words of a search, as beginnings of a name's words."""
    return tuple(re.findall(r"[^\W_]+", search.lower()))


def marked(text: str, words: Sequence[str], length: int = 0) -> Markup:
    """`text` with every word that begins with one of `words` marked; with `length`, the part around the first one."""
    pattern = _pattern(words)
    if length:
        text = _around(" ".join(text.split()), pattern, length)
    if pattern is None:
        return escape(text)
    parts, at = [], 0
    for found in pattern.finditer(text):
        parts += [escape(text[at : found.start()]), Markup("<mark>"), escape(found[0]), Markup("</mark>")]
        at = found.end()
    return Markup("").join([*parts, escape(text[at:])])


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    longest = sorted({one for one in words if one}, key=len, reverse=True)
    if not longest:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})", re.IGNORECASE)


def _around(text: str, pattern: re.Pattern[str] | None, length: int) -> str:
    first = pattern.search(text) if pattern else None
    start = max(first.start() - _BEFORE, 0) if first else 0
    if start:
        start = text.find(" ", start) + 1 if " " in text[start : first.start()] else start  # type: ignore[union-attr]
    part = text[start : start + length]
    return ("…" if start else "") + part + ("…" if start + length < len(text) else "")
