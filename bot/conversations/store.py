"""Small durable things that channels need and that belong to no message."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from bot.conversations.models import WhatsAppContent
from bot.storage.database import Database


class Contents:
    """Twilio Content templates by the hash of what they show (the WhatsApp channel's `ContentStore`)."""

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
