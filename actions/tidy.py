"""The last look at an answer: nothing of a moment ago word for word, no two buttons for one thing, four at most."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.turn import Turn
from bot.answers.alike import distinct
from bot.answers.payloads import beside
from bot.answers.text import source_line
from bot.answers.wording import SAME_AGAIN
from bot.messages import Reply

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"0-9])")
_LONG = 40  # characters of a sentence that is noticed when it comes again


def tidy(turn: Turn, start: int) -> None:
    """The replies from `start` on, made fit to follow what was said before."""
    if len(turn.replies) <= start:
        return
    first = turn.replies[start]
    if first.text in turn.said_before:
        turn.replies[start] = replace(first, text=f"{SAME_AGAIN[0]}\n\n{first.text}")
    elif turn.passage:
        turn.replies[start:] = [_without_said(turn, one) for one in turn.replies[start:]]


def few_buttons(turn: Turn) -> None:
    """Below a passage: each button once, and no more than fit at one look."""
    if turn.passage:
        last = turn.replies[-1]
        turn.replies[-1] = replace(last, buttons=beside(distinct(turn.knowledge, last.buttons, turn.passage)))


def _without_said(turn: Turn, reply: Reply) -> Reply:
    """Without sentences that the turn before said word for word; the first one is the answer and stays."""
    line = source_line(reply.sources)
    body = reply.text.removesuffix(line).rstrip()
    before = {one for text in turn.said_before for one in _SENTENCE.split(text)}
    first, *rest = _SENTENCE.split(body)
    again = [one for one in rest if len(one) >= _LONG and one.strip() in before]
    if "\n" in body or not again:
        return reply
    kept = " ".join([first, *(one for one in rest if one not in again)])
    return replace(reply, text=f"{kept}\n\n{line}" if line else kept)
