"""What the technician has to do where the office's own set-up keeps messages from going out."""

from __future__ import annotations

import re

from bot.channels.telegram import errors as telegram
from bot.channels.whatsapp import errors as whatsapp

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
    if channel == "telegram":
        return telegram.SETUP.get(code, "")
    if channel == "whatsapp":
        meaning = whatsapp.lookup(code, int(code) if re.fullmatch(r"[1-5]\d\d", code) else 0)
        return meaning.advice or (whatsapp.ASK_TWILIO if meaning.kind == "setup" else "")
    return ""
