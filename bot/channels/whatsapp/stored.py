"""The Twilio Content templates that the program created, in the database."""

from __future__ import annotations

from sqlalchemy import Text, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, Created
from bot.storage.database import Database


class WhatsAppContent(Base):
    """One template, by the hash of what it shows."""

    __tablename__ = "whatsapp_contents"

    hash: Mapped[str] = mapped_column(Text, primary_key=True)
    sid: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Created]


class StoredContents:
    """All of them (a `ContentStore`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, content_hash: str) -> str | None:
        async with self._database.session() as session:
            found = await session.execute(select(WhatsAppContent.sid).where(WhatsAppContent.hash == content_hash))
            return found.scalar_one_or_none()

    async def put(self, content_hash: str, sid: str) -> None:
        async with self._database.session() as session:
            made = insert(WhatsAppContent).values(hash=content_hash, sid=sid)
            await session.execute(made.on_conflict_do_update(index_elements=["hash"], set_={"sid": sid}))

    async def others(self, prefix: str) -> list[tuple[str, str]]:
        query = select(WhatsAppContent.hash, WhatsAppContent.sid).where(~WhatsAppContent.hash.startswith(prefix))
        async with self._database.session() as session:
            rows = await session.execute(query.order_by(WhatsAppContent.created_at))
            return [(key, sid) for key, sid in rows]

    async def drop(self, content_hash: str) -> None:
        async with self._database.session() as session:
            await session.execute(delete(WhatsAppContent).where(WhatsAppContent.hash == content_hash))
