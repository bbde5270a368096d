"""Advice to the technician where the office's own set-up keeps messages from going out."""

from __future__ import annotations

from bot.channels.all import kind_of

CHANNEL_OFF = "channel_off"
INTERNAL = "internal"
_OURS = {
    CHANNEL_OFF: "Messages wait for a channel that is not configured here: set its token again.",
    INTERNAL: "A fault of Pandu's own keeps messages back: the log names it (could not send).",
}


def advice(channel: str, code: str) -> str:
    """In English; empty for a code that is no matter of set-up."""
    if code in _OURS:
        return _OURS[code]
    return kind_of(channel).to_do(code)
