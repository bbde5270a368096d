"""The sample units together: each runs with its settings, and has nothing to write to but its state folder."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from cryptography.fernet import Fernet

from bot.settings import ROOT
from tests.helpers.databases import server
from tests.helpers.system import READY_SECONDS, TRAINED, Person, free_port
from tests.helpers.until import until

UNITS = ROOT / "docs" / "deploy"
SANDBOX = r"""
set -e
mount --make-rprivate /
mount --bind "$SHARED" /mnt
mount --bind "$KEPT" /media
mount -t tmpfs tmpfs /tmp
mount -t tmpfs tmpfs /var/lib
mkdir -p "$SHARED" "/var/lib/$STATE_DIRECTORY"
mount --move /mnt "$SHARED"
mount --move /media "/var/lib/$STATE_DIRECTORY"
awk '{ print $5 }' /proc/self/mountinfo | while read -r place; do
    case $place in
    /dev* | /proc* | /sys* | /tmp | "/var/lib/$STATE_DIRECTORY") ;;
    *) mount -o remount,bind,ro "$place" 2>/dev/null || true ;;
    esac
done
for place in "$PWD" "$HOME" "$SHARED" /var/lib /var/tmp; do
    if touch "$place/written" 2>/dev/null; then echo "$place can be written to"; exit 97; fi
done
exec setpriv --no-new-privs "$@"
"""
"""ProtectSystem=strict, PrivateTmp and NoNewPrivileges as far as mounts go. SHARED holds the database's socket."""


def may_mount() -> bool:
    tried = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return bool(shutil.which("unshare")) and subprocess.run(tried, capture_output=True, check=False).returncode == 0


pytestmark = pytest.mark.skipif(not may_mount(), reason="only root may make mounts of its own")


class Unit:
    """One unit, running. `given` stands for its EnvironmentFile."""

    def __init__(self, file: str, instance: str, folder: Path, given: dict[str, str]) -> None:
        said = re.findall(r"^(\w+)=(.*)$", (UNITS / file).read_text("utf-8").replace("%i", instance), re.M)
        fields = dict(said)
        environment = dict(
            pair.split("=", 1) for name, words in said if name == "Environment" for pair in words.split()
        )
        assert {"strict", "yes"} == {fields["ProtectSystem"], fields["PrivateTmp"]}
        assert environment["PANDU_DATA_DIR"] == f"/var/lib/{fields['StateDirectory']}"
        self.kept = folder / fields["StateDirectory"]
        self.kept.mkdir(parents=True, exist_ok=True)
        self.log = folder / f"{file}.log"
        self.stop_seconds = int(fields["TimeoutStopSec"])
        known = {name: value for name, value in os.environ.items() if not name.startswith("PANDU_")}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["unshare", "--mount", "sh", "-c", SANDBOX, "sh", *command_of(fields)],
                cwd=fields["WorkingDirectory"].replace("/home/pandu/pandu", str(ROOT)),
                env=known
                | {"SHARED": str(folder), "KEPT": str(self.kept), "STATE_DIRECTORY": fields["StateDirectory"]}
                | environment
                | given,
                stdout=log,
                stderr=log,
            )

    def running(self) -> None:
        assert self.process.poll() is None, self.log.read_text(errors="replace")

    def stop(self) -> int:
        """As KillMode=mixed: SIGTERM to the one process. What it ended with."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(self.stop_seconds)


def command_of(fields: dict[str, str]) -> list[str]:
    return fields["ExecStart"].replace("/home/pandu/pandu", str(ROOT)).split()


@pytest.fixture
async def units(test_folder: Path) -> AsyncIterator[tuple[str, list[Unit]]]:
    folder = test_folder / "units"
    (folder / "pandu").mkdir(parents=True)
    shutil.copytree(TRAINED, folder / "pandu" / "engine" / "models")
    web, engine = free_port(), free_port()
    async with server(folder / "postgres") as url:
        everywhere = {"PANDU_ENGINE_TOKEN": "a-token-of-this-test", "PANDU_HOST": "127.0.0.1"}
        office = everywhere | {
            "PANDU_DATABASE_URL": url,
            "PANDU_ENGINE_URL": f"http://127.0.0.1:{engine}",
            "PANDU_DATA_KEYS": Fernet.generate_key().decode(),
        }
        actions = f"http://127.0.0.1:{web}/actions?token=a-token-of-this-test"
        started = [
            Unit("pandu-engine@.service", str(engine), folder, everywhere | {"PANDU_ACTIONS_URL": actions}),
            Unit("pandu-web.service", "", folder, office | {"PANDU_PORT": str(web)}),
            Unit("pandu-worker@.service", "1", folder, office),
        ]
        try:
            yield f"http://127.0.0.1:{web}", started
        finally:
            for unit in started:
                if unit.process.poll() is None:
                    unit.process.kill()
                    unit.process.wait()


async def test_the_units_serve_from_their_state_folders_alone(units: tuple[str, list[Unit]]) -> None:
    url, started = units

    async def ready() -> bool:
        for unit in started:
            unit.running()
        async with httpx.AsyncClient(timeout=60) as client:
            try:
                return (await client.get(f"{url}/health/ready", timeout=3)).status_code == 200
            except httpx.HTTPError:
                return False

    await until(ready, READY_SECONDS)
    person = Person(url)
    person.says("berapa lama perluasan usaha di Magetan?")
    assert "hari" in person.heard()
    engine, web, worker = started
    assert web.kept == worker.kept != engine.kept
    assert [unit.stop() for unit in (worker, web, engine)] == [0, 0, 0]
