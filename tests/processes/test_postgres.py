"""The embedded server, for real: started, stopped, killed, found again."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from bot.errors import CannotRun
from bot.processes.postgres import EmbeddedPostgres, running_url, socket_dir


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path / "data")
    yield server
    server.stop()


def remember(url: str, word: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("create table if not exists words (word text)")
        connection.execute("insert into words values (%s)", [word])


def words(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("select word from words order by word")]


def pid_of(server: EmbeddedPostgres) -> int:
    assert server.pid is not None
    return server.pid


def test_data_outlive_a_stop(server: EmbeddedPostgres) -> None:
    remember(server.start(), "pertama")
    pid = pid_of(server)
    server.stop()
    assert not psutil.pid_exists(pid)
    assert running_url(server.data_dir) is None
    url = server.start()
    assert words(url) == ["pertama"]
    assert running_url(server.data_dir) == url


def test_only_its_owner_can_connect(server: EmbeddedPostgres) -> None:
    url = server.start()
    with psycopg.connect(url) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
        assert connection.execute("show synchronous_commit").fetchone() == ("on",)
    socket = socket_dir(server.pgdata) / ".s.PGSQL.5432"
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.pgdata.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "name", ["ruang kerja", "café ñandú", "dinas's % folder", "a=b&c?d#e", 'quo"te\\d', "koma,koma"]
)
def test_a_data_folder_with_an_odd_name(name: str) -> None:
    """A short path, so that the socket would lie in it."""
    with tempfile.TemporaryDirectory(prefix="p") as folder:
        server = EmbeddedPostgres(Path(folder) / name / "d")
        try:
            url = server.start()
            remember(url, "odd")
            assert words(url) == ["odd"]
            assert running_url(Path(folder) / name / "d") == url
        finally:
            server.stop()


def test_a_data_folder_with_a_long_name(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / ("panjang-" * 20) / "data")
    try:
        remember(server.start(), "ada")
        assert running_url(server.data_dir) is not None
    finally:
        server.stop()
    assert not socket_dir(server.pgdata).exists()


def test_committed_data_outlive_a_killed_server(server: EmbeddedPostgres) -> None:
    remember(server.start(), "tersimpan")
    killed = psutil.Process(pid_of(server))
    killed.kill()
    psutil.wait_procs([killed], timeout=10)
    assert words(server.start()) == ["tersimpan"]


def test_a_lock_file_whose_number_another_program_has_now(server: EmbeddedPostgres) -> None:
    remember(server.start(), "tersimpan")
    lines = (server.pgdata / "postmaster.pid").read_text().splitlines()
    server.stop()
    (server.pgdata / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert running_url(server.data_dir) is None
    assert words(server.start()) == ["tersimpan"]


def test_a_server_left_by_a_killed_pandu_is_taken_over(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from bot.processes.postgres import EmbeddedPostgres\n"
        "s = EmbeddedPostgres(Path(sys.argv[1])); s.start(); print(s.pid, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "data")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        left = psutil.Process(int(first.stdout.readline()))
        url = running_url(tmp_path / "data")
        assert url is not None
        remember(url, "tersimpan")
        first.kill()
    assert left.is_running()
    server = EmbeddedPostgres(tmp_path / "data")
    try:
        assert words(server.start()) == ["tersimpan"]
        assert not left.is_running()
    finally:
        server.stop()


def test_a_second_pandu_on_the_same_folder_is_refused(server: EmbeddedPostgres) -> None:
    url = server.start()
    with pytest.raises(CannotRun, match=rf"process {os.getpid()}\).*PANDU_DATA_DIR"):
        EmbeddedPostgres(server.data_dir).start()
    remember(url, "masih hidup")


def test_a_broken_off_first_start_is_made_anew(server: EmbeddedPostgres) -> None:
    (server.data_dir / "postgresql.new").mkdir(parents=True)
    (server.data_dir / "postgresql.new" / "PG_VERSION").write_text("18\n")
    remember(server.start(), "ada")
    assert not (server.data_dir / "postgresql.new").exists()


def test_files_that_are_no_database_are_left_alone(server: EmbeddedPostgres) -> None:
    server.pgdata.mkdir(parents=True)
    (server.pgdata / "skripsi.odt").write_text("penting")
    with pytest.raises(CannotRun, match="no PostgreSQL cluster"):
        server.start()
    assert (server.pgdata / "skripsi.odt").read_text() == "penting"


def test_a_cluster_of_another_version(server: EmbeddedPostgres) -> None:
    server.pgdata.mkdir(parents=True)
    (server.pgdata / "PG_VERSION").write_text("14\n")
    with pytest.raises(CannotRun, match="made by PostgreSQL 14"):
        server.start()


def test_a_server_that_refuses_its_settings_says_why(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    with (server.pgdata / "postgresql.auto.conf").open("a") as file:
        file.write("wal_level = 'minimum'\n")
    with pytest.raises(CannotRun, match=r"does not start: FATAL: .*auto\.conf. contains errors"):
        server.start()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotRun, match=r"cannot be written .* PANDU_DATA_DIR"):
        EmbeddedPostgres(tmp_path / "file" / "data").start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root shares folders with the database's user")
def test_folders_above_stay_closed_to_everybody_else(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    server = EmbeddedPostgres(private / "data")
    try:
        server.start()
        assert stat.S_IMODE(private.stat().st_mode) & 0o007 == 0
        listing = ["ls", str(private)]
        as_nobody = subprocess.run(listing, user=65534, group=65534, extra_groups=[], capture_output=True, check=False)
        assert as_nobody.returncode != 0
    finally:
        server.stop()
