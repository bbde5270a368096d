"""The meaning of a text as a vector, for grouping messages that were not understood."""

from __future__ import annotations

from typing import List

import numpy as np

from engine import sentence_encoder

MAX_TEXTS = 16
"""In one request: a text takes 10 to 20 ms, and no turn is answered meanwhile."""

_centre = np.zeros(sentence_encoder.DIMENSIONS, dtype=np.float32)


def use_centre(centre: np.ndarray) -> None:
    """Take over the mean of the training examples' vectors; without it all texts look alike to a cosine."""
    global _centre  # noqa: PLW0603
    _centre = centre


def centred(texts: List[str]) -> List[List[float]]:
    """Return one list of 384 numbers a text, length 1 (all 0 for an empty text)."""
    vectors = sentence_encoder.encode(texts)
    moved = np.where(vectors.any(axis=1, keepdims=True), vectors - _centre, 0)
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    return [[round(float(x), 4) for x in row] for row in moved / np.maximum(lengths, 1e-6)]
