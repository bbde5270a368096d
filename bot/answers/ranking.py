"""Ranking of passages for a question, by words alone: BM25 of whole passages, and how much of both sides agrees.

Words are the keys of `bot.hearing.words`; BM25 is bm25s, once over keys and once over four-letter pieces, which
forgive spelling. Sentence vectors were measured beside it and changed nothing (docs/decisions/010). The weights, and
what a score is worth, were fitted on questions of our own, five-fold.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import bm25s
import numpy as np
from rapidfuzz import fuzz, process

from bot.answers.passages import Passage, passages_of
from bot.hearing.dialects import variants
from bot.hearing.signs import aspects_of
from bot.hearing.words import STOP, key_of, keys_of, words
from bot.knowledge.derived import derived
from bot.knowledge.models import Knowledge

SERVICE_KEYS = frozenset(
    ("izin", "pabrik", "usaha", "perluasan", "iui", "oss", "siinas", "layanan", "sop", "standar", "pelayanan")
)
"""Keys of which services and systems have their names: the scope has heard them, so they weigh little."""
CANDIDATES = 24
"""Passages that BM25 hands on to the closer look."""
_TYPO = 84  # rapidfuzz ratio at which an unknown word is taken for a known one
_PIECE = 4
_SCOPE_ASKED, _SCOPE_SAID = 0.2, 0.35  # what a word of place or service weighs, in the question and in a wording

_RECALL, _PRECISION, _UNION, _BOTH, _ASPECT, _WHOLE, _PIECES = 0.45, 3.4, -0.5, 4.5, 0.9, 1.9, 3.5
_KIND = {"fact": -0.6, "card": 0.05, "topic": -0.65, "term": 1.3}
_TERM_ASKED = 0.0
_OF_MATTER = frozenset({"requirement", "procedure", "cost", "duration"})
"""What a definition weighs where one of these about the matter is asked."""
_LIST, _OWN, _INTENT = -3.5, 2.5, 0.6
"""Weights of the signals for the order, fitted listwise on tests/answers: of the words, of the kind of passage; of a
list that was not asked for, a passage of an office that the message names, a card that the intent points to."""
_AGAINST = 0.8  # of a shared word's weight that is lost where one side denies it
_DENIED = re.compile(r"\b(?:tidak|belum|bukan|gagal|tanpa|not) (?:bisa |dapat |pernah |ada |juga |lagi |mau )*(\w+)")
_AFFIRMED = re.compile(
    r"\b(?:sudah|telah|berhasil|lancar) (?:bisa |dapat |pernah |di ?)*(\w+)|(?<!tidak )(?<!belum )\bbisa (\w+)"
)
_ASKED = re.compile(r"\b(?:bisa|boleh|perlu|wajib|harus|apakah|atau|apa) $")
_BEHIND = 0.3  # of its distance to the first, in the score of a passage behind it
_GENERAL = -4.0  # of a card about a feeling without a matter
_FACTOR = 2.3  # of the logarithm of what the scope makes a passage count
_SMOOTH = 2.0  # added to what a wording weighs: one of a single word fits everything


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage, the wording that fits best, the signals (0 to 1), and `score`: how sure it is the one (0 to 1)."""

    passage: Passage
    wording: str
    recall: float  # of the question's words, how much the wording holds
    precision: float  # of the wording's words, how much the question holds
    union: float  # of the question's words, how much any wording or the answer holds
    aspect: float
    whole: float  # BM25 of the whole passage, as a share of the best one's
    pieces: float
    rank: float
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for. `scope` are keys that name a service or a place, `places` the latter alone: the filter
    has heard them already."""

    plain: str
    keys: tuple[str, ...]
    scope: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    aspects: frozenset[str] = frozenset()
    intent: str = ""
    confidence: float = 0.0  # of the engine, in what it understood
    own: bool = False  # the message names an office that is held


class Index:
    """The wordings of all passages of one knowledge, ready to be searched. Not to be changed."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = passages
        texts = [[*one.asks, *([one.about] if one.about else [])] or [one.title] for one in passages]
        read = [[_read(text) for text in mine] for mine in texts]
        said = [[one[0] for one in mine] for mine in read]
        keys = [[one[1] for one in mine] for mine in read]
        self.keys = [frozenset(key for one in mine for key in one) for mine in keys]
        self._by_keys = _bm25([[key for one in mine for key in one] for mine in keys])
        self._by_pieces = _bm25([_pieces(word for one in mine for word in one) for mine in said])
        counts = Counter(key for mine in self.keys for key in mine)
        total = len(passages) + 1
        self._idf = {key: math.log(total / (count + 0.5)) for key, count in counts.items()}
        self._unknown = math.log(total)
        self._vocabulary = sorted(key for key in counts if len(key) > _PIECE - 1)
        self.asks = [[self._wording(*one) for one in zip(*mine, strict=True)] for mine in zip(texts, keys, strict=True)]

    def _wording(self, text: str, keys: Sequence[str]) -> _Wording:
        mine = frozenset(keys) - STOP or frozenset(keys)
        said = " ".join(_read(text)[0])
        weights = {key: self._weight(key) * (_SCOPE_SAID if key in SERVICE_KEYS else 1.0) for key in mine}
        return _Wording(text, weights, sum(weights.values()) or 1.0, _aspects(text), _denied(said), _affirmed(said))

    def search(self, query: Query, factor: Callable[[Passage], float], limit: int = 8) -> list[Candidate]:
        """The best passages, each once. `factor` is what a passage counts: 0 forbids it."""
        said = [one for one in query.keys if one not in query.places]
        wanted = list(dict.fromkeys(self._known(one) for one in said if one not in STOP or len(said) < 3))
        factors = np.array([factor(one) for one in self.passages], dtype=np.float32)
        whole = self._scores(self._by_keys, [one for one in wanted if one in self._idf]) * factors
        pieces = (
            self._scores(self._by_pieces, _pieces(one for one in query.plain.split() if one not in query.places))
            * factors
        )
        rows = {int(row) for scores in (whole, pieces) for row in np.argsort(-scores)[:CANDIDATES] if scores[row] > 0}
        if not rows:
            return []
        asked = {one: self._weight(one) * (_SCOPE_ASKED if one in query.scope else 1.0) for one in wanted}
        most = max(float(whole[list(rows)].max()), 1e-6), max(float(pieces[list(rows)].max()), 1e-6)
        found = [
            self._candidate(
                query, asked, row, float(whole[row]) / most[0], float(pieces[row]) / most[1], float(factors[row])
            )
            for row in rows
        ]
        found.sort(key=lambda one: -one.rank)
        return _scored(found, query, len(wanted))[:limit]

    def _scores(self, bm25: bm25s.BM25, tokens: Sequence[str]) -> np.ndarray:
        if not tokens:
            return np.zeros(len(self.passages), dtype=np.float32)
        scores: np.ndarray = bm25.get_scores(sorted(set(tokens)))
        return scores

    def _candidate(
        self, query: Query, asked: Mapping[str, float], row: int, whole: float, pieces: float, factor: float
    ) -> Candidate:
        """The closer look: the wording of the passage that fits best."""
        passage, words_asked = self.passages[row], asked.keys()
        total = sum(asked.values()) or 1.0
        best, chosen = (0.0, 0.0), self.asks[row][0]
        denied, affirmed = _denied(query.plain), _affirmed(query.plain)
        for one in self.asks[row]:
            shared = words_asked & one.content.keys()
            if not shared:
                continue
            against = shared & ((denied & one.affirmed) | (affirmed & one.denied))
            recall = (sum(asked[key] for key in shared) - _AGAINST * sum(asked[key] for key in against)) / total
            agreed = sum(self._weight(key) for key in shared) - _AGAINST * sum(self._weight(key) for key in against)
            precision = min(1.0, agreed / (one.total + _SMOOTH))
            if recall + precision > sum(best):
                best, chosen = (recall, precision), one
        recall, precision = best
        core = {key: weight for key, weight in asked.items() if key not in query.scope}
        union = sum(core[key] for key in core.keys() & self.keys[row]) / (sum(core.values()) or 1.0)
        aspect = _agreement(query.aspects, chosen.aspects)
        rank = (
            _RECALL * recall
            + _PRECISION * precision
            + _UNION * union
            + _BOTH * union * precision
            + _ASPECT * aspect
            + _WHOLE * whole
            + _PIECES * pieces
            + (
                _KIND.get(passage.kind, 0.0)
                if passage.kind != "term" or not query.aspects & _OF_MATTER
                else _TERM_ASKED
            )
            + (_GENERAL if passage.general else 0.0)
            + (_LIST if passage.kind == "list" and passage.aspect not in query.aspects else 0.0)
            + (_OWN if query.own and passage.office else 0.0)
            + (_INTENT if query.intent in passage.intents else 0.0)
            + _FACTOR * math.log(max(factor, 0.01))
        )
        return Candidate(passage, chosen.text, recall, precision, union, aspect, whole, pieces, rank)

    def knows(self, word: str) -> bool:
        """Whether any wording holds the word, or nearly."""
        return self._known(word) in self._idf

    def _weight(self, key: str) -> float:
        return self._idf.get(key, self._unknown)

    def _known(self, word: str) -> str:
        """An unknown word that is a known one in another language's sounds, or nearly one, as the known one."""
        if word in self._idf or len(word) < _PIECE + 1 or word.isdigit():
            return word
        bent = (key for one in variants(word) if len(key := key_of(one)) >= _PIECE and key in self._idf)
        if meant := next(bent, ""):
            return meant
        found = process.extractOne(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_TYPO)
        return found[0] if found else word


