"""The list of conversations: waiting, mine, all, closed; one query, whatever is filtered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

View = Literal["waiting", "mine", "all", "closed"]
PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations. Empty fields do not restrict.

    `search`: words of names, of what was written, an application's number, or the last digits of a telephone number.
    `officer`: whose "mine". `reason` is a handoff's kind. `region` is a region's office id in knowledge/offices.
    """

    view: View = "waiting"
    officer: int | None = None
    search: str = ""
    office: str = ""
    service: str = ""
    reason: str = ""
    team: int | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation of the list. Times are aware; `window_left` is None where the channel has no window.

    `owner`: bot, queue, officer; `owner_id` and `owner_name` are the officer's. `since`: since when it waits, or since
    when the officer has it. `unread`: the applicant's messages that nobody has opened. `viewers`: names.
    `kind` and `reason` are the handoff's ("" for a conversation the bot has).
    """

    conversation_id: int
    name: str
    channel: str
    last_text: str
    last_at: datetime
    owner: str
    owner_id: int | None
    owner_name: str
    kind: str
    reason: str
    office: str
    service: str
    team: str
    since: datetime | None
    lease_until: datetime | None
    window_left: timedelta | None
    unread: int
    held: int
    viewers: tuple[str, ...]

    @property
    def offer_template(self) -> bool:
        """Whether the window closes within the hour, or has closed."""
        return self.window_left is not None and self.window_left < timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Counts:
    """For the tabs and the title badge."""

    waiting: int
    mine: int
    mine_unread: int
    held: int
    mentions: int
    call_backs: int


async def inbox(session: AsyncSession, wanted: Wanted, now: datetime) -> list[Row]:
    """Up to PAGE + 1 rows (one more than a page: there is a next one), least window left first, then longest waiting.

    Closed ones: newest first.
    """
    raise NotImplementedError


async def counts(session: AsyncSession, officer_id: int | None, now: datetime) -> Counts:
    raise NotImplementedError
