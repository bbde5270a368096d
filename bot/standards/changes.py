"""The difference that publishing makes, part by part, in the words that applicants read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.knowledge.publications import Key
from bot.standards.problems import FIELDS

NOT_STATED = "tidak disebutkan"
_NAMES = {"services": "title", "offices": "name", "documents": "title", "questions": "short"}
_PARTS = FIELDS | {"number": "Nomor keputusan", "summary": "Ringkasan", "sections": "Bagian lain"}
_FOLLOWS = ("sources", "stages")
"""Kinds that follow from the others."""


@dataclass(frozen=True, slots=True)
class PartChange:
    """Lines of one part that no longer stand, and lines that are new."""

    about: str
    part: str
    gone: tuple[str, ...]
    new: tuple[str, ...]


def changes(difference: Mapping[Key, tuple[Any, Any]]) -> list[PartChange]:
    """`difference`: each entry as it was and as it is, None where there is none (bot/knowledge/publishing.py)."""
    found: list[PartChange] = []
    for (kind, entry), (old, new) in difference.items():
        if kind in _FOLLOWS:
            continue
        name = _NAMES.get(kind, "")
        about = str((new or old).get(name) or entry)
        before, after = _lines(old), _lines(new)
        for part in dict.fromkeys((*before, *after)):
            was, is_ = before.get(part, ()), after.get(part, ())
            gone = tuple(one for one in was if one not in is_)
            added = tuple(one for one in is_ if one not in was)
            if gone or added:
                found.append(PartChange(about, part, gone, added))
    return found


def _lines(content: Mapping[str, Any] | None) -> dict[str, tuple[str, ...]]:
    return {_PARTS[key]: tuple(_told(value)) for key, value in (content or {}).items() if key in _PARTS and value}


def _told(value: Any) -> Iterator[str]:
    """What a person reads of a value: its sentences, without ids and sources."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _told(one)
    elif isinstance(value, dict):
        if value.get("not_stated"):
            yield NOT_STATED
        elif value.get("value"):
            yield f"{value.get('label', '')}: {value['value']}".removeprefix(": ")
        elif "text" in value:
            yield str(value["text"])
        else:
            yield from _told([one for key, one in value.items() if key == "title" or isinstance(one, list)])
            if "steps" not in value and "items" not in value and "label" in value:
                yield str(value["label"])
