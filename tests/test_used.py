"""Names of modules that somebody uses: constants, functions and classes that nobody imports or reads are deleted."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

from bot.settings import ROOT

FOLDERS = ("actions", "benchmarks", "bot", "engine", "scripts", "tests")
PROVED = ("actions", "bot", "engine")
"""Packages whose names somebody outside of the tests must use."""
KEPT = {
    "bot.console.walls.ELSEWHERE": "what the tests of walls compare the routes with",
    "bot.console.words.STATUSES": "read in templates",
    "bot.conversations.models.Lookback": "a table, used in SQL",
    "bot.handoff.calling.models.HandoffCall": "a table, used in SQL",
    "bot.files.kinds.answer": "called by its name in another process",
    "bot.files.pictures.answer": "called by its name in another process",
    "bot.privacy.export.NOT_SHOWN": "what the tests of copies compare the tables with",
    "bot.standards.child.draft": "called by its name in another process",
    "bot.storage.refusals.RefusalCount": "a table, used in SQL",
}
_BY_NAME = ("add_tasks",)
"""Called through a list of modules."""


@cache
def modules() -> dict[str, ast.Module]:
    found = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    kept = (path for path in found if not {"node_modules", ".venv", "versions"} & set(path.parts))
    return {_name(path): ast.parse(path.read_text("utf-8")) for path in kept}


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def uses(code: dict[str, ast.Module]) -> dict[str, set[str]]:
    """By full name: the modules that import it, or read it of a module that they import."""
    found: dict[str, set[str]] = defaultdict(set)
    for module, tree in code.items():
        names: dict[str, str] = {}
        read: list[tuple[str, str]] = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                if isinstance(node.value, ast.Name):
                    read.append((node.value.id, node.attr))
            elif isinstance(node, ast.ImportFrom):
                for one in node.names:
                    full = f"{node.module}.{one.name}"
                    found[full].add(module)
                    names[one.asname or one.name] = full
            elif isinstance(node, ast.Import):
                names |= {one.asname: one.name for one in node.names if one.asname}
        for name, attribute in read:
            if name in names:
                found[f"{names[name]}.{attribute}"].add(module)
    return found


def given(tree: ast.Module) -> list[str]:
    """The names that a module gives on its first level; what a decorator hands on is somebody's already."""
    found = []
    for node in tree.body:
        if isinstance(node, ast.Assign):
            found += [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.append(node.target.id)
        elif isinstance(node, ast.ClassDef) or (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.decorator_list
        ):
            found.append(node.name)
    return [name for name in found if not name.startswith("__") and name not in _BY_NAME]


def unused(code: dict[str, ast.Module]) -> set[str]:
    users = uses(code)
    found = set()
    for module, tree in code.items():
        if not module.startswith(PROVED):
            continue
        read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        for name in given(tree):
            by = {one for one in users[f"{module}.{name}"] if not one.startswith("tests")}
            if name not in read and not by:
                found.add(f"{module}.{name}")
    return found


def test_every_name_is_used() -> None:
    assert unused(modules()) == set(KEPT)


def test_an_unused_name_is_seen() -> None:
    code = {
        "bot.words": ast.parse("A = 1\nB = 2\nC = 3\ndef d(): return C"),
        "bot.a": ast.parse("from bot import words\nprint(words.A)"),
        "tests.b": ast.parse("from bot.words import B, d"),
    }
    assert unused(code) == {"bot.words.B", "bot.words.d"}


def test_no_class_name_is_used_by_many() -> None:
    """Two rooms may each have a `Draft`; of more nobody knows which is meant."""
    modules_of: dict[str, set[str]] = defaultdict(set)
    for module, tree in modules().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and module.startswith(PROVED) and not node.name.startswith("_"):
                modules_of[node.name].add(module)
    assert {name: found for name, found in modules_of.items() if len(found) > 2} == {}
