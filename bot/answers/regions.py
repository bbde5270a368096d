"""Regions of Indonesia by name, to notice a question about one whose standard is not held."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

_LIST = Path(__file__).with_name("regions.txt")
_PLACE = r"(?:di|dari|kab\.?|kabupaten|kota|daerah|wilayah|provinsi|dpmptsp|untuk|utk|kalau|kalo|klo|asal)"


@lru_cache
def names() -> dict[str, str]:
    """Lower-case name -> the name as it is written."""
    return {line.lower(): line for line in _LIST.read_text("utf-8").splitlines() if line and not line.startswith("#")}


def region_in(text: str) -> str | None:
    """The region that `text` names after a word of place ("di Jepara"), or all it says. None when there is none."""
    words = re.findall(r"[a-zA-Z]+", text.lower())
    whole = " ".join(words)
    if whole in names():
        return names()[whole]
    match = _pattern().search(" ".join(words))
    return names()[match[1]] if match else None


@lru_cache
def _pattern() -> re.Pattern[str]:
    alternatives = "|".join(re.escape(name) for name in sorted(names(), key=len, reverse=True))
    return re.compile(rf"\b{_PLACE}\s+(?:kab\s+|kabupaten\s+|kota\s+)?({alternatives})\b")
