"""The data folder and those in it: closed to other users of the machine."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from bot.errors import CannotRun

PRIVATE = 0o077
"""The umask of every process of ours: what it writes is for us alone."""
OTHERS = stat.S_IRWXG | stat.S_IRWXO
FOR_THE_DATABASE = ("postgresql", "postgresql.new", "postgresql-programs")
"""What the database's own user must reach; bot/processes/postgres.py closes it."""

_DEVICES = ("/dev/stdout", "/dev/stderr", "/dev/fd", "/proc")
"""Where a link to a file is a way to what is open, as "/dev/stdout" is."""


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


def open_to_others(data_dir: Path) -> Iterator[Path]:
    """What of the data folder's content other users may open: closed at the top, what lies below is closed, too. Links
    are looked through; what is another user's is told, too, although we cannot close it."""
    with suppress(OSError):
        for path in sorted(data_dir.iterdir()):
            if path.name in FOR_THE_DATABASE or not path.exists():
                continue
            if path.stat().st_mode & OTHERS:
                yield path


def close_to_others(data_dir: Path) -> None:
    """What an older version, a backup that was unpacked or a copy left open. Nobody may list the folder itself."""
    for path in open_to_others(data_dir):
        with suppress(OSError):
            if not path.is_symlink():
                path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OTHERS)
    with suppress(OSError):
        data_dir.chmod(stat.S_IMODE(data_dir.stat().st_mode) & ~(OTHERS & ~(stat.S_IXGRP | stat.S_IXOTH)))


def new_closed(path: Path) -> IO[bytes]:
    """A file for one's own eyes, in place of one that is there (open, or somebody else's). Raises OSError."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def write_closed(path: Path, content: bytes) -> None:
    """Into a closed file; a pipe or a device that is there takes it as it is. Raises OSError."""
    open_already = any(Path(os.path.normpath(path.absolute())).is_relative_to(one) for one in _DEVICES)
    into = open_already or (path.exists() and not path.is_file())
    with path.open("wb") if into else new_closed(path) as file:
        file.write(content)
