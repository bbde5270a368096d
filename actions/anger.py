"""Anger: at Pandu itself a matter for a person, at an office a complaint, at OSS a matter of whose it is."""

from __future__ import annotations

import re

from actions import wording
from actions.turn import Turn
from bot.complaints.language import plain

_UNSURE = frozenset({"nlu_fallback", "out_of_scope", "complaint", "survey_feedback", "bot_identity", "deny", "goodbye"})
_US = r"(?:bot|robot|pandu|mesin|komputer|chatbot)(?:nya)?"
# Words that are insults and nothing else ("anjing" may be a dog whose food is sold, "gila" merely "very").
_INSULT = (
    r"(?:bangsat|goblok|gblk|tolol|bego|kampret|bajingan|brengsek|jancok|jancuk|keparat|idiot|sialan|bedebah|biadab|"
    r"dungu|kontol|memek|ngentot|pantek)(?:nya|lah|lu)?"
)
_USELESS = (
    r"(?:bodoh|payah|parah|sampah|(?:tidak|kurang) (?:berguna|guna|membantu|jelas|nyambung|paham|mengerti|pintar)|"
    r"nyebelin|menyebalkan|ngeselin)"
)
_WEARY = r"(?:capek|cape|lelah|muak|bosan|bosen|malas|males|percuma|kesal|kesel|jengkel|stres|stress)"
_ANGRY = re.compile(
    rf"\b{_US}\b(?: \w+){{0,3}} \b(?:{_INSULT}|{_USELESS})\b"
    rf"|\b(?:{_INSULT}|{_USELESS})\b(?: \w+){{0,2}} \b{_US}\b"
    rf"|\b{_WEARY}\b(?: \w+){{0,4}} \b{_US}\b"
    rf"|\b(?:\w{{1,40}} ){{0,2}}{_INSULT}(?: \w+){{0,2}}"
)
_OTHERS = re.compile(
    r"\b(?:petugas\w*|pegawai\w*|loket|kantor\w*|dinas\w*|oknum|calo|oss\w*|siinas\w*|aplikasi\w*|sistem\w*|web\w*|"
    r"situs\w*|server\w*|pemerintah\w*|negara|pejabat\w*|camat|lurah|bupati|pungli)\b"
)
_MOST_WORDS = 12


async def angry_at_us(turn: Turn) -> bool:
    """Hands the conversation to a person when the words are unkind to Pandu itself; False otherwise."""
    if not turn.text or turn.intent not in _UNSURE or not is_at_us(turn.text):
        return False
    turn.say(await turn.ask_person(wording.ANGRY_AT_US, wording.REASON_ANGRY, "anger"))
    return True


def is_at_us(text: str) -> bool:
    """Whether a message is angry, and at nobody else than whom it is written to."""
    words = plain(text)
    if len(words.split()) > _MOST_WORDS or _OTHERS.search(words):
        return False
    found = _ANGRY.search(words)
    # A bare insult counts only when it is about the whole message.
    return bool(found) and (bool(re.search(rf"\b{_US}\b", words)) or bool(_ANGRY.fullmatch(words)))
