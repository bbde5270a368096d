"""Answers: pure functions from knowledge and context to replies. No database, no channel, no dialogue engine."""

from bot.answers.answer import SIINAS_KINDS, TOPICS, answer, inform, settled
from bot.answers.context import Answer, Asked, Context

__all__ = ["SIINAS_KINDS", "TOPICS", "Answer", "Asked", "Context", "answer", "inform", "settled"]
