"""Several conversations of one person: joined by the code that is carried from one chat to the other, or by hand.

Only a code proves anything: what one chat may see, the other may see only where codes have joined them. What officers
join is for officers to read. A conversation that hides whose it is stands alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql import Select

from bot.conversations.hiding import HIDES, hides
from bot.conversations.models import Conversation, Person
from bot.conversations.walls import belongs

MOST = 20  # conversations of one person
MAX_NAME = 120


class CannotJoin(Exception):
    """The conversations stay apart; `said` is the reason for officers."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


async def join(session: AsyncSession, one: int, other: int, how: str) -> None:
    """From now on both are one person's (`how`: "code" or "officer"). Raises CannotJoin."""
    ids = sorted({one, other})
    rows = {
        row.id: row
        for row in await session.scalars(
            select(Conversation).where(Conversation.id.in_(ids)).order_by(Conversation.id).with_for_update()
        )
    }
    if len(rows) < 2:
        raise CannotJoin("Percakapan itu tidak ada.")
    if await hides(session, one) or await hides(session, other):
        raise CannotJoin("Percakapan itu tidak dapat digabungkan.")
    first, second = rows[one], rows[other]
    if first.person_id is None or first.person_id != second.person_id:
        await _merge(session, first, second)
    if how == "code":
        await _prove(session, first, second)
    await session.flush()
    for row, source in ((first, second), (second, first)):
        await belongs(session, row.id, source.office, if_common=True)


async def _merge(session: AsyncSession, first: Conversation, second: Conversation) -> None:
    known = first.person_id or second.person_id
    if known is None:
        person = Person()
        session.add(person)
        await session.flush()
        known = person.id
    gone = second.person_id if second.person_id not in (None, known) else None
    count = select(func.count()).where(Conversation.person_id.in_([known, gone]))
    if int((await session.execute(count)).scalar_one()) >= MOST:
        raise CannotJoin(f"Paling banyak {MOST} percakapan untuk satu orang.")
    if gone is not None:
        await session.execute(update(Conversation).where(Conversation.person_id == gone).values(person_id=known))
        await session.execute(delete(Person).where(Person.id == gone))
    first.person_id = second.person_id = known


async def _prove(session: AsyncSession, first: Conversation, second: Conversation) -> None:
    known = {one.proof for one in (first, second)} - {None}
    first.proof = second.proof = proof = min(first.id, second.id)
    await session.flush()
    change = update(Conversation).where(Conversation.proof.in_(known), Conversation.person_id == first.person_id)
    await session.execute(change.values(proof=proof))


async def part(session: AsyncSession, conversation_id: int) -> None:
    """The conversation is somebody else's again."""
    row = await session.get(Conversation, conversation_id)
    if row is None or row.person_id is None:
        return
    person, row.person_id, row.proof = row.person_id, None, None
    await session.flush()
    left = list(await session.scalars(select(Conversation).where(Conversation.person_id == person)))
    if len(left) < 2:
        for one in left:
            one.person_id = one.proof = None
        await session.flush()
        await session.execute(delete(Person).where(Person.id == person))


async def chats_of(session: AsyncSession, conversation_id: int) -> list[Conversation]:
    """All conversations of the person, this one first, then the newest; none that hides whose it is but itself."""
    this = await session.get(Conversation, conversation_id)
    if this is None:
        return []
    if this.person_id is None or await hides(session, this.id):
        return [this]
    query = (
        select(Conversation)
        .where(Conversation.person_id == this.person_id, Conversation.id != this.id)
        .where(text(f"not {HIDES.format(conversation='conversations.id')}"))
        .order_by(Conversation.last_incoming_at.desc(), Conversation.id)
    )
    return [this, *await session.scalars(query)]


def proved(conversation_id: int) -> Select[int]:
    """Ids of the person's other conversations that codes have joined with this one."""
    this = aliased(Conversation)
    return (
        select(Conversation.id)
        .join(this, (this.proof == Conversation.proof) & (this.person_id == Conversation.person_id))
        .where(this.id == conversation_id, Conversation.id != conversation_id)
    )


async def rename(session: AsyncSession, conversations: Sequence[Conversation], name: str) -> None:
    """The name that officers read; "" goes back to the one that the channel says."""
    name = " ".join(name.split())[:MAX_NAME]
    for one in conversations:
        said = one.profile_name if one.channel_name is None else one.channel_name
        one.profile_name, one.channel_name = (name, said) if name else (said, None)
    await session.flush()
