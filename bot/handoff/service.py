"""Who has a conversation: from the bot to a person, between persons, and back.

`conversations.owner` is the one truth about who speaks; the open row of `handoffs` says which officer. Both change in
one statement, always the handoff first, so that two acts at once wait for each other and the second sees what the
first did. Nothing is committed here.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.handoff.desk import Desk
from bot.handoff.models import Kind


async def request_person(
    session: AsyncSession,
    conversation_id: int,
    reason: str,
    *,
    kind: Kind = "requested",
    office: str = "",
    service: str = "",
) -> bool:
    """Puts the conversation into the queue. Asking again changes nothing; True when it was put there now."""
    raise NotImplementedError


async def claim(desk: Desk, conversation_id: int, *, step_in: bool = False) -> None:
    """Takes a conversation out of the queue; with `step_in` also one that the bot has.

    One statement: of many officers at once exactly one gets it. Raises NotYours (with the name of who has it), Closed
    (the bot has it again) and NoConversation. Claiming what one has already renews the lease.
    """
    raise NotImplementedError


async def release(desk: Desk, conversation_id: int) -> None:
    """Back into the queue, for a colleague. Raises NotYours, Closed."""
    raise NotImplementedError


async def transfer(
    desk: Desk, conversation_id: int, note: str, *, officer_id: int | None = None, team_id: int | None = None
) -> None:
    """To a colleague (who has it at once, with a fresh lease) or to a team's queue, with a note for whoever takes it.

    By the owner or a supervisor. Raises NotYours, Closed, BadInput (no note; not exactly one of the two; no such
    officer or team).
    """
    raise NotImplementedError


async def take_over(desk: Desk, conversation_id: int) -> None:
    """A supervisor takes a colleague's conversation. Raises NotAllowed, Closed."""
    raise NotImplementedError


async def give_back(desk: Desk, conversation_id: int) -> None:
    """The bot goes on, and knows what was said. By the owner or a supervisor. Raises NotYours, Closed."""
    raise NotImplementedError


async def close(desk: Desk, conversation_id: int) -> None:
    """Solved: the same, and the applicant is thanked."""
    raise NotImplementedError


async def renew(desk: Desk, conversation_id: int) -> datetime | None:
    """An act of the owner: the lease runs anew. Returns until when; None for anybody else."""
    raise NotImplementedError


async def watch_leases(desk: Desk) -> tuple[int, int]:
    """The periodic job: warns two minutes before, returns to the queue what is over. Returns how many of each."""
    raise NotImplementedError


async def back_to_bot(session: AsyncSession, conversation_id: int, now: datetime) -> None:
    """The applicant went back to the bot by a button: the handoff is closed. The turn changes the owner."""
    raise NotImplementedError


LEASE_WARNING = timedelta(minutes=2)
