"""The facts of a card that a part of it rests on: its sources are those of what is said, not of all its steps."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answers.passages import statements_of
from bot.hearing.words import STOP, keys
from bot.knowledge.models import Knowledge

_NUMBER = re.compile(r"\d[\d.\-/]*\d|\d")
_SHARE, _WORDS = 0.3, 5
"""Share of a fact's words that a text holds, or number of them, from which on it rests on that fact."""


def supporting(knowledge: Knowledge, text: str, facts: Sequence[str]) -> list[str]:
    """Those of `facts` that `text` says something of, in their order; at least the one that it shares most with.

    All of them where only second-hand ones would be left and the text does not say so.
    """
    held = statements_of(knowledge)
    said, numbers = frozenset(keys(text)) - STOP, {*_NUMBER.findall(text)}
    shares: dict[str, tuple[bool, float]] = {}
    for one in facts:
        words = frozenset(keys(held[one].text)) - STOP
        shared = len(said & words)
        share = shared / len(words) if words else 0.0
        of_numbers = bool(numbers & {*_NUMBER.findall(held[one].text)})
        shares[one] = (share >= _SHARE or shared >= _WORDS or of_numbers, share)
    kept = [one for one in facts if shares[one][0]]
    kept = kept or sorted(facts, key=lambda one: -shares[one][1])[:1]
    if "sekunder" not in text and all(held[one].second for one in kept):
        return list(facts)
    return kept
