"""Memory of a long-running process after everything was loaded."""

from __future__ import annotations

import gc


def calm_collector() -> None:
    """What was loaded at the start stays for good: the garbage collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
