"""Memory of a long-running process after everything was loaded."""

from __future__ import annotations

import gc


def hush_collector() -> None:
    """Until `calm_collector`: nearly all that a start makes stays; walking through it takes longer than making it."""
    gc.disable()


def calm_collector() -> None:
    """What was loaded at the start stays for good: the garbage collector need not walk through it again and again."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
