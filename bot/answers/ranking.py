"""Ranking of passages for a question, by words alone: BM25 of whole passages, and how much of both sides agrees.

Words are the keys of `bot.hearing.words`; BM25 is bm25s, once over keys and once over four-letter pieces, which
forgive spelling. A classifier adds which answers' wordings the words tell apart (docs/decisions/013), and for a message
of a dozen words and more the engine what it holds likely (docs/decisions/012). The weights, and what a score is worth,
were fitted on questions of our own, five-fold.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz, process

from bot.answers.bm25 import Bm25
from bot.answers.classifier import LEAST, chances
from bot.answers.classifier import pieces as pieces_of
from bot.answers.likely import chance
from bot.answers.passages import Passage
from bot.hearing.dialects import variants
from bot.hearing.signs import aspects_of
from bot.hearing.words import STOP, key_of, keys_of, words

SERVICE_KEYS = frozenset(
    ("izin", "pabrik", "usaha", "perluasan", "iui", "oss", "siinas", "layanan", "sop", "standar", "pelayanan")
)
"""Keys of which services and systems have their names: the scope has heard them, so they weigh little."""
CANDIDATES = 24
"""Passages that BM25 hands on to the closer look."""
_TYPO = 84  # rapidfuzz ratio at which an unknown word is taken for a known one
_PIECE = 4
_SCOPE_ASKED, _SCOPE_SAID = 0.2, 0.35  # what a word of place or service weighs, in the question and in a wording

_DEFINITION = re.compile(
    r"^(?:apa (?:itu|arti|artinya|maksud|maksudnya)|apakah itu|arti|what is)\b|\b(?:itu apa|artinya apa|maksudnya apa)$"
)
_DEFINED = 1.5  # of a definition where one is asked, in the order and in how sure it is
_BEFORE = 0.5  # what a word of the question before weighs, against one of this question

_RECALL, _PRECISION, _UNION, _BOTH, _ASPECT, _WHOLE, _PIECES = 0.66, 2.7, -0.68, 4.1, 0.94, 2.7, 4.1
_KIND = {"fact": -0.8, "card": -1.0, "topic": -0.7, "term": 0.8}
_TERM_ASKED = 0.0
_OF_MATTER = frozenset({"requirement", "procedure", "cost", "duration"})
"""What a definition weighs where one of these about the matter is asked."""
_LIST, _OWN, _INTENT = -3.6, 2.75, 0.6
"""Weights of the signals for the order, fitted listwise on tests/answers: of the words, of the kind of passage; of a
list that was not asked for, a passage of an office that the message names, a card that the intent points to."""
_POINTED, _SURELY = 0.35, 0.31
"""What the classifier adds where it holds a passage likelier than its words let expect: to the order, to how sure one
is."""
_CHANCE = 0.8  # of the engine's logarithm
_OF_ORDER = 0.5  # of it that only orders: how sure an answer is, words say first
_UNLEARNED = -5.0  # the logarithm of a passage that the engine has not learned
_AGAINST = 0.8  # of a shared word's weight that is lost where one side denies what the other says
_DENIED = re.compile(r"\b(?:tidak|belum|bukan|gagal|tanpa|not) (?:bisa |dapat |pernah |ada |juga |lagi |mau )*(\w+)")
_AFFIRMED = re.compile(
    r"\b(?:sudah|telah|berhasil|lancar) (?:bisa |dapat |pernah |di ?)*(\w+)|(?<!tidak )(?<!belum )\bbisa (\w+)"
)
_ASKED = re.compile(r"\b(?:bisa|boleh|perlu|wajib|harus|apakah|atau|apa) $")
_SAME = 0.5  # of a question's aspects that both of two passages answer
_BEHIND = 0.3  # of its distance to the first, in the score of a passage behind it
_GENERAL = -3.7  # of a card about a feeling without a matter
_FACTOR = 1.9  # of the logarithm of what the scope makes a passage count
_SMOOTH = 2.0  # added to what a wording weighs: one of a single word fits everything


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage, the wording that fits best, the signals (0 to 1), and `score`: how sure it is the one (0 to 1)."""

    passage: Passage
    wording: str
    recall: float  # of the question's words, how much the wording holds
    precision: float  # of the wording's words, how much the question holds
    union: float  # of the question's words, how much any wording or the answer holds
    lacks: float  # of the question's words, what the heaviest one weighs that neither holds
    aspect: float
    whole: float  # BM25 of the whole passage, as a share of the best one's
    pieces: float
    pointed: float  # the classifier's logarithm of a chance, above what the words let expect; 0 of a newer passage
    chance: float  # the engine's, as a logarithm; 0 where it did not look
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
    likely: Mapping[str, float] = field(default_factory=dict)  # of the engine; empty: it did not look
    before: frozenset[str] = frozenset()  # keys of the question before, which this one leans on


