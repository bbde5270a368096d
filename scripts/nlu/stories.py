"""Longer messages: hand-written examples of nlu_data/ put into the frames of frames.yml. Used by generate.py."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

FRAMES = Path(__file__).with_name("frames.yml")
NAME = "generated.yml"
_SEED = "pandu"
_ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_SHORTEST, _LONGEST = 12, 150  # characters of an example that is framed


def written_examples(folder: Path) -> dict[str, list[str]]:
    """Return intent -> the hand-written examples of `folder`, annotations removed, in the order of the files."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yml")):
        if path.name == NAME:
            continue
        for block in (yaml.safe_load(path.read_text("utf-8")) or {}).get("nlu") or []:
            if "intent" in block:
                lines = [line[2:].strip() for line in block["examples"].splitlines() if line.startswith("- ")]
                found.setdefault(block["intent"], []).extend(_ANNOTATION.sub(r"\1", line) for line in lines)
    return found


def framed_examples(written: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return intent -> generated examples; the same input gives the same output."""
    table = yaml.safe_load(FRAMES.read_text("utf-8"))
    frames = _frames_by_intent(table)
    taken = {text.lower() for texts in written.values() for text in texts}
    result: dict[str, list[str]] = {}
    for intent in sorted(frames.keys() | set(table["joined_intents"])):
        # One generator an intent: an example added to one intent leaves the others' lines alone.
        dice = random.Random(f"{_SEED}-{intent}")  # noqa: S311 - repeatable, not secret
        cores = [text for text in written.get(intent, []) if _SHORTEST <= len(text) <= _LONGEST]
        dice.shuffle(cores)
        wanted = table["wanted"].get(intent, table["wanted"]["default"])
        joined = wanted // 3 if intent in table["joined_intents"] else 0
        made = [
            *_framed(cores, frames.get(intent, []), wanted - joined, dice),
            *_joined(cores, table["joins"], joined, dice),
        ]
        result[intent] = [text for text in dict.fromkeys(made) if text.lower() not in taken]
    return result


def _frames_by_intent(table: dict[str, Any]) -> dict[str, list[str]]:
    frames: dict[str, list[str]] = {}
    for group in table.values():
        if isinstance(group, dict) and "frames" in group:
            for intent in group["intents"]:
                frames.setdefault(intent, []).extend(group["frames"])
    return frames


def _framed(cores: list[str], frames: list[str], count: int, dice: random.Random) -> Iterator[str]:
    order = list(frames)
    dice.shuffle(order)
    for number, core in enumerate(cores[:count] if order else []):
        yield order[number % len(order)].format(core.rstrip(" .?!"))


def _joined(cores: list[str], joins: list[str], count: int, dice: random.Random) -> Iterator[str]:
    """Two examples in one message, taken from the end so that the framed ones are not used again."""
    pool = [core for core in reversed(cores) if len(core) <= _LONGEST // 2 + 20]
    for first, second in list(zip(pool[::2], pool[1::2], strict=False))[:count]:
        yield first.rstrip(" .?!") + dice.choice(joins) + second


def document(examples: dict[str, list[str]]) -> str:
    """Return the content of generated.yml."""
    lines = ["# Written by scripts/nlu/generate.py from the hand-written examples and scripts/nlu/frames.yml.", ""]
    lines += ['version: "3.1"', "", "nlu:"]
    for intent, texts in examples.items():
        if texts:
            lines += [f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in texts), ""]
    return "\n".join(lines).rstrip() + "\n"
