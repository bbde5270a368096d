"""Codes of businesses in the chat: which code a trade has, what a code covers, its risk; by words or by button."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.guides import FIRST
from actions.turn import Turn
from bot.answers.kbli import say
from bot.answers.passages import Passage
from bot.answers.payloads import BESIDE, beside, button
from bot.answers.saying import question_at_the_end
from bot.answers.text import source_line
from bot.answers.wording import START_GUIDE
from bot.hearing.words import STOP
from bot.kbli.find import FoundCodes, find, of_trade
from bot.kbli.lookup import typed_in
from bot.kbli.risk import asks_risk
from bot.messages import Reply

_REMEMBERED = "kbli:"
_WHICH = re.compile(
    r"\b(?:kbli|klbi|kbbli|kode (?:usaha|bidang usaha)|nomor kbli|kode(?:nya|ne)? (?:berapa|brp|apa))(?:nya|ne|ku)?\b",
    re.IGNORECASE,
)
_OF_A_CODE = re.compile(r"\b(?:kbli|klbi|kode\w*|edisi|r[ei]siko\w*|versi|nib)\b", re.IGNORECASE)
_CHANGES = re.compile(
    r"\b(?:ubah|ganti|(?:me|di)?n?ambah\w*|tambah\w*|hapus|salah|keliru|benerin|betulkan|perbaiki|hilang|ditolak|akta|"
    r"merah|tidak (?:bisa|ada|muncul|nongol|keluar|ditemukan|ketemu|dikenal\w*|tersedia|terdaftar|valid|mau|boleh|"
    r"sesuai))\b|\bper kbli\b"
)
_NAMED = re.compile(r"\b(?:kbli|kode) \d{2,6} (?:maksud\w*|arti\w*|itu apa\w*|apa)\b|^\d{5} itu\b")
"""A code of any length, or one at the beginning, that is asked about."""
_EDITION = re.compile(r"\bkbli (?:20(?:15|17|20|25))\b")
_WHICH_ONE = re.compile(r"\b(?:kbli|klbi|kbbli|kode)\w* (?:\w+ ){0,2}(?:apa|berapa|mana)\b")
_ABOUT_CODES = re.compile(
    r"\b(?:apa itu|itu apa dan|dan kbli|berapa kode|arti|maksud|pengertian|berubah|pindah|dipilih|konversi|sesuaikan|"
    r"wajib|harus|boleh|berapa banyak|maksimal|beda|migrasi|siapa|fungsi|gunanya)\b"
)
_MOST_WORDS = 4
_MOST_OF_A_REPLY = 8
_TELLING = frozenset({"next", "before", "where", "product"})
"""Aspects whose words stand in a telling, too ("saya goreng terus dititip ke warung")."""
_CODE_WORDS = frozenset({"kbli", "kode", "nomor", "usaha", "berapa", "mana"})
_FOUND = frozenset({"found", "two", "closed", "searched"})


async def kbli(turn: Turn) -> bool:
    """Answers a question for a code, or about one; False when the message is about something else."""
    given = dict(turn.entities) if turn.intent == "ask_kbli" and not turn.text else {}
    leans = awaited = False  # the question before says which trade, and what is done
    if not given and turn.intent != "ask_kbli":
        given = _of_the_question_before(turn)
        leans = bool(given)
        if not given and not _is_meant(turn):
            given = _remembered(turn)
            leans = not given
            if not given:
                given = _awaited(turn)
                awaited = bool(given)
            if not given:
                return False
    alone = of_trade(given["trade"], turn.text) if leans and "trade" in given else None
    decided = alone is not None and alone.sure  # "bikin sendiri", after "jualan kue"
    text = f"{turn.context.question or ''} {turn.text}" if leans and not decided else turn.text
    reply = say.answer(text, given, await turn.services.classification())
    if awaited:  # they asked where to begin
        guide = button(START_GUIDE, "guide_start", service=FIRST)
        reply = replace(reply, buttons=(*reply.buttons[: BESIDE - 1], guide))
    turn.say(reply)
    turn.context = turn.context.with_(subject=_subject(text, given), topic="ask_kbli")
    return True


def with_trade(turn: Turn, passage: Passage, reply: Reply) -> Reply:
    """An answer that ends by asking for the trade, where the message has named it: its code instead of the question."""
    entry = turn.knowledge.questions.get(passage.id)
    found = find(turn.text) if entry is not None and entry.awaits == "trade" else None
    if found is None or not (code := say.in_short(found)):
        return reply
    line = source_line(reply.sources)
    told = reply.text.removesuffix(line).rstrip()
    told = told[: question_at_the_end(told)].rstrip()
    text = " ".join(part for part in (told, code, found.ask) if part)
    sources = (say.DATA, *reply.sources)
    buttons = beside((say.of_trade_button(found), *reply.buttons))
    return Reply(f"{text}\n\n{source_line(sources)}", buttons, sources)


def _was_told(turn: Turn, found: FoundCodes) -> bool:
    """Whether the turn before told the codes of this trade."""
    return any(one.code in text for one in found.candidates for text in turn.said_before)


async def undecided(turn: Turn, action: str) -> str:
    """What was said to the question between codes, and decides nothing: the question once more, with its codes."""
    subject = turn.context.subject or ""
    kind, _, value = subject.removeprefix(_REMEMBERED).partition("=")
    found = of_trade(value) if subject.startswith(_REMEMBERED) and kind == "trade" else None
    short = len(turn.heard.plain.split()) <= _MOST_OF_A_REPLY and "?" not in turn.text
    if found is None or not short or turn.heard.system or not _was_told(turn, found):
        return ""
    turn.say(say.once_more(found))
    return "action_answer"


def _is_meant(turn: Turn) -> bool:
    """A code of five digits with a word about codes or risk; or "which code" with anything that may be a trade."""
    text, plain = turn.text, turn.heard.plain
    if not text:
        return False
    typed = [one for one in typed_in(text) if one.value.isdigit() and len(one.value) == 5]
    if _NAMED.search(text.lower()) and not _EDITION.search(text.lower()):
        return True
    if _CHANGES.search(plain):
        return False
    if typed:
        return bool(_OF_A_CODE.search(text)) or len(text.split()) <= _MOST_WORDS
    if _ABOUT_CODES.search(plain) or not (_WHICH.search(text) or _WHICH.search(plain)) or len(turn.heard.keys) < 2:
        return False
    return find(text).kind in _FOUND or bool(_WHICH_ONE.search(plain))


def _remembered(turn: Turn) -> dict[str, str]:
    """The trade or code that was just talked about, where the message says no more than what decides between codes."""
    subject = turn.context.subject or ""
    if not subject.startswith(_REMEMBERED) or len(turn.text.split()) > _MOST_WORDS or turn.heard.system:
        return {}
    kind, _, value = subject.removeprefix(_REMEMBERED).partition("=")
    found = of_trade(value, turn.text) if kind == "trade" else None
    if found is not None and not (found.sure or asks_risk(turn.text)):
        return {}  # it decides nothing between the codes
    return {kind: value} if kind in ("code", "trade") and value else {}


def _awaited(turn: Turn) -> dict[str, str]:
    """The trade that the last answer asked for, with the question before it where the words alone name none."""
    entry = turn.knowledge.questions.get((turn.context.subject or "").partition("|")[0])
    if entry is None or entry.awaits != "trade" or turn.heard.aspects - _TELLING or turn.heard.wish != "know":
        return {}
    before = turn.context.question or ""
    known, found = find(before), find(turn.text)
    parts = [one.trade for one in found.parts]
    if found.kind == "several":
        trade = known.trade if known.trade in parts else parts[0]
    else:
        trade = found.trade or find(f"{before} {turn.text}").trade
    return {"trade": trade} if trade else {}


def _of_the_question_before(turn: Turn) -> dict[str, str]:
    """Which code, without a trade ("kbli-nya apa?"): the one of the question before."""
    names = [one for one in turn.heard.keys if one not in STOP and one not in _CODE_WORDS]
    if names or not _WHICH.search(turn.text) or _ABOUT_CODES.search(turn.heard.plain):
        return {}
    trade = find(turn.context.question or "").trade
    return {"trade": trade} if trade else {}


def _subject(text: str, given: dict[str, str]) -> str:
    """What is remembered of this answer: the code that was chosen or typed, else the trade."""
    if code := given.get("code"):
        return f"{_REMEMBERED}code={code}"
    if trade := given.get("trade"):
        found = of_trade(trade, text)
        sure = found is not None and found.sure
        return f"{_REMEMBERED}code={found.candidates[0].code}" if found and sure else f"{_REMEMBERED}trade={trade}"
    typed = [one.value for one in typed_in(text) if one.value.isdigit()]
    if typed:
        return f"{_REMEMBERED}code={typed[0]}"
    found = find(text)
    return f"{_REMEMBERED}trade={found.trade}" if found.trade else _REMEMBERED