class Index:
    """The wordings of passages, ready to be searched. Not to be changed.

    `beside`: the index that this one is searched with; what a word weighs is counted there, so that both compare.
    """

    def __init__(self, passages: Sequence[Passage], beside: Index | None = None) -> None:
        self.passages = passages
        self.beside = beside
        self.rows: dict[str | None, list[int]] = {}  # of each office; None: of what holds everywhere
        for row, one in enumerate(passages):
            self.rows.setdefault(one.office, []).append(row)
        self._texts = [[*one.asks, *([one.about] if one.about else [])] or [one.title] for one in passages]
        read = [[_read(text) for text in mine] for mine in self._texts]
        keys = [[key for one in mine for key in one[1]] for mine in read]
        pieces = [pieces_of(word for one in mine for word in one[0]) for mine in read]
        self.keys = [frozenset(mine) for mine in keys]
        self.by_keys: Bm25 = Bm25(keys, beside.by_keys if beside else None)
        self.by_pieces: Bm25 = Bm25(pieces, beside.by_pieces if beside else None)
        counts = Counter(key for mine in self.keys for key in mine)
        if beside is not None:
            counts = Counter({key: count for key, count in counts.items() if key not in beside.weights})
        total = len((beside or self).passages) + 1
        self.weights: dict[str, float] = {key: math.log(total / (count + 0.5)) for key, count in counts.items()}
        self.unknown = math.log(total)
        self.vocabulary = sorted(key for key in counts if len(key) > _PIECE - 1)
        self._asks: dict[int, list[_Wording]] = {}
        if beside is None:
            for row in range(len(passages)):
                self.asks(row)

    def asks(self, row: int) -> list[_Wording]:
        """The wordings of a passage; of an office's own part, read when the passage is first looked at."""
        if row not in self._asks:
            self._asks[row] = [self._wording(text) for text in self._texts[row]]
        return self._asks[row]

    def weight(self, key: str) -> float:
        base = self.beside or self  # not kept: an index that holds itself is only freed by the collector
        return base.weights.get(key) or self.weights.get(key, base.unknown)

    def knows(self, word: str) -> bool:
        """Whether any wording holds the word, or nearly."""
        return Searched((self,)).known(word) in self.weights

    def _wording(self, text: str) -> _Wording:
        keys = _read(text)[1]
        mine = frozenset(keys) - STOP or frozenset(keys)
        weights = {key: self.weight(key) * (_SCOPE_SAID if key in SERVICE_KEYS else 1.0) for key in mine}
        said = " ".join(_read(text)[0])
        return _Wording(text, weights, sum(weights.values()) or 1.0, _aspects(text), _denied(said), _affirmed(said))


