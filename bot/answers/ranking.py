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
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from rapidfuzz import fuzz, process

from bot.answers.bm25 import Bm25
from bot.answers.classifier import LEAST, chances
from bot.answers.classifier import pieces as pieces_of
from bot.answers.likely import chance
from bot.answers.passages import Passage
from bot.answers.wordings import Weighed, Wordings, aspects, read
from bot.hearing.dialects import variants
from bot.hearing.signs import aspects_of
from bot.hearing.words import STOP, key_of

CANDIDATES = 24
"""Passages that BM25 hands on to the closer look."""
_TYPO = 84  # rapidfuzz ratio at which an unknown word is taken for a known one
_PIECE = 4
_SCOPE_ASKED = 0.2  # what a word of place or service weighs in a question

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
_SAME = 0.5  # of a question's aspects that both of two passages answer
_BEHIND = 0.3  # of its distance to the first, in the score of a passage behind it
_GENERAL = -3.7  # of a card about a feeling without a matter
_FACTOR = 1.9  # of the logarithm of what the scope makes a passage count


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
        self.places = _places(passages)
        self.place_of = np.zeros(len(passages), dtype=np.intp)
        for place, rows in enumerate(self.places):
            self.place_of[rows] = place
        self._texts = [[*one.asks, *([one.about] if one.about else [])] or [one.title] for one in passages]
        said = [[read(text) for text in mine] for mine in self._texts]
        keys = [[key for one in mine for key in one[1]] for mine in said]
        pieces = [pieces_of(word for one in mine for word in one[0]) for mine in said]
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
        self.wordings = Wordings(self._texts, [one[1] for mine in said for one in mine], self.weight)

    def weight(self, key: str) -> float:
        base = self.beside or self  # not kept: an index that holds itself is only freed by the collector
        return base.weights.get(key) or self.weights.get(key, base.unknown)

    def knows(self, word: str) -> bool:
        """Whether any wording holds the word, or nearly."""
        return Searched((self,)).known(word) in self.weights


class Searched:
    """Indexes that are searched as one: the common one first, those of offices beside it."""

    def __init__(self, indexes: Sequence[Index]) -> None:
        self._indexes = indexes

    def search(
        self,
        query: Query,
        factor: Callable[[Passage], float],
        offices: Collection[str] = (),
        apart: Collection[str] = (),
        limit: int = 8,
    ) -> list[Candidate]:
        """The best passages, each once. `factor` is what a passage counts: 0 forbids it; it is the same for all of one
        place, but those whose ids are in `apart`. `offices`: only these, and what holds everywhere; empty: all."""
        said = [one for one in query.keys if one not in query.places]
        wanted = list(dict.fromkeys(self.known(one) for one in said if one not in STOP or len(said) < 3))
        pieces = pieces_of(one for one in query.plain.split() if one not in query.places)
        before = {self.known(one) for one in query.before}
        share = {**dict.fromkeys(before, _BEFORE), **dict.fromkeys(query.scope, _SCOPE_ASKED)}
        asked = Weighed(query.plain, query.scope, {one: self._weight(one) for one in wanted}, share)
        looked = [_Looked(one, asked, pieces, factor, offices, apart) for one in self._indexes]
        rows = sorted({*_best(looked, "whole"), *_best(looked, "pieces")})
        if not rows:
            return []
        matter = [one for one in wanted if one not in query.scope and one not in STOP and not aspects_of("", one)]
        pointed = chances(query.plain, query.keys) if matter else {}  # "berapa lama?" alone is about anything
        most = [max(*(float(getattr(looked[at], name)[row]) for at, row in rows), 1e-6) for name in _SIGNALS]
        meaning = asks_meaning(query.plain)
        found = {
            (one := looked[at]).index.passages[row].id: _candidate(one, query, asked, row, most, pointed, meaning)
            for at, row in rows
        }
        ranked = sorted(found.values(), key=lambda one: -one.rank)
        return _scored(ranked, query, len(wanted), limit)

    def strange(self, query: Query) -> float:
        """Of what the words of a question weigh, the share of those that no wording knows: 0 to 1."""
        said = [one for one in query.keys if one not in STOP and one not in query.places]
        known = {one: self.known(one) for one in said}
        foreign = sum(not (self._holds(meant) or one.isdigit()) for one, meant in known.items())
        total = sum(self._weight(meant) for meant in known.values())
        return foreign * self._indexes[0].unknown / total if total else 0.0

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
        asked: Weighed,
        pieces: Sequence[str],
        factor: Callable[[Passage], float],
        offices: Collection[str],
        apart: Collection[str],
    ) -> None:
        self.index = index
        of_places = np.zeros(len(index.places), dtype=np.float32)
        held = {None, *offices}
        others: list[tuple[int, float]] = []
        for place, rows in enumerate(index.places):
            first = index.passages[rows[0]]
            if offices and first.office not in held:
                continue
            passages = [index.passages[row] for row in rows] if apart else [first]
            of_places[place] = factor(next((one for one in passages if one.id not in apart), first))
            others += [(row, factor(one)) for row, one in zip(rows, passages, strict=False) if one.id in apart]
        self.factors = of_places[index.place_of]
        for row, counts in others:
            self.factors[row] = counts
        self.whole = index.by_keys.scores(tuple(asked.counted)) * self.factors
        self.pieces = index.by_pieces.scores(pieces) * self.factors
        self.fits = index.wordings.fits(asked)


