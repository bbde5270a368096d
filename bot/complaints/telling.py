"""News of a report that nobody asked for: from an officer, a connector or the calendar.

Who wants no news gets none (bot/conversations/optout.py): what has become of the report is told when they ask. That a
report could not be delivered is no news: the person has to choose another way, and nothing they sent may vanish.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.optout import wants_news
from bot.messages import Button

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime


async def tell(
    runtime: Runtime, session: AsyncSession, conversation_id: int, text: str, buttons: Sequence[Button]
) -> bool:
    """Puts the news into the outbox; False where the person wants none."""
    from bot.conversations.outbox import say

    if not await wants_news(session, conversation_id):
        return False
    await say(runtime, session, conversation_id, text, "system", list(buttons))
    return True
