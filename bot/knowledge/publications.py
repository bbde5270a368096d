"""Publications of an office: entries of the same shape as those in `knowledge/`, in the database.

The newest publication in effect decides an entry; an entry without content is withdrawn, one of a file included.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Text, UniqueConstraint, func, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, BigId, Created
from bot.storage.events import CHANNEL


class Publication(Base):
    """One publishing, all of it or nothing. `by` is a user name, `office` None for the whole installation."""

    __tablename__ = "publications"

    id: Mapped[BigId]
    at: Mapped[Created]
    by: Mapped[str] = mapped_column(Text)
    office: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    effective_on: Mapped[date] = mapped_column(Date)
    review_on: Mapped[date | None] = mapped_column(Date)
    undoes: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("publications.id"))


class PublishedEntry(Base):
    __tablename__ = "published_entries"
    __table_args__ = (
        UniqueConstraint("publication_id", "kind", "entry"),
        Index("ix_published_entries_kind_entry", "kind", "entry"),
    )

    id: Mapped[BigId]
    publication_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("publications.id"))
    kind: Mapped[str] = mapped_column(Text)
    entry: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any] | None]


Key = tuple[str, str]
"""Kind and id of an entry: ("services", "sukaraja-reklame")."""
Contents = Mapping[Key, dict[str, Any] | None]
Row = tuple[int, datetime]
"""A published entry, which never changes: its number, and when it was published (a restored database counts anew)."""


@dataclass(frozen=True, slots=True)
class Version:
    """Changes whenever what is in effect changes."""

    count: int = 0
    newest: int = 0


async def version(session: AsyncSession, today: date) -> Version:
    query = select(func.count(), func.coalesce(func.max(Publication.id), 0)).where(Publication.effective_on <= today)
    count, newest = (await session.execute(query)).one()
    return Version(count, newest)


async def rows_in_effect(
    session: AsyncSession, today: date, *, before: int | None = None, entries: Collection[str] | None = None
) -> dict[Key, Row]:
    """Where the content of every published entry stands as of `today`; arguments as of `in_effect`."""
    undone = select(Publication.undoes).where(Publication.undoes.is_not(None), Publication.effective_on <= today)
    if before is not None:
        undone = undone.where(Publication.id < before)
    query = (
        select(PublishedEntry.kind, PublishedEntry.entry, PublishedEntry.id, Publication.at)
        .join(Publication, Publication.id == PublishedEntry.publication_id)
        .where(Publication.effective_on <= today)
        .where(Publication.id.not_in(undone))  # one whose day has not come would else come after it was taken back
        .order_by(PublishedEntry.kind, PublishedEntry.entry, Publication.effective_on.desc(), Publication.id.desc())
        .ext(distinct_on(PublishedEntry.kind, PublishedEntry.entry))
    )
    if before is not None:
        query = query.where(Publication.id < before)
    if entries is not None:
        query = query.where(PublishedEntry.entry.in_(entries))
    return {(kind, entry): (number, at) for kind, entry, number, at in await session.execute(query)}


async def contents_at(session: AsyncSession, rows: Collection[Row]) -> dict[int, dict[str, Any] | None]:
    """The contents by the number of their row."""
    query = select(PublishedEntry.id, PublishedEntry.content).where(
        PublishedEntry.id.in_([number for number, _ in rows])
    )
    return dict(iter(await session.execute(query)))


async def in_effect(
    session: AsyncSession, today: date, *, before: int | None = None, entries: Collection[str] | None = None
) -> dict[Key, dict[str, Any] | None]:
    """The content of every published entry as of `today`; with `before`, as it stood before that publication.

    `entries`: only those with these ids.
    """
    rows = await rows_in_effect(session, today, before=before, entries=entries)
    contents = await contents_at(session, rows.values())
    return {key: contents[number] for key, (number, _) in rows.items()}


async def publish(session: AsyncSession, publication: Publication, contents: Contents) -> Publication:
    """Stores a publication in the caller's transaction; every process hears of it when that is committed."""
    session.add(publication)
    await session.flush()
    session.add_all(
        PublishedEntry(publication_id=publication.id, kind=kind, entry=entry, content=content)
        for (kind, entry), content in contents.items()
    )
    await session.flush()
    await session.execute(
        text("select pg_notify(:channel, :event)"),
        {"channel": CHANNEL, "event": json.dumps({"knowledge": publication.id})},
    )
    return publication


async def contents_of(session: AsyncSession, publication_id: int) -> dict[Key, dict[str, Any] | None]:
    query = select(PublishedEntry).where(PublishedEntry.publication_id == publication_id).order_by(PublishedEntry.id)
    return {(one.kind, one.entry): one.content for one in await session.scalars(query)}


async def history(session: AsyncSession, office: str | None, limit: int = 100) -> Sequence[Publication]:
    """The newest first; of one office, or of all."""
    query = select(Publication).order_by(Publication.id.desc()).limit(limit)
    if office is not None:
        query = query.where(Publication.office == office)
    return (await session.scalars(query)).all()
