"""The inputs of a trained model, as one short hash. Standard library only: the application asks at every start."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import List

ROOT = Path(__file__).resolve().parent.parent
_FILES = ("config.yml", "domain.yml", "engine/uv.lock", "engine/spelling.yml")
_FOLDERS = (("nlu_data", "*.yml"), ("nlu_data", "*.txt"), ("engine", "*.py"))
_SERVING = frozenset(
    f"engine/{name}.py"
    for name in (
        "action_endpoint",
        "answer_weights",
        "answers",
        "channel",
        "memory",
        "patches",
        "payload",
        "plain_graph",
        "processor",
        "quiet",
        "serve",
        "situations",
        "vectors",
    )
)
"""Run beside a model, not in it: changing them needs no training. A new file counts until it is named here."""


def inputs(root: Path = ROOT) -> List[Path]:
    """Return every file that training reads or runs, sorted."""
    files = {root / name for name in _FILES}
    for folder, pattern in _FOLDERS:
        files.update(path for path in (root / folder).rglob(pattern) if ".venv" not in path.parts)
    return sorted(path for path in files if path.is_file() and path.relative_to(root).as_posix() not in _SERVING)


def fingerprint(root: Path = ROOT) -> str:
    """Return 16 hexadecimal digits that change when a model must be trained anew."""
    digest = hashlib.sha256()
    for path in inputs(root):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]
