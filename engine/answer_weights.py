"""Weights that tell from a sentence vector which written answer a message needs: nlu_data/answers.npz.

`python -m engine.answer_weights` (make vectors) reads `[[answer, wording], …]` as JSON from its standard input, adds
the messages of nlu_data/situations.jsonl, fits one multinomial logistic regression on sentence vectors, and
writes the weights rounded to one byte each. The file is kept with the repository: nothing of it is
trained at a start.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, List, Sequence, Tuple

import numpy as np
from sklearn.linear_model import LogisticRegression

from engine import kept_vectors, sentence_encoder
from engine.answers import FILE, SCALE
from engine.situations import situations

C = 1.0
"""Inverse regularisation. Ten times as much was no better on unseen messages."""
STEPS = 60


def write(asked: Sequence[Tuple[str, str]], file: Path = FILE) -> int:
    """Learn from pairs of an answer's id (three at least) and a text, keep the weights; returns how many answers."""
    names, rows = np.unique(np.asarray([answer for answer, _ in asked]), return_inverse=True)
    vectors = kept_vectors.encode([text for _, text in asked])
    centre = vectors.mean(axis=0)
    model = LogisticRegression(C=C, max_iter=STEPS).fit((vectors - centre) * np.float32(SCALE), rows)
    weights, bias = model.coef_.T, model.intercept_
    scales = np.abs(weights).max(axis=0) / np.float32(127)
    half = file.with_name(file.name + ".new.npz")
    kept: Any = {
        "encoder": np.array(kept_vectors.ENCODER),
        "answers": names,
        "weights": np.rint(weights / np.maximum(scales, 1e-12)).astype(np.int8),
        "scales": scales.astype(np.float32),
        "bias": bias.astype(np.float32),
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
