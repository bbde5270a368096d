"""Affairs of OSS that are the same everywhere, and anger about it: said whose it is before any region is asked for."""

from __future__ import annotations

import re

from actions import wording
from actions.answers import say_topic
from actions.turn import Turn
from bot.answers import explain
from bot.answers.facts import bubbles
from bot.answers.payloads import button
from bot.answers.text import fact_items, pages
from bot.messages import Reply

WHOSE, HELP_CENTRE = "pengelola-oss", "bantuan-oss"
_GROUP = "oss"
_ANSWERED = frozenset(
    {
        "action_answer",
        "action_explain",
        "action_out_of_scope",
        "action_ask_back",
        "action_smalltalk",
        "action_account_problem",
    }
)
_ANGRY = frozenset({"complaint", "survey_feedback"})
_SYSTEM = re.compile(
    r"\b(?:oss(?:nya)?|apk|apl|aplikasi\w*|app|sistem\w*|system|server\w*|web(?:site)?\w*|situs\w*|update\w*|loading)\b",
    re.I,
)
_NOT_THE_SYSTEM = re.compile(
    r"\b(?:petugas\w*|pegawai\w*|loket|kantor|dinas|dpmptsp|pungli|calo|oknum|antri\w*|siinas|pandu|bot|lapor|jalan)\b",
    re.I,
)


def named_subject(turn: Turn, action: str) -> bool:
    """Tells a subject of group "oss" that the typed words name, unless they name a region or service."""
    asked = turn.asked()
    local = asked.office or asked.service or asked.kind or asked.region is not None
    if not asked.text or local or action not in _ANSWERED or turn.intent in ("ask_term", "ask_privacy"):
        return False
    if turn.intent.startswith("siinas_") and "siinas" in asked.text.lower():
        return False
    subject = explain.find_topic(turn.knowledge, asked)
    if subject is None and (term := explain.find_term(turn.knowledge, asked)):
        subject = turn.knowledge.topics.get(term.id)
    if subject is None or subject.group != _GROUP:
        return False
    say_topic(turn, subject.id)
    return True


def angry_about_system(turn: Turn) -> bool:
    """Anger about the OSS app or site: whose it is, where it can be reported, and a person. No region is asked for."""
    text = turn.text
    if turn.intent not in _ANGRY or not _SYSTEM.search(text) or _NOT_THE_SYSTEM.search(text):
        return False
    topics = turn.knowledge.topics
    whose, centre = topics.get(WHOSE), topics.get(HELP_CENTRE)
    if whose is None or centre is None:
        return False
    buttons = (
        button(wording.WHAT_HAPPENED, "account_problem"),
        button(centre.title, "account_problem", topic=centre.id),
        button(wording.COMPLAIN_ANYWAY, "complaint"),
        button("Bicara petugas", "talk_to_human"),
    )
    turn.say(Reply(wording.ANGRY_AT_OSS))
    items = [*fact_items(whose.facts[:1]), *fact_items(centre.facts[:2])]
    turn.say(*bubbles(pages(turn.knowledge, wording.ANGRY_WHERE, items, gap="\n\n"), buttons))
    turn.offered = buttons[0].payload
    return True
