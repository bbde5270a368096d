"""Buttons that mean the same: two ways into one trouble, or the same words in another order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.answers.payloads import parse
from bot.hearing.words import STOP, keys
from bot.knowledge.models import Knowledge
from bot.messages import Button

_ENTRY = "ask_entry"
_EMPTY = frozenset({"tidak", "belum", "tidakbisa", "tidakada", "apa", "cara", "langkah", "bagaimana"})
"""Keys that do not tell two titles apart."""


def distinct(knowledge: Knowledge, buttons: Sequence[Button], said: str = "") -> tuple[Button, ...]:
    """`buttons` without a second one of a meaning, and without one to the passage that is being said."""
    kept: list[Button] = []
    for one in buttons:
        topic, option = _target(one)
        again = bool(said) and topic == said and not option
        if not again and not any(alike(knowledge, one, other) for other in kept):
            kept.append(one)
    return tuple(kept)


def alike(knowledge: Knowledge, one: Button, other: Button) -> bool:
    """Whether two buttons promise the same: equal words, or one trouble that the engine has one name for."""
    if one.payload == other.payload:
        return True
    mine, theirs = _keys(one.title), _keys(other.title)
    if mine and mine == theirs and _target(one)[1] == _target(other)[1]:
        return True
    names = _intents(knowledge, one) & _intents(knowledge, other)
    return bool(names and mine & theirs)


@lru_cache(maxsize=10_000)
def _keys(title: str) -> frozenset[str]:
    return frozenset(keys(title)) - STOP - _EMPTY


def _target(one: Button) -> tuple[str, str]:
    """The passage and the option that a button leads to; empty where it leads elsewhere."""
    _, named = parse(one.payload)
    return named.get("topic", ""), named.get("option", "") or named.get("service", "") or named.get("office", "")


def _intents(knowledge: Knowledge, one: Button) -> frozenset[str]:
    """What the engine calls the trouble that a button leads to."""
    intent, named = parse(one.payload)
    card = knowledge.troubles.get(named.get("topic", ""))
    if card is not None:
        return frozenset() if named.get("option") else frozenset(card.intents)
    return frozenset() if intent == _ENTRY else frozenset({intent})