class Searched:
    """Indexes that are searched as one: the common one first, those of offices beside it."""

    def __init__(self, indexes: Sequence[Index]) -> None:
        self._indexes = indexes

    def search(
        self, query: Query, factor: Callable[[Passage], float], offices: Collection[str] = (), limit: int = 8
    ) -> list[Candidate]:
        """The best passages, each once. `factor` is what a passage counts: 0 forbids it. `offices`: only these, and
        what holds everywhere; empty: all."""
        said = [one for one in query.keys if one not in query.places]
        wanted = list(dict.fromkeys(self.known(one) for one in said if one not in STOP or len(said) < 3))
        pieces = pieces_of(one for one in query.plain.split() if one not in query.places)
        looked = [_Looked(one, wanted, pieces, factor, offices) for one in self._indexes]
        rows = sorted({*_best(looked, "whole"), *_best(looked, "pieces")})
        if not rows:
            return []
        before = {self.known(one) for one in query.before}
        share = {**dict.fromkeys(before, _BEFORE), **dict.fromkeys(query.scope, _SCOPE_ASKED)}
        asked = {one: self._weight(one) * share.get(one, 1.0) for one in wanted}
        matter = [one for one in wanted if one not in query.scope and one not in STOP and not aspects_of("", one)]
        pointed = chances(query.plain, query.keys) if matter else {}  # "berapa lama?" alone is about anything
        most = [max(*(float(getattr(looked[at], name)[row]) for at, row in rows), 1e-6) for name in _SIGNALS]
        found = {
            (one := looked[at]).index.passages[row].id: _candidate(one, query, asked, row, most, self._weight, pointed)
            for at, row in rows
        }
        ranked = sorted(found.values(), key=lambda one: -one.rank)
        return _scored(ranked, query, len(wanted))[:limit]

    def _weight(self, key: str) -> float:
        return next((one.weights[key] for one in self._indexes if key in one.weights), self._indexes[0].unknown)

    def _holds(self, key: str) -> bool:
        return any(key in one.weights for one in self._indexes)

    def known(self, word: str) -> str:
        """An unknown word that is a known one in another language's sounds, or nearly one, as the known one."""
        if self._holds(word) or len(word) < _PIECE + 1 or word.isdigit():
            return word
        bent = (key for one in variants(word) if len(key := key_of(one)) >= _PIECE and self._holds(key))
        if meant := next(bent, ""):
            return meant
        near = (
            process.extractOne(word, one.vocabulary, scorer=fuzz.ratio, score_cutoff=_TYPO) for one in self._indexes
        )
        best = max((one for one in near if one), key=lambda one: one[1], default=None)
        return str(best[0]) if best else word


_SIGNALS = ("whole", "pieces")


class _Looked:
    """What BM25 makes of the passages of one index."""

    def __init__(
        self,
        index: Index,
        wanted: Sequence[str],
        pieces: Sequence[str],
        factor: Callable[[Passage], float],
        offices: Collection[str],
    ) -> None:
        self.index = index
        self.factors = np.zeros(len(index.passages), dtype=np.float32)
        for office in (None, *offices) if offices else index.rows:
            for row in index.rows.get(office, ()):
                self.factors[row] = factor(index.passages[row])
        self.whole = index.by_keys.scores(wanted) * self.factors
        self.pieces = index.by_pieces.scores(pieces) * self.factors


def _best(looked: Sequence[_Looked], name: str) -> list[tuple[int, int]]:
    """Index and row of the passages that BM25 hands on."""
    found: list[tuple[float, int, int]] = []
    for at, one in enumerate(looked):
        scores = getattr(one, name)
        found += [(-float(scores[row]), at, int(row)) for row in np.argsort(-scores)[:CANDIDATES] if scores[row] > 0]
    return [(at, row) for _, at, row in sorted(found, key=lambda one: one[0])[:CANDIDATES]]


