"""Answers from knowledge/ that an officer may take over, each with its source."""

from __future__ import annotations

from dataclasses import dataclass

from bot.handoff.desk import Desk
from bot.knowledge.models import Knowledge

MOST = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`title` names the question ("Biaya"), `text` is the answer with its source line, `source` the source alone."""

    title: str
    text: str
    source: str


async def suggestions(desk: Desk, knowledge: Knowledge, conversation_id: int) -> list[Suggestion]:
    """Up to three answers to the applicant's newest question; none when nothing sourced fits. Never raises for an
    engine that is away."""
    raise NotImplementedError
