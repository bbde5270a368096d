"""`pandu handoffs`: the people who wait, from the command line. The console offers the same with more comfort."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.errors import CannotRun

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from bot.conversations.runtime import Runtime
    from bot.handoff.desk import Act, DeskError
    from bot.handoff.reading.inbox import Row


async def show(runtime: Any, most: int = 200) -> int:
    """Print one line a conversation that waits for a person, or has one; those that wait first."""
    from bot.audit.service import note_printed
    from bot.handoff.reading.inbox import PAGE, inbox
    from bot.handoff.reading.narrowing import InboxFilter

    now = datetime.now(UTC)
    found: list[Row] = []
    async with runtime.database.session() as session:
        for page in range(1, most // PAGE + 1):
            rows = await inbox(session, InboxFilter(view="open", page=page), now)
            found += rows[:PAGE]
            if len(rows) <= PAGE:
                break
        await note_printed(session, "conversation", [one.conversation_id for one in found], now)
    for item in sorted(found, key=lambda one: one.owner != "queue"):
        minutes = int((now - item.since).total_seconds() // 60) if item.since else 0
        name = item.name or "-"
        owner = item.owner_name or item.owner
        print(f"{item.conversation_id:>6}  {owner:<8} {minutes:>5} min  {item.channel:<10} {name}: {item.reason}")
        if item.asked:
            print(f"        {item.asked[:200]}")
    if not found:
        print("Nobody waits for a person.")
    return 0


async def reply(runtime: Any, conversation: int, text: str, username: str = "") -> int:
    """Take the conversation, where that is still to be done, and queue an officer's message."""
    from bot.handoff.answering.replying import reply as send
    from bot.handoff.desk import DeskError
    from bot.handoff.ownership.service import claim

    try:
        async with runtime.database.session() as session:
            desk = await _desk(session, runtime, username)
            await claim(desk, conversation, step_in=True)
            await send(desk, conversation, text)
    except DeskError as error:
        raise CannotRun(_sentence(error, conversation)) from None
    print(f"Sent. Conversation {conversation} is yours until you close it.")
    return 0


async def close(runtime: Any, conversation: int, username: str = "") -> int:
    """Let the bot answer again."""
    from bot.handoff.desk import DeskError
    from bot.handoff.ownership.service import give_back

    try:
        async with runtime.database.session() as session:
            await give_back(await _desk(session, runtime, username), conversation)
    except DeskError as error:
        raise CannotRun(_sentence(error, conversation)) from None
    print(f"Conversation {conversation} is the bot's again.")
    return 0


def _sentence(error: DeskError, conversation: int) -> str:
    """For the terminal, which speaks English."""
    from bot.handoff.desk import Closed, NoConversation, NotYours

    match error:
        case NoConversation():
            return f"There is no conversation {conversation}: see pandu handoffs list."
        case NotYours(owner=""):
            return f"Conversation {conversation} waits in the queue: nobody has it."
        case NotYours():
            return f"{error.owner} has conversation {conversation}."
        case Closed():
            return f"Conversation {conversation} is the bot's."
        case _:
            return error.why


async def _desk(session: AsyncSession, runtime: Runtime, username: str) -> Act:
    """Whose act it is: an officer's, or the command line's own."""
    from sqlalchemy import select

    from bot.handoff.desk import Act
    from bot.officers.models import Officer

    if not username:
        return Act(session, runtime)
    query = select(Officer).where(Officer.username == username.lower(), Officer.disabled_at.is_(None))
    officer = (await session.execute(query)).scalar_one_or_none()
    if officer is None:
        raise CannotRun(f"There is no officer {username}: see pandu officers list.")
    return Act(session, runtime, officer)