def _candidate(
    looked: _Looked,
    query: Query,
    asked: Mapping[str, float],
    row: int,
    most: Sequence[float],
    weight: Callable[[str], float],
    pointed: Mapping[str, float],
) -> Candidate:
    """The closer look: the wording of the passage that fits best."""
    index = looked.index
    passage, words_asked, wordings = index.passages[row], asked.keys(), index.asks(row)
    total = sum(asked.values()) or 1.0
    best, chosen = (0.0, 0.0), wordings[0]
    denied, affirmed = _denied(query.plain), _affirmed(query.plain)
    for one in wordings:
        shared = words_asked & one.content.keys()
        if not shared:
            continue
        against = shared & ((denied & one.affirmed) | (affirmed & one.denied))
        recall = (sum(asked[key] for key in shared) - _AGAINST * sum(asked[key] for key in against)) / total
        agreed = sum(weight(key) for key in shared) - _AGAINST * sum(weight(key) for key in against)
        precision = min(1.0, agreed / (one.total + _SMOOTH))
        if recall + precision > sum(best):
            best, chosen = (recall, precision), one
    recall, precision = best
    whole, pieces = (float(getattr(looked, name)[row]) / top for name, top in zip(_SIGNALS, most, strict=True))
    core = {key: weight for key, weight in asked.items() if key not in query.scope}
    said = sum(core.values()) or 1.0
    union = sum(core[key] for key in core.keys() & index.keys[row]) / said
    lacks = max((core[key] for key in core.keys() - index.keys[row] - STOP), default=0.0) / said
    aspect = _agreement(query.aspects, chosen.aspects)
    expected = _expected(recall, precision, union, whole, pieces)
    above = pointed.get(passage.id, expected) - expected
    told = chance(query.likely, passage.id, _UNLEARNED) if query.likely else 0.0
    rank = (
        _RECALL * recall
        + _PRECISION * precision
        + _UNION * union
        + _BOTH * union * precision
        + _ASPECT * aspect
        + _WHOLE * whole
        + _PIECES * pieces
        + _POINTED * above
        + (_TERM_ASKED if passage.kind == "term" and query.aspects & _OF_MATTER else _KIND.get(passage.kind, 0.0))
        + (_DEFINED if passage.kind == "term" and asks_meaning(query.plain) else 0.0)
        + (_GENERAL if passage.general else 0.0)
        + (_LIST if passage.kind == "list" and passage.aspect not in query.aspects else 0.0)
        + (_OWN if query.own and passage.office else 0.0)
        + (_INTENT if query.intent in passage.intents else 0.0)
        + _CHANCE * told
        + _FACTOR * math.log(max(float(looked.factors[row]), 0.01))
    )
    return Candidate(passage, chosen.text, recall, precision, union, lacks, aspect, whole, pieces, above, told, rank)


def _expected(recall: float, precision: float, union: float, whole: float, pieces: float) -> float:
    """What the classifier says, on average, of a passage whose words fit as well (least squares over our questions)."""
    said = -7.5 + 2.3 * recall - 0.3 * precision - 3.6 * union + 5.6 * union * precision + 1.35 * whole + 1.05 * pieces
    return min(0.0, max(LEAST, said))


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
    words = [one.rank - _OF_ORDER * _CHANCE * one.chance for one in found]
    for place, one in enumerate(found):
        rivals = [words[at] for at, other in enumerate(found) if at and not _say_the_same(one, other, query)]
        lead = words[0] - max(rivals, default=words[0] - 3) if place == 0 else (words[place] - words[0]) * _BEHIND
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
            + _SURELY * one.pointed
            + (_DEFINED if one.passage.kind == "term" and asks_meaning(query.plain) else 0.0)
        )
        score = 1 / (1 + math.exp(-value))
        scored.append(replace(one, score=score))
    return scored


def asks_meaning(plain: str) -> bool:
    """Whether a message asks what something is, and is whole by itself."""
    return bool(_DEFINITION.search(plain))


def _say_the_same(one: Candidate, other: Candidate, query: Query) -> bool:
    """Whether one is the list that was asked for, and the other an entry about the same: no rivals."""
    lists = [it for it in (one, other) if it.passage.kind == "list" and it.passage.aspect in query.aspects]
    return len(lists) == 1 and one.passage.office == other.passage.office and min(one.aspect, other.aspect) >= _SAME


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


def _agreement(asked: frozenset[str], said: frozenset[str]) -> float:
    """How far two sets of aspects agree; what is asked counts more than what a wording asks besides."""
    if not asked and not said:
        return 0.6
    shared = len(asked & said)
    return (shared / len(asked) if asked else 0.0) * 0.5 + shared / len(asked | said) * 0.5
