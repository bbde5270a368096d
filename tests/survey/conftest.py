"""A person who was invited to the survey, over the real knowledge, in a transaction that is rolled back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.models import Conversation
from bot.knowledge.load import get_knowledge
from bot.survey.models import Survey
from bot.survey.service import invite
from tests.actions.chat import Chat
from tests.conversations.conftest import channel, engine, runtime

__all__ = ["channel", "engine", "runtime"]


@pytest.fixture
async def chat(session: AsyncSession) -> Chat:
    person = Conversation(channel="simulator", address="survei")
    session.add(person)
    await session.flush()
    return Chat(session, get_knowledge(), person.id)


@pytest.fixture
async def invited(chat: Chat) -> Survey:
    return await invited_to(chat.session, chat.conversation, 1)


async def invited_to(session: AsyncSession, conversation: int, occasion_id: int, **values: object) -> Survey:
    """An invitation that has been sent just now."""
    assert await invite(session, conversation, "handoff", occasion_id)
    row = (await session.scalars(select(Survey).order_by(Survey.id.desc()).limit(1))).one()
    row.status, row.invited_at = "invited", datetime.now(UTC)
    for name, value in values.items():
        setattr(row, name, value)
    await session.flush()
    return row
