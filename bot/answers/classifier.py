"""A linear classifier from the words of a message to the written answer it asks for (docs/decisions/013).

BM25 looks at the words that a passage holds; this one has learned, from all wordings at once, which words tell two
answers apart. Its weights (nlu_data/answer_words.npz) are kept with the repository and renewed by `make vectors`:
nothing is trained at a start, and an answer that is newer than them is judged by its words alone.
"""

from __future__ import annotations

import itertools
import logging
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.settings import ROOT

logger = logging.getLogger(__name__)
FILE = ROOT / "nlu_data" / "answer_words.npz"
SHARPNESS = 6.0
"""What a margin is multiplied with before the softmax: chances that are right about as often as they say."""
LEAST = -8.0
"""The logarithm of a chance below which nothing is told apart."""
_PIECE = 4


def pieces(said: Iterable[str]) -> list[str]:
    """Four-letter pieces of words of three letters and more, with their edges marked."""
    marked = [f"_{word}_" for word in said if len(word) > 2]
    return [word[at : at + _PIECE] for word in marked for at in range(max(1, len(word) - _PIECE + 1))]


def features(plain: str, keys: Sequence[str]) -> tuple[list[str], list[str]]:
    """What the classifier sees of a message: its keys and their pairs; and the pieces of its words."""
    pairs = [f"{one} {other}" for one, other in itertools.pairwise(keys)]
    return [*keys, *pairs], pieces(plain.split())


class Classifier:
    """Made once of a file of weights. Raises OSError, KeyError, ValueError or BadZipFile where it cannot be used."""

    def __init__(self, file: Path = FILE) -> None:
        with np.load(file) as kept:
            self.answers: Sequence[str] = [str(one) for one in kept["answers"]]
            self._places = tuple(
                {str(one): place for place, one in enumerate(kept[name])} for name in ("keys", "pieces")
            )
            self._rarity = tuple(kept[f"{name}_rarity"].astype(np.float32) for name in ("keys", "pieces"))
            self._share: npt.NDArray[np.float32] = kept["share"]
            self._starts: list[int] = [0, *np.cumsum(kept["counts"]).tolist()]
            self._columns: npt.NDArray[np.intp] = kept["columns"].astype(np.intp)  # what numpy looks up by
            self._weights: npt.NDArray[np.float32] = kept["weights"].astype(np.float32) * kept["scale"]
            self._bias: npt.NDArray[np.float32] = kept["bias"]

    def chances(self, plain: str, keys: Sequence[str]) -> Mapping[str, float]:
        """The logarithm of each learned answer's chance, not below LEAST; empty for words it does not know."""
        slices: list[slice] = []
        shares: list[float] = []
        first = 0
        for seen, places, rarity, share in zip(
            features(plain, keys), self._places, self._rarity, self._share, strict=True
        ):
            found = Counter(places[one] for one in seen if one in places)
            if found:
                at = np.array(list(found), dtype=np.intp)
                values = (np.log(np.array(list(found.values()), dtype=np.float32)) + 1) * rarity[at]
                values *= share / np.sqrt(np.dot(values, values))
                slices += [slice(self._starts[place + first], self._starts[place + first + 1]) for place in found]
                shares += values.tolist()
            first += len(places)
        if not slices:
            return {}
        lengths = [one.stop - one.start for one in slices]
        each = np.repeat(np.array(shares, dtype=np.float32), lengths)
        weights = np.concatenate([self._weights[one] for one in slices]) * each
        columns = np.concatenate([self._columns[one] for one in slices])
        sums = np.bincount(columns, weights, minlength=len(self._bias)).astype(np.float32)
        return dict(zip(self.answers, _logarithms(self._bias + sums), strict=True))


def _logarithms(scores: npt.NDArray[np.float32]) -> list[float]:
    sharp = scores * SHARPNESS
    sharp -= sharp.max()
    sharp -= np.log(np.exp(sharp).sum())
    chances: Any = np.maximum(sharp, LEAST).tolist()
    return list(chances)


@lru_cache(maxsize=1)
def classifier() -> Classifier | None:
    """The one of the repository's weights; None, with a warning, where they cannot be used."""
    try:
        return Classifier()
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        logger.warning("%s cannot be used (%s): renew it with make vectors", FILE.name, error)
        return None


def chances(plain: str, keys: Sequence[str]) -> Mapping[str, float]:
    """What `classifier` says of a message; without one, nothing."""
    learned = classifier()
    return learned.chances(plain, keys) if learned else {}
