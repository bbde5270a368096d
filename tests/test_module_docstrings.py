"""Docstrings of modules: a plain noun phrase that says what is in the file."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bot.settings import ROOT

FOLDERS = ("actions", "benchmarks", "bot", "engine", "scripts", "tests")
_QUESTION = re.compile(r"(?:what|who|whose|whom|which|how|why|when|where|whether|if)\b", re.IGNORECASE)
_INSIDE = re.compile(
    r"\b(?:that|which|who|whose|whom|what|when|where|while|whether|if|as|because|how|why|before|after|until|once)\b"
)
"""Whatever follows may be a sentence of its own."""
_VERB = re.compile(r"(?:[A-Z][a-z]+s|Find|Keep|Make|Measure|Read|Run|Wait) (?:the|a|an|every)\b")
_SAYS = re.compile(r"\b(?:is|are|was|were|has|have|does|do|did|goes|go|gets?|can|cannot|may|must|will|needs?|never)\b")


def files() -> list[Path]:
    found = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return [path for path in found if not {"node_modules", ".venv", "versions"} & set(path.parts)]


def fault(docstring: str) -> str:
    """The reason why this is no noun phrase, as far as words tell; "" where they do not."""
    head = re.split(r"[:.;,…?!](?:\s|$)|\s\(", docstring.strip(), maxsplit=1)[0]
    if _QUESTION.match(head):
        return "it begins like a question"
    if _VERB.match(head):
        return "it begins with a verb"
    if _SAYS.search(_INSIDE.split(head, maxsplit=1)[0]):
        return "it is a sentence"
    return ""


@pytest.mark.parametrize(
    ("docstring", "is_one"),
    [
        ("The outbox: one row a message, sent in order.", True),
        ("Messages that were not understood, group by group.", True),
        ("What an applicant reads about codes.", False),
        ("Whether the knowledge is true.", False),
        ("Files that come together are one message: they get one answer.", True),  # beyond what words tell
        ("The window is open for a day.", False),
        ("Nobody may read this.", False),
        ("Reads the lists of a document.", False),
    ],
)
def test_a_noun_phrase_is_told_from_the_rest(docstring: str, is_one: bool) -> None:
    assert (fault(docstring) == "") is is_one


def test_every_module_says_what_is_in_it() -> None:
    wrong = {}
    for path in files():
        code = ast.parse(path.read_text("utf-8"))
        docstring = ast.get_docstring(code)
        if docstring is None and code.body:
            wrong[str(path.relative_to(ROOT))] = "it has none"
        elif docstring and fault(docstring):
            wrong[str(path.relative_to(ROOT))] = f"{fault(docstring)}: {docstring.splitlines()[0]}"
    assert wrong == {}
