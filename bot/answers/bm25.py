"""BM25 over lists of tokens: bm25s for the common part of the knowledge, the same sum by hand for a part beside it."""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Mapping, Sequence

import bm25s
import numpy as np

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets DEBUG when it is imported, and would tell of each index
K1, B = 1.2, 0.4


class Bm25:
    """Scores of documents for tokens. With `beside` a token weighs, and a document is long, by the documents there."""

    def __init__(self, documents: Sequence[Sequence[str]], beside: Bm25 | None = None) -> None:
        self._length = len(documents)
        self._counts: Mapping[str, int] = Counter(token for one in documents for token in set(one))
        self._documents: int = beside._documents if beside else max(len(documents), 1)
        self._average: float = beside._average if beside else sum(map(len, documents)) / self._documents or 1.0
        self._beside = beside
        self._library = None if beside else _library(documents)
        self._postings = _postings(documents, self._average) if beside else {}

    def scores(self, tokens: Sequence[str]) -> np.ndarray:
        """One number a document; tokens count once."""
        wanted = sorted(set(tokens))
        found: np.ndarray = np.zeros(self._length, dtype=np.float32)
        if self._library is not None:
            return self._library.get_scores(wanted) if wanted and self._length else found
        for token in wanted:
            if token in self._postings:
                rows, shares = self._postings[token]
                found[rows] += self._weight(token) * shares
        return found

    def _weight(self, token: str) -> float:
        elsewhere = self._beside._counts.get(token, 0) if self._beside else 0
        count = elsewhere or self._counts[token]
        return math.log(1 + (self._documents - count + 0.5) / (count + 0.5))


def _library(documents: Sequence[Sequence[str]]) -> bm25s.BM25:
    index = bm25s.BM25(k1=K1, b=B)
    index.index([list(one) or [""] for one in documents], show_progress=False)
    return index


def _postings(documents: Sequence[Sequence[str]], average: float) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Token -> rows that hold it, and how much of BM25 each gives it (Lucene's form, as bm25s has it)."""
    found: dict[str, tuple[list[int], list[float]]] = {}
    for row, tokens in enumerate(documents):
        damp = K1 * (1 - B + B * len(tokens) / average)
        for token, times in Counter(tokens).items():
            rows, shares = found.setdefault(token, ([], []))
            rows.append(row)
            shares.append(times / (times + damp))
    return {
        token: (np.array(rows, dtype=np.int32), np.array(shares, dtype=np.float32))
        for token, (rows, shares) in found.items()
    }
