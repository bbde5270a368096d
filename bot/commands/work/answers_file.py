"""Files of questions with what a reply must and must not hold, and the judging of replies.

One dialogue an item: `{name, group, turns: [{say, expect, not, max_chars}]}`. All `expect` must match, none of `not`
may (regular expressions, case-insensitive, the dot matches newlines). With `max_chars` the expressions search the
bubbles only, which together may not be longer; elsewhere the titles of buttons, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.errors import CannotRun

_ASKED_BACK = re.compile(r"maksud anda|anda maksud|daerah mana|mana yang paling mirip|belum menangkap", re.IGNORECASE)
_FLAGS = re.IGNORECASE | re.DOTALL


class TurnAsked(BaseModel):
    """What is said, and what the reply is held against."""

    model_config = ConfigDict(extra="forbid")
    say: str
    expect: list[str] = []
    not_: Annotated[list[str], Field(alias="not")] = []
    max_chars: int | None = None


class DialogueAsked(BaseModel):
    """A conversation; it holds when all its turns hold."""

    model_config = ConfigDict(extra="forbid")
    name: str
    group: str
    turns: Annotated[list[TurnAsked], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Bubble:
    """A reply as the person sees it."""

    text: str
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A dialogue and, of its first turn that does not hold, why."""

    dialogue: DialogueAsked
    replies: list[list[Bubble]]
    reasons: list[str]

    @property
    def holds(self) -> bool:
        return not self.reasons

    @property
    def wrong(self) -> bool:
        """Whether a reply that does not hold was said as the answer, and not offered or asked back."""
        return not self.holds and not any(_ASKED_BACK.search(one.text) for turn in self.replies for one in turn)


def read(file: Path) -> list[DialogueAsked]:
    """The dialogues of a file. Raises CannotRun with the place of what is wrong."""
    try:
        found = TypeAdapter(list[DialogueAsked]).validate_python(yaml.safe_load(file.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise CannotRun(f"{file} holds no dialogues: {' '.join(str(error).split())[:300]}") from error
    for one in found:
        for turn in one.turns:
            for pattern in (*turn.expect, *turn.not_):
                try:
                    re.compile(pattern)
                except re.error as error:
                    raise CannotRun(f"{file}: {one.name}: {pattern}: {error}") from error
    return found


def judge(dialogue: DialogueAsked, replies: list[list[Bubble]]) -> Judged:
    """Whether every turn's replies hold what they must."""
    reasons: list[str] = []
    for number, (turn, bubbles) in enumerate(zip(dialogue.turns, replies, strict=False), start=1):
        reasons += [f"turn {number}: {one}" for one in _wrong(turn, bubbles)]
    return Judged(dialogue, replies, reasons)


def _wrong(turn: TurnAsked, bubbles: Sequence[Bubble]) -> list[str]:
    said = "\n".join(one.text for one in bubbles)
    shown = said if turn.max_chars else "\n".join([said, *(title for one in bubbles for title in one.buttons)])
    missing = [f"lacks {one}" for one in turn.expect if not re.search(one, shown, _FLAGS)]
    found = [f"holds {one}" for one in turn.not_ if re.search(one, shown, _FLAGS)]
    long = [f"{len(said)} characters"] if turn.max_chars and len(said) > turn.max_chars else []
    return missing + found + long
