"""The written answers that a sentence vector points to, likeliest first; weights out of nlu_data/answers.npz."""

from __future__ import annotations

import logging
import zipfile
from pathlib import Path
from typing import List, Tuple

import numpy as np

from engine import kept_vectors
from engine.fingerprint import ROOT

logger = logging.getLogger(__name__)
FILE = ROOT / "nlu_data" / "answers.npz"
SCALE = 6.0
"""What centred vectors are multiplied with, so that regularisation acts as it does on n-grams."""
SHOWN = 24
"""Answers of a message that are handed on; what is not among them is unlikely."""


class Answers:
    """Made once; without a usable file it names nothing, and words alone find the answer."""

    def __init__(self, file: Path = FILE) -> None:
        self._names: List[str] = []
        try:
            with np.load(file) as kept:
                if str(kept["encoder"]) != kept_vectors.ENCODER:
                    raise ValueError("made with another encoder")
                self._weights = kept["weights"].astype(np.float32) * kept["scales"]
                self._bias, self._centre = kept["bias"], kept["centre"]
                self._names = [str(name) for name in kept["answers"]]
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            logger.warning("%s cannot be used (%s): renew it with make vectors", file.name, error)

    def rank(self, vector: np.ndarray) -> List[Tuple[str, float]]:
        """Return ids with the natural logarithms of their probabilities, best first; nothing for an empty text."""
        if not self._names or not vector.any():
            return []
        scores = (vector - self._centre) * SCALE @ self._weights + self._bias
        scores -= scores.max()
        chances = scores - np.log(np.exp(scores).sum())
        return [(self._names[row], round(float(chances[row]), 2)) for row in np.argsort(-chances)[:SHOWN]]
