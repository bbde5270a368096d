"""Weights that tell from a sentence vector which written answer a message needs: nlu_data/answers.npz.

`python -m engine.answer_weights` (make vectors) reads `[[answer, wording], …]` as JSON from its standard input, adds
the messages of nlu_data/situations.jsonl, fits one multinomial logistic regression on sentence vectors (scipy's
L-BFGS), and writes the weights rounded to one byte each. The file is kept with the repository: nothing of it is
trained at a start.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, List, Sequence, Tuple

import numpy as np
from scipy.optimize import minimize

from engine import kept_vectors, sentence_encoder
from engine.answers import FILE, SCALE
from engine.situations import situations

C = 1.0
"""Inverse regularisation. Five and ten times as much gave the same answers to unseen messages."""
STEPS = 60


def fit(vectors: np.ndarray, rows: np.ndarray, labels: int) -> Tuple[np.ndarray, np.ndarray]:
    """Return weights (dimensions, labels) and a bias a label; `rows` is the label of each vector."""
    examples, dimensions = vectors.shape
    every, size = np.arange(examples), dimensions * labels

    def loss(flat: np.ndarray) -> Tuple[float, np.ndarray]:
        weights, bias = flat[:size].reshape(dimensions, labels).astype(np.float32), flat[size:].astype(np.float32)
        chances = vectors @ weights + bias
        chances -= chances.max(axis=1, keepdims=True)
        meant = chances[every, rows].copy()
        np.exp(chances, out=chances)
        sums = chances.sum(axis=1, keepdims=True)
        value = float((np.log(sums[:, 0]) - meant).sum()) + 0.5 / C * float(np.vdot(weights, weights))
        chances /= sums
        chances[every, rows] -= 1
        slope = vectors.T @ chances + weights / C
        return value, np.concatenate([slope.ravel(), chances.sum(axis=0)]).astype(np.float64)

    found = minimize(loss, np.zeros(size + labels), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    return found[:size].reshape(dimensions, labels).astype(np.float32), found[size:].astype(np.float32)


def write(asked: Sequence[Tuple[str, str]], file: Path = FILE) -> int:
    """Fit to pairs of an answer's id and a text that needs it, and keep the weights; returns how many answers."""
    names, rows = np.unique(np.asarray([answer for answer, _ in asked]), return_inverse=True)
    vectors = kept_vectors.encode([text for _, text in asked])
    centre = vectors.mean(axis=0)
    weights, bias = fit((vectors - centre) * np.float32(SCALE), rows, len(names))
    scales = np.abs(weights).max(axis=0) / np.float32(127)
    half = file.with_name(file.name + ".new.npz")
    kept: Any = {
        "encoder": np.array(kept_vectors.ENCODER),
        "answers": names,
        "weights": np.rint(weights / np.maximum(scales, 1e-12)).astype(np.int8),
        "scales": scales.astype(np.float32),
        "bias": bias,
        "centre": centre.astype(np.float32),
    }
    np.savez_compressed(half, **kept)
    half.replace(file)
    return len(names)


def main() -> None:
    """Read wordings, learn, write."""
    asked: List[Tuple[str, str]] = [(answer, text) for answer, text in json.load(sys.stdin)]
    known = {answer for answer, _ in asked}
    asked += [(one.answer, one.say) for one in situations() if one.answer in known]
    print(f"Learning {len(known)} answers from {len(asked)} texts (some minutes) …", flush=True)
    print(f"{write(asked)} answers, {FILE.stat().st_size / 1e6:.1f} MB, {sentence_encoder.DIMENSIONS} dimensions")


if __name__ == "__main__":
    main()
