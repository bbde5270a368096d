"""An act at the officers' desk, the errors it ends with, and how others hear of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit.service import note as audit
from bot.audit.service import officer_actor
from bot.conversations.walls import ALL, Sight
from bot.handoff import wording
from bot.handoff.models import Handoff, Note
from bot.officers.models import Officer, of_office
from bot.working_days import zone_of

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime


class DeskError(Exception):
    """An act that cannot be done. `why` is Indonesian, for the officer; `status` is the HTTP status that fits."""

    status = 409

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NoConversation(DeskError):
    """There is no such conversation, message, note …"""

    status = 404


class NotYours(DeskError):
    """Somebody else has the conversation; `owner` is that officer's name, "" when it waits in the queue."""

    def __init__(self, why: str, owner: str = "") -> None:
        super().__init__(why)
        self.owner = owner


class Closed(DeskError):
    """No officer has the conversation any more: the bot does."""


class WindowClosed(DeskError):
    """The channel's window is over: only a template may go out."""


class NotAllowed(DeskError):
    """The officer's role does not allow it."""

    status = 403


class BadInput(DeskError):
    """Empty, too long, the wrong kind of file …"""

    status = 422


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Act:
    """One act: in which transaction, with what, by whom, when. `officer` is None for the command line, and for Pandu
    itself, which `own` tells apart."""

    session: AsyncSession
    runtime: Runtime
    officer: Officer | None = None
    now: Callable[[], datetime] = utc_now
    own: bool = False

    def only_own(self, office: str) -> None:
        """Raises NotAllowed for what is another office's, or all offices'."""
        if self.officer is not None and not of_office(self.officer, office):
            raise NotAllowed(wording.OTHER_OFFICE)

    @property
    def officer_id(self) -> int | None:
        return self.officer.id if self.officer else None

    @property
    def actor(self) -> str:
        """As the audit log writes it."""
        return officer_actor(self.officer.id) if self.officer else "system" if self.own else "command-line"

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the officer's own office."""
        return zone_of(self.officer.office if self.officer else "", self.runtime.settings.timezone)

    @property
    def sight(self) -> Sight:
        """Which offices' people are seen; the command line sees all."""
        return self.officer.sight if self.officer else ALL

    @property
    def name(self) -> str:
        """As the applicant reads it."""
        return self.officer.name if self.officer else wording.SOMEBODY

    @property
    def supervises(self) -> bool:
        return self.officer is None or self.officer.role != "officer"

    async def record(self, action: str, conversation_id: int, event: str = "", **detail: Any) -> None:
        """A line in the audit log and, with `event` (Indonesian), one in the transcript that officers read."""
        await audit(self.session, self.actor, action, "conversation", conversation_id, **detail)
        if event:
            self.session.add(
                Note(conversation_id=conversation_id, officer_id=self.officer_id, kind="event", text=event)
            )

    async def note(self, action: str, subject: str, subject_id: int | None = None, **detail: Any) -> None:
        """A line in the audit log about something that is no conversation."""
        await audit(self.session, self.actor, action, subject, subject_id, **detail)


async def tell(session: AsyncSession, conversation_id: int, desk: str, **fields: Any) -> None:
    """Everybody's pages hear of it when the transaction is committed: `{"conversation": 17, "desk": "claimed", …}`.

    `desk` is one of waiting, claimed, released, transferred, taken-over, given-back, closed, lease, note, looking,
    typing, held, decided, call-back, replied, labelled, snoozed, assigned. Changes of owner carry `owner` ("bot",
    "queue", "officer") and `officer` (id or None); `sound` is true where officers should hear it; `to` is the one
    officer it is meant for.
    """
    event = {"conversation": conversation_id, "desk": desk, **fields}
    await session.execute(text("select pg_notify('pandu_events', :event)"), {"event": json.dumps(event)})


async def open_handoff(session: AsyncSession, conversation_id: int, *, lock: bool = False) -> Handoff | None:
    """The conversation's open handoff; with `lock`, nobody else changes it until the transaction ends."""
    query = select(Handoff).where(Handoff.conversation_id == conversation_id, Handoff.closed_at.is_(None))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()
