"""The list of who was erased: keyed hashes with their times, in a file beside the keys (`secrets/erased`).

It lies outside of the database, so that no backup of the database takes it back (again.py reads it).
"""

from __future__ import annotations

import os
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
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(f"{at.astimezone(UTC).isoformat()} {person_hashes(channel, address)[0]}\n")
        file.flush()
        os.fsync(handle)


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
    kept = {key: at for key, at in noted(data_dir).items() if at > now - KEPT}
    path = _path(data_dir)
    if not path.exists():
        return
    draft = path.with_name(f".{FILE}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.writelines(f"{at.isoformat()} {key}\n" for key, at in kept.items())
    draft.replace(path)


def _path(data_dir: Path) -> Path:
    return data_dir / "secrets" / FILE
