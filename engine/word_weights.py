"""Weights that tell from the words of a message which written answer it needs: nlu_data/answer_words.npz.

`python -m engine.word_weights FILE` (make vectors) reads `[[answer, [keys …], [pieces …]], …]` as JSON from its
standard input, fits one linear support vector machine an answer (one against the rest), keeps the weights that matter
most of each, and writes them, rounded to one byte each. What keys and pieces are, bot/answers/classifier.py says.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, List, Sequence, Tuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

Example = Tuple[str, Sequence[str], Sequence[str]]
C = 0.3
SHARE = (1.0, 0.7)
"""Length of the part of keys and of the part of pieces in what one message is to the machine."""
LEAST_TEXTS = (2, 3)
"""Texts that must hold a key, a piece."""
KEPT = 600
"""Weights of an answer that are kept: with all of them nothing was found better."""


def write(examples: Sequence[Example], file: Path) -> int:
    """Learn, keep the weights; returns how many answers (two at least are needed)."""
    seen: List[TfidfVectorizer] = [
        TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=least, dtype=np.float32) for least in LEAST_TEXTS
    ]
    parts = [one.fit_transform([example[at] for example in examples]) for at, one in enumerate(seen, 1)]
    table = hstack([share * part for share, part in zip(SHARE, parts, strict=True)]).tocsr()
    model = LinearSVC(C=C, tol=1e-2, random_state=0).fit(table, [answer for answer, *_ in examples])
    weights = model.coef_.astype(np.float32)
    for row in weights:
        row[np.argsort(-np.abs(row), kind="stable")[KEPT:]] = 0
    scale = np.abs(weights).max() / 127
    small = csr_matrix(np.rint(weights / scale).astype(np.int8).T)
    kept: Any = {
        "answers": model.classes_.astype(str),
        "keys": seen[0].get_feature_names_out().astype(str),
        "pieces": seen[1].get_feature_names_out().astype(str),
        "keys_rarity": seen[0].idf_.astype(np.float32),
        "pieces_rarity": seen[1].idf_.astype(np.float32),
        "share": np.array(SHARE, dtype=np.float32),
        "counts": np.diff(small.indptr).astype(np.int16),
        "columns": small.indices.astype(np.int16),
        "weights": small.data.astype(np.int8),
        "scale": np.float32(scale),
        "bias": model.intercept_.astype(np.float32),
    }
    half = file.with_name(file.name + ".new.npz")
    np.savez_compressed(half, **kept)
    half.replace(file)
    return len(model.classes_)


def main() -> None:
    """Read examples, learn, write."""
    examples: List[Example] = json.load(sys.stdin)
    file = Path(sys.argv[1])
    print(f"Learning from the words of {len(examples)} texts (a minute) …", flush=True)
    print(f"{write(examples, file)} answers, {file.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
