"""Claims of messages that ask for nothing: wants to be left alone, chats, praises, tells of an experience."""

from __future__ import annotations

import re

from actions import wording
from actions.smalltalk import smalltalk
from actions.turn import Turn
from bot.answers.payloads import TO_MENU
from bot.hearing.signs import is_of_licences, is_over
from bot.messages import Reply

ASKING = re.compile(
    r"\b(?:tanya|bertanya|mau|ingin|mohon|tolong|minta|apa|apakah|bagaimana|kenapa|kapan|berapa|mana|bisakah)\b"
)
_EXPERIENCE = re.compile(
    r"\b(?:sepengalaman|(?:dari )?pengalaman (?:saya|kami)|sekadar (?:info|berbagi)|berbagi pengalaman)\b"
)
_WORD = re.compile(r"[a-z]+")
_ENDS = frozenset({"stop", "setop", "berhenti", "cukup", "diam", "sekian", "uwis", "cekap"})
_NO_MORE = re.compile(
    r"\b(?:jangan|tidak usah|tidak perlu|ojo|jan|berhenti) (?:\w+ )?"
    r"(?:bicara|ngomong|chat|balas|membalas|dibalas|bales|"
    r"jawab|menjawab|dijawab|tanya|bertanya|ditanya|kirim|mengirim|ganggu|mengganggu|berisik|cerewet|ceramah|omong)\b"
)
_AROUND = frozenset(
    re.findall(
        r"\w+",
        "sudah dulu ya iya saja deh lah kak kakak min pak bu mas mbak bang gan ok oke ah dong sih nih itu ini tolong "
        "mohon lagi terus hari untuk sekarang pandu bot kamu saya aku mau tidak ingin dah wis pun terima kasih makasih "
        "semua pesan pesannya pertanyaan soal apa apapun sampai sini di situ maneh meneh usah perlu",
    )
)
"""Words beside which a wish for quiet is one: any other makes it a question ("berhenti jadi pengurus PT")."""
_THANKS = re.compile(r"\b(?:terima kasih|makasih|matur nuwun|suwun|thanks)\b")
_HOW_ARE_YOU = re.compile(
    r"\b(?:apa|bagaimana|piye|gimana|baa) kabar\w*\b|\bkabarmu\b|\bhow are you\b|\bsehat(?: kan)?\W*$"
)
_TALK = re.compile(
    r"\b(?:pantun|puisi|lelucon|humor|melucu|tebak ?tebakan|gombal\w*|dongeng|nyanyi\w*|jodoh|pacar\w*|"
    r"gabut|ngapain|curhat)\b|\b(?:cerita|kata|hal|yang) lucu\b|"
    r"\b(?:kamu|pandu|bot|anda|sampeyan)\b.{0,25}\b(?:makan|tidur|mandi|ganteng|cantik|pintar|jomblo|umur|tinggal|rumah|"
    r"sayang|cinta|bosan|capek|lelah|suka|hobi|agama|lahir|nikah|menikah|gaji)\w*\b|"
    r"\b(?:umur|rumah|hobi|agama|gaji)mu\b|\b(?:sayang|cinta|kangen|love) (?:kamu|pandu|you)\b|"
    r"\b(?:sudah|udah) (?:makan|mandi|tidur|ngopi)\b"
)
_TAKEN_NOTE = frozenset(
    re.findall(
        r"\w+",
        "gitu begitu paham ngerti mengerti noted hehe hehehe haha hahaha hihi wkwk wkwkwk xixi waalaikumsalam "
        "waalaikum alaikum wassalam oh",
    )
)
_HEARD = _TAKEN_NOTE | frozenset(
    re.findall(
        r"\w+",
        "o ooh ah hmm hm iya ya ok oke sip siap baik baiklah mantap nggih inggih salam wa toh rupanya ternyata kak min "
        "pak bu mas mbak deh dong lah saya",
    )
)
"""Words of who only shows that it was read; the rest of _HEARD may take an offer ("oke")."""
_MOST_WORDS = 8
_OF_TALK = frozenset(
    {"greet", "out_of_scope", "nlu_fallback", "bot_identity", "survey_feedback", "deny", "affirm", "thanks", "goodbye"}
)


async def left_alone(turn: Turn, action: str) -> str:
    """ "Sudah cukup", "jangan bicara lagi": one short line, nothing offered. In a guide these words are the guide's."""
    words = _WORD.findall(_NO_MORE.sub(" stop ", turn.heard.plain))
    if turn.guide or not words or len(words) > _MOST_WORDS:
        return ""
    if not _ENDS & {*words} or {*words} - _ENDS - _AROUND:
        return ""
    turn.say(Reply(wording.LEFT_ALONE[1 if _THANKS.search(turn.heard.plain) else 0]))
    return "action_smalltalk"


async def took_note(turn: Turn, action: str) -> str:
    """ "Oh gitu", "hehe": nothing is asked, nothing is offered."""
    words = {*_WORD.findall(turn.heard.plain)}
    if (
        turn.guide
        or turn.intent not in _OF_TALK - {"nlu_fallback"}
        or not words & _TAKEN_NOTE
        or words - _HEARD
        or "?" in turn.text
    ):
        return ""
    turn.say(Reply(wording.TAKEN_NOTE[1 if wording.TAKEN_NOTE[0] in turn.said_before else 0]))
    turn.offered = turn.was_offered
    return "action_smalltalk"


async def chat(turn: Turn, action: str) -> str:
    """Talk for its own sake: one quiet line, no buttons of licences."""
    said = turn.heard.plain
    if turn.intent not in _OF_TALK or len(said.split()) > _MOST_WORDS or is_of_licences(said) or turn.heard.system:
        return ""
    if _HOW_ARE_YOU.search(said):
        turn.say(Reply(wording.HOW_I_AM))
    elif _TALK.search(said):
        turn.say(Reply(wording.NO_CHAT[1 if wording.NO_CHAT[0] in turn.said_before else 0]))
    else:
        return ""
    return "action_smalltalk"


async def praise(turn: Turn, action: str) -> str:
    """Praise is thanked, also when it names OSS."""
    asks = turn.heard.aspects and not is_over(turn.heard.plain)
    if turn.heard.wish != "praise" or asks or "?" in turn.text or "apakah" in turn.heard.plain:
        return ""
    turn.intent = "thanks" if turn.intent == "thanks" else "survey_feedback"
    await smalltalk(turn)
    return "action_smalltalk"


async def shared(turn: Turn, action: str) -> str:
    """What somebody tells of their own experience, asking nothing, is thanked and not lectured on."""
    heard = turn.heard
    asks = "?" in turn.text or ASKING.search(heard.plain) or heard.wish not in ("know", "praise")
    if not _EXPERIENCE.search(heard.plain) or asks or heard.tone not in ("calm", "praising"):
        return ""
    turn.say(Reply(wording.SHARED, (TO_MENU,)))
    return "action_smalltalk"
