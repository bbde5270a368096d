"""Applicants' files and all else that Pandu writes are closed to other users of the machine."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.storage.folders import FOR_THE_DATABASE, close_to_others, open_to_others, write_closed

OTHERS = stat.S_IRWXG | stat.S_IRWXO


@pytest.fixture
def careless(tmp_path: Path) -> Path:
    """A data folder as an older version left it, or as a backup was unpacked."""
    data = tmp_path / "data"
    for name in ("files", "logs", "models", "secrets", "postgresql-programs", "postgresql-2026"):
        (data / name).mkdir(parents=True)
        (data / name / "x").write_text("KTP")
        (data / name).chmod(0o755)
    for name in ("loose.json", "postgresql.dump"):
        (data / name).write_text("{}")
        (data / name).chmod(0o644)
    data.chmod(0o777)
    return data


def test_what_was_left_open_is_closed_at_the_start(careless: Path) -> None:
    assert len(list(open_to_others(careless))) == 7
    close_to_others(careless)
    assert list(open_to_others(careless)) == []
    assert stat.S_IMODE(careless.stat().st_mode) == 0o711, "nobody lists it, the database's user goes through"
    assert "postgresql-programs" in FOR_THE_DATABASE
    assert (careless / "postgresql-programs").stat().st_mode & stat.S_IXOTH, "its own user must reach it"


def test_what_is_written_over_an_open_file_is_closed(tmp_path: Path) -> None:
    there = tmp_path / "salinan.json"
    there.write_text("{}")
    there.chmod(0o644)
    write_closed(there, b"KTP")
    assert (there.read_bytes(), stat.S_IMODE(there.stat().st_mode)) == (b"KTP", 0o600)


def test_a_pipe_is_written_into_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_closed(pipe, b"KTP")
        assert os.read(reader, 10) == b"KTP"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.skipif(sys.platform != "linux", reason="no /proc there")
def test_what_is_open_already_is_written_into(tmp_path: Path) -> None:
    """As "/dev/stdout" is when the shell writes it to a file."""
    with (tmp_path / "out").open("wb") as out:
        write_closed(Path(f"/proc/self/fd/{out.fileno()}"), b"KTP")
    assert (tmp_path / "out").read_bytes() == b"KTP"


def test_what_is_another_users_is_told(careless: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = list(open_to_others(careless))
    monkeypatch.setattr(os, "geteuid", lambda: careless.stat().st_uid + 1)
    assert list(open_to_others(careless)) == found


def test_a_link_is_looked_through_but_not_followed(careless: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    elsewhere.chmod(0o755)  # whatever the umask is
    (careless / "link").symlink_to(elsewhere)
    close_to_others(careless)
    assert elsewhere.stat().st_mode & OTHERS
    assert careless / "link" in list(open_to_others(careless)), "a shared folder for files, say"


@pytest.mark.parametrize("module", ["bot.commands.main", "engine/serve.py", "bot.processes.serve"])
def test_every_entry_sets_its_umask(module: str) -> None:
    """Read in the source: to run each would take a database and a model."""
    path = ROOT / (module if module.endswith(".py") else module.replace(".", "/") + ".py")
    assert "os.umask(" in path.read_text("utf-8")


def test_what_a_command_writes_is_for_us_alone(tmp_path: Path) -> None:
    script = (
        "import os, sys; os.umask(0o022); from typer.testing import CliRunner; from bot.commands.main import app\n"
        "CliRunner().invoke(app, ['knowledge', 'check', '--help'])\n"
        "import pathlib; path = pathlib.Path(sys.argv[1]); path.mkdir(); (path / 'x').write_text('x')\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "made")], cwd=ROOT, check=True, env=dict(os.environ))
    assert not (tmp_path / "made").stat().st_mode & OTHERS
    assert not (tmp_path / "made" / "x").stat().st_mode & OTHERS


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="a folder of Linux")
def test_a_file_that_only_lies_among_devices_is_closed(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        around = Path("/dev") / ".." / tmp_path.relative_to("/") / "copy"
        for path in (Path(folder) / "copy", around):
            path.write_bytes(b"x")
            path.chmod(0o666)
            write_closed(path, b"KTP")
            assert path.read_bytes() == b"KTP"
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
