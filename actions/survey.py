"""The survey and "Apakah ini membantu?" in the chat: buttons of the intent survey_feedback."""

from __future__ import annotations

import re

from actions.turn import Turn
from bot.answers.wording import NOT_STATED
from bot.survey import helpful, service

_UNKNOWN = re.compile(
    r"[^.:;?\n]{0,200}?\b(?:belum (?:saya ketahui|pasti|tertulis)|tidak (?:jelas|pasti|disebutkan|ditulis|tertulis|"
    r"dirinci|dijelaskan|dicantumkan|diatur|dibahas))\b",
    re.IGNORECASE,
)
"""How an entry begins whose answer is that nothing is written: its first clause says so."""
ASKS_ABOUT = frozenset({"action_answer"})
_BESIDE = 2
"""Buttons of an entry's own that leave room for the two."""
_RESUME = re.compile(r"(?:lanjut(?:kan)?|teruskan|isi|mulai|ikut) (?:survei|survey|skm)(?:nya)?[.!]?", re.IGNORECASE)


async def takes_survey(turn: Turn) -> bool:
    """A button of the survey, or words that ask for it; nothing else in the turn is touched. False: something else."""
    question, answer = turn.entities.get("question", ""), turn.entities.get("answer", "")
    if turn.text:
        if not _RESUME.fullmatch(turn.text.strip()):
            return False
        question, answer = "resume", ""
    elif turn.intent != service.INTENT or not question:
        return False
    if question == helpful.QUESTION:
        await _helped(turn, answer)
        return True
    now = turn.services.now()
    turn.say(await service.tapped(turn.session, turn.knowledge, turn.conversation, question, answer, now))
    return True


async def offer_resume(turn: Turn) -> None:
    """Praise or blame in words, while a survey is open: the way into it stands first."""
    row = await service.open_survey(turn.session, turn.conversation, turn.services.now())
    if row is not None and turn.replies:
        last = turn.replies[-1]
        turn.replies[-1] = type(last)(last.text, (service.resume_button(), *last.buttons), last.sources)


async def ask_if_helpful(turn: Turn, action: str) -> None:
    """Under a whole answer of a document, when nothing else is offered, no guide runs and this is no first meeting."""
    if action not in ASKS_ABOUT or turn.first_contact or turn.guide or turn.offered or turn.afterword:
        return
    if turn.under_way.asked_lately:
        return
    last = turn.replies[-1] if turn.replies else None
    if turn.answered_apart or turn.passage in turn.knowledge.troubles:
        return  # its own buttons ask
    if last is None or not last.sources or NOT_STATED in last.text or _UNKNOWN.match(last.text):
        return
    named = turn.context.service or ""
    if turn.passage in turn.knowledge.questions and len(last.buttons) > _BESIDE:
        return  # what goes on from here needs the room
    asked = await helpful.ask(turn.session, turn.conversation, turn.intent, named, turn.services.now(), last)
    if asked is not None:
        turn.replies[-1] = asked
        turn.offered = helpful.buttons(turn.intent)[0].payload


async def _helped(turn: Turn, answer: str) -> None:
    topic = turn.entities.get("topic", "")
    reply = await helpful.said(turn.session, turn.conversation, topic, answer)
    turn.say(reply)
    if answer != "ya":
        turn.offered = reply.buttons[0].payload
