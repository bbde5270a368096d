"""Questions about services, terms and general subjects; and messages that only name a region or service."""

from __future__ import annotations

import re
from dataclasses import replace

from actions import wording
from actions.guides import start
from actions.kbli import kbli
from actions.questions import chosen
from actions.turn import Turn
from bot import answers
from bot.answers import Asked, explain, facts
from bot.answers.payloads import TO_MENU, TO_PERSON, button, parse, payload
from bot.answers.scope import services_of
from bot.answers.wording import ASK_SERVICE, MORE
from bot.messages import Reply

_SCHEDULE = "jadwal-siinas"
_NOT_LKPM = "beda-lkpm-siinas"
_WHEN = re.compile(
    r"\b(?:kapan|jadwal\w*|deadline|batas waktu|tenggat|tanggal berapa|periode|triwulan|semester)\b", re.I
)
_TOPIC_WORDS = (  # the intent says which part of SIINas; these words say what about it
    ("ask_requirements", re.compile(r"\b(?:per)?s[iy]a?rat\w*|\bsyrt\b|\b(?:dokumen|berkas) apa\b", re.I)),
    ("ask_cost", re.compile(r"\b(?:biaya\w*|bayar\w*|gratis|tarif)\b", re.I)),
    ("ask_duration", re.compile(r"\b(?:berapa|brp) (?:lama|hari)\b|\blama\s?nya\b", re.I)),
)
_TROUBLE = re.compile(
    r"\b(?:(?:gak|ga|gk|tdk|tidak|nggak|enggak|ndak|ora|belum|blm)\s+(?:bisa|bs|masuk|muncul|dapat|dpt|terkirim|ada)\w*"
    r"|gagal|eror|error|lupa|ditolak|dikembalikan|macet|salah|kendala|masalah|bermasalah)\b",
    re.I,
)
_HELPERS = ("bantuan-oss", "bantuan-siinas")  # subjects that say how to reach the national help desks


async def answer(turn: Turn) -> None:
    """ask_* and siinas_*: the answer, or the question that it depends on."""
    asked, topic = turn.asked(), turn.intent
    if topic == "ask_entry":
        await chosen(turn)
        return
    if topic == "ask_kbli":
        await kbli(turn)
        return
    if topic in answers.SIINAS_KINDS:
        _siinas(turn, asked, answers.SIINAS_KINDS[topic])
        return
    if topic == "ask_contact" and (helper := explain.find_topic(turn.knowledge, asked)) and helper.id in _HELPERS:
        say_topic(turn, helper.id)
        return
    _give(turn, topic, asked)


def _give(turn: Turn, topic: str, asked: Asked) -> None:
    """The answer. A service that was asked for a moment ago and not chosen is assumed to be the new licence."""
    found = answers.answer(turn.knowledge, topic, asked, turn.context, turn.office, turn.variant)
    offered = [parse(one.payload)[1].get("service") for one in found.replies[-1].buttons]
    services = [turn.knowledge.services[one] for one in offered if one in turn.knowledge.services]
    office = turn.knowledge.offices[services[0].office].label if services else ""
    repeated = {text.format(office=office) for text in ASK_SERVICE}
    assumed = next((one for one in services if one.kind == "new"), None)
    if assumed is None or found.replies[0].text not in repeated or not repeated & set(turn.said_before):
        turn.give(found)
        return
    found = answers.answer(turn.knowledge, topic, replace(asked, service=assumed.id), turn.context, turn.office)
    others = [one for one in services if one.id != assumed.id]
    words = wording.ASSUMED.format(service=assumed.label, others=" / ".join(one.label for one in others))
    first, *rest = found.replies
    replies = [replace(first, text=f"{words}\n\n{first.text}"), *rest]
    buttons = (*replies[-1].buttons, *(button(one.label, topic, service=one.id) for one in others))
    replies[-1] = replace(replies[-1], buttons=buttons)
    turn.give(replace(found, replies=tuple(replies)))


def _siinas(turn: Turn, asked: Asked, kind: str) -> None:
    """SIINas: a schedule or trouble that was asked for, else the steps; its help desk is one tap away."""
    subject = explain.find_topic(turn.knowledge, asked)
    if kind == "reporting" and _WHEN.search(asked.text):
        subject = turn.knowledge.topics.get(_SCHEDULE)
    if "lkpm" in asked.text.lower():
        subject = turn.knowledge.topics.get(_NOT_LKPM)
    if subject and "siinas" in subject.id:
        say_topic(turn, subject.id)
        return
    service = next((one for one in services_of(turn.knowledge, "siinas") if one.kind == kind), None)
    asked = replace(asked, service=service.id if service else None, region=None)
    topic = next((topic for topic, words in _TOPIC_WORDS if words.search(asked.text)), "ask_procedure")
    found = answers.answer(turn.knowledge, topic, asked, turn.context, turn.office, turn.variant)
    troubled = topic == "ask_procedure" and _TROUBLE.search(asked.text)
    if service and troubled and (known := facts.stuck(turn.knowledge, service)):
        found = replace(found, replies=known, offered=None)
    turn.give(replace(found, replies=(*found.replies[:-1], _with_help_desk(turn, found.replies[-1]))))


def _with_help_desk(turn: Turn, reply: Reply) -> Reply:
    subject = turn.knowledge.topics.get(_HELPERS[1])
    if not subject:
        return reply
    return replace(reply, buttons=(*reply.buttons, button(subject.title, "ask_risk_or_kbli", topic=subject.id)))


async def inform(turn: Turn) -> None:
    """ "kudus", "kalau di Pariaman?", "yang perluasan": continues the last question, else shows what there is."""
    asked = turn.asked()
    topic = None if asked.detail == "menu" else turn.context.topic
    if topic == "guide_start":
        await start(turn)
    elif topic == "complaint":
        turn.redirect = payload("complaint", office=turn.entities.get("office"))
    elif topic == "track_status":
        turn.redirect = payload(topic, office=asked.office, service=asked.service, service_kind=asked.kind)
    elif topic in answers.TOPICS:
        _give(turn, topic, asked)
        if asked.kind or asked.service:  # the words of the question before may name another service
            turn.context = turn.context.with_(question=None, subject=None)
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
    turn.say(*replies[:-1], replace(replies[-1], buttons=(*more, TO_PERSON, TO_MENU)))
    turn.offered = more[0].payload if more else None


def _term(turn: Turn) -> None:
    asked = turn.asked()
    term = None if asked.detail == "list" else explain.find_term(turn.knowledge, asked)
    if term:
        reply = explain.term_answer(turn.knowledge, term, asked)
        turn.context = turn.context.with_(term=term.id)
        turn.say(reply)
        turn.offered = reply.buttons[0].payload if reply.buttons[0].title == MORE else None
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
