"""Whatever the first message asks for, and whichever capability takes it, its answer tells the notice about data."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.models import Conversation
from bot.knowledge.load import get_knowledge
from tests.actions.chat import Chat


@pytest.mark.parametrize(
    "intent", ["greet", "help", "ask_cost", "complaint", "nlu_fallback", "talk_to_human", "ask_privacy"]
)
@pytest.mark.parametrize(
    "words",
    ["halo", "data saya", "hapus data saya", "saya mau bunuh diri", "buat laporan", "cek laporan saya", "PDU-1"],
)
async def test_the_first_answer_tells_the_notice(session: AsyncSession, words: str, intent: str) -> None:
    conversation = Conversation(channel="telegram", address="first")
    session.add(conversation)
    await session.flush()
    chat = Chat(session, get_knowledge(), conversation.id)
    said = await chat.say(words, intent, first=True)
    assert said.text.count(get_knowledge().privacy.notice.text) == 1
