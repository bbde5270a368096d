"""One way through every action: read the turn, warn about secrets, introduce once, handle, offer the guide again."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import applications, privacy, wording
from actions.after_officer import mention, recall
from actions.anger import angry_at_us
from actions.answers import answer, explained, inform
from actions.ask_back import ask_back
from actions.awaited import replied, told, told_shortly
from actions.complaints import complaint, offer_report, offer_writing, open_report, sounds_like_complaint, takes
from actions.decision import decided
from actions.elsewhere import elsewhere, foreign
from actions.forwarded import forwarded_fraud
from actions.guides import asks_to_be_led, guide, tell_guide
from actions.kbli import kbli, undecided
from actions.moods import ASKING, chat, left_alone, praise, shared, took_note
from actions.noticing import put_notes
from actions.problems import account_problem, handoff, out_of_scope, track_status
from actions.questions import goes_on, question
from actions.second import OTHER_STATUS, offer_second
from actions.smalltalk import smalltalk
from actions.standing import under_way
from actions.stuck import still_stuck
from actions.survey import ask_if_helpful, takes_survey
from actions.tidy import few_buttons, tidy
from actions.turn import ActionServices, Turn, message_of, read_turn
from actions.welcome import INTENTS as WELCOMES
from actions.welcome import introduction, welcome
from bot.answers import finding
from bot.answers.payloads import button, parse
from bot.answers.wording import MORE, START_GUIDE
from bot.guides import service as guides
from bot.guides.wording import RESUME
from bot.masking import holds_secret
from bot.messages import Reply
from bot.slowly import Beside, with_slow
from bot.trace import traced

log = structlog.get_logger()
Handler = Callable[[Turn], Awaitable[None]]

HANDLERS: dict[str, Handler] = {
    "action_welcome": welcome,
    "action_smalltalk": smalltalk,
    "action_answer": answer,
    "action_explain": explained,
    "action_inform": inform,
    "action_guide": guide,
    "action_account_problem": account_problem,
    "action_track_status": track_status,
    "action_complaint": complaint,
    "action_handoff": handoff,
    "action_out_of_scope": out_of_scope,
    "action_ask_back": ask_back,
}
"""Action name -> what it does."""

_ACTION_OF_INTENT = {
    **dict.fromkeys(WELCOMES, "action_welcome"),
    "inform": "action_inform",
    "ask_term": "action_explain",
    "ask_risk_or_kbli": "action_explain",
    "track_status": "action_track_status",
    "complaint": "action_complaint",
    "complaint_answer": "action_complaint",
    "talk_to_human": "action_handoff",
    "out_of_scope": "action_out_of_scope",
    "nlu_fallback": "action_ask_back",
    **dict.fromkeys(wording.ACCOUNT_OPENING, "action_account_problem"),
    **dict.fromkeys(
        ("affirm", "deny", "thanks", "goodbye", "bot_identity", "ask_privacy", "survey_feedback"), "action_smalltalk"
    ),
}
_KEEPS_GUIDE_BUTTONS = ("action_guide", "action_handoff")
_MOST_BUTTONS = 10
_HOPS = 3
_TALK = frozenset(
    {*WELCOMES, "affirm", "deny", "thanks", "goodbye", "bot_identity", "ask_privacy", "talk_to_human"}
    | {"guide_start", "guide_next", "guide_back", "guide_stuck", "guide_stop", "guide_resume"}
)
_MISHEARD = frozenset({"greet", "thanks", "goodbye", "bot_identity", "ask_privacy"})
"""Small talk that a short question about what was said before is easily taken for ("yang datang siapa")."""
_SURE_OF_TALK, _SHORT = 0.75, 3
_COMPLAINING = frozenset({"complaint", "nlu_fallback", "out_of_scope", "survey_feedback", "track_status"})
_OF_KNOWLEDGE = frozenset({"action_answer", "action_explain", "action_account_problem", "action_ask_back"})
_SERVED = re.compile(r"\b(?:layan|izin|urus|jasa)\w*\b.{0,60}\bapa\b|\bapa saja\b.{0,60}\b(?:layan|izin|urus)\w*\b")
"""What can be got here, which is no question of who Pandu is."""
_CHANGE = re.compile(r"(?:mau |ingin )?(?:ubah|ganti|edit|perbaiki|koreksi) jawaban(?: saya)?[.!]?", re.IGNORECASE)


class PanduAction(Action):  # type: ignore[misc]
    """One of HANDLERS as rasa_sdk wants it."""

    def __init__(self, name: str, services: ActionServices) -> None:
        self._name = name
        self._services = services

    def name(self) -> str:
        return self._name

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Says the replies and returns the slots that changed."""
        turn = await with_slow(partial(self._done, tracker))
        for number, reply in enumerate(turn.replies):
            dispatcher.utter_message(**message_of(reply, None if number else decided(turn)))
        return turn.events()

    async def _done(self, tracker: Tracker, beside: Beside) -> Turn:
        """The database work is one transaction."""
        services = self._services
        async with services.session() as session:
            turn = read_turn(services, session, tracker)
            turn.beside = beside
            with traced(turn.conversation, turn.desk.message):
                turn.under_way = await under_way(services.read, session, turn.conversation, services.now())
                talk = recall(turn)
                await handle(turn, self._name)
                if talk is not None:
                    mention(turn, talk)
                log.info("action", action=self._name, intent=turn.intent, replies=len(turn.replies))
        return turn


