"""Messages too late to be of use: they are given up, and the person is told what was missed.

An answer is of use for some hours; an officer's words and news for some days. The notice about data is never given up.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import text

from bot import metrics
from bot.conversations import wording

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from bot.conversations.runtime import Runtime

log = structlog.get_logger()

OF_USE = {"bot": timedelta(hours=6), "system": timedelta(hours=72), "officer": timedelta(hours=72)}
CODE = "too_late"
TOKEN = "missed:"  # noqa: S105  no secret: begins the reply token of what is said of missed messages
MOST_QUESTIONS = 3
LONGEST_QUESTION = 80  # characters

# What an officer's talk suppresses anyway is left to the outbox.
_DROP = text("""
with late as (
    select o.id from outgoing_messages o join conversations c on c.id = o.conversation_id
    where o.conversation_id = :id and o.status in ('pending', 'sending')
        and o.created_at < now() - (case when o.author = 'bot' then cast(:bot as interval) else :others end)
        and not (o.author = 'bot' and c.owner = 'officer')
    for update of o
)
update outgoing_messages o set status = 'failed', error_code = :code, error = :why, next_at = null
from late where o.id = late.id
returning o.id, o.author, o.text, o.in_reply_to, o.reply_token, o.created_at
""")
_ASKED = text("""
select text from incoming_messages
where id = any(:ids) and kind = 'text' and text <> '' and report_id is null and not answered_privately
order by id desc limit :most
""")


def is_late(row: Any) -> bool:
    """Whether a message that waits (with `author` and `created_at`) is of no use any more."""
    return bool(datetime.now(UTC) - row.created_at > OF_USE[row.author])


async def drop(runtime: Runtime, session: AsyncSession, conversation_id: int) -> tuple[str, int, int | None] | None:
    """Gives up what is late. Returns what the person is told, the id of the first missed message and of the newest
    question; None: there is nothing (new) to tell.
    """
    given = {
        "id": conversation_id,
        "bot": OF_USE["bot"],
        "others": OF_USE["officer"],
        "code": CODE,
        "why": wording.TOO_LATE,
    }
    rows = sorted((await session.execute(_DROP, given)).all(), key=lambda one: one.id)
    if rows:
        log.error("messages waited too long for their provider", conversation=conversation_id, count=len(rows))
        metrics.sent.labels("late", "failed").inc(len(rows))
    missed = [one for one in rows if not one.reply_token.startswith(TOKEN)]
    if not missed:
        return None
    asked = sorted({one.in_reply_to for one in missed if one.in_reply_to is not None})
    found = await session.execute(_ASKED, {"ids": asked, "most": MOST_QUESTIONS})
    questions = [_short(one.text) for one in reversed(found.all())]
    said = wording.missed(questions, officers=any(one.author == "officer" for one in missed))
    notice = runtime.notice() if runtime.notice is not None else None
    if notice is not None and any(notice.sentence in one.text for one in missed):
        said = notice.before(said)
    return said, missed[0].id, asked[-1] if asked else None


def _short(words: str) -> str:
    one_line = " ".join(words.split())
    return one_line if len(one_line) <= LONGEST_QUESTION else one_line[: LONGEST_QUESTION - 1].rstrip() + "…"
