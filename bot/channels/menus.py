"""Buttons as text, for where a channel cannot show them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button

HINT = "Balas dengan angka."


def render_numbered(text: str, buttons: Sequence[Button]) -> str:
    """`text` followed by "1. Title" lines and the hint; unchanged without buttons."""
    if not buttons:
        return text
    lines = [f"{number}. {button.title}" for number, button in enumerate(buttons, start=1)]
    return "\n".join([*([text.rstrip(), ""] if text.strip() else []), *lines, HINT])
