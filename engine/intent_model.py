"""The statistics behind engine.intent_classifier, without Rasa: fit, keep, rank."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from engine import kept_vectors, logistic
from engine.spelling import normalise
from engine.unfamiliar import familiarity


class Options(NamedTuple):
    """What config.yml may set."""

    word_ngrams: int = 2
    char_ngrams: int = 5
    max_char_features: int = 40_000
    sparse_c: float = 10.0
    """Inverse regularisation of the n-gram model."""
    dense_c: float = 10.0
    """Inverse regularisation of the sentence-vector model; the vectors are scaled by `dense_scale` first."""
    dense_scale: float = 6.0
    dense_weight: float = 0.3
    """Share of the sentence-vector model in the mix (of log-probabilities). At 0 or 1 only one model is made."""
    spelling: bool = True
    """Whether the n-grams see chat spelling written out."""
    cascade: float = 0.7
    """At or above this probability the n-gram model alone decides; above 1: never. Measured on real messages, 0.5 to 1
    give the same accuracy; the share of messages that need a sentence vector is 47 % at 0.5, 62 % at 0.7."""
    temperature: float = 1.0
    """Flattens (> 1) or sharpens (< 1) the mix, so that a confidence of 0.5 is right about half of the time."""


class IntentModel:
    """Ranks the intents of a text. Made by `fit` or `restore`."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.labels: List[str] = []
        self.words: TfidfVectorizer = None
        self.chars: TfidfVectorizer = None
        self.sparse_weights = self.dense_weights = np.zeros((0, 0), dtype=np.float32)
        self.sparse_bias = self.dense_bias = self.centre = np.zeros(0, dtype=np.float32)
        self._readers: Optional[Tuple[Reader, Reader]] = None

    @classmethod
    def fit(cls, texts: List[str], intents: List[str], options: Options) -> IntentModel:
        """Train on parallel lists of texts and intents (at least two different intents)."""
        model = cls(options)
        with ThreadPoolExecutor(2) as both:  # a core each: the products of numpy and scipy leave the interpreter free
            work = []
            if options.dense_weight < 1:
                work.append(both.submit(model._fit_sparse, [model._plain(text) for text in texts], intents))
            if options.dense_weight > 0:
                work.append(both.submit(model._fit_dense, kept_vectors.encode(texts), intents))
        for done in work:
            done.result()
        return model

    def _fit_sparse(self, plain: Sequence[str], intents: Sequence[str]) -> None:
        options = self.options
        self.words = TfidfVectorizer(
            ngram_range=(1, options.word_ngrams),
            tokenizer=str.split,
            token_pattern=None,
            sublinear_tf=True,
            dtype=np.float32,
        )
        self.chars = TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(2, options.char_ngrams),
            max_features=options.max_char_features,
            sublinear_tf=True,
            dtype=np.float32,
        )
        features = hstack([self.words.fit_transform(plain), self.chars.fit_transform(plain)]).tocsr()
        self.labels, self.sparse_weights, self.sparse_bias = logistic.fit(features, intents, options.sparse_c)

    def _fit_dense(self, vectors: np.ndarray, intents: Sequence[str]) -> None:
        self.centre = vectors.mean(axis=0)
        scaled = self._scaled(vectors)
        self.labels, self.dense_weights, self.dense_bias = logistic.fit(scaled, intents, self.options.dense_c)

    def rank(self, text: str, vector: Callable[[], np.ndarray]) -> List[Tuple[str, float]]:
        """Return all intents with their probabilities, best first; nothing for a text without content.

        `vector` gives the sentence vector of the text, and is called only where it decides something.
        """
        plain = self._plain(text)
        if not self._says_something(plain):
            return []
        probabilities = np.exp(self._log_probabilities(plain, vector))
        if self.words is not None:  # the rest is nobody's: an unfamiliar text is asked back
            probabilities *= familiarity(text, plain, self.words.vocabulary_)
        return [(self.labels[i], float(probabilities[i])) for i in np.argsort(-probabilities)]

    def best_by_ngrams(self, text: str) -> Tuple[str, float]:
        """Return the likeliest intent and its probability by the cheap model alone; "" where there is none."""
        if self.words is None:
            return "", 0.0
        scores = self._sparse_log_probabilities(self._plain(text))
        return self.labels[int(scores.argmax())], float(np.exp(scores.max()))

    def _log_probabilities(self, plain: str, vector: Callable[[], np.ndarray]) -> np.ndarray:
        if self.words is None:
            return self._dense_log_probabilities(vector()[None])[0]
        sparse = self._sparse_log_probabilities(plain)
        if self.options.dense_weight <= 0 or np.exp(sparse.max()) >= self.options.cascade:
            return sparse
        return self.mix(sparse, self._dense_log_probabilities(vector()[None])[0])

    def _plain(self, text: str) -> str:
        return normalise(text) if self.options.spelling else " ".join(re.findall(r"\w+|[^\w\s]", text.lower()))

    def _says_something(self, plain: str) -> bool:
        """Letters, digits, or an emoji that an example has (a thumb up)."""
        if any(map(str.isalnum, plain)):
            return True
        known = self.words.vocabulary_ if self.words is not None else {}
        return any(not sign.isascii() and sign in known for sign in plain.split())

    def mix(self, sparse: np.ndarray, dense: np.ndarray) -> np.ndarray:
        """Return the log-probabilities of both models' weighted product; shapes (…, labels)."""
        weight = self.options.dense_weight
        return _log_softmax((weight * dense + (1 - weight) * sparse) / self.options.temperature)

    def _sparse_log_probabilities(self, plain: str) -> np.ndarray:
        if self._readers is None:
            self._readers = (Reader(self.words, 0), Reader(self.chars, len(self.words.vocabulary_)))
        (words, word_values), (chars, char_values) = (reader.read(plain) for reader in self._readers)
        rows = self.sparse_weights[np.concatenate((words, chars))]
        return _log_softmax(np.concatenate((word_values, char_values)) @ rows + self.sparse_bias)

    def _dense_log_probabilities(self, vectors: np.ndarray) -> np.ndarray:
        return _log_softmax(self._scaled(vectors) @ self.dense_weights + self.dense_bias)

    def _scaled(self, vectors: np.ndarray) -> np.ndarray:
        return (vectors - self.centre) * self.options.dense_scale

    def state(self) -> Dict[str, Any]:
        """Return what `restore` needs."""
        return {key: value for key, value in vars(self).items() if key not in ("options", "_readers")}

    @classmethod
    def restore(cls, state: Dict[str, Any], options: Options) -> IntentModel:
        """Return the model whose `state` was kept."""
        model = cls(options)
        vars(model).update(state)
        return model


class Reader:
    """What a fitted TfidfVectorizer makes of one text, without the checks it makes for whole matrices (1 ms a text)."""

    def __init__(self, fitted: TfidfVectorizer, offset: int) -> None:
        self._analyse = fitted.build_analyzer()
        self._place = fitted.vocabulary_.get
        self._idf = fitted.idf_.astype(np.float32)
        self._offset = offset

    def read(self, plain: str) -> Tuple[np.ndarray, np.ndarray]:
        """Return the columns (from `offset` on, ascending) and the values of a text's known n-grams; norm 1 or empty.

        Sublinear term frequency times inverse document frequency, as fitted by `IntentModel._fit_sparse`.
        """
        counts = Counter(place for place in map(self._place, self._analyse(plain)) if place is not None)
        columns = np.fromiter(sorted(counts), dtype=np.intp, count=len(counts))
        often = np.fromiter((counts[place] for place in sorted(counts)), dtype=np.float32, count=len(counts))
        values = (np.log(often) + 1) * self._idf[columns]
        norm = np.sqrt(np.dot(values, values))
        return columns + self._offset, values / norm if norm else values


def _log_softmax(scores: np.ndarray) -> np.ndarray:
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
