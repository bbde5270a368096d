"""Rules of `pandu knowledge check` as officers read them in Indonesian."""

from __future__ import annotations

import ast
import inspect
import re
from types import FunctionType, ModuleType

import pytest
from pydantic import ValidationError

from bot.knowledge import base, check, check_questions, check_stages, entries
from bot.knowledge.load import lines_of
from bot.knowledge.question_models import QuestionEntry
from bot.standards.problems import UNKNOWN, in_indonesian

_WORDS = 3  # of a sentence; shorter ones are places
_RULES = (check, check_questions, check_stages, base, entries.problems_of)
_SAYS = {"append", "ValueError", "extend"}


def _texts(tree: ast.AST) -> list[str]:
    """Strings, also those with values in them, of which each is "7"."""
    found = []
    inside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inside |= {id(part) for part in ast.walk(node) if part is not node}
    for node in ast.walk(tree):
        if id(node) in inside:
            continue
        if isinstance(node, ast.JoinedStr):
            found.append("".join(str(one.value) if isinstance(one, ast.Constant) else "7" for one in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
    return found


def sentences(module: ModuleType | FunctionType) -> set[str]:
    """What the rules of a module say when they are broken."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        says = isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in _SAYS
        if isinstance(node, ast.Yield | ast.YieldFrom) or says:
            found |= {one for one in _texts(node) if len(re.findall(r"[a-z]{2,}", one.lower())) >= _WORDS}
    return {one for one in found if not re.fullmatch(r"[a-z_/7]+\.yaml(?:: 7)?", one)}


def test_the_rules_are_found() -> None:
    found = set().union(*map(sentences, _RULES))
    assert len(found) > 40
    assert "the number 7 stands in none of its facts" in found


@pytest.mark.parametrize("module", _RULES, ids=lambda one: one.__name__)
def test_no_rule_is_told_in_english(module: ModuleType | FunctionType) -> None:
    assert [one for one in sentences(module) if UNKNOWN in in_indonesian(one)] == []


def test_shapes_are_told_in_indonesian() -> None:
    with pytest.raises(ValidationError) as wrong:
        QuestionEntry.model_validate({"id": "A B", "ask": [], "answer": "", "short": "x" * 90, "more": 1})
    told = [in_indonesian(one) for one in lines_of(wrong.value)]
    assert told and not [one for one in told if UNKNOWN in one]


def test_a_place_and_a_quotation_are_named() -> None:
    told = in_indonesian("services/a.yaml: requirements.2: printed: 'Fotokopi KTP' does not occur in SP-3")
    assert told == "Persyaratan no. 3: kata \u201cFotokopi KTP\u201d tidak ada di dokumen."
    assert in_indonesian("questions: x: the number 15 stands in none of its facts").endswith(
        "angka 15 tidak ada di sumbernya."
    )
