"""scripts/bootstrap in a folder of its own, with small programs in the place of uv, df and the Pythons."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.settings import ROOT

SYSTEM_PATH = "/usr/bin:/bin"
WORKING_PYTHON = '#!/bin/sh\necho "$0"\n'  # what the search asks for: its own full path
BROKEN_SHIM = "#!/bin/sh\necho 'pyenv: python3.10: command not found' >&2\nexit 127\n"
FAKE_UV = """#!/bin/sh
[ "$1" = --version ] && echo "uv 0.9.0" && exit 0
[ "$1 $2" = "python dir" ] && echo "$HOME/managed" && exit 0
echo "$*" >>"$HOME/uv-calls"
if [ "$1" = sync ] && [ -r "$HOME/uv-says" ]; then cat "$HOME/uv-says" >&2; exit 2; fi
[ "$1 $2" = "python install" ] && exit 1
venv=.venv
case "$*" in *"--project engine"*) venv=engine/.venv ;; esac
mkdir -p $venv/bin && cp "$HOME/working" $venv/bin/python
"""


@dataclass
class Machine:
    home: Path
    repo: Path

    def program(self, name: str, text: str) -> Path:
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
        return path

    def bootstrap(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {"HOME": str(self.home), "PATH": f"{self.home}/bin:{SYSTEM_PATH}"}
        command = [str(self.repo / "scripts" / "bootstrap"), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)

    def uv_calls(self) -> list[str]:
        calls = self.home / "uv-calls"
        return calls.read_text().splitlines() if calls.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path / "home", tmp_path / "repo")
    (machine.repo / "scripts").mkdir(parents=True)
    (machine.repo / "engine").mkdir()
    shutil.copy(ROOT / "scripts" / "bootstrap", machine.repo / "scripts")
    shutil.copy(ROOT / "scripts" / "node", machine.repo / "scripts")
    (machine.repo / "bot" / "web").mkdir(parents=True)
    packages = ("bot/web/package.json", "bot/web/package-lock.json")
    for name in ("pyproject.toml", "uv.lock", "engine/pyproject.toml", "engine/uv.lock", *packages):
        (machine.repo / name).write_text(name)
    machine.program("bin/npm", "#!/bin/sh\nmkdir -p node_modules\n")
    machine.program("working", WORKING_PYTHON)
    machine.program("bin/uv", FAKE_UV)
    machine.program("bin/python3.10", WORKING_PYTHON)
    machine.program("bin/python3.12", WORKING_PYTHON)
    machine.program("bin/df", "#!/bin/sh\necho head\necho x x x 9000000 x x\n")
    return machine


def test_packages_for_browsers_need_npm(machine: Machine) -> None:
    failing = machine.program("bin/npm", "#!/bin/sh\necho 'npm error network' >&2\nexit 1\n")
    refused = machine.bootstrap()
    assert refused.returncode != 0 and "npm error network" in refused.stderr and "bot/web" in refused.stderr
    failing.write_text("#!/bin/sh\nmkdir -p node_modules\n")
    assert machine.bootstrap().returncode == 0
    assert "bot/web" not in machine.bootstrap().stderr


def test_what_takes_long_is_told_step_by_step(machine: Machine) -> None:
    """By bot/progress.py, with any Python; here one that writes down how it was called, and is waited for."""
    (machine.repo / "bot" / "progress.py").write_text("")
    machine.program("bin/python3", '#!/bin/sh\n[ "$1" = -c ] || echo "$*" >>"$HOME/told"\n')
    told = 'until grep -q "{}" "$HOME/told" 2>/dev/null; do :; done\n'
    machine.program("bin/npm", f"#!/bin/sh\n{told.format('for browsers')}mkdir -p node_modules\n")
    sync = FAKE_UV.replace("venv=.venv\n", f"{told.format('environments')}venv=.venv\n")
    machine.program("bin/uv", sync)
    done = machine.bootstrap()
    assert done.returncode == 0, done.stderr
    assert (machine.home / "told").read_text().splitlines() == [
        "-I bot/progress.py 1 2 Installing the packages for browsers 5",
        "-I bot/progress.py 2 2 Installing the environments 120",
    ]


def test_both_environments_once(machine: Machine) -> None:
    first = machine.bootstrap()
    assert first.returncode == 0, first.stderr
    calls = machine.uv_calls()
    assert sorted("--project engine" in call for call in calls) == [False, True]
    assert all("--frozen" in call for call in calls)
    assert machine.bootstrap().stderr == ""
    assert machine.uv_calls() == calls


def test_a_changed_lock_file_installs_its_environment_again(machine: Machine) -> None:
    machine.bootstrap()
    (machine.repo / "engine" / "uv.lock").write_text("newer")
    assert machine.bootstrap().returncode == 0
    assert len(machine.uv_calls()) == 3
    assert "--project engine" in machine.uv_calls()[-1]


def test_development_tools_are_added_and_then_kept(machine: Machine) -> None:
    machine.bootstrap()
    machine.bootstrap("--dev")
    assert len(machine.uv_calls()) == 3
    assert "--no-dev" not in machine.uv_calls()[-1]
    machine.bootstrap()
    machine.bootstrap("--dev")
    assert len(machine.uv_calls()) == 3


def test_a_shim_that_fails_is_passed_over(machine: Machine) -> None:
    machine.program("bin/python3.10", BROKEN_SHIM)
    working = machine.program(".pyenv/versions/3.10.9/bin/python3.10", WORKING_PYTHON)
    done = machine.bootstrap()
    assert done.returncode == 0, done.stderr
    assert any("--project engine" in call and f"--python {working}" in call for call in machine.uv_calls())


def test_no_python_310_is_one_sentence(machine: Machine) -> None:
    machine.program("bin/python3.10", BROKEN_SHIM)
    machine.program("bin/python3", BROKEN_SHIM)
    done = machine.bootstrap()
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert "no Python 3.10 was found, and it could not be downloaded" in last
    assert not (machine.repo / "engine" / ".venv").exists()


def test_too_small_a_disk_is_one_sentence(machine: Machine) -> None:
    machine.program("bin/df", "#!/bin/sh\necho head\necho x x x 2048000 x x\n")
    done = machine.bootstrap()
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "has 2000 MB free, the first installation needs 4000 MB" in done.stderr
    assert machine.uv_calls() == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("error: Request failed\n  Caused by: dns error: failed to lookup address", "package index cannot be reached"),
        ("error: failed to write\n  Caused by: No space left on device (os error 28)", "the disk is full"),
        ("error: The lockfile is not valid", "the installation failed: error: The lockfile is not valid"),
    ],
)
def test_a_failed_installation_is_explained_and_not_stamped(machine: Machine, said: str, sentence: str) -> None:
    (machine.home / "uv-says").write_text(said)
    done = machine.bootstrap()
    assert done.returncode == 1
    assert sentence in done.stderr.splitlines()[-1]
    (machine.home / "uv-says").unlink()
    assert machine.bootstrap().returncode == 0
    assert (machine.repo / "engine" / ".venv" / ".pandu-installed").exists()


def test_uv_is_fetched_without_touching_the_system(machine: Machine) -> None:
    (machine.home / "bin" / "uv").unlink()
    machine.program("uv-to-install", FAKE_UV)
    pip = """#!/bin/sh
case "$*" in
*"pip --version"*) exit 0 ;;
*"pip install"*--target*)
    while [ "$1" != --target ]; do shift; done
    mkdir -p "$2/bin" && cp "$HOME/uv-to-install" "$2/bin/uv" ;;
*"pip install"*) echo "error: externally-managed-environment" >&2; exit 1 ;;
esac
"""
    machine.program("bin/python3", pip)
    done = machine.bootstrap()
    assert done.returncode == 0, done.stderr
    assert (machine.repo / ".pandu" / "tools" / "uv" / "bin" / "uv").exists()
