"""A chat over the real knowledge, in a transaction that is rolled back."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.models import Conversation
from bot.knowledge.load import get_knowledge
from tests.actions.chat import Chat


@pytest.fixture
async def chat(session: AsyncSession) -> Chat:
    person = Conversation(channel="simulator", address="tindakan")
    session.add(person)
    await session.flush()
    return Chat(session, get_knowledge(), person.id)
