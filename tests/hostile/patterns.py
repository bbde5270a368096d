"""Every regular expression of the code base, and texts made to be hard for each of them.

Patterns are found where they live (values of modules and classes) and where they stand in a call (`re.sub("…", …)`).
A hard text repeats what a repeated part of the pattern takes, after what stands before that part.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

from bot.settings import ROOT

APPLICATION = ("bot", "actions")
FOLDERS = (*APPLICATION, "engine")
ANCHORED = frozenset({"match", "fullmatch"})
METHODS = ANCHORED | {"search", "sub", "subn", "finditer", "findall", "split"}
FAR = 8  # a part that may stand at most so often cannot make a text expensive
SIGNS = "a 1A.-\n_:(b@,/=\"'<#?!c\tz9\u2022|[]{}+*%&;\\$~^"


@dataclass(frozen=True, slots=True)
class Found:
    """`name` tells where; `methods` how it is called, as far as that can be read."""

    name: str
    pattern: str
    flags: int
    methods: frozenset[str]


@cache
def every_pattern() -> tuple[Found, ...]:
    found = {(one.pattern, one.flags, one.methods): one for one in _everything()}
    return tuple(sorted(found.values(), key=lambda one: one.name))


def _everything() -> Iterator[Found]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if ".venv" in path.parts or "migrations" in path.parts:
                continue
            tree = ast.parse(path.read_text("utf-8"))
            where = path.relative_to(ROOT).as_posix()
            yield from _in_calls(tree, where, compiled=folder not in APPLICATION)
            if folder in APPLICATION:
                yield from _in_module(path, tree, where)


def _in_calls(tree: ast.AST, where: str, *, compiled: bool) -> Iterator[Found]:
    """`compiled`: also of `re.compile`, where the module cannot be asked for its values."""
    methods_here = METHODS | {"compile"} if compiled else METHODS
    used = _methods_used(tree)
    named = {
        id(node.value): target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            first, method = node.args[0], node.func.attr
            on_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
            if on_re and method in methods_here and isinstance(first, ast.Constant):
                flags = re.IGNORECASE if "IGNORECASE" in ast.dump(node) or "re.I" in ast.unparse(node) else 0
                called = used.get(named.get(id(node), "")) or frozenset({"search"})
                methods = called if method == "compile" else frozenset({method})
                yield Found(f"{where}:{node.lineno}", str(first.value), int(flags), methods)


def _in_module(path: Path, tree: ast.AST, where: str) -> Iterator[Found]:
    parts = path.relative_to(ROOT).with_suffix("").parts
    module = importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    used = _methods_used(tree)
    for name, value in list(vars(module).items()):
        for one in _patterns(value, module):
            methods = used.get(name) or _used_by_others().get(name) or frozenset({"search"})
            yield Found(f"{where}:{name}", one.pattern, one.flags, methods)


def _methods_used(*trees: ast.AST, outside: bool = False) -> Mapping[str, frozenset[str]]:
    """Name -> methods called on it; `outside`: on a name of another module ("words.LIST.fullmatch")."""
    found: dict[str, set[str]] = {}
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Attribute) and node.attr in METHODS:
            if not outside and isinstance(node.value, ast.Name):
                found.setdefault(node.value.id, set()).add(node.attr)
            elif outside and isinstance(node.value, ast.Attribute):
                found.setdefault(node.value.attr, set()).add(node.attr)
    return {name: frozenset(methods) for name, methods in found.items()}


@cache
def _used_by_others() -> Mapping[str, frozenset[str]]:
    paths = [path for folder in APPLICATION for path in (ROOT / folder).rglob("*.py")]
    return _methods_used(*(ast.parse(path.read_text("utf-8")) for path in paths), outside=True)


def _patterns(value: Any, module: ModuleType, depth: int = 0) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth < 3 and isinstance(value, Mapping):
        for inner in (*value.keys(), *value.values()):
            yield from _patterns(inner, module, depth + 1)
    elif depth < 3 and isinstance(value, tuple | list | frozenset | set):
        for inner in value:
            yield from _patterns(inner, module, depth + 1)
    elif isinstance(value, type) and value.__module__ == module.__name__:
        for inner in vars(value).values():
            yield from _patterns(inner, module, depth + 1)


# --- hard texts ---------------------------------------------------------------------------------------------------


def hard_texts(found: Found, most: int = 60) -> list[tuple[str, str]]:
    """What stands first, and what is repeated after it."""
    texts: dict[tuple[str, str], None] = {}
    for pair in _hard(list(parser.parse(found.pattern, found.flags)), [""]):
        if pair[1]:
            texts[pair] = None
    return sorted(texts, key=lambda pair: len(pair[1]))[:most]


def _hard(items: list[Any], before: list[str]) -> Iterator[tuple[str, str]]:
    for operation, value in items:
        if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT) and value[1] > FAR:
            for sample in _samples(value[2])[:4]:
                yield "", sample
                for start in before[:3]:
                    yield start, sample
                    yield "", start + sample
        for inner in _inside(operation, value):
            yield from _hard(list(inner), before)
        after = _matching(operation, value)
        before = [start + sample for start in before[:3] for sample in after[:2]][:4]
    for whole in before[:3]:
        yield "", whole
        yield "", whole[:-1]


def _inside(operation: Any, value: Any) -> Iterable[Any]:
    if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        return (value[2],)
    if operation is sre.SUBPATTERN:
        return (value[3],)
    if operation is sre.BRANCH:
        return tuple(value[1])
    if operation in (sre.ASSERT, sre.ASSERT_NOT):
        return (value[1],)
    return (value,) if operation is sre.ATOMIC_GROUP else ()


def _samples(items: Any) -> list[str]:
    """Some short strings that the parts match."""
    found = [""]
    for operation, value in items:
        found = [start + sample for start in found[:3] for sample in _matching(operation, value)[:3]][:4]
    return found


def _matching(operation: Any, value: Any) -> list[str]:
    if operation is sre.LITERAL:
        return [chr(value)]
    if operation is sre.NOT_LITERAL:
        return [sign for sign in "a 1" if ord(sign) != value]
    if operation is sre.ANY:
        return ["a", " ", "1"]
    if operation is sre.IN:
        return _of_class(value)
    if operation is sre.BRANCH:
        return [sample for branch in value[1] for sample in _samples(branch)[:1]][:6]
    if operation is sre.SUBPATTERN:
        return _samples(value[3])
    if operation is sre.ATOMIC_GROUP:
        return _samples(value)
    if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        least, most, inner = value
        return [sample * (max(least, 1) if most else 0) for sample in _samples(inner)] + [""] * (least == 0)
    return [""]


def _of_class(parts: Any) -> list[str]:
    one = _CLASS_TESTS
    negated = parts[0][0] is sre.NEGATE
    fitting = [sign for sign in SIGNS if any(one[kind](sign, what) for kind, what in parts) != negated]
    literals = [chr(what) for kind, what in parts if kind is sre.LITERAL and not negated]
    return fitting[:3] or literals[:1] or [""]


_CATEGORIES = {
    sre.CATEGORY_DIGIT: str.isdigit,
    sre.CATEGORY_NOT_DIGIT: lambda sign: not sign.isdigit(),
    sre.CATEGORY_SPACE: str.isspace,
    sre.CATEGORY_NOT_SPACE: lambda sign: not sign.isspace(),
    sre.CATEGORY_WORD: lambda sign: sign.isalnum() or sign == "_",
    sre.CATEGORY_NOT_WORD: lambda sign: not (sign.isalnum() or sign == "_"),
}
_CLASS_TESTS: dict[Any, Any] = {
    sre.NEGATE: lambda sign, what: False,
    sre.LITERAL: lambda sign, what: ord(sign) == what,
    sre.RANGE: lambda sign, what: what[0] <= ord(sign) <= what[1],
    sre.CATEGORY: lambda sign, what: _CATEGORIES[what](sign),
}
