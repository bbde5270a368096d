"""Secrets that nobody has to think of: made once, kept in the data folder, readable by us alone."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def secret(data_dir: Path, name: str) -> str:
    """The secret `name`: 43 URL-safe characters (what a webhook's header may carry), the same at every start."""
    folder = data_dir / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    with suppress(FileExistsError):
        draft = folder / f".{name}.{os.getpid()}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(handle)
        try:
            os.link(draft, path)  # all of it or nothing, and never over an existing one
        finally:
            draft.unlink()
    return path.read_text().strip()
