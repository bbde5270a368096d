"""The floors of docs/floors.md: imports go down only, lazy ones and those for types included."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from functools import cache

import pytest

from bot.settings import ROOT

FLOORS: tuple[tuple[str, ...], ...] = (
    ("commands",),
    ("processes",),
    ("app",),
    ("console", "simulator"),
    ("web",),
    ("actions",),
    ("privacy",),
    ("survey",),
    ("handoff",),
    ("applications", "complaints", "guides", "officers", "standards", "understanding"),
    ("answers", "audit", "figures"),
    ("conversations",),
    ("channels", "dialogue"),
    ("hearing",),
    ("kbli",),
    ("knowledge",),
    ("ground",),
)
"""From the top. Rooms of one floor do not know one another."""

ROOT_FILES = {"app", "tables", "tasks"}
"""The composition root: everything is put together here."""
GROUND = {
    "callers",
    "cells",
    "dates",
    "errors",
    "finding",
    "files",
    "headings",
    "links",
    "masking",
    "messages",
    "metrics",
    "paper",
    "progress",
    "refusals",
    "settings",
    "sheets",
    "storage",
    "slowly",
    "trace",
    "waiting",
    "webpush",
    "working_days",
}
"""What everybody uses, and what knows nobody above."""

CAPABILITIES = ("privacy", "survey", "handoff", *FLOORS[9])
DOORS = ("service", "models")
"""What one capability may use of another: what it does, and its tables where a query joins them."""

UPWARDS = {
    ("bot.storage.migrations.env", "bot.tables"): "Alembic compares the database with all tables",
}
BESIDE_THE_DOOR = {
    ("bot.handoff.case", "bot.applications.access"): "which applications a person may see",
    ("bot.handoff.reading.packet", "bot.applications.errors"): "a number that names none",
    ("bot.handoff.reading.search", "bot.applications.numbers"): "a number as people write it",
    ("bot.privacy.erase", "bot.standards.tables"): "proposals that were made from a conversation",
    ("bot.privacy.export", "bot.applications.access"): "which applications a person may see",
    ("bot.privacy.export", "bot.applications.errors"): "a number that names none",
    ("bot.survey.service", "bot.applications.access"): "in which chat an applicant wrote last",
}
LONGEST_CIRCLE = 6


@cache
def arrows() -> dict[str, frozenset[str]]:
    """By module of bot/ and actions/: the modules of both that it imports, wherever the statement stands."""
    files = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for top in ("bot", "actions")
        for path in (ROOT / top).rglob("*.py")
        if "node_modules" not in path.parts
    }
    return {module: imported(path.read_text(), files.keys()) - {module} for module, path in files.items()}


def imported(code: str, modules: Collection[str]) -> frozenset[str]:
    """Those of `modules` that the code imports; of `from package import module` the module."""
    found: list[str] = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports hide where they lead"
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            found += [name if name in modules else node.module or "" for name in inside]
    return frozenset(found) & frozenset(modules)


def room_of(module: str) -> str:
    """A package of bot/, "actions", "app" for the composition root, or "ground"."""
    top, _, rest = module.partition(".")
    name = "actions" if top == "actions" else rest.partition(".")[0]
    if name in ROOT_FILES:
        return "app"
    return "ground" if name in GROUND or not name else name


def level(module: str) -> int:
    """0 is the top."""
    room = room_of(module)
    found = [number for number, floor in enumerate(FLOORS) if room in floor]
    assert found, f"{module} lies on no floor: name its room in FLOORS (docs/floors.md), or move it"
    return found[0]


def between_rooms() -> list[tuple[str, str]]:
    return [
        (module, other)
        for module, others in sorted(arrows().items())
        for other in sorted(others)
        if room_of(module) != room_of(other)
    ]


def test_every_room_has_a_floor() -> None:
    assert {level(module) for module in arrows()} <= set(range(len(FLOORS)))


def test_imports_go_down_only() -> None:
    climbing = {(one, other) for one, other in between_rooms() if level(other) <= level(one)}
    assert climbing == set(UPWARDS)


def test_capabilities_meet_at_their_doors() -> None:
    beside = {
        (one, other)
        for one, other in between_rooms()
        if room_of(one) in CAPABILITIES and room_of(other) in CAPABILITIES and other.split(".")[-1] not in DOORS
    }
    assert beside == set(BESIDE_THE_DOOR)


def test_no_long_circles() -> None:
    assert [sorted(circle) for circle in circles(arrows()) if len(circle) > LONGEST_CIRCLE] == []


def circles(graph: dict[str, frozenset[str]]) -> Iterator[set[str]]:
    """Sets of more than one module of which each leads to each other one."""
    reach = {start: _reachable(graph, start) for start in graph}
    seen: set[str] = set()
    for module in graph:
        circle = {other for other in reach[module] if module in reach[other]}
        if len(circle) > 1 and module not in seen:
            seen |= circle
            yield circle


def _reachable(graph: dict[str, frozenset[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = graph[waiting.pop()] - found
        found |= new
        waiting.extend(new)
    return found


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("def late():\n    from bot.app import create_app", "bot.app"),
        ("if TYPE_CHECKING:\n    import bot.tables", "bot.tables"),
        ("from bot import refusals", "bot.refusals"),
    ],
)
def test_imports_are_seen_wherever_they_stand(code: str, name: str) -> None:
    assert imported(code, arrows().keys()) == {name}


def test_circles_are_found() -> None:
    graph = {"a": frozenset("b"), "b": frozenset("c"), "c": frozenset("a"), "d": frozenset("a")}
    assert list(circles(graph)) == [{"a", "b", "c"}]
