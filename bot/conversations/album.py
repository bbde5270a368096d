"""Files that come together, as one message: they get one answer.

Some channels send an album as messages with one group; others send one message a file, so there a file that soon
follows another one counts as its continuation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from bot.conversations.files import KEPT_KINDS
from bot.conversations.jobs import RetryLater

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

SETTLED = 1.5  # seconds without a further file after which an album is complete
SOON = 60.0  # seconds after a file within which the next one needs no answer of its own

_BEFORE = text("""
select attachments, received_at from incoming_messages
where conversation_id = :id and id < :message order by id desc limit 1
""")


def of(pending: Sequence[Any]) -> list[Any]:
    """The first message with those of the same album right after it. Raises RetryLater while more may come."""
    group = _group(pending[0])
    if not group:
        return [pending[0]]
    together = []
    for row in pending:
        if _group(row) != group:
            break
        together.append(row)
    age = (datetime.now(UTC) - together[-1].received_at).total_seconds()
    if age < SETTLED and len(together) == len(pending):
        raise RetryLater(SETTLED - age)
    return together


def as_one(together: Sequence[Any]) -> Any:
    """The first message, with what is written under any of them; `others`: the further files."""
    if len(together) == 1:
        return together[0]
    words = dict.fromkeys(row.text for row in together if row.text.strip())
    others = [file for row in together[1:] for file in row.attachments]
    return SimpleNamespace(**(together[0]._asdict() | {"text": "\n".join(words), "others": others}))


def kinds(row: Any) -> list[str]:
    """The kinds of the files that are kept."""
    files = [*row.attachments, *getattr(row, "others", ())]
    return [file["kind"] for file in files if file["kind"] in KEPT_KINDS]


async def follows(runtime: Runtime, conversation_id: int, row: Any) -> bool:
    """Whether this file came soon after another one, whose answer was for both."""
    found = await runtime.database.run(_BEFORE, {"id": conversation_id, "message": row.id})
    if not found or not any(file["kind"] in KEPT_KINDS for file in found[0].attachments):
        return False
    return bool((row.received_at - found[0].received_at).total_seconds() < SOON)


def _group(row: Any) -> str:
    return next((str(file["group"]) for file in row.attachments if file.get("group")), "")
