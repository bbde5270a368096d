"""Questions about services, terms and general subjects; and messages that only name a region or service."""

from __future__ import annotations

from dataclasses import replace

from actions import wording
from actions.guides import start
from actions.turn import Turn
from bot import answers
from bot.answers import explain
from bot.answers.payloads import button, payload

_PERSON = button("Bicara petugas", "talk_to_human")
_MENU = button("Menu", "show_menu")
_HELPERS = ("bantuan-oss", "bantuan-siinas")  # subjects that say how to reach the national help desks


async def answer(turn: Turn) -> None:
    """ask_* and siinas_*: the answer, or the question that it depends on."""
    asked, topic = turn.asked(), turn.intent
    if topic in answers.SIINAS_KINDS:
        subject = explain.find_topic(turn.knowledge, asked)
        if subject and "siinas" in subject.id:
            say_topic(turn, subject.id)
            return
        kind = answers.SIINAS_KINDS[topic]
        service = next(
            (one for one in turn.knowledge.services.values() if _is_siinas(one.office, one.kind, kind)), None
        )
        asked = replace(asked, service=service.id if service else None, region=None)
        topic = "ask_procedure"
    if topic == "ask_contact" and (helper := explain.find_topic(turn.knowledge, asked)) and helper.id in _HELPERS:
        say_topic(turn, helper.id)
        return
    turn.give(answers.answer(turn.knowledge, topic, asked, turn.context, turn.office, turn.variant))


async def inform(turn: Turn) -> None:
    """ "kudus", "kalau di Pariaman?", "yang perluasan": continues the last question, else shows what there is."""
    asked = turn.asked()
    topic = None if asked.detail == "menu" else turn.context.topic
    if topic == "guide_start":
        await start(turn)
    elif topic == "complaint":
        turn.redirect = payload("complaint", office=turn.entities.get("office"))
    elif topic in answers.TOPICS:
        turn.give(answers.answer(turn.knowledge, topic, asked, turn.context, turn.office, turn.variant))
    else:
        turn.give(answers.inform(turn.knowledge, asked, turn.context, turn.office, turn.variant))


async def explained(turn: Turn) -> None:
    """ask_term and ask_risk_or_kbli."""
    if turn.intent == "ask_term":
        _term(turn)
    else:
        _subject(turn)


def say_topic(turn: Turn, topic: str, intent: str = "ask_risk_or_kbli") -> None:
    """A general subject with its next page, a person and the menu as buttons."""
    replies = explain.topic_answer(turn.knowledge, turn.knowledge.topics[topic], turn.asked(), intent)
    more = replies[-1].buttons
    turn.say(*replies[:-1], replace(replies[-1], buttons=(*more, _PERSON, _MENU)))
    turn.offered = more[0].payload if more else None


def _term(turn: Turn) -> None:
    asked = turn.asked()
    term = None if asked.detail == "list" else explain.find_term(turn.knowledge, asked)
    if term:
        reply = explain.term_answer(turn.knowledge, term, asked)
        turn.context = turn.context.with_(term=term.id)
        turn.say(reply)
        turn.offered = reply.buttons[0].payload if reply.buttons[0].title == "Lanjut daftar" else None
        return
    listed = explain.term_list(turn.knowledge, asked)
    turn.say(replace(listed, text=wording.NO_TERM) if asked.text or asked.term else listed)


def _subject(turn: Turn) -> None:
    """Risk and KBLI: the subject or term named, else the list of subjects."""
    asked = turn.asked()
    subject = None if asked.detail == "list" else explain.find_topic(turn.knowledge, asked)
    if subject:
        say_topic(turn, subject.id)
        return
    risk = turn.entities.get("risk_level")
    term = (
        explain.find_term(turn.knowledge, replace(asked, term=risk or asked.term)) if asked.detail != "list" else None
    )
    if term:
        turn.say(explain.term_answer(turn.knowledge, term, asked))
        return
    turn.say(explain.topic_list(turn.knowledge, asked, "ask_risk_or_kbli"))


def _is_siinas(office: str, kind: str, wanted: str) -> bool:
    return office == "siinas" and kind == wanted
