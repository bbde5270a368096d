"""The training examples: complete, balanced, without contradictions, and apart from the test set."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process

from bot.dialogue.intents import FALLBACK_INTENT, FAMILIES, INTENT_FAMILY

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "nlu_data"
TEST_SET = ROOT / "tests" / "nlu_test_set.jsonl"
PIPELINE = yaml.safe_load((ROOT / "config.yml").read_text("utf-8"))["pipeline"]
PAYLOAD_ONLY = {intent for part in PIPELINE for intent in part.get("payload_only", [])}
FEWEST, MOST = 60, 650
ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


def plain(text: str) -> str:
    """Lower case, words only: two texts that differ in signs alone are the same message."""
    return re.sub(r"[^\w]+", " ", unicodedata.normalize("NFKC", text).lower()).strip()


def blocks() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for path in sorted(DATA.glob("*.yml")):
        content = yaml.safe_load(path.read_text("utf-8"))
        found += [(path.name, block) for block in content.get("nlu") or []]
    return found


@cache
def examples() -> list[tuple[str, str, str]]:
    """(file, intent, text without annotations) of every example."""
    return [
        (name, block["intent"], ANNOTATION.sub(r"\1", line[2:].strip()))
        for name, block in blocks()
        if "intent" in block
        for line in block["examples"].splitlines()
        if line.startswith("- ")
    ]


@cache
def test_messages() -> list[dict[str, Any]]:
    return [json.loads(line) for line in TEST_SET.read_text("utf-8").splitlines()]


test_messages.__test__ = False  # type: ignore[attr-defined]


def test_every_intent_has_examples_and_no_intent_is_unknown() -> None:
    assert {intent for _, intent, _ in examples()} == set(INTENT_FAMILY) - {FALLBACK_INTENT}


def test_intents_are_balanced() -> None:
    counts = Counter(intent for _, intent, _ in examples())
    outside = {i: n for i, n in counts.items() if i not in PAYLOAD_ONLY and not FEWEST <= n <= MOST}
    assert not outside
    assert sum(counts.values()) >= 5000


def test_hand_written_examples_dominate() -> None:
    generated = sum(name == "generated.yml" for name, _, _ in examples())
    assert generated / len(examples()) < 0.25


def test_hand_written_file_holds_only_its_family() -> None:
    misplaced = {
        (name, intent)
        for name, intent, _ in examples()
        if name.removesuffix(".yml") in FAMILIES and INTENT_FAMILY[intent] != name.removesuffix(".yml")
    }
    # A file is named after the family under which an intent was written; a few intents count for another one.
    assert {intent for _, intent in misplaced} <= {"cannot_download", "nib_stuck_draft", "cannot_edit_or_delete_data"}


def test_no_example_occurs_twice() -> None:
    seen: dict[str, str] = {}
    twice = []
    for _, intent, text in examples():
        key = plain(text) or text
        if key in seen:
            twice.append((text, seen[key], intent))
        seen[key] = intent
    assert not twice


def test_derived_files_are_current() -> None:
    run = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "nlu" / "generate.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, f"run: .venv/bin/python scripts/nlu/generate.py\n{run.stdout}{run.stderr}"


def test_test_set_covers_families_and_languages() -> None:
    messages = test_messages()
    families = Counter(message["family"] for message in messages)
    languages = Counter(message["lang"] for message in messages)
    assert len(messages) >= 600
    assert set(families) == set(FAMILIES)
    assert min(families.values()) >= 10
    assert sum(n for family, n in families.items() if family.startswith("siinas")) >= 80
    assert all(languages[language] >= 80 for language in ("jv", "min", "en"))
    assert len({message["id"] for message in messages}) == len(messages)
    assert all(set(message["also"]) <= set(FAMILIES) - {message["family"]} for message in messages)


def test_test_set_is_apart_from_the_training_data() -> None:
    training = [plain(text) for _, _, text in examples()]
    leaks = []
    for message in test_messages():
        match = process.extractOne(plain(message["text"]), training, scorer=fuzz.ratio, score_cutoff=90)
        if match:
            leaks.append((message["id"], message["text"], match[0]))
    assert not leaks


def test_test_set_has_no_near_duplicates() -> None:
    texts = [plain(message["text"]) for message in test_messages()]
    doubles = [
        (text, match[0])
        for number, text in enumerate(texts)
        if (match := process.extractOne(text, texts[:number], scorer=fuzz.ratio, score_cutoff=93))
    ]
    assert not doubles
