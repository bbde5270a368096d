"""Values that are computed from a whole `Knowledge` once, and again only when there is another one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from bot.knowledge.models import Knowledge

_KEPT = 2  # the knowledge in use, and the one before it while turns of that one end


def derived[T](build: Callable[[Knowledge], T]) -> Callable[[Knowledge], T]:
    """`build`, whose result is kept for each knowledge object (by identity: an object never changes)."""
    kept: list[tuple[Knowledge, T]] = []

    @wraps(build)
    def get(knowledge: Knowledge) -> T:
        for known, value in kept:
            if known is knowledge:
                return value
        value = build(knowledge)
        kept.append((knowledge, value))
        del kept[:-_KEPT]
        return value

    return get
