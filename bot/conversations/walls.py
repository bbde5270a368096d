"""The offices whose people a signed-in person may see: the gate beside hiding.py that lists, counts and pages pass.

A conversation belongs to one office (`conversations.office`): the one that was meant last while the bot has it, or the
one that a person was asked of. Without one it stands in the common queue, which everybody sees, until it is taken: then
it is of the officer's office. bot/officers/models.py says which sight an officer has; nobody else decides that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, and_, literal, or_, select, text, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql import ColumnElement

from bot.conversations.models import Conversation


@dataclass(frozen=True, slots=True)
class Sight:
    """`offices`: ids of knowledge/offices, the own one first; None: all of them."""

    offices: tuple[str, ...] | None = None

    @property
    def values(self) -> dict[str, Any]:
        """For SQL that asks `OF_SIGHT` or `MINE`."""
        return {"sight": None if self.offices is None else list(self.offices)}

    def of(self, office: str | None) -> bool:
        """Whether what belongs to `office` is seen; what belongs to none ("") is common."""
        return self.offices is None or not office or office in self.offices

    def own(self, office: str | None) -> bool:
        """Whether it belongs to one of these offices; what belongs to none is only of those who see all."""
        return self.offices is None or office in self.offices

    def narrowed(self, asked: str) -> Sight:
        """Of a filter by office: never more than before."""
        if not asked:
            return self
        return Sight((asked,) if self.own(asked) else ())


ALL = Sight()

MINE = "(cast(:sight as text[]) is null or {office} = any(cast(:sight as text[])))"
"""SQL: whether `{office}` is one of the sight's; rows of no office count for those who see all."""
OF_SIGHT = """(cast(:sight as text[]) is null or {c}.office = any(cast(:sight as text[]))
    or ({c}.office = '' and {c}.owner <> 'officer'))"""
"""SQL: whether the conversation `{c}` is seen."""
MESSAGE = f"""exists (select from incoming_messages m join conversations c on c.id = m.conversation_id
    where m.id = u.message_id and {OF_SIGHT.format(c="c")})"""
"""SQL: whether the message that `u` was taken from is of a conversation that is seen."""

_SEEN = text(f"select c.id from conversations c where c.id = any(:ids) and {OF_SIGHT.format(c='c')}")  # noqa: S608
_BELONGS = text("update conversations set office = :office where id = :id and office <> :office")
_COMMON = text("update conversations set office = :office where id = :id and office = ''")


def seen(sight: Sight) -> ColumnElement[bool]:
    """Whether the query's conversation is seen."""
    if sight.offices is None:
        return true()
    common = and_(Conversation.office == "", Conversation.owner != "officer")
    return or_(mine(Conversation.office, sight), common)


def mine(office: InstrumentedAttribute[str] | ColumnElement[str], sight: Sight) -> ColumnElement[bool]:
    """Whether the column `office` is one of the sight's."""
    if sight.offices is None:
        return true()
    return office == literal(list(sight.offices), ARRAY(Text)).any_()


def seen_or_mine(office: InstrumentedAttribute[str], conversation: Any, sight: Sight) -> ColumnElement[bool]:
    """Of something in a conversation that may have an office of its own: that one counts, else the conversation's."""
    if sight.offices is None:
        return true()
    there = select(Conversation.id).where(Conversation.id == conversation, seen(sight)).exists()
    return or_(mine(office, sight), and_(office == "", there))


async def seen_of(session: AsyncSession, sight: Sight, conversations: Iterable[int]) -> set[int]:
    """Those of the conversations that are seen (and exist)."""
    ids = sorted(set(conversations))
    if not ids:
        return set()
    return set((await session.scalars(_SEEN, {"ids": ids, **sight.values})).all())


async def belongs(session: AsyncSession, conversation_id: int, office: str, *, if_common: bool = False) -> None:
    """From now on the conversation is this office's; with `if_common` only one that was nobody's."""
    if office:
        await session.execute(_COMMON if if_common else _BELONGS, {"id": conversation_id, "office": office})
