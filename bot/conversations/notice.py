"""The notice about data, read with the first reply, whatever the first message is and whoever answers it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import Reply


@dataclass(frozen=True, slots=True)
class Notice:
    """`text`: who speaks, what happens with data, where it is explained. `sentence`: what of it must be read."""

    version: int
    sentence: str
    text: str

    def told(self, replies: Iterable[Reply]) -> bool:
        return any(self.sentence in one.text for one in replies)

    def before(self, words: str) -> str:
        return f"{self.text}\n\n{words}"


_NOTED = text("""
with introduced as (
    update conversations set introduced_at = coalesce(introduced_at, now()) where id = :id returning id
)
insert into privacy_notices (conversation_id, version, message_id)
select id, :version, :message from introduced on conflict do nothing
""")


async def note_told(session: AsyncSession, conversation_id: int, notice: Notice, message: Any) -> None:
    """Records that the notice is told with the answer to an incoming message; the first time counts."""
    await session.execute(_NOTED, {"id": conversation_id, "version": notice.version, "message": message})
