"""Keys that all processes share and that must not change: made once, kept in the database, encrypted."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Text, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, BigId, Created
from bot.storage.encrypted import Encrypted


class SharedKey(Base):
    """One key, by the name of what it is for."""

    __tablename__ = "shared_keys"

    id: Mapped[BigId]
    name: Mapped[str] = mapped_column(Text, unique=True)
    secret: Mapped[str] = mapped_column(Encrypted)
    created_at: Mapped[Created]


async def shared_key(session: AsyncSession, name: str, make: Callable[[], str]) -> str:
    """The key of this name; the first who asks makes it."""
    query = select(SharedKey.secret).where(SharedKey.name == name)
    found = await session.scalar(query)
    if found is None:
        await session.execute(insert(SharedKey).values(name=name, secret=make()).on_conflict_do_nothing())
        found = await session.scalar(query)
    assert found is not None
    return found
