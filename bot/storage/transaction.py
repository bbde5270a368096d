"""The mark of work inside a transaction. Apart from the database, so that knowing it costs no driver."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_transactions: ContextVar[int] = ContextVar("transactions", default=0)


def in_transaction() -> bool:
    """Whether the work at hand holds a session's connection: then it does nothing slow."""
    return _transactions.get() > 0


@contextmanager
def noted() -> Iterator[None]:
    """The block is inside a transaction."""
    before = _transactions.get()
    _transactions.set(before + 1)
    try:
        yield
    finally:
        _transactions.set(before)
