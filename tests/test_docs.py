"""The documentation keeps up: docs/reference.md names every setting, command and address; links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.main import get_command

from bot.app import build_runtime, create_app
from bot.commands.main import app as cli
from bot.settings import ROOT, Settings
from tests.helpers.routes import addresses

REFERENCE = (ROOT / "docs" / "reference.md").read_text()
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    field = Settings.model_fields[name]
    row = next((line for line in REFERENCE.splitlines() if line.startswith(f"| `PANDU_{name.upper()}` ")), None)
    assert row is not None, f"PANDU_{name.upper()} is missing"
    assert field.description in row
    default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else str(field.default)
    assert f"`{default}`" in row if default else "–" in row


def _commands() -> list[str]:
    root = get_command(cli)
    found = []
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        found += [f"{name} {sub}" for sub in getattr(command, "commands", {})] or [name]
    return found


@pytest.mark.parametrize("command", _commands())
def test_every_command_is_documented(command: str) -> None:
    assert f"`pandu {command}" in REFERENCE


def test_every_address_is_documented(tmp_path: Path) -> None:
    settings = Settings(
        _env_file=None,
        simulator="on",
        data_dir=tmp_path,
        telegram_token="1:a",
        telegram_secret="geheim",
        twilio_account_sid="AC" + "0" * 32,
        twilio_auth_token="x",
        whatsapp_sender="whatsapp:+14155238886",
        public_url="https://pandu.example.go.id",
        engine_token="t",
    )
    app = create_app(settings, build_runtime(settings, "postgresql://localhost/none", "http://127.0.0.1:1", "t"))
    found = addresses(app)
    assert len(found) > 10
    # The console's pages are found by walking through it; tests/console/test_roles.py knows them all.
    outside = (name for name in sorted(found) if " /console" not in name)
    assert [name for name in outside if f"`{name}`" not in REFERENCE] == []


def test_the_readmes_table_names_every_folder() -> None:
    top = (path for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "__")))
    packages = (path.parent for path in (ROOT / "bot").glob("*/__init__.py"))
    folders = {f"{path.relative_to(ROOT)}/" for path in (*top, *packages)} - {"bot/", "dist/", "models/", "results/"}
    table = "\n".join(line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("| `"))
    assert {folder for folder in folders if f"`{folder}" not in table} == set()


_PATH = re.compile(r"\b(?:actions|benchmarks|bot|docs|engine|scripts|tests)(?:/[\w-]+)+\.(?:py|md|ya?ml)\b")


def test_files_that_are_named_are_there() -> None:
    code = (
        path
        for folder in ("actions", "benchmarks", "bot", "engine", "scripts", "tests")
        for path in (ROOT / folder).rglob("*.py")
    )
    own = [path for path in code if not {"node_modules", ".venv"} & set(path.parts)]
    named = {(found, path.name) for path in (*PAGES, *own) for found in _PATH.findall(path.read_text("utf-8"))}
    assert sorted(one for one in named if not (ROOT / one[0]).exists()) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text()
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", text)
    broken = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert broken == []


_CODE = re.compile(r"```.*?```|`[^`\n]*`|^(?: {4}|\t)[^\n]*$|<!--.*?-->|\]\([^)]*\)", re.DOTALL | re.MULTILINE)
_ACRONYMS = frozenset({"DPMPTSP", "LICENSE", "LISTEN", "NOTIFY", "SIGKILL", "SIGTERM"})
"""Words of six and more capitals that the pages mean as such."""


def _unfilled(text: str) -> list[str]:
    """Places that were left to be filled: long words of capitals, and any that stand alone on a line."""
    prose = _CODE.sub(" ", text)
    found = [*re.findall(r"\b[A-Z]{6,}\b", prose), *re.findall(r"^[ ]*([A-Z]{3,})[ ]*$", prose, re.MULTILINE)]
    return [one for one in found if one not in _ACRONYMS]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_nothing_is_left_unfilled(page: Path) -> None:
    assert _unfilled(page.read_text()) == []


def test_an_unfilled_word_is_seen() -> None:
    assert _unfilled(
        "Measured.\n\nFUZZ\n\n    make X=LONGWORD\n\nOf (`x`, NLUSIZE) and `PANDU_OFFICE` at DPMPTSP."
    ) == ["NLUSIZE", "FUZZ"]
