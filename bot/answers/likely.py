"""The answers that the engine holds likely for a message as a whole, beside the words (docs/decisions/012)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from bot.settings import ROOT

FILE = ROOT / "nlu_data" / "answers.npz"
FLOOR = -7.0
"""What an answer counts that the engine knows and does not hold likely: the logarithm of a probability."""


@lru_cache(maxsize=1)
def learned() -> frozenset[str]:
    """The answers that the engine's weights know; of a newer one nothing can be told from a vector."""
    if not FILE.is_file():
        return frozenset()
    with np.load(FILE) as kept:
        return frozenset(str(one) for one in kept["answers"])


def chance(likely: Mapping[str, float], passage: str, unknown: float) -> float:
    """The logarithm of a passage's probability, not below FLOOR; `unknown` where the engine has not learned it."""
    if passage in likely:
        return max(likely[passage], FLOOR)
    return FLOOR if passage in learned() else unknown
