"""The data folder and those in it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bot.errors import CannotRun


def make_folder(folder: Path) -> None:
    """Make a folder that only we may list; raises CannotRun where it cannot be written."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise CannotRun(
            f"The folder {folder} cannot be written ({error.strerror}): choose another one with PANDU_DATA_DIR."
        ) from None
