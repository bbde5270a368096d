"""The first turn after an officer's talk: the bot refers to it and goes on with the service at hand."""

from __future__ import annotations

from dataclasses import dataclass, replace

from actions import wording
from actions.turn import Turn
from bot.handoff.ownership.returning import service_menu
from bot.messages import Reply

_OPENERS = frozenset({"greet", "start", "show_menu", "help"})
_CLOSERS = frozenset({"thanks", "goodbye", "affirm", "deny", "survey_feedback"})
_APART = frozenset({"talk_to_human", "complaint_answer"})


@dataclass(frozen=True, slots=True)
class Talk:
    """What `bot.handoff.ownership.returning.remember` left behind."""

    officer: str
    office: str
    service: str
    said: str


def recall(turn: Turn) -> Talk | None:
    """The officer's talk that has just ended, if any; its office and service are now what the turn is about."""
    left = turn.metadata.get("after_officer")
    if not isinstance(left, dict):
        return None
    talk = Talk(*(str(left.get(name) or "") for name in ("officer", "office", "service", "said")))
    if talk.service in turn.knowledge.services and not turn.context.service:
        turn.context = turn.context.with_(service=talk.service)
    office = turn.knowledge.offices.get(talk.office)
    if office is not None and office.region and not turn.context.office:
        turn.context = turn.context.with_(office=office.id)
    return talk


def mention(turn: Turn, talk: Talk) -> None:
    """Puts the talk into the words of this turn."""
    if not turn.replies or turn.intent in _APART:
        return
    service = turn.knowledge.services.get(talk.service)
    about = wording.TALK_ABOUT.format(service=service.title) if service else ""
    if turn.intent in _OPENERS:
        said = wording.TALK_SAID.format(said=talk.said) if talk.said else ""
        text = wording.TALK_RECAP.format(officer=talk.officer, about=about, said=said)
        turn.replies[:] = [Reply(text, tuple(service_menu(talk.service)))]
    elif turn.intent in _CLOSERS:
        last = turn.replies[-1]
        turn.replies[-1] = replace(last, text=f"{last.text}\n\n{wording.TALK_ENDED.format(officer=talk.officer)}")
    else:
        first = turn.replies[0]
        opening = wording.TALK_GOES_ON.format(officer=talk.officer, about=about)
        turn.replies[0] = replace(first, text=f"{opening}\n\n{first.text}")
