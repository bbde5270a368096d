"""A second question in one message: a button beside the answer to the first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from actions.turn import Turn
from bot.answers.payloads import BESIDE, TO_MENU, TO_PERSON, button, parse
from bot.answers.wording import CHOICE_TITLES, TOPIC_TITLES

OTHER_STATUS = frozenset({"lapor", "siinas", "other"})
"""Systems whose applications or reports no office's register holds."""
_NO_SECOND = frozenset({"affirm", "deny", "talk_to_human", "nlu_fallback"})
_WAYS_OUT = (TO_PERSON.title, TO_MENU.title)


def offer_second(turn: Turn, main: str, action_of: Callable[[str], str]) -> None:
    """A second question in the same message gets a button, before the ways out."""
    wanted = (name for name in turn.parts if name != main and name in CHOICE_TITLES)
    second = next((name for name in wanted if action_of(name) != "action_ask_back"), None)
    last = turn.replies[-1] if turn.replies else None
    if second is None or last is None or main in _NO_SECOND:
        return
    offer = button(CHOICE_TITLES[second], second, office=_office_named(turn, second))
    rest = [one for one in last.buttons if one.title not in _WAYS_OUT]
    ways = [one for one in last.buttons if one.title in _WAYS_OUT]
    if any(parse(one.payload)[0] == second for one in last.buttons) or (len(rest) >= BESIDE and not turn.passage):
        return
    card = turn.knowledge.troubles.get((turn.context.subject or "").partition("|")[0])
    if (card and second in card.intents) or (second == "track_status" and turn.heard.system in OTHER_STATUS):
        return  # the answer speaks of it already
    room = BESIDE - 1 - len(ways) if turn.passage else len(rest)
    turn.replies[-1] = replace(last, buttons=(*rest[:room], offer, *ways))


def _office_named(turn: Turn, intent: str) -> str | None:
    """The region that the message named belongs to its second question, too."""
    office = turn.asked().office
    about_office = intent in TOPIC_TITLES or intent == "complaint"
    return office if about_office and office in turn.knowledge.offices else None