async def handle(turn: Turn, action: str) -> None:
    """Runs the first claim that takes the message, following redirects ("ya" to what was offered).

    A session connects when it is first used: a message that needs nothing of the database but `under_way` costs one
    round trip.
    """
    await _handled(turn, action)
    await put_notes(turn)
    if turn.first_contact and not any(turn.knowledge.privacy.notice.text in one.text for one in turn.replies):
        turn.replies.insert(0, Reply(introduction(turn, wording.INTRO_SHORT)))


async def _handled(turn: Turn, action: str) -> None:
    if await takes_survey(turn):
        return
    turn.guide = await guides.active(turn.desk) if turn.under_way.guide else None
    if holds_secret(turn.text):
        turn.say(Reply(wording.WARNING))
    if turn.first_contact and action != "action_welcome":
        turn.say(Reply(introduction(turn, wording.INTRO_SHORT)))
    await privacy.notice(turn)
    before, typed, main = len(turn.replies), bool(turn.text), turn.intent
    if await privacy.takes(turn) or await takes(turn):
        return
    action = await _claimed(turn, action)
    offer_report(turn)
    if action not in _KEEPS_GUIDE_BUTTONS:
        if typed:
            tidy(turn, before)
            if not turn.answered_apart:
                offer_second(turn, main, action_of)
        few_buttons(turn)
        if turn.guide:
            _offer_guide(turn)
    settled = turn.found is None or (turn.found.outcome == "sure" and not turn.found.depends)
    if settled and not turn.asked_region:
        await ask_if_helpful(turn, action)
    if turn.afterword:
        turn.replies[-1] = replace(turn.replies[-1], text=f"{turn.replies[-1].text}\n\n{turn.afterword}")


async def _claimed(turn: Turn, action: str) -> str:
    """Says the answer of the first claim; returns the action that gave it in the end."""
    for _ in range(_HOPS):
        for claim in CLAIMS if turn.text else ():
            if taken := await claim(turn, action):
                action = taken
                break
        else:
            await HANDLERS[action](turn)
        if turn.redirect is None:
            break
        turn.intent, turn.entities = parse(turn.redirect)
        turn.text, turn.redirect = "", None
        action = action_of(turn.intent)
    return action


async def _status(turn: Turn, action: str) -> str:
    """The person's own application: a number, a code, "kok lama"."""
    if not await applications.is_meant(turn):
        return ""
    turn.intent = "track_status"
    await HANDLERS["action_track_status"](turn)
    return "action_track_status"


async def _forwarded(turn: Turn, action: str) -> str:
    """A fraud that was passed on is no question of the person's."""
    return "action_answer" if await forwarded_fraud(turn) else ""


async def _guide_answer(turn: Turn, action: str) -> str:
    return "action_guide" if await _answers_guide(turn) else ""


async def _handled_as(turn: Turn, intent: str, action: str) -> str:
    turn.intent = intent
    await HANDLERS[action](turn)
    return action


async def _guide_asked(turn: Turn, action: str) -> str:
    """ "Pandu saya urus NIB": the guide begins, or asks which."""
    if not asks_to_be_led(turn):
        return ""
    return await _handled_as(turn, "guide_start", "action_guide")


async def _anger_at_us(turn: Turn, action: str) -> str:
    return "action_handoff" if await angry_at_us(turn) else ""


async def _conversation(turn: Turn, action: str) -> str:
    """Greetings, yes and no, guide words, a person: what the engine is sure of and what asks for no fact."""
    sure = turn.confidence >= _SURE_OF_TALK or len(turn.heard.keys) <= _SHORT
    leaning = turn.context.question and turn.heard.aspects and turn.intent in _MISHEARD
    grave = turn.intent == "talk_to_human" and sounds_like_complaint(turn)
    served = turn.intent == "bot_identity" and _SERVED.search(turn.heard.plain)
    if turn.intent not in _TALK or not sure or leaning or grave or served:
        return ""
    if turn.intent == "greet" and turn.heard.wish == "praise" and not ASKING.search(turn.heard.plain):
        turn.intent, action = "thanks", "action_smalltalk"  # a salam around thanks
    await HANDLERS[action](turn)
    return action


async def _report(turn: Turn, action: str) -> str:
    """A wish to report, and words of unkind or greedy service."""
    if turn.heard.wish != "report" or turn.intent not in _COMPLAINING:
        return ""
    return await _handled_as(turn, "complaint", "action_complaint")


