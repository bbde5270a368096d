"""One conversation as the page above its transcript says it: who, where from, who has it, for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.hiding import NAME, hiding
from bot.conversations.models import Conversation
from bot.handoff import wording
from bot.handoff.desk import NoConversation
from bot.handoff.models import Handoff
from bot.handoff.ownership.service import introduction
from bot.handoff.reading.packet import shown_address
from bot.handoff.window import window_left
from bot.officers.models import Officer, Team


@dataclass(frozen=True, slots=True)
class Heading:
    """`owner`: bot, queue, officer; `owner_id` and `owner_name` are the officer's. `address`: masked, "" for no number.

    `kind`, `reason`, `office`, `service`, `team` and `since` (waiting, or with the officer, since) are the open
    handoff's: "" and None where the bot has the conversation. `window_left` is None where the channel has no window.
    """

    id: int
    name: str
    channel: str
    address: str
    owner: str
    owner_id: int | None
    owner_name: str
    kind: str
    reason: str
    office: str
    service: str
    team: str
    since: datetime | None
    lease_until: datetime | None
    snoozed_until: datetime | None
    window_left: timedelta | None
    introduced: str  # what the applicant reads before the first reply of who has it; "": nothing
    no_news: str  # "asked": wants no news and surveys, "blocked": has blocked us


async def heading(session: AsyncSession, conversation_id: int, now: datetime) -> Heading:
    """Raises NoConversation."""
    query = (
        select(Conversation, Handoff, Officer.name, Team.name, hiding())
        .outerjoin(Handoff, (Handoff.conversation_id == Conversation.id) & Handoff.closed_at.is_(None))
        .outerjoin(Officer, Officer.id == Handoff.officer_id)
        .outerjoin(Team, Team.id == Handoff.team_id)
        .where(Conversation.id == conversation_id)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NoConversation(wording.UNKNOWN)
    conversation, handoff, officer, team, hides = row
    address = shown_address(conversation.channel, conversation.address)
    return Heading(
        id=conversation.id,
        name=NAME if hides else conversation.profile_name,
        channel=conversation.channel,
        address="" if hides else address,
        owner=conversation.owner,
        owner_id=handoff.officer_id if handoff else None,
        owner_name=officer or "",
        kind=handoff.kind if handoff else "",
        reason=handoff.reason if handoff else "",
        office=handoff.office if handoff else "",
        service=handoff.service if handoff else "",
        team=team or "",
        since=(handoff.owned_at or handoff.asked_at or handoff.queued_at) if handoff else None,
        lease_until=handoff.lease_until if handoff else None,
        snoozed_until=handoff.snoozed_until
        if handoff and handoff.snoozed_until and handoff.snoozed_until > now
        else None,
        window_left=window_left(conversation.channel, conversation.last_incoming_at, now),
        introduced=introduction(handoff, officer) if handoff and officer else "",
        no_news=conversation.no_news,
    )
