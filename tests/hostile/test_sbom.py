"""The bills of materials hold everything that the lock files install, with its hashes."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from scripts.loads import APPLICATION, REACHED, REACHED_IN_ENGINE, loaded
from scripts.sbom import LOCKS, bill, write


@pytest.mark.parametrize("name", LOCKS)
def test_everything_locked_is_on_the_bill(name: str) -> None:
    lock = tomllib.loads(LOCKS[name].read_text("utf-8"))
    found = bill(lock)
    listed = {(one["name"], one["version"]) for one in found["components"]}
    registered = {(one["name"], one["version"]) for one in lock["package"] if "registry" in one["source"]}
    assert registered <= listed
    with_files = {(one["name"], one["version"]) for one in lock["package"] if one.get("wheels") or "sdist" in one}
    references = [one["bom-ref"] for one in found["components"]]
    assert len(references) == len(set(references)), "CycloneDX: unique within the bill"
    for one in found["components"]:
        files = one.get("externalReferences", ())
        assert bool(files) == ((one["name"], one["version"]) in with_files), one["name"]
        assert all(len(file["hashes"][0]["content"]) == 64 for file in files)
    known = {*references, found["metadata"]["component"]["bom-ref"]}
    for one in found["dependencies"]:
        assert {one["ref"], *one["dependsOn"]} <= known
    assert found["dependencies"][0]["dependsOn"], "what we ask for ourselves"
    assert bill(lock) == found, "the same for the same lock file"


def test_both_are_written(tmp_path: Path) -> None:
    paths = write(tmp_path / "sbom")
    assert [json.loads(path.read_text())["specVersion"] for path in paths] == ["1.5", "1.5"]


@pytest.mark.parametrize(("name", "reached"), [("application", REACHED), ("engine", REACHED_IN_ENGINE)])
def test_what_foreign_input_reaches_is_installed(name: str, reached: dict[str, str]) -> None:
    """A package that is gone or renamed does not stay on the list."""
    lock = tomllib.loads(LOCKS[name].read_text("utf-8"))
    assert reached.keys() <= {one["name"] for one in lock["package"]}


def test_only_what_is_loaded_is_counted() -> None:
    found = loaded(APPLICATION, ("openpyxl",))
    assert "openpyxl" in found and "fastapi" not in found
