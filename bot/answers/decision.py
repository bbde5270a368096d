"""The record of a decision: what was heard, what was found, what was said. Never the person's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.answers.finding import Finding
from bot.answers.indexes import passage_of
from bot.answers.passages import statements_of
from bot.answers.ranking import Candidate
from bot.hearing.listen import ASPECT_OF
from bot.knowledge.check_questions import facts_of
from bot.knowledge.models import Knowledge
from bot.knowledge.statements import Statement

_KEPT = 4  # candidates of a record that is stored with its message


def explained(found: Finding) -> dict[str, Any]:
    """A finding as data."""
    return {
        **_asked(found),
        "candidates": [
            {
                **_shown(one),
                "signals": {
                    "recall": round(one.recall, 2),
                    "precision": round(one.precision, 2),
                    "union": round(one.union, 2),
                    "aspect": round(one.aspect, 2),
                    "whole": round(one.whole, 2),
                    "pieces": round(one.pieces, 2),
                    "pointed": round(one.pointed, 2),
                    "chance": round(one.chance, 2),
                },
            }
            for one in found.candidates
        ],
        "outcome": found.outcome,
    }


def recorded(found: Finding) -> dict[str, Any]:
    """The same in short, for the message's row."""
    shown = [_shown(one) for one in found.candidates[:_KEPT]]
    return {**_asked(found), "candidates": shown, "outcome": found.outcome}


def _asked(found: Finding) -> dict[str, Any]:
    scope = found.scope
    return {
        "heard": found.heard.shown(),
        "scope": {"offices": scope.offices, "services": scope.services, "elsewhere": scope.elsewhere},
    }


def _shown(one: Candidate) -> dict[str, Any]:
    return {"passage": one.passage.id, "score": round(one.score, 3), "wording": one.wording[:120]}


def list_passage(service: str, topic: str) -> str:
    """The id of the passage that is a whole component of a standard."""
    return f"list/{service}/{topic.removeprefix('ask_').replace('_', '-')}"


def facts_below(knowledge: Knowledge, passage: str) -> Sequence[Statement]:
    """The statements that a passage says or rests on; none where it is no longer known."""
    held = statements_of(knowledge)
    if passage in held:
        return [held[passage]]
    told = knowledge.questions.get(passage) or knowledge.troubles.get(passage)
    if told is not None:
        return [held[one] for one in facts_of(told) if one in held]
    if passage.startswith(("term/", "topic/")):
        return [one for one in held.values() if one.id.startswith(f"{passage}/")]
    found = passage_of(knowledge, passage)
    if found is None or found.kind != "list":
        return []
    aspect = "step" if found.topic == "ask_procedure" else ASPECT_OF.get(found.topic, "")
    return [one for one in held.values() if one.service == found.service and one.aspect == aspect]