@dataclass(frozen=True, slots=True)
class _Wording:
    """One wording: its keys with what they weigh (names of services less), their sum, and what it asks about."""

    text: str
    content: Mapping[str, float]
    total: float
    aspects: frozenset[str]
    denied: frozenset[str]  # what it says is not so ("tidak bisa masuk")
    affirmed: frozenset[str]  # what it says is so ("sudah terdaftar")


def _scored(found: Sequence[Candidate], query: Query, asked: int) -> list[Candidate]:
    """The candidates with how sure each is; the first one's lead over the second counts."""
    scored = []
    for place, one in enumerate(found):
        following = found[place + 1].rank if place + 1 < len(found) else one.rank - 3
        lead = one.rank - following if place == 0 else (one.rank - found[0].rank) * _BEHIND
        value = (
            -1.74
            + 0.23 * one.union
            + 1.39 * one.precision
            + 0.59 * one.recall
            + 0.58 * max(min(lead, 3.0), -3.0)
            - 0.36 * one.aspect
            + 0.35 * min(asked, 12) / 12
            + 1.27 * one.union * one.precision
            + 0.27 * query.confidence
        )
        score = 1 / (1 + math.exp(-value))
        scored.append(
            Candidate(
                one.passage,
                one.wording,
                one.recall,
                one.precision,
                one.union,
                one.aspect,
                one.whole,
                one.pieces,
                one.rank,
                score,
            )
        )
    return scored


