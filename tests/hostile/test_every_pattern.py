"""Every regular expression of the code base takes about twice as long for a text twice as long, wherever it is called.

What cuts a text before it reaches a pattern may be gone tomorrow, and a new pattern is tried here without being named.
"""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.hostile.patterns import ANCHORED, Found, every_pattern, hard_texts

LENGTH = 1_000
MOST = 8  # times the work for four times the text; sixteen is quadratic
LITTLE, NOTHING = 0.002, 0.0003  # seconds


class TooLong(Exception):
    """It does not come back."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    def over(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def work_of(found: Found) -> list[Callable[[str], object]]:
    pattern = re.compile(found.pattern, found.flags)
    anchored = [getattr(pattern, name) for name in sorted(found.methods & ANCHORED)]
    return anchored + ([lambda text: pattern.sub("", text)] if found.methods - ANCHORED else [])


def seconds_of(work: Callable[[str], object], text: str) -> float:
    best = 9.0
    for _ in range(4):
        begin = time.thread_time()
        try:
            with limited(0.5):
                work(text)
        except TooLong:
            return 9.0
        best = min(best, time.thread_time() - begin)
        if best < LITTLE:
            break
    return best


def worst_of(found: Found) -> str:
    """The first text whose work grows too fast; empty: none."""
    for start, piece in hard_texts(found):
        short, long = (start + (piece * (size // len(piece) + 1))[:size] + "\x00!" for size in (LENGTH, 4 * LENGTH))
        for work in work_of(found):
            taken = seconds_of(work, long)
            if taken < LITTLE:
                continue
            growth = taken / max(seconds_of(work, short), NOTHING)
            if growth > MOST and seconds_of(work, long) / max(seconds_of(work, short), NOTHING) > MOST:
                return f"{start!r} + {piece!r} …: {taken:.3f} s, {growth:.0f} times"
    return ""


def test_each_is_linear() -> None:
    slow = {found.name: worst for found in every_pattern() if (worst := worst_of(found))}
    assert not slow, "\n".join(f"{name}: {worst}" for name, worst in slow.items())


@pytest.mark.parametrize(
    "pattern", [r"[\w.]+@", r"langkah\s*(?:ke\s*-?\s*)?\d", r"rt\s*\d+\s*/?\s*\d*\b", r"(?:a |a)*b"]
)
def test_the_test_finds_what_is_quadratic(pattern: str) -> None:
    assert worst_of(Found("here", pattern, 0, frozenset({"search"})))


@pytest.mark.parametrize("pattern", [r"\d{1,5}@", r"(?<!\w)\w+@", r"rt\s{0,3}\d{1,3}\s{0,3}/?\s{0,3}\d{0,3}\b"])
def test_and_only_that(pattern: str) -> None:
    assert worst_of(Found("here", pattern, 0, frozenset({"search"}))) == ""


def test_patterns_of_every_room_are_seen() -> None:
    names = {found.name for found in every_pattern()}
    assert len(names) > 250
    assert {"bot/masking/__init__.py:_EMAIL", "bot/hearing/listen.py:_STEP", "actions/anger.py:_ANGRY"} <= names
    assert any(name.startswith("engine/") for name in names)
