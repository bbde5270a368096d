"""The list of who was erased: keyed hashes with their times, in a file beside the keys (`secrets/erased`).

It lies outside of the database, so that no backup of the database takes it back (again.py reads it).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.conversations.erased import person_hashes

FILE = "erased"
KEPT = timedelta(days=400)
"""Of a line: a backup that is older should be gone."""


def remember(data_dir: Path, channel: str, address: str, at: datetime) -> None:
    """Notes that a person was erased `at` (the transaction's time). On the disk when this returns."""
    path = _path(data_dir)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(path), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as file:
        file.write(f"{at.astimezone(UTC).isoformat()} {person_hashes(channel, address)[0]}\n")
        file.flush()
        os.fsync(file.fileno())


def noted(data_dir: Path) -> dict[str, datetime]:
    """Hash of a person -> when they were erased last. A line that a crash broke off is left out."""
    try:
        lines = _path(data_dir).read_text("ascii", "replace").splitlines()
    except FileNotFoundError:
        return {}
    found: dict[str, datetime] = {}
    for line in lines:
        at, _, key = line.partition(" ")
        try:
            found[key] = max(datetime.fromisoformat(at), found.get(key, datetime.min.replace(tzinfo=UTC)))
        except (ValueError, TypeError):
            continue
    return found


def let_old_go(data_dir: Path, now: datetime) -> None:
    """Lines older than KEPT go."""
    path = _path(data_dir)
    if not path.exists():
        return
    with _alone(path):
        kept = {key: at for key, at in noted(data_dir).items() if at > now - KEPT}
        draft = path.with_name(f".{FILE}.new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.writelines(f"{at.isoformat()} {key}\n" for key, at in kept.items())
        draft.replace(path)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Web and workers may share the folder: no line is noted between the reading and the writing of the list."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _path(data_dir: Path) -> Path:
    return data_dir / "secrets" / FILE
