"""The record of how a turn's answer came about, kept with the message for officers (bot/answers/decision.py)."""

from __future__ import annotations

from typing import Any

from actions.turn import Turn
from bot.answers import TOPICS
from bot.answers.context import Context
from bot.answers.decision import list_passage, recorded


def decided(turn: Turn) -> dict[str, Any]:
    """What was heard and found, and which passage was said. Empty where nothing was looked up or said from sources."""
    found = recorded(turn.found) if turn.found is not None else {}
    return {**found, **placed(turn)} if answers(turn) else {}


def answers(turn: Turn) -> bool:
    """Whether something was looked up, or said from sources."""
    return turn.found is not None or any(one.sources for one in turn.replies)


def placed(turn: Turn) -> dict[str, str]:
    """Which passage was said (`said`), and for which office, region and service."""
    context = turn.context
    named = (
        ("said", _said(turn)),
        ("office", context.office),
        ("region", context.region),
        ("service", context.service),
    )
    return {name: value for name, value in named if value}


def _said(turn: Turn) -> str:
    """The id of the passage behind the reply; empty where it states nothing from a source."""
    if not any(one.sources for one in turn.replies):
        return ""
    before, now = Context.from_slots(turn.slots_before), turn.context
    subject = (now.subject or "").partition("|")[0]
    if subject and (now.subject != before.subject or _found_again(turn, subject)):
        return subject
    if now.service and now.topic in TOPICS and turn.intent in (now.topic, "inform"):
        return list_passage(now.service, now.topic)
    return ""


def _found_again(turn: Turn, subject: str) -> bool:
    """Whether this turn said the passage of the turn before once more."""
    best = turn.found.best if turn.found else None
    return (best is not None and best.passage.id == subject) or turn.entities.get("topic") == subject
