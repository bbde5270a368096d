"""Values that are computed from a whole `Knowledge` once, and again only when there is another one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from threading import Lock

from bot.knowledge.models import Knowledge

_KEPT = 2  # the knowledge in use, and the one before it while turns of that one end, or one that is tried


def derived[T](build: Callable[[Knowledge], T]) -> Callable[[Knowledge], T]:
    """`build`, whose result is kept for each knowledge object (by identity: an object never changes)."""
    kept: list[tuple[Knowledge, T]] = []  # the one used last at the end: trying drafts never drops what is in use
    lock = Lock()

    @wraps(build)
    def get(knowledge: Knowledge) -> T:
        with lock:
            for place, (known, value) in enumerate(kept):
                if known is knowledge:
                    kept.append(kept.pop(place))
                    return value
        value = build(knowledge)
        with lock:
            kept.append((knowledge, value))
            del kept[:-_KEPT]
        return value

    return get
