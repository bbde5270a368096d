"""Writing and reading the audit log."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit.models import AuditLine

PAGE = 100


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which lines: empty fields do not restrict. `action` also matches as a beginning ("conversation.")."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    subject_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    actors: Collection[str] | None = None  # only what these did; None: anybody
    before: int | None = None  # lines with smaller ids: the next page


def officer_actor(officer_id: int) -> str:
    return f"officer:{officer_id}"


async def note(
    session: AsyncSession, actor: str, action: str, subject: str = "", subject_id: int | None = None, **detail: Any
) -> None:
    """Adds a line to the audit log, in the caller's transaction. `detail`: plain JSON values, no personal data."""
    session.add(AuditLine(actor=actor, action=action, subject=subject, subject_id=subject_id, detail=detail))


_LOOKS = text("""
insert into audit_lines (actor, action, subject, subject_id)
select cast(:actor as text), cast(:action as text), cast(:subject as text), one from unnest(cast(:ids as bigint[])) one
where one not in (
    select subject_id from audit_lines
    where actor = :actor and action = :action and subject = :subject and at >= :hour and subject_id is not null)
""")


async def note_read(session: AsyncSession, officer_id: int, subject: str, subject_id: int, now: datetime) -> None:
    """Writes down that an officer read a person's data: one line an officer, subject and hour."""
    await _note_looks(session, officer_actor(officer_id), f"{subject}.read", subject, [subject_id], now)


async def note_listed(
    session: AsyncSession, officer_id: int, subject: str, ids: Collection[int], now: datetime
) -> None:
    """Writes down that an officer saw a line of each in a list: one line an officer, subject and hour."""
    await _note_looks(session, officer_actor(officer_id), f"{subject}.listed", subject, ids, now)


async def note_printed(session: AsyncSession, subject: str, ids: Collection[int], now: datetime) -> None:
    """Writes down that a list was printed on the command line, where nobody knows who reads it."""
    await _note_looks(session, "command-line", f"{subject}.listed", subject, ids, now)


async def _note_looks(
    session: AsyncSession, actor: str, action: str, subject: str, ids: Collection[int], now: datetime
) -> None:
    hour = now.replace(minute=0, second=0, microsecond=0)
    line = {"actor": actor, "action": action, "subject": subject, "hour": hour}
    if ids:
        await session.execute(_LOOKS, {**line, "ids": sorted(set(ids))})


async def lines(session: AsyncSession, wanted: AuditFilter, limit: int = PAGE) -> Sequence[AuditLine]:
    """The newest lines first."""
    query = select(AuditLine).order_by(AuditLine.id.desc()).limit(limit)
    if wanted.actor:
        query = query.where(AuditLine.actor == wanted.actor)
    if wanted.actors is not None:
        query = query.where(AuditLine.actor.in_(wanted.actors))
    if wanted.action:
        query = query.where(AuditLine.action.startswith(wanted.action, autoescape=True))
    if wanted.subject:
        query = query.where(AuditLine.subject == wanted.subject)
    if wanted.subject_id is not None:
        query = query.where(AuditLine.subject_id == wanted.subject_id)
    if wanted.since is not None:
        query = query.where(AuditLine.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditLine.at < wanted.until)
    if wanted.before is not None:
        query = query.where(AuditLine.id < wanted.before)
    return (await session.scalars(query)).all()
