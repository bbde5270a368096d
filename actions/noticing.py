"""Notes of the office before an answer, for a time: each is told to a person once (bot/knowledge/answer_notes.py)."""

from __future__ import annotations

from actions import wording
from actions.decision import answers, placed
from actions.turn import Turn
from bot.dates import say_date
from bot.messages import Reply

_ASKS = frozenset({"account_problem", "track_status"})
"""Intents that ask something also where nothing is looked up."""


async def put_notes(turn: Turn) -> None:
    """Notes that fit the answer stand before it, in a bubble of their own."""
    known = answers(turn)
    if not turn.replies or not (known or turn.intent in _ASKS):
        return
    about = placed(turn) if known else {}
    office = turn.context.office or turn.office
    service = about.get("service") or about.get("said", "").split("/")[0]
    told = await turn.services.untold(turn.conversation, office, service)
    place = next((n for n, one in enumerate(turn.replies) if one.sources), len(turn.replies) - 1)
    for note in told:
        ends = note.ends_at.astimezone(turn.services.zone)
        until = f"{say_date(ends.date())} pukul {ends:%H.%M}"
        turn.replies.insert(place, Reply(wording.NOTE.format(text=note.text, until=until)))
        place += 1
