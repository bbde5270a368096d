"""Two hosts on one machine: network namespaces joined by a bridge, whose cables can be pulled.

Needs root and iproute2. Without them both hosts share the loopback address on ports of their own, and a host that is
cut off is one whose processes are stopped (SIGSTOP).
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import quote

import psutil
import psycopg

from benchmarks.chaos.installation import Home, Installation, Site
from bot.processes.postgres import DATABASE, PORT, ROLE, EmbeddedPostgres, postmaster_pid, socket_dir

HOSTS = 2
PASSWORD = secrets.token_hex(12)


@dataclass(frozen=True, slots=True)
class Net:
    """The site, how it is made up (a sentence), and how a host (0, 1) is cut off and joined again."""

    site: Site
    told: str
    cut: Callable[[Installation, int], None]
    join: Callable[[Installation, int], None]


@contextmanager
def network() -> Iterator[Net]:
    if os.geteuid() == 0 and shutil.which("ip") and _can_make_one():
        with _namespaces() as net:
            yield net
    else:
        site = Site(homes=(Home(),) * HOSTS, database={"listen_addresses": "127.0.0.1"})
        told = "no network namespaces here (root and iproute2 are needed): one loopback, hosts stopped by SIGSTOP"
        yield Net(site, told, _signal(signal.SIGSTOP), _signal(signal.SIGCONT))


@contextmanager
def _namespaces() -> Iterator[Net]:
    name = f"pd{secrets.token_hex(2)}"
    net = f"10.{231 + secrets.randbelow(20)}.{secrets.randbelow(250)}"
    spaces = [f"{name}h{number}" for number in range(HOSTS)]
    bridge = f"{net}.1"
    try:
        _ip("link", "add", name, "type", "bridge")
        _ip("addr", "add", f"{bridge}/24", "dev", name)
        _ip("link", "set", name, "up")
        for number, space in enumerate(spaces):
            _ip("netns", "add", space)
            _ip("link", "add", f"{space}o", "type", "veth", "peer", "name", f"{space}i")
            _ip("link", "set", f"{space}o", "master", name, "up")
            _ip("link", "set", f"{space}i", "netns", space)
            _ip("-n", space, "addr", "add", f"{net}.{number + 11}/24", "dev", f"{space}i")
            _ip("-n", space, "link", "set", f"{space}i", "up")
            _ip("-n", space, "link", "set", "lo", "up")
        homes = tuple(
            Home(f"{net}.{number + 11}", ("ip", "netns", "exec", space)) for number, space in enumerate(spaces)
        )

        def opened(server: EmbeddedPostgres) -> str:
            return _let_in(server, bridge, f"{net}.0/24")

        site = Site(bridge, homes, opened, {"listen_addresses": bridge, **KEEPALIVE})
        yield Net(
            site,
            "two network namespaces on a bridge (veth)",
            lambda _, host: _ip("link", "set", f"{spaces[host]}o", "down"),
            lambda _, host: _ip("link", "set", f"{spaces[host]}o", "up"),
        )
    finally:
        for space in spaces:
            with suppress(subprocess.CalledProcessError):
                _ip("netns", "del", space)
        with suppress(subprocess.CalledProcessError):
            _ip("link", "del", name)


# A server that Pandu reaches over a network: what a host that was cut off holds is let go after seconds.
KEEPALIVE = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "20000",
    "idle_in_transaction_session_timeout": "30s",
}


def _let_in(server: EmbeddedPostgres, address: str, network: str) -> str:
    """Let hosts of the network in, with a password; returns the URL for them."""
    rules = server.pgdata / "pg_hba.conf"
    line = f"host all {ROLE} {network} scram-sha-256\n"
    if line not in rules.read_text():
        with rules.open("a") as file:
            file.write(line)
    with psycopg.connect(
        f"host={socket_dir(server.pgdata)} port={PORT} user={ROLE} dbname={DATABASE}", autocommit=True
    ) as connection:
        connection.execute(f"alter role {ROLE} password '{PASSWORD}'")
    pid = postmaster_pid(server.pgdata)
    assert pid is not None
    os.kill(pid, signal.SIGHUP)
    return f"postgresql://{ROLE}:{quote(PASSWORD)}@{address}:{PORT}/{DATABASE}"


def _signal(sent: signal.Signals) -> Callable[[Installation, int], None]:
    def send(installation: Installation, host: int) -> None:
        for part in installation.parts:
            if part.process is not None and part.alive and (int(part.name[-1]) - 1) % HOSTS == host:
                process = psutil.Process(part.process.pid)
                for one in (process, *process.children(recursive=True)):
                    with suppress(psutil.NoSuchProcess):
                        one.send_signal(sent)

    return send


def _can_make_one() -> bool:
    probe = f"pd{secrets.token_hex(3)}"
    made = subprocess.run(["ip", "netns", "add", probe], capture_output=True, check=False)
    if made.returncode == 0:
        _ip("netns", "del", probe)
    return made.returncode == 0


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