def _best(looked: Sequence[_Looked], name: str) -> list[tuple[int, int]]:
    """Index and row of the passages that BM25 hands on."""
    found: list[tuple[float, int, int]] = []
    for at, one in enumerate(looked):
        scores = getattr(one, name)
        most = np.argpartition(-scores, CANDIDATES)[:CANDIDATES] if len(scores) > CANDIDATES else range(len(scores))
        found += [(-float(scores[row]), at, int(row)) for row in most if scores[row] > 0]
    return [(at, row) for _, at, row in sorted(found)[:CANDIDATES]]


def _candidate(
    looked: _Looked,
    query: Query,
    asked: Weighed,
    row: int,
    most: Sequence[float],
    pointed: Mapping[str, float],
    meaning: bool,
) -> Candidate:
    """The closer look: the wording of the passage that fits best."""
    index = looked.index
    passage = index.passages[row]
    chosen, recall, precision = index.wordings.best(row, *looked.fits)
    whole, pieces = float(looked.whole[row]) / most[0], float(looked.pieces[row]) / most[1]
    union = sum(map(asked.counts, asked.core & index.keys[row])) / asked.core_total
    aspect = _agreement(query.aspects, aspects(chosen))
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
        + (_DEFINED if passage.kind == "term" and meaning else 0.0)
        + (_GENERAL if passage.general else 0.0)
        + (_LIST if passage.kind == "list" and passage.aspect not in query.aspects else 0.0)
        + (_OWN if query.own and passage.office else 0.0)
        + (_INTENT if query.intent in passage.intents else 0.0)
        + _CHANCE * told
        + _FACTOR * math.log(max(float(looked.factors[row]), 0.01))
    )
    return Candidate(passage, chosen, recall, precision, union, aspect, whole, pieces, above, told, rank)


def _expected(recall: float, precision: float, union: float, whole: float, pieces: float) -> float:
    """What the classifier says, on average, of a passage whose words fit as well (least squares over our questions)."""
    said = -7.5 + 2.3 * recall - 0.3 * precision - 3.6 * union + 5.6 * union * precision + 1.35 * whole + 1.05 * pieces
    return min(0.0, max(LEAST, said))


def _places(passages: Sequence[Passage]) -> tuple[list[int], ...]:
    """The rows of each place."""
    rows: dict[Hashable, list[int]] = {}
    for row, one in enumerate(passages):
        rows.setdefault(one.place, []).append(row)
    return tuple(rows.values())


def _scored(found: Sequence[Candidate], query: Query, asked: int, limit: int) -> list[Candidate]:
    """The first candidates with how sure each is; the first one's lead over the second counts."""
    scored = []
    words = [one.rank - _OF_ORDER * _CHANCE * one.chance for one in found]
    rivals = [words[at] for at, other in enumerate(found) if at and not _say_the_same(found[0], other, query)]
    meaning = asks_meaning(query.plain)
    for place, one in enumerate(found[:limit]):
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
            + (_DEFINED if one.passage.kind == "term" and meaning else 0.0)
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


def _agreement(asked: frozenset[str], said: frozenset[str]) -> float:
    """How far two sets of aspects agree; what is asked counts more than what a wording asks besides."""
    if not asked and not said:
        return 0.6
    shared = len(asked & said)
    return (shared / len(asked) if asked else 0.0) * 0.5 + shared / len(asked | said) * 0.5
