"""The region of a question, to notice one whose standard is not held."""

from __future__ import annotations

from bot.knowledge.load import get_knowledge
from bot.knowledge.regions import regions_in


def region_in(text: str) -> str | None:
    """The name of the region that `text` names first; None when there is none, or its office's standards are held."""
    held = {office.region for office in get_knowledge().offices.values()}
    found = regions_in(text)
    return found[0].name if found and found[0].title not in held else None
