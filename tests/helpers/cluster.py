"""A database cluster made once a test run and copied: each Pandu would make and migrate its own for some seconds.

First starts, which make their own, are tested in tests/processes and by tests/system/test_units.py.
"""

from __future__ import annotations

import asyncio
import atexit
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from bot.processes.postgres import EmbeddedPostgres
from bot.settings import ROOT
from bot.storage.migrate import migrate


def lay_down(data_dir: Path) -> None:
    """Puts a migrated, empty cluster into a data folder that has none."""
    if not (data_dir / "postgresql").exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", str(_made() / "postgresql"), str(data_dir)], check=True)  # with its owner


@cache
def _made() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="pandu-cluster-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    # a process of its own: who asks may stand in a running loop
    subprocess.run([sys.executable, "-m", "tests.helpers.cluster", str(folder / "data")], cwd=ROOT, check=True)
    return folder / "data"


def _make(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir, {"fsync": "off"})
    try:
        asyncio.run(migrate(server.start()))
    finally:
        server.stop()


if __name__ == "__main__":
    _make(Path(sys.argv[1]))
