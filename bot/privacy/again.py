"""Erasing again: a database that was restored from a backup holds people who were erased since."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import select

from bot.audit.service import note
from bot.conversations.erased import person_hashes
from bot.conversations.models import Conversation
from bot.privacy.erase import NOBODY, remove
from bot.privacy.erased_list import noted
from bot.privacy.service import is_held
from bot.settings import Settings
from bot.storage.database import Database

log = structlog.get_logger()


async def erase_again(database: Database, settings: Settings) -> int:
    """Erases who is noted as erased and was there before that; returns how many. Nothing where a hold forbids it."""
    erased = noted(settings.data_dir)
    if not erased:
        return 0
    async with database.session() as session:
        query = select(Conversation.id, Conversation.channel, Conversation.address, Conversation.created_at).where(
            Conversation.channel != NOBODY, Conversation.created_at < max(erased.values())
        )
        back = [row.id for row in await session.execute(query) if _is_back(erased, *row[1:])]
    count = 0
    for conversation_id in back:
        async with database.session() as session:
            found = await session.get(Conversation, conversation_id, with_for_update=True)
            if found is None or await is_held(session, conversation_id):
                continue
            await remove(session, settings.files_dir, conversation_id)
            await note(session, "system", "privacy.erased-again", "conversation", conversation_id)
            count += 1
    if count:
        log.warning("erased again what a backup had brought back", conversations=count)
    return count


def _is_back(erased: dict[str, datetime], channel: str, address: str, created_at: datetime) -> bool:
    return any(created_at < erased[key] for key in person_hashes(channel, address) if key in erased)
