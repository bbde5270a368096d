"""Wishes for no news and no surveys, in whatever way they were said; answers to one's own questions go on.

A provider's STOP and START, a block, a provider's "opted out", and people's own words (stop_words.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations import stop_words
from bot.messages import command_payload

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

Wish = Literal["", "stop", "start"]
BY_PROVIDER = "news:"
"""Begins the payload of a typed STOP or START that the provider has understood itself."""
BLOCKED_CODES = frozenset({"21610", "63014", "63033", "403"})
"""What providers answer when the person has blocked us or opted out at theirs."""

# A bare "stop" ends what is under way; only where nothing is, it is about us.
_BUSY = text("""
select exists (select from guide_progress where conversation_id = :id and status = 'active')
    or exists (select from complaints where conversation_id = :id and status = 'drafting')
    or exists (select from surveys where conversation_id = :id and status = 'answering') as busy
""")
_NOTE = text("""
update conversations set no_news = :why where id = :id and no_news <> :why and (:why <> 'blocked' or no_news = '')
""")
_UNBLOCKED = text("update conversations set no_news = '' where id = :id and no_news = 'blocked'")


async def meant(runtime: Runtime, conversation_id: int, row: Any) -> Wish:
    """What a typed message wants, with what is under way."""
    if row.kind not in ("text", "payload") or row.attachments:
        return ""
    if row.payload.startswith(BY_PROVIDER):
        return "stop" if row.payload == f"{BY_PROVIDER}stop" else "start"
    if row.forwarded:  # somebody else's words
        return ""
    if (row.payload or command_payload(row.text)) not in ("", "/start"):
        return ""  # "/berhenti" ends the guide, and says so in the menu
    said = stop_words.said(row.text)
    if row.no_news and (row.payload == "/start" or said == "start"):
        return "start"
    if said == "perhaps":
        busy = (await runtime.database.run(_BUSY, {"id": conversation_id}))[0].busy
        return "" if busy else "stop"
    return "stop" if said == "stop" else ""


async def note(runtime: Runtime, conversation_id: int, why: Literal["", "asked", "blocked"]) -> None:
    """From now on: no news because of `why`, or news again. Having asked outweighs a block."""
    await runtime.database.run(_NOTE, {"id": conversation_id, "why": why})


async def unblocked(runtime: Runtime, conversation_id: int) -> None:
    """The person can be written to again; who asked for no news still gets none."""
    await runtime.database.run(_UNBLOCKED, {"id": conversation_id})


async def wants_news(session: AsyncSession, conversation_id: int) -> bool:
    """Whether news and surveys may be sent to this conversation."""
    found = text("select no_news from conversations where id = :id")
    return (await session.execute(found, {"id": conversation_id})).scalar_one_or_none() == ""
