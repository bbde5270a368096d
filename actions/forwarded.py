"""A message that was passed on: a fraud is warned about, not answered as the person's question."""

from __future__ import annotations

import re

from actions import wording
from actions.turn import Turn
from bot.answers.explain import topic_answer
from bot.messages import Reply

TOPIC = "penipuan"
_SIGNS = (
    re.compile(r"\b(?:transfer|tf|rekening|rek|bayar|biaya|setor|dana|ovo|gopay|pulsa|meterai|materai|rp)\b", re.I),
    re.compile(r"https?://(?![\w.-]+\.go\.id(?:[/:?\s]|$))\S+|\b(?:bit\.ly|wa\.me|s\.id)/\S+", re.I),
    re.compile(
        r"\b(?:otp|kata sandi|password|pin|apk|instal(?:l)?|unduh aplikasi|bagikan layar|berbagi layar)\b", re.I
    ),
    re.compile(r"\b(?:segera|dibekukan|diblokir|dicabut|hangus|batas waktu|hari ini juga|terakhir)\b", re.I),
    re.compile(r"\b(?:dipercepat|percepatan|jalur cepat|tanpa ribet|dijamin|pasti terbit|langsung jadi)\b", re.I),
    re.compile(r"\b(?:klik|hubungi (?:nomor|wa|admin)|via wa|lewat wa)\b", re.I),
)
ENOUGH = 2  # kinds of signs


def looks_fraudulent(words: str) -> bool:
    """Whether words passed on have signs of several kinds: money, foreign links, secrets, haste, promises."""
    return sum(1 for sign in _SIGNS if sign.search(words)) >= ENOUGH


async def forwarded_fraud(turn: Turn) -> bool:
    """Warns, with what the knowledge holds about fraud; False for anything else."""
    topic = turn.knowledge.topics.get(TOPIC)
    if not turn.metadata.get("forwarded") or topic is None or not looks_fraudulent(turn.text):
        return False
    turn.say(Reply(wording.FORWARDED_FRAUD))
    turn.say(*topic_answer(turn.knowledge, topic, turn.asked(), "ask_procedure"))
    return True
