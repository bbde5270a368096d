"""Codes of businesses in the chat: which code a trade has, what a code covers, its risk; by words or by button."""

from __future__ import annotations

import re

from actions.turn import Turn
from bot.answers.kbli import say
from bot.kbli.find import find
from bot.kbli.lookup import typed_in
from bot.kbli.risk import asks_risk

_REMEMBERED = "kbli:"
_WHICH = re.compile(r"\b(?:kbli|klbi|kbbli|kode (?:usaha|bidang usaha)|nomor kbli)(?:nya|ne)?\b", re.IGNORECASE)
_ABOUT_CODES = re.compile(
    r"\b(?:apa itu|arti|maksud|pengertian|ubah|ganti|tambah|hapus|salah|berubah|pindah|hilang|"
    r"tidak (?:bisa|ada|muncul)|"
    r"ditolak|dipilih|konversi|sesuaikan|wajib|harus|boleh|berapa banyak|maksimal|akta|beda|migrasi|siapa)\b"
)
_FOUND = frozenset({"found", "two", "closed", "searched"})
_MOST_WORDS = 4


async def kbli(turn: Turn) -> bool:
    """Answers a question for a code, or about one; False when the message is about something else."""
    classification = await turn.services.classification()
    given = dict(turn.entities) if turn.intent == "ask_kbli" and not turn.text else {}
    if not given and turn.intent != "ask_kbli" and not _is_meant(turn):
        given = _remembered(turn)
        if not given:
            return False
    reply = say.answer(turn.text, given, classification)
    turn.say(reply)
    turn.context = turn.context.with_(subject=_subject(turn, given), topic="ask_kbli")
    return True


def _is_meant(turn: Turn) -> bool:
    """A code of five digits with a word about codes or risk; or "kbli" with a trade that is found."""
    text, plain = turn.text, turn.heard.plain
    if not text:
        return False
    named = bool(_WHICH.search(text)) or "kbli" in turn.heard.keys
    typed = [one for one in typed_in(text) if one.value.isdigit() and len(one.value) == 5]
    if typed and not _ABOUT_CODES.search(plain):
        return named or asks_risk(text) or len(text.split()) <= _MOST_WORDS
    if not named or _ABOUT_CODES.search(plain):
        return False
    return bool(typed_in(text)) or find(text).kind in _FOUND


def _remembered(turn: Turn) -> dict[str, str]:
    """The trade or code that was just talked about, where the message says no more than what decides between codes."""
    subject = turn.context.subject or ""
    if not subject.startswith(_REMEMBERED) or len(turn.text.split()) > _MOST_WORDS or turn.heard.system:
        return {}
    kind, _, value = subject.removeprefix(_REMEMBERED).partition("=")
    return {kind: value} if kind in ("code", "trade") and value else {}


def _subject(turn: Turn, given: dict[str, str]) -> str:
    """What is remembered of this answer: the code that was chosen or typed, else the trade."""
    if code := given.get("code"):
        return f"{_REMEMBERED}code={code}"
    if trade := given.get("trade"):
        return f"{_REMEMBERED}trade={trade}"
    typed = [one.value for one in typed_in(turn.text) if one.value.isdigit()]
    if typed:
        return f"{_REMEMBERED}code={typed[0]}"
    found = find(turn.text)
    return f"{_REMEMBERED}trade={found.trade}" if found.trade else _REMEMBERED
