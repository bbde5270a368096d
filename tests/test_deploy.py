"""docs/deploy: the sample files fit together, name settings that exist, and say what was tried."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import ROOT, Settings

FOLDER = ROOT / "docs" / "deploy"
UNITS = sorted(FOLDER.glob("*.service"))
KNOWN = {f"PANDU_{name.upper()}" for name in Settings.model_fields}
ROLES = {"web", "worker", "engine"}
SCHEMA = ("check-jsonschema", "--builtin-schema", "vendor.compose-spec")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))


@pytest.mark.parametrize("file", [*UNITS, FOLDER / "compose.yaml"], ids=lambda file: file.name)
def test_what_was_tried_is_said_and_settings_exist(file: Path) -> None:
    text = file.read_text("utf-8")
    assert "Tried:" in text
    assert "Not tried:" in text
    assert set(re.findall(r"PANDU_[A-Z_]+", text)) <= KNOWN


def test_there_is_a_unit_for_every_role() -> None:
    roles = {role for unit in UNITS for role in re.findall(r"^ExecStart=.* --role (\w+)$", unit.read_text(), re.M)}
    assert roles == ROLES


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_the_units(unit: Path, tmp_path: Path) -> None:
    """Only the paths are replaced: the user and the programs of a real installation are not here."""
    text = unit.read_text("utf-8").replace("User=pandu", "User=root")
    text = re.sub(r"/home/pandu/pandu/\S+", "/bin/true", text).replace("/home/pandu/pandu", "/")
    copy = tmp_path / unit.name.replace("@.", "@1.")
    copy.write_text(text)
    assert verified(copy) == []


def verified(copy: Path) -> list[str]:
    """What systemd has to say about this unit."""
    done = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False)
    return [line for line in done.stderr.splitlines() if copy.stem.split("@")[0] in line]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_understands_the_unit_of_the_operations_page(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    text = textwrap.dedent(page[page.index("    [Unit]\n") : page.index("Checked with `systemd-analyze verify`")])
    assert "ExecStart=" in text and "[Install]" in text
    text = text.replace("User=pandu", "User=root").replace("WorkingDirectory=/home/pandu/pandu", "WorkingDirectory=/")
    copy = tmp_path / "pandu.service"
    copy.write_text(re.sub(r"/home/pandu/pandu/\S+", "/bin/true", text))
    assert verified(copy) == []
    copy.write_text(copy.read_text().replace("KillMode=mixed", "KillMode=gently"))
    assert verified(copy), "a wrong value is noticed"


def test_the_compose_file_holds_together(compose: dict[str, Any]) -> None:
    services = compose["services"]
    commands = [service["command"][-1] for service in services.values() if "pandu" in str(service["image"])]
    assert {role: commands.count(role) for role in ROLES} == dict.fromkeys(ROLES, 2)
    engines = re.findall(r"http://([\w-]+):5005", services["web-1"]["environment"]["PANDU_ENGINE_URL"])
    assert set(engines) == {name for name in services if name.startswith("engine")}
    named = {str(volume).split(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    assert named == set(compose["volumes"])
    balanced = re.findall(r"server ([\w-]+) \1:8000", balancer(compose))
    assert balanced == [name for name in services if name.startswith("web")]


def balancer(compose: dict[str, Any]) -> str:
    return str(compose["configs"]["haproxy"]["content"])


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("", ""),
        ("stop_grace_period: 15s", "stop_gracefully: 15s"),
        ("condition: service_healthy", "condition: service_happy"),
        ("restart: always", "restart: [always]"),
    ],
)
def test_the_compose_file_follows_the_specification(written: str, instead: str, tmp_path: Path) -> None:
    """Its JSON schema, as check-jsonschema brings it; a wrong field or value is noticed."""
    copy = tmp_path / "compose.yaml"
    copy.write_text((FOLDER / "compose.yaml").read_text("utf-8").replace(written, instead))
    command = [str(Path(sys.executable).with_name(SCHEMA[0])), *SCHEMA[1:], str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == (written == instead), done.stdout


@pytest.mark.skipif(not shutil.which("haproxy"), reason="haproxy is not installed")
def test_haproxy_understands_the_balancer(compose: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "haproxy.cfg"
    file.write_text(balancer(compose))
    done = subprocess.run(["haproxy", "-c", "-f", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
def test_prometheus_understands_the_alarms() -> None:
    done = subprocess.run(
        ["promtool", "check", "rules", str(FOLDER / "alerts.yml")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
