"""The knowledge of the repository, and copies of it to spoil."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.knowledge.load import FOLDER, get_knowledge
from bot.knowledge.models import Knowledge

Edit = Callable[[str, str, str], Path]


@pytest.fixture(scope="module", autouse=True)
def _each_text_is_parsed_once() -> Iterator[None]:
    """Most of a copy is unchanged, and parsing YAML is most of the time of loading it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "load", cache(yaml.load))
        yield


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return get_knowledge()


@pytest.fixture
def broken(tmp_path: Path) -> Edit:
    """Changes one place in a copy of the knowledge: `broken(file, old, new)` returns the copy's folder."""
    folder = tmp_path / "knowledge"
    shutil.copytree(FOLDER, folder)

    def edit(name: str, old: str, new: str) -> Path:
        path = folder / name
        before = path.read_text("utf-8")
        assert old in before, f"{name} does not contain {old!r}"
        path.write_text(before.replace(old, new, 1), "utf-8")
        return folder

    return edit
