"""Yes, no, thanks, goodbye; what Pandu is and what it keeps."""

from __future__ import annotations

import re

from actions import wording
from actions.guides import tell_guide
from actions.privacy import about_privacy
from actions.survey import offer_resume, takes_survey
from actions.turn import Turn
from bot.answers.payloads import TO_MENU, TO_PERSON, button
from bot.guides import service as guides
from bot.hearing.signs import LAUGHS
from bot.messages import Reply
from bot.survey import helpful

_COMPLAIN = button("Sampaikan keluhan", "complaint")
_FEW = 2  # words of an outcry that says nothing about what happened
_MACHINE = re.compile(r"\b(?:chat ?bot|bot|robot|mesin|ai|program|komputer|otomatis)\b")
_HUMAN = re.compile(r"\b(?:orang|manusia|petugas|pegawai|admin|operator|cs|customer service)\b")
_OFFICE = re.compile(r"\b(?:dpm\w*|ptsp|dinas\w*|kantor\w*|pemda|pemkot|pemkab)\b")


async def smalltalk(turn: Turn) -> None:
    """A yes or no belongs to what was offered or to the running guide; the rest is a kind sentence."""
    match turn.intent:
        case "affirm" if turn.was_offered:
            turn.redirect = turn.was_offered
        case "affirm" if turn.guide:
            turn.redirect = "/guide_next"
        case "affirm":
            turn.say(Reply(wording.AFFIRMED[turn.variant], (TO_MENU,)))
        case "deny" if not_helped := helpful.no_to(turn.was_offered or ""):
            turn.redirect = not_helped
        case "deny":
            await _deny(turn)
        case "thanks":
            turn.say(Reply(_fresh(turn, wording.THANKS), (TO_MENU,)))
        case "goodbye":
            turn.say(Reply(_fresh(turn, wording.GOODBYE)))
        case "survey_feedback":
            if not await takes_survey(turn):  # "ya" to a question of the survey
                turn.say(_thanked(turn))
                await offer_resume(turn)
        case "ask_privacy":
            await about_privacy(turn)
        case _ if yes_or_no := _yes_or_no(turn):
            turn.say(Reply(wording.IDENTITY_SHORT.format(answer=yes_or_no)))
        case _:
            privacy = button("Data pribadi saya", "ask_privacy")
            turn.say(Reply(_identity(turn), (TO_MENU, privacy, TO_PERSON)))


def _thanked(turn: Turn) -> Reply:
    """Praise is thanked and nothing more; blame is asked what is behind it. Praise with a laugh is none."""
    heard = turn.heard
    if heard.wish == "praise" and not LAUGHS.search(turn.text):
        return Reply(wording.PRAISED, (TO_MENU,))
    short = bool(turn.text) and len(heard.plain.split()) <= _FEW
    return Reply(wording.VENT if short else wording.FEEDBACK, (TO_MENU, _COMPLAIN, TO_PERSON))


def _yes_or_no(turn: Turn) -> str:
    """The answer to "ini bot?" and "ini orang?"; "" where more is asked."""
    said = turn.heard.plain
    machine, human = _MACHINE.search(said), _HUMAN.search(said)
    if bool(machine) == bool(human) or _OFFICE.search(said):
        return ""
    return wording.I_AM_YES if machine else wording.I_AM_NO


def _identity(turn: Turn) -> str:
    """Who Pandu is; to "DPMPTSP ya?" with whom it answers for."""
    said = turn.heard.plain
    answer = wording.I_AM_YES if _MACHINE.search(said) and not _HUMAN.search(said) else wording.I_AM
    office = turn.knowledge.offices.get(turn.office)
    of = wording.OF_OFFICE.format(office=office.name) if office else wording.OF_NO_OFFICE
    return wording.IDENTITY.format(answer=answer, of=of if _OFFICE.search(said) else "")


async def _deny(turn: Turn) -> None:
    """ "belum" in a guide waits on its step; after an offer it declines the offer."""
    waiting = None if turn.was_offered else await guides.wait(turn.desk)
    if waiting:
        tell_guide(turn, waiting)
    else:
        turn.say(Reply(_fresh(turn, wording.DENIED), (TO_MENU,)))


def _fresh(turn: Turn, texts: tuple[str, ...]) -> str:
    """The first of `texts` that was not said a moment ago."""
    return next((text for text in texts if text not in turn.said_before), texts[0])
