"""Ranking of passages for a question: BM25 over word keys, then how much of both sides agrees, then meaning.

Words come from `bot.hearing.words`; BM25 is bm25s. Sentence vectors, where they are at hand, are the third signal.
The weights of the mix are fitted on questions of our own (benchmarks/answers), as is what a score is worth.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
from rapidfuzz import fuzz, process

from bot.answers.passages import Passage, passages_of
from bot.hearing.signs import aspects_of
from bot.hearing.words import STOP, keys, plain
from bot.knowledge.derived import derived
from bot.knowledge.models import Knowledge

CANDIDATES = 48
"""Wordings that BM25 hands on."""
_TYPO = 84  # rapidfuzz ratio at which an unknown word is taken for a known one
_ABOUT = 0.72  # what the words of an answer count beside the wordings of its question


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with how well it fits (0 to 1), and the signals that say so."""

    passage: Passage
    score: float
    wording: str
    recall: float
    precision: float
    fuzzy: float
    meaning: float
    aspect: float


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for. `scope` are keys that name a place or service: the filter has heard them already."""

    plain: str
    keys: tuple[str, ...]
    scope: frozenset[str] = frozenset()
    aspects: frozenset[str] = frozenset()
    vector: np.ndarray | None = None


class Index:
    """The wordings of all passages of one knowledge, ready to be searched."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = passages
        rows = [
            (number, text, about)
            for number, one in enumerate(passages)
            for text, about in [*((ask, False) for ask in one.asks), *([(one.about, True)] if one.about else [])]
        ]
        self.owner = np.array([number for number, _, _ in rows], dtype=np.int32)
        self.texts = [text for _, text, _ in rows]
        self.plain = [plain(text) for text in self.texts]
        self.weight = np.array([_ABOUT if about else 1.0 for _, _, about in rows], dtype=np.float32)
        self.keys = [frozenset(keys(text)) for text in self.texts]
        tokens = [sorted(one) or [""] for one in self.keys]
        self.bm25 = bm25s.BM25(k1=1.2, b=0.5)
        self.bm25.index(tokens, show_progress=False)
        counts: dict[str, int] = {}
        for number, mine in _by_owner(self.owner, self.keys):
            del number
            for key in mine:
                counts[key] = counts.get(key, 0) + 1
        total = len(passages) + 1
        self.idf = {key: float(np.log(total / (count + 0.5))) for key, count in counts.items()}
        self.unknown_idf = float(np.log(total))
        self.vocabulary = sorted(key for key in counts if len(key) > 3)
        self.aspects = [aspects_of(text, " ".join(mine)) for text, mine in zip(self.plain, self.keys, strict=True)]
        self.vectors: np.ndarray | None = None

    def corrected(self, words: Sequence[str]) -> list[str]:
        """Unknown words that are nearly a known one, as the known one."""
        return [self._known(one) for one in words]

    def _known(self, word: str) -> str:
        if word in self.idf or len(word) < 5 or word.isdigit():
            return word
        found = process.extractOne(word, self.vocabulary, scorer=fuzz.ratio, score_cutoff=_TYPO)
        return found[0] if found else word

    def search(self, query: Query, allowed: Callable[[Passage], float], limit: int = 8) -> list[Candidate]:
        """The best passages, each once. `allowed` gives a passage's factor: 0 forbids it."""
        factors = np.array([allowed(one) for one in self.passages], dtype=np.float32)[self.owner]
        known = [one for one in self.corrected(query.keys) if one in self.idf]
        scores = self.bm25.get_scores(sorted(set(known))) if known else np.zeros(len(self.texts), dtype=np.float32)
        scores = scores * factors * self.weight
        rows = set(np.argsort(-scores)[:CANDIDATES][scores[np.argsort(-scores)[:CANDIDATES]] > 0].tolist())
        meaning = self._meaning(query)
        if meaning is not None:
            near = np.argsort(-(meaning * (factors > 0)))[: CANDIDATES // 2]
            rows |= set(near.tolist())
        wanted = frozenset(self.corrected([one for one in query.keys if one not in STOP] or list(query.keys)))
        best: dict[int, Candidate] = {}
        for row in rows:
            if factors[row] <= 0:
                continue
            one = self._candidate(query, wanted, int(row), meaning, float(factors[row]))
            owner = int(self.owner[row])
            if owner not in best or one.score > best[owner].score:
                best[owner] = one
        return sorted(best.values(), key=lambda one: -one.score)[:limit]

    def _meaning(self, query: Query) -> np.ndarray | None:
        if self.vectors is None or query.vector is None:
            return None
        near: np.ndarray = self.vectors @ query.vector
        return near

    def _candidate(
        self, query: Query, wanted: frozenset[str], row: int, meaning: np.ndarray | None, factor: float
    ) -> Candidate:
        mine = self.keys[row] - STOP or self.keys[row]
        shared = wanted & mine
        weight = self._weight
        scope = query.scope
        asked = sum(weight(one) * (0.2 if one in scope else 1.0) for one in wanted)
        said = sum(weight(one) * (0.35 if one in scope else 1.0) for one in mine)
        both = sum(weight(one) * (0.2 if one in scope else 1.0) for one in shared)
        recall = both / asked if asked else 0.0
        precision = min(1.0, sum(weight(one) for one in shared) / said) if said else 0.0
        fuzzy = fuzz.token_sort_ratio(query.plain, self.plain[row]) / 100
        near = float(meaning[row]) if meaning is not None else 0.0
        aspect = _agreement(query.aspects, self.aspects[row])
        score = mixed(recall, precision, fuzzy, near, aspect, with_meaning=meaning is not None)
        score *= float(self.weight[row]) * factor
        return Candidate(
            self.passages[int(self.owner[row])], score, self.texts[row], recall, precision, fuzzy, near, aspect
        )

    def _weight(self, key: str) -> float:
        return self.idf.get(key, self.unknown_idf)


def mixed(recall: float, precision: float, fuzzy: float, meaning: float, aspect: float, *, with_meaning: bool) -> float:
    """One figure of the signals, 0 to 1."""
    both = recall + precision
    f = 2 * recall * precision / both if both else 0.0
    lexical = 0.3 * recall + 0.15 * precision + 0.25 * f + 0.18 * fuzzy + 0.12 * aspect
    return 0.6 * lexical + 0.4 * max(0.0, meaning) if with_meaning else lexical


def _agreement(asked: frozenset[str], said: frozenset[str]) -> float:
    if not asked and not said:
        return 0.6
    return len(asked & said) / len(asked | said)


def _by_owner(owner: np.ndarray, sets: Sequence[frozenset[str]]) -> list[tuple[int, frozenset[str]]]:
    found: dict[int, set[str]] = {}
    for number, mine in zip(owner.tolist(), sets, strict=True):
        found.setdefault(number, set()).update(mine)
    return [(number, frozenset(mine)) for number, mine in found.items()]


@derived
def index_of(knowledge: Knowledge) -> Index:
    """The index of a knowledge, made once."""
    return Index(passages_of(knowledge))
