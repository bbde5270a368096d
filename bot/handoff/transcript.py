"""A conversation as officers read it: what came in, what went out, notes and events, in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

PAGE = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `side`: "in" (applicant), "out" (us), "note" (only officers).

    `author`: applicant, bot, system, officer, note, event; `author_name` the officer's. `status`, `error` (Indonesian)
    and `can_resend` are of outgoing messages; `held_id` is set on an answer that waits for a yes. `buttons` as stored;
    a tapped button shows as its title in `text`. `files`: {"id", "kind", "filename", "media_type", "size", "error"} of
    attachments (incoming: stored file id, None until fetched; outgoing: the message's id).
    """

    side: Literal["in", "out", "note"]
    id: int
    at: datetime
    author: str
    author_name: str
    text: str
    status: str = ""
    error: str = ""
    can_resend: bool = False
    held_id: int | None = None
    buttons: tuple[dict[str, Any], ...] = ()
    sources: tuple[dict[str, Any], ...] = ()
    files: tuple[dict[str, Any], ...] = ()
    understood: dict[str, Any] | None = None

    @property
    def cursor(self) -> str:
        """For `before` and `after`."""
        return f"{self.at.isoformat()}~{self.side}~{self.id}"


async def messages(
    session: AsyncSession, conversation_id: int, before: str = "", after: str = "", limit: int = PAGE
) -> list[Entry]:
    """The newest `limit` entries, oldest first; older than the cursor `before`, or newer than `after`.

    Raises BadInput for a cursor that is none.
    """
    raise NotImplementedError


async def mark_read(session: AsyncSession, conversation_id: int, officer_id: int) -> None:
    """The owner has the newest messages before him: they no longer count as unread. Nothing for anybody else."""
    raise NotImplementedError
