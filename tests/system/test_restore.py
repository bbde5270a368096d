"""A backup of a running Pandu, restored on another machine's empty data folder: the conversation goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bot.settings import ROOT
from tests.helpers.system import Person, Running, system

PANDU = str(Path(sys.executable).with_name("pandu"))


def pandu(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PANDU_DATA_DIR": str(folder)}
    return subprocess.run(
        [PANDU, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_conversation_goes_on_after_a_restore(running: Running, test_folder: Path, tmp_path: Path) -> None:
    person = Person(running.url)
    person.says("syarat izin perluasan di magetan")
    dump = tmp_path / "pandu.dump"
    made = pandu(running.folder, "database", "backup", str(dump))
    assert (made.returncode, made.stderr) == (0, "")
    assert dump.stat().st_mode & 0o077 == 0
    assert pandu(running.folder, "database", "backup", str(dump)).returncode == 1  # never over a file
    person.says("berapa lama prosesnya")  # after the moment of the backup

    elsewhere = test_folder / "restored"
    shutil.copytree(running.folder / "secrets", elsewhere / "secrets")
    done = pandu(elsewhere, "database", "restore", str(dump))
    assert (done.returncode, done.stderr) == (0, "")
    again = pandu(elsewhere, "database", "restore", str(dump))
    assert again.returncode == 1
    assert "holds something already" in again.stderr
    with system(elsewhere) as restored:
        same = Person(restored.url, person.name)
        same.says("biayanya?")  # remembers the service, and answers only this
        assert "tidak dikenakan biaya" in same.heard().lower()
        assert "5 hari" not in same.heard()


def test_a_broken_dump_leaves_the_database_empty(test_folder: Path, tmp_path: Path) -> None:
    folder, dump = test_folder / "half", tmp_path / "half.dump"
    dump.write_bytes(b"PGDMP no dump")
    for _ in range(2):
        done = pandu(folder, "database", "restore", str(dump))
        assert done.returncode == 1
        assert done.stderr.startswith("The dump cannot be restored")
