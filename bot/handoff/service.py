"""From the bot to a person and back. The owner column of a conversation is the one truth about who speaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.models import Conversation, Incoming
from bot.handoff.models import Handoff


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation that waits for a person or has one. `last_text` is the applicant's newest message."""

    conversation_id: int
    channel: str
    name: str
    owner: str
    reason: str
    since: datetime
    last_text: str


async def request_person(session: AsyncSession, conversation_id: int, reason: str) -> None:
    """Put the conversation into the queue. Asking twice changes nothing."""
    changed = await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.owner == "bot")
        .values(owner="queue")
        .returning(Conversation.id)
    )
    if changed.first() is not None:
        session.add(Handoff(conversation_id=conversation_id, reason=reason[:200]))


async def waiting(session: AsyncSession) -> list[Waiting]:
    """All conversations that a person owns or should take, longest waiting first."""
    last_text = (
        select(Incoming.text)
        .where(Incoming.conversation_id == Conversation.id, Incoming.text != "")
        .order_by(Incoming.id.desc())
        .limit(1)
        .correlate(Conversation)
        .scalar_subquery()
    )
    newest = (
        select(Handoff.id)
        .where(Handoff.conversation_id == Conversation.id)
        .order_by(Handoff.id.desc())
        .limit(1)
        .correlate(Conversation)
        .scalar_subquery()
    )
    query = (
        select(Conversation, Handoff.reason, Handoff.created_at, last_text)
        .join(Handoff, Handoff.id == newest)
        .where(Conversation.owner != "bot")
        .order_by(Handoff.created_at)
    )
    return [
        Waiting(
            conversation.id,
            conversation.channel,
            conversation.profile_name,
            conversation.owner,
            reason,
            since,
            text or "",
        )
        for conversation, reason, since, text in (await session.execute(query)).all()
    ]


async def take(session: AsyncSession, conversation_id: int) -> bool:
    """An officer takes the conversation; from now on the bot is silent. False when there is no such conversation."""
    return await _own(session, conversation_id, "officer")


async def give_back(session: AsyncSession, conversation_id: int) -> bool:
    """The bot answers again."""
    return await _own(session, conversation_id, "bot")


async def _own(session: AsyncSession, conversation_id: int, owner: str) -> bool:
    changed = await session.execute(
        update(Conversation).where(Conversation.id == conversation_id).values(owner=owner).returning(Conversation.id)
    )
    return changed.first() is not None