@lru_cache(maxsize=200_000)
def _read(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words and keys of a wording: the same in the index of every knowledge that has it."""
    said = words(text)
    return tuple(said), tuple(keys_of(" ".join(said)))


@lru_cache(maxsize=200_000)
def _aspects(text: str) -> frozenset[str]:
    said, keys = _read(text)
    return aspects_of(" ".join(said), " ".join(keys))


@lru_cache(maxsize=200_000)
def _denied(said: str) -> frozenset[str]:
    """The keys that plain words say are not so; "bisa tidak daftar" asks and denies nothing."""
    return _after(_DENIED, said)


@lru_cache(maxsize=200_000)
def _affirmed(said: str) -> frozenset[str]:
    """The keys that plain words say are so."""
    return _after(_AFFIRMED, said) - _denied(said)


def _after(pattern: re.Pattern[str], said: str) -> frozenset[str]:
    hits = [hit for hit in pattern.finditer(said) if not _ASKED.search(said[: hit.start()])]
    return frozenset(key_of(hit[hit.lastindex or 0]) for hit in hits) - STOP


def _bm25(documents: Sequence[Sequence[str]]) -> bm25s.BM25:
    index = bm25s.BM25(k1=1.2, b=0.4)
    index.index([list(one) or [""] for one in documents], show_progress=False)
    return index


def _pieces(said: Iterable[str]) -> list[str]:
    """Four-letter pieces of words of three letters and more, with their edges marked."""
    marked = [f"_{word}_" for word in said if len(word) > 2]
    return [word[at : at + _PIECE] for word in marked for at in range(max(1, len(word) - _PIECE + 1))]


def _agreement(asked: frozenset[str], said: frozenset[str]) -> float:
    """How far two sets of aspects agree; what is asked counts more than what a wording asks besides."""
    if not asked and not said:
        return 0.6
    shared = len(asked & said)
    return (shared / len(asked) if asked else 0.0) * 0.5 + shared / len(asked | said) * 0.5


@derived
def index_of(knowledge: Knowledge) -> Index:
    """The index of a knowledge, made once."""
    return Index(passages_of(knowledge))
