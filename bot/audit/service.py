"""Writing and reading the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
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
    before: int | None = None  # lines with smaller ids: the next page


def officer_actor(officer_id: int) -> str:
    return f"officer:{officer_id}"


async def note(
    session: AsyncSession, actor: str, action: str, subject: str = "", subject_id: int | None = None, **detail: Any
) -> None:
    """Adds a line to the audit log, in the caller's transaction. `detail`: plain JSON values, no personal data."""
    session.add(AuditLine(actor=actor, action=action, subject=subject, subject_id=subject_id, detail=detail))


async def note_read(session: AsyncSession, officer_id: int, subject: str, subject_id: int, now: datetime) -> None:
    """Writes down that an officer read a person's data: one line an officer, subject and hour."""
    actor, action = officer_actor(officer_id), f"{subject}.read"
    query = select(AuditLine.id).where(
        AuditLine.subject == subject,
        AuditLine.subject_id == subject_id,
        AuditLine.actor == actor,
        AuditLine.action == action,
        AuditLine.at >= now.replace(minute=0, second=0, microsecond=0),
    )
    if (await session.execute(query.limit(1))).first() is None:
        await note(session, actor, action, subject, subject_id)
        await session.flush()


async def lines(session: AsyncSession, wanted: AuditFilter, limit: int = PAGE) -> Sequence[AuditLine]:
    """The newest lines first."""
    query = select(AuditLine).order_by(AuditLine.id.desc()).limit(limit)
    if wanted.actor:
        query = query.where(AuditLine.actor == wanted.actor)
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
