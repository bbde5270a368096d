"""Write the derived files of nlu_data/: lookup tables, synonyms, and examples in frames.

Run `.venv/bin/python scripts/nlu/generate.py` from the repository root after changing an example in nlu_data/, a file
in scripts/nlu/, or an alias in knowledge/offices/ or knowledge/glossary.yaml. `--check` only says whether the files
are current (exit code 1 when not). The result depends on nothing but these files.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import yaml

sys.path.insert(0, str(Path(__file__).parent))
import stories

ROOT = Path(__file__).resolve().parents[2]
VOCABULARY = Path(__file__).with_name("vocabulary.yml")
HEADER = "# Written by scripts/nlu/generate.py from scripts/nlu/vocabulary.yml and knowledge/. Do not edit by hand.\n"


class Vocabulary(NamedTuple):
    """`aliases`: entity -> written form in lower case -> value. `patterns`: entity -> regular expressions."""

    aliases: dict[str, dict[str, str]]
    patterns: dict[str, list[str]]


def vocabulary(root: Path = ROOT) -> Vocabulary:
    """Return the whole vocabulary; ValueError when one written form would have two values."""
    table = yaml.safe_load(VOCABULARY.read_text("utf-8"))
    never = set(table["never"])
    aliases = {
        entity: _by_form(values, itself=entity in table["ids_are_words"])
        for entity, values in table["entities"].items()
    }
    for office in _yaml_files(root / "knowledge" / "offices"):
        aliases["office"].update({form: office["id"] for form in _forms(office) if form not in never})
    taken = {form for forms in aliases.values() for form in forms}
    aliases["term"] = _terms(root, table["term_questions"], taken | never)
    _one_value_each(aliases)
    return Vocabulary(aliases, table["patterns"])


def _by_form(values: dict[str, list[str]], *, itself: bool) -> dict[str, str]:
    """Turn value -> forms round; with `itself` the id is a word that people write, too (single letters never are)."""
    found = {form.lower(): value for value, forms in values.items() for form in forms}
    return found | {value: value for value in values if itself and len(value) > 1}


def _forms(entry: dict[str, Any]) -> list[str]:
    return [str(form).lower().strip() for form in entry.get("aliases", [])]


def _terms(root: Path, questions: Iterable[str], elsewhere: set[str]) -> dict[str, str]:
    """Glossary terms: the bare word where it is free, else only inside a question about it."""
    found: dict[str, str] = {}
    for term in yaml.safe_load((root / "knowledge" / "glossary.yaml").read_text("utf-8")):
        for form in dict.fromkeys([*_forms(term), term["term"].lower()]):
            wanted = [question.format(form) for question in questions] if form in elsewhere or len(form) < 3 else [form]
            for written in wanted:
                found.setdefault(written, term["id"])
    return found


def _one_value_each(aliases: dict[str, dict[str, str]]) -> None:
    seen: dict[str, str] = {}
    for entity, forms in aliases.items():
        for form, value in forms.items():
            if seen.setdefault(form, value) != value:
                raise ValueError(f"{entity}: {form!r} means {value!r} and {seen[form]!r}; drop one of the two")


def _yaml_files(folder: Path) -> list[dict[str, Any]]:
    return [yaml.safe_load(path.read_text("utf-8")) for path in sorted(folder.glob("*.yaml"))]


def rendered(words: Vocabulary) -> dict[str, str]:
    """Return file name -> content of the derived files in nlu_data/."""
    framed = stories.framed_examples(stories.written_examples(ROOT / "nlu_data"))
    return {
        "lookups.yml": _lookups(words),
        "synonyms.yml": _synonyms(words),
        stories.NAME: stories.document(framed),
    }


def _lookups(words: Vocabulary) -> str:
    lines = []
    for entity, forms in words.aliases.items():
        # Alternatives are tried in order: the longest form must come first.
        lines += _block("lookup", entity, sorted(forms, key=lambda form: (-len(form), form)))
    for entity, patterns in words.patterns.items():
        lines += _block("regex", entity, patterns)
    return _document(lines)


def _synonyms(words: Vocabulary) -> str:
    by_value: dict[str, list[str]] = {}
    for forms in words.aliases.values():
        for form, value in forms.items():
            if form != value and form not in by_value.setdefault(value, []):
                by_value[value].append(form)
    for form, value in (("sendiri", "mandiri"), ("dewe", "mandiri"), ("piyambak", "mandiri"), ("surang", "mandiri")):
        by_value[value].append(form)
    lines: list[str] = []
    for value, forms in by_value.items():
        if forms:
            lines += _block("synonym", value, forms)
    return _document(lines)


def _block(kind: str, name: str, items: Iterable[str]) -> list[str]:
    return [f"- {kind}: {name}", "  examples: |", *(f"    - {item}" for item in items), ""]


def _document(lines: list[str]) -> str:
    return "\n".join([HEADER + 'version: "3.1"', "", "nlu:", *lines]).rstrip() + "\n"


def main() -> int:
    """Write the files, or with --check compare them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is not current")
    only_check = parser.parse_args().check
    stale = []
    for name, content in rendered(vocabulary()).items():
        path = ROOT / "nlu_data" / name
        if not path.exists() or path.read_text("utf-8") != content:
            stale.append(name)
            if not only_check:
                path.write_text(content, "utf-8")
    print("nlu_data:", ", ".join(stale) + (" not current" if only_check else " written") if stale else "current")
    return 1 if stale and only_check else 0


if __name__ == "__main__":
    sys.exit(main())
