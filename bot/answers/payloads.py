"""Button payloads: `/intent` or `/intent{"entity":"value"}`, compact, at most 200 characters."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.answers.wording import TEXT_READY
from bot.messages import Button

MAX_PAYLOAD = 200
MAX_TITLE = 24
BESIDE = 4
"""Buttons beside an answer, the one for a person counted."""

TO_MENU = Button("Menu", "/show_menu")
TO_PERSON = Button("Bicara petugas", "/talk_to_human")
"""The two ways out of most replies."""


def payload(intent: str, **entities: str | int | None) -> str:
    """The payload of `intent` with the entities that have a value. Raises ValueError above 200 characters."""
    values = {name: value for name, value in entities.items() if value not in (None, "")}
    text = f"/{intent}" + (json.dumps(values, ensure_ascii=False, separators=(",", ":")) if values else "")
    if len(text) > MAX_PAYLOAD:
        raise ValueError(f"payload of {len(text)} characters: {text}")
    return text


def parse(text: str) -> tuple[str, dict[str, str]]:
    """Intent and entities of a payload that we made ourselves. Raises ValueError for anything else."""
    head, brace, rest = text.partition("{")
    if not head.startswith("/") or len(head) < 2:
        raise ValueError(f"not a payload: {text[:40]}")
    values = json.loads(brace + rest) if brace else {}
    if not isinstance(values, dict):
        raise ValueError(f"not a payload: {text[:40]}")
    return head[1:], {str(name): str(value) for name, value in values.items()}


def button(title: str, intent: str, **entities: str | int | None) -> Button:
    """A button; a title that is too long for a phone's list is cut at a word."""
    return Button(short(title), payload(intent, **entities))


def person_button(kind: str) -> Button:
    """Asks for a person. `kind`: what led to it, "survey" or "complaint", as the officers' queue shows it."""
    return button(TO_PERSON.title, "talk_to_human", question=kind)


def beside(buttons: Sequence[Button]) -> tuple[Button, ...]:
    """The buttons that an answer has room for (BESIDE), in their order: a person and a ready text before the first
    others."""
    kept = [one for title in (TO_PERSON.title, TEXT_READY) for one in buttons if one.title == title][:BESIDE]
    others = [one for one in buttons if one not in kept][: BESIDE - len(kept)]
    return tuple(one for one in buttons if one in others or one in kept)


def short(title: str, limit: int = MAX_TITLE) -> str:
    """`title` within `limit` characters, cut at a word with an ellipsis."""
    if len(title) <= limit:
        return title
    cut = title[: limit - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > limit // 2 else cut).rstrip(" ,.(-") + "…"
