"""The people behind Pandu as a turn sees them. The officers' desk (bot/handoff) fills it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import Reply

if TYPE_CHECKING:
    from bot.dialogue.client import Spoken, Understanding


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule that keeps the bot from answering alone: an officer says yes first, or a person answers."""

    act: Literal["approve", "hand_over"]
    rule_id: int


class People(Protocol):
    async def while_waiting(
        self, session: AsyncSession, conversation_id: int, message_id: int, payload: str, text: str
    ) -> list[Reply]:
        """What is said to a message of somebody who waits in the queue; none: nothing special."""
        ...

    async def back_to_bot(self, session: AsyncSession, conversation_id: int) -> None:
        """The applicant went back to the bot; the turn changes the owner in the same transaction, afterwards."""
        ...

    async def verdict(self, spoken: Spoken) -> Verdict | None:
        """Asked for every answer of the engine; must be quick."""
        ...

    async def hold(self, session: AsyncSession, conversation_id: int, message_id: int, verdict: Verdict) -> bool:
        """An answer to this message is being stored as "held", in the same transaction. False: it must go out, because
        the conversation waits for a person already."""
        ...

    async def hand_over(self, session: AsyncSession, conversation_id: int, understood: Understanding) -> Reply | None:
        """A person answers this instead; returns what the applicant is told. None: as for `hold`."""
        ...

    async def wrote(self, session: AsyncSession, conversation_id: int, kind: str, text: str) -> None:
        """Somebody who waits, or whom an officer has, wrote; the message is being stored in the same transaction."""
        ...
