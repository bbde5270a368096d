"""A threat in any message: the number to call, a person at once, no more questions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers.text import references, source_line
from bot.complaints import wording
from bot.complaints.desk import Reports, drafting, touch
from bot.messages import Reply

AskPerson = Callable[[AsyncSession, int, str, str], Awaitable[Reply]]
"""Hands the conversation to a person: session, conversation id, what is said (Indonesian), the reason for the officer.

Returns what is said, with how it stands in the queue below it."""


async def emergency(desk: Reports, ask_person: AskPerson) -> Reply:
    """110 and a person at once; a report that was being made is put aside."""
    if row := await drafting(desk):
        row.status = "paused"
        await touch(desk, row)
    fact = desk.knowledge.complaints.emergency
    refs = references(desk.knowledge, [fact.source])
    text = wording.EMERGENCY.format(fact=fact.text, source=source_line(refs))
    said = await ask_person(desk.session, desk.conversation, text, wording.REASON_EMERGENCY)
    return replace(said, sources=refs)
