"""Replies to the question that an answer ended with: a region, a choice, what a card asked for."""

from __future__ import annotations

import re

from actions import wording
from actions.complaints import SILENT
from actions.questions import STATUS, chosen
from actions.stuck import answers_card, noted
from actions.turn import Turn
from bot.answers import TOPICS
from bot.answers.indexes import passage_of
from bot.answers.payloads import TO_PERSON, payload
from bot.hearing.names import Matcher
from bot.messages import Reply

_MOST_WORDS = 10
_FEW = 3
_QUESTIONS = frozenset({*TOPICS, "ask_term", "ask_risk_or_kbli"})
_SURE = 0.6
"""Confidence of the engine from which on a short message is a question ("masa berlaku nib"), not an answer."""
_ASKS = re.compile(r"\b(?:apa|apakah|berapa|kapan|siapa|\w*mana|bagaimana|kenapa|mengapa|boleh|bisa|wajib|cara\w*)\b")
_OTHER_TALK = frozenset({"thanks", "goodbye", "greet", "talk_to_human", "show_menu", "help", "guide_start"})
_SINCE = re.compile(
    r"(?:ini |itu )?(?:sudah|sejak|dari|baru|hampir|lebih dari|wis|alah)(?: \w+){0,3} "
    r"(?:jam|hari|minggu|bulan|tahun|kemarin|tadi)"
    r"(?: \w+)?(?: (?:pak|bu|kak|min|ini|lho|loh|yang lalu))?[ .!]*"
)
"""How long a trouble lasts, and nothing else: said after a card, it belongs to it."""
_TOPICS = {"duration": ("ask_duration", None), "services": ("inform", "menu")}
"""What is awaited of a region -> the intent that tells it, and its detail."""


async def replied(turn: Turn, action: str) -> str:
    """One of the replies that the entry said last awaits: the passage that it leads to."""
    subject = (turn.context.subject or "").partition("|")[0]
    entry = turn.knowledge.questions.get(subject)
    if _told_region(turn, subject):
        return "action_answer"
    short = len(turn.heard.plain.split()) <= _MOST_WORDS and "?" not in turn.text
    asked = entry.answer.rpartition(". ")[2] if entry else ""
    if entry is None or not (entry.replies and short) or not any(asked in one for one in turn.said_before):
        return ""
    known = Matcher((says, one.to) for one in entry.replies for says in one.says).ids(turn.heard.plain)
    if not known:
        return ""
    turn.entities = {"topic": known[0]}
    await chosen(turn)
    return "action_answer"


def _told_region(turn: Turn, subject: str) -> bool:
    """A region, where the last answer asked for one: what its standard says, or that it is not held."""
    entry, passage, heard = turn.knowledge.questions.get(subject), passage_of(turn.knowledge, subject), turn.heard
    card = passage is not None and passage.kind == "card" and passage.asks_region
    awaited = "duration" if card else entry.awaits if entry else None
    if awaited not in _TOPICS or "?" in turn.text or len(heard.plain.split()) > _MOST_WORDS:
        return False
    if heard.offices:
        service = next((one for one in heard.services if turn.knowledge.services[one].office == heard.offices[0]), None)
        intent, detail = _TOPICS[awaited]
        turn.redirect = payload(intent, office=heard.offices[0], service=service, detail=detail)
    elif heard.regions:
        where = heard.regions[0]
        what = wording.LOCAL_ASPECTS["duration"] if awaited == "duration" else wording.LOCAL_SERVICES
        turn.say(Reply(wording.LOCAL_UNKNOWN.format(region=where.title, office=where.office, what=what), (TO_PERSON,)))
        turn.context = turn.context.with_(office=None, region=where.title, service=None)
    return bool(heard.offices or heard.regions)


async def told_shortly(turn: Turn, action: str) -> str:
    """ "Sudah", "badan usaha": a word or three that answer a card's question, and nothing else."""
    heard = turn.heard
    if turn.context.subject == STATUS and _SINCE.fullmatch(heard.plain.strip()):
        turn.entities = {"topic": SILENT}
        await chosen(turn)
        return "action_answer"
    asks = heard.offices or (turn.intent in _QUESTIONS and heard.confidence >= _SURE)
    told_only = not (asks or _ASKS.search(heard.plain) or heard.unhelped or heard.tried)
    taken = turn.was_offered and turn.intent in ("affirm", "deny")
    long = len(heard.plain.split()) > _FEW and not _SINCE.fullmatch(heard.plain.strip())
    if taken or turn.intent in _OTHER_TALK or not told_only or long:
        return ""
    return await told(turn, action)


async def told(turn: Turn, action: str) -> str:
    """What a card asked for and no other passage takes up: it goes into the text to send."""
    card = answers_card(turn, again=bool(_SINCE.fullmatch(turn.heard.plain.strip())))
    return "action_account_problem" if card and noted(turn, card) else ""