async def _code(turn: Turn, action: str) -> str:
    """Which KBLI code, what it covers, its risk."""
    return "action_answer" if await kbli(turn) else ""


async def _of_others(turn: Turn, action: str) -> str:
    """The affair of a system that is none of ours."""
    return "action_out_of_scope" if await elsewhere(turn) else ""


async def _foreign(turn: Turn, action: str) -> str:
    """An affair that is none of ours ("paket saya belum sampai"): whose it is."""
    return "action_out_of_scope" if foreign(turn) else ""


async def _known(turn: Turn, action: str) -> str:
    """A question that the knowledge answers."""
    if action == "action_track_status" and await _own_application(turn):
        return action
    sure = action == "action_track_status" and turn.heard.wish == "status" and turn.confidence >= _SURE_OF_TALK
    if sure and not _names_its_trouble(turn):
        return ""
    if action == "action_complaint" and await open_report(turn):
        return ""
    if not await question(turn):
        return ""
    if action == "action_complaint" or (action == "action_handoff" and sounds_like_complaint(turn)):
        offer_writing(turn)
        return "action_complaint"
    return "action_answer"


def _names_its_trouble(turn: Turn) -> bool:
    """Whether a question for a status surely names a trouble that a card answers, or another's system."""
    found = turn.found = finding.find(turn.knowledge, turn.heard, turn.context, turn.office)
    best = found.best
    return found.outcome == "sure" and best is not None and best.passage.kind == "card" and not best.passage.general


async def _own_application(turn: Turn) -> bool:
    """Says where the person's application stands, or, where the office keeps a register, how to connect it."""
    if await applications.answered(turn):
        return True
    if (
        turn.heard.wish != "status"
        or turn.heard.system in OTHER_STATUS
        or not await applications.register_is_used(turn)
    ):
        return False
    await HANDLERS["action_track_status"](turn)
    return True


async def _complaint(turn: Turn, action: str) -> str:
    """Words of unkind or greedy service that no card answers."""
    if not sounds_like_complaint(turn):
        return ""
    return await _handled_as(turn, "complaint", "action_complaint")


async def _unsure(turn: Turn, action: str) -> str:
    """A question whose answer was not found: the nearest ones and a person, never the page of its topic."""
    if action not in _OF_KNOWLEDGE or turn.found is None or turn.intent == "account_problem":
        return ""
    await HANDLERS["action_ask_back"](turn)
    return "action_ask_back"


async def _goes_on(turn: Turn, action: str) -> str:
    """ "Terus?": what comes after the subject. "Lanjut" in a guide, or to an offer, is for the guide."""
    offered = parse(turn.was_offered)[0] if turn.was_offered else ""
    if turn.intent in ("guide_next", "guide_resume") and (turn.guide or action_of(offered) == "action_guide"):
        return ""
    return "action_answer" if goes_on(turn) else ""


async def _stuck(turn: Turn, action: str) -> str:
    """What was advised did not help: the next level."""
    return "action_account_problem" if await still_stuck(turn) else ""


CLAIMS = (
    _forwarded,
    _foreign,
    left_alone,
    took_note,
    chat,
    replied,
    _status,
    _guide_answer,
    _guide_asked,
    _anger_at_us,
    _goes_on,
    _stuck,
    told_shortly,
    _conversation,
    _report,
    praise,
    shared,
    _code,
    _of_others,
    _known,
    told,
    undecided,
    _complaint,
    _unsure,
)
"""Who may take typed words, in order; what nobody takes goes to the handler of the engine's intent."""


def action_of(intent: str) -> str:
    """The action that answers an intent; the same as the dialogue engine's rules."""
    if intent in _ACTION_OF_INTENT:
        return _ACTION_OF_INTENT[intent]
    return "action_guide" if intent.startswith("guide_") else "action_answer"


async def _answers_guide(turn: Turn) -> bool:
    """A typed "perorangan" while the guide asks for it, or "ubah jawaban"."""
    if turn.guide and _CHANGE.fullmatch(turn.text.strip()):
        tell_guide(turn, await guides.answer(turn.desk, None, None, None))
        return True
    chosen = guides.pending_option(turn.knowledge, turn.guide, turn.text) if turn.guide and turn.text else None
    if chosen:
        tell_guide(turn, await guides.answer(turn.desk, None, *chosen))
    return bool(chosen)


def _offer_guide(turn: Turn) -> None:
    """A question in the middle was answered: the way back into the guide stands among the buttons."""
    last = turn.replies[-1]
    rest = [one for one in last.buttons if one.title not in (START_GUIDE, RESUME)][: _MOST_BUTTONS - 1]
    place = 1 if rest and rest[0].title == MORE else 0
    buttons = [*rest[:place], button(RESUME, "guide_resume"), *rest[place:]]
    turn.replies[-1] = replace(last, buttons=tuple(buttons))
    turn.offered = turn.offered or "/guide_resume"
