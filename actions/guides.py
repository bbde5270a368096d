"""Guides: from intents and tapped buttons to the guide service."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.turn import Turn
from bot.answers import Asked
from bot.answers.answer import scope_of, settled, unsettled, with_flow_service
from bot.answers.payloads import payload
from bot.answers.scope import Found
from bot.guides import service as guides
from bot.guides.service import Told
from bot.guides.tell import NATIONAL, own_or_national
from bot.guides.walk import Walk
from bot.knowledge.models import OwnStandard, Service

FRESH = "ulang"  # detail of a guide_start that begins anew


_NO_STEP = ("/talk_to_human", "/survey_feedback")
"""Offers that "lanjut" does not take."""
_LED = re.compile(
    r"\b(?:pandu|tuntun|bimbing)(?:kan|in)? (?:saya|aku|kami|gue|gw|ambo|kulo)\b"
    r"(?! (?:mau|pengen|ingin|sudah|udah|udh|tidak|gak|ga|belum|blm|kok|lagi|masih|ada|punya|bingung|gagal)\b)",
    re.IGNORECASE,
)
"""Asked to be led; "pandu saya mau tanya" only calls by name."""


FIRST = "oss-nib"
"""The guide that every licence of a business begins with."""


def _any_licence(turn: Turn, asked: Asked) -> bool:
    """Whether a guide to "izin usaha" is asked for, where no office, service or way is named or known."""
    heard, context = turn.heard, turn.context
    named = asked.service or asked.kind or asked.flow or asked.office or heard.regions
    known = context.service or context.office or turn.office
    return FIRST in turn.knowledge.services and "izin" in heard.keys and not (named or known)


def _of_the_talk(turn: Turn) -> str:
    """The service of the guide that belongs to the answer before: the first that stands below it, or, after a code,
    that to a NIB. "" where there is none."""
    subject = (turn.context.subject or "").partition("|")[0]
    if subject.startswith("kbli:"):
        return FIRST if FIRST in turn.knowledge.services else ""
    answer = turn.knowledge.questions.get(subject) or turn.knowledge.troubles.get(subject)
    below = (one.split("/")[1] for one in (answer.next if answer else ()) if one.startswith("guide/"))
    return next((one for one in below if one in turn.knowledge.services), "") if turn.text else ""


def asks_to_be_led(turn: Turn) -> bool:
    """Whether the message asks for a guide, in the verb that is also our name."""
    return not turn.guide and turn.heard.wish == "know" and bool(_LED.search(turn.text))


async def guide(turn: Turn) -> None:
    """One guide intent. "lanjut" after an offer ("Lanjut daftar", "Lanjutkan panduan") takes the offer."""
    target = turn.target()
    typed = bool(turn.text)
    match turn.intent:
        case "guide_start":
            await start(turn)
        case "guide_next" if typed and turn.was_offered and not turn.was_offered.startswith(_NO_STEP):
            turn.redirect = turn.was_offered
        case "guide_next":
            tell_guide(turn, await guides.move(turn.desk, "next", target))
        case "guide_back":
            tell_guide(turn, await guides.move(turn.desk, "back", target))
        case "guide_stuck":
            tell_guide(turn, await guides.stuck(turn.desk, target))
            turn.offered = "/talk_to_human"
        case "guide_stop":
            tell_guide(turn, await guides.stop(turn.desk))
        case "guide_resume":
            tell_guide(turn, await guides.resume(turn.desk, target))
        case _:
            question, option = turn.entities.get("question"), turn.entities.get("answer")
            tell_guide(turn, await guides.answer(turn.desk, target, question, option))


async def start(turn: Turn) -> None:
    """Starts the guide of the service that is meant, or asks which."""
    asked = with_flow_service(turn.knowledge, turn.asked(), turn.context)
    if turn.heard.guides and not (asked.service or asked.kind or asked.flow):
        asked = replace(asked, service=turn.heard.guides[0])
    elif not (asked.service or asked.kind or asked.flow or turn.heard.regions) and (led := _of_the_talk(turn)):
        asked = replace(asked, service=led)
    elif _any_licence(turn, asked):
        asked = replace(asked, service=FIRST)
    scope = scope_of(turn.knowledge, "guide_start", asked, turn.context, turn.office)
    if not isinstance(scope, Found):
        turn.give(unsettled(turn.knowledge, scope, "guide_start", asked, turn.context, turn.variant))
        return
    if scope.procedure is None:  # its document tells no steps, and that is the answer
        turn.redirect = payload("ask_procedure", service=scope.service.id)
        return
    own = None if asked.detail in (FRESH, NATIONAL) else _own_standard(turn, scope.service, asked.office)
    if own:
        reply = own_or_national(turn.knowledge, Walk(scope.service, scope.procedure, {}), own)
        turn.say(reply)
        turn.context = turn.context.with_(topic="guide_start", office=own.office)
        turn.offered = reply.buttons[0].payload
        return
    context = settled(turn.knowledge, scope.service, turn.context)
    turn.context = context.with_(topic="guide_start", flow=scope.procedure.id)
    told = await guides.start(turn.desk, scope.service, scope.procedure, fresh=asked.detail == FRESH)
    tell_guide(turn, told)


def _own_standard(turn: Turn, service: Service, named: str | None) -> OwnStandard | None:
    """Of the person's office, where it says itself what the national guide tells."""
    office = named or turn.context.office or turn.office
    return next((one for one in service.own_standards if one.office == office), None)


def tell_guide(turn: Turn, told: Told) -> None:
    """Says what the guide says; questions asked from now on are about the guide's service."""
    turn.say(*told.replies)
    starting = [one.payload for one in told.replies[-1].buttons if one.payload == "/guide_start"]
    turn.offered = starting[0] if starting else None  # "Mau mulai panduan?"
    service = turn.knowledge.services.get(told.state.service) if told.state else None
    if service and told.state:
        turn.context = settled(turn.knowledge, service, turn.context).with_(flow=told.state.procedure)
