"""A threat in any message: the number to call, a person at once, no more questions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers.text import references, source_line
from bot.complaints import wording
from bot.complaints.desk import Desk, drafting, touch
from bot.messages import Button, Reply

RequestPerson = Callable[[AsyncSession, int, str], Awaitable[None]]
"""Hands the conversation to a person: session, conversation id, reason (Indonesian, for the officer)."""


async def emergency(desk: Desk, request_person: RequestPerson) -> Reply:
    """110 and a person at once; a report that was being made is put aside."""
    if row := await drafting(desk):
        row.status = "paused"
        await touch(desk, row)
    fact = desk.knowledge.complaints.emergency
    refs = references(desk.knowledge, [fact.source])
    text = wording.EMERGENCY.format(fact=fact.text, source=source_line(refs))
    await request_person(desk.session, desk.conversation, wording.REASON_EMERGENCY)
    return Reply(text, (Button("Kembali ke Pandu", "/back_to_bot"),), refs)
