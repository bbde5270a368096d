"""Officers who look at a conversation, and replies that are not finished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.handoff.desk import Act, tell
from bot.handoff.models import Draft, Viewer
from bot.handoff.ownership.service import renew
from bot.officers.models import Officer, OfficerSession

FRESH = timedelta(seconds=45)
"""A page says every 20 seconds that it is open; after this time without a word nobody looks any more."""
HERE = timedelta(minutes=3)
"""An open page asks at least once a minute, which is written down once a minute."""
TYPING = timedelta(seconds=8)
MAX_DRAFT = 20_000


@dataclass(frozen=True, slots=True)
class Looking:
    officer_id: int
    name: str
    typing: bool


async def look(desk: Act, conversation_id: int, *, typing: bool = False) -> list[Looking]:
    """Notes that the officer has the conversation open (call it every 20 s); returns who else has.

    Opening a page is no act: it does not renew the lease.
    """
    now = desk.now()
    before = await _others(desk, conversation_id, itself=True)
    values = {"seen_at": now} | ({"typing_at": now} if typing else {})
    seen = insert(Viewer).values(conversation_id=conversation_id, officer_id=desk.officer_id, **values)
    await desk.session.execute(
        seen.on_conflict_do_update(index_elements=["conversation_id", "officer_id"], set_=values)
    )
    was = next((one for one in before if one.officer_id == desk.officer_id), None)
    if was is None or (typing and not was.typing):
        await tell(desk.session, conversation_id, "typing" if typing else "looking", by=desk.officer_id)
    return [one for one in before if one.officer_id != desk.officer_id]


async def here(session: AsyncSession, now: datetime) -> set[int]:
    """The officers who are at the console: a page of theirs asked for something a little while ago."""
    asked = select(OfficerSession.officer_id).where(
        OfficerSession.confirmed, OfficerSession.revoked_at.is_(None), OfficerSession.seen_at > now - HERE
    )
    looking = select(Viewer.officer_id).where(Viewer.seen_at > now - FRESH)
    return set((await session.scalars(asked.union(looking))).all())


async def leave(desk: Act, conversation_id: int) -> None:
    """The officer closed the page."""
    gone = delete(Viewer).where(Viewer.conversation_id == conversation_id, Viewer.officer_id == desk.officer_id)
    if (await desk.session.execute(gone.returning(Viewer.officer_id))).first() is not None:
        await tell(desk.session, conversation_id, "looking", by=desk.officer_id)


async def viewers(desk: Act, conversation_id: int) -> list[Looking]:
    """Who else has the conversation open now."""
    return await _others(desk, conversation_id)


async def save_draft(desk: Act, conversation_id: int, text: str) -> None:
    """Keeps what is written so far (an empty text removes it). An act: renews the lease of the conversation's owner."""
    if not text.strip():
        await forget_draft(desk, conversation_id)
        return
    values = {"text": text[:MAX_DRAFT], "updated_at": desk.now()}
    kept = insert(Draft).values(officer_id=desk.officer_id, conversation_id=conversation_id, **values)
    await desk.session.execute(
        kept.on_conflict_do_update(index_elements=["officer_id", "conversation_id"], set_=values)
    )
    await renew(desk, conversation_id)


async def draft(desk: Act, conversation_id: int) -> str:
    """What the officer had written; "" when nothing."""
    query = select(Draft.text).where(Draft.officer_id == desk.officer_id, Draft.conversation_id == conversation_id)
    return (await desk.session.execute(query)).scalar_one_or_none() or ""


async def forget_draft(desk: Act, conversation_id: int) -> None:
    await desk.session.execute(
        delete(Draft).where(Draft.officer_id == desk.officer_id, Draft.conversation_id == conversation_id)
    )


async def _others(desk: Act, conversation_id: int, *, itself: bool = False) -> list[Looking]:
    now = desk.now()
    query = (
        select(Officer.id, Officer.name, Viewer.typing_at)
        .join(Viewer, Viewer.officer_id == Officer.id)
        .where(Viewer.conversation_id == conversation_id, Viewer.seen_at > now - FRESH)
        .order_by(Officer.name)
    )
    if not itself and desk.officer_id is not None:
        query = query.where(Officer.id != desk.officer_id)
    rows = (await desk.session.execute(query)).all()
    return [Looking(one.id, one.name, bool(one.typing_at and one.typing_at > now - TYPING)) for one in rows]
