"""Proposals to mend the knowledge: kept, changed without losing anybody's work, published with a supervisor's yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit.service import note
from bot.knowledge import publishing
from bot.knowledge.load import KnowledgeError
from bot.knowledge.models import Knowledge
from bot.knowledge.publications import Publication
from bot.standards.mending import CannotMend, entries_of, place_of, read
from bot.standards.problems import in_indonesian
from bot.standards.service import DraftError, Overtaken
from bot.standards.tables import Proposal

MOST = 200


async def propose(
    session: AsyncSession,
    kind: str,
    content: Mapping[str, Any],
    title: str,
    actor: str,
    by: str,
    today: date,
    conversation_id: int | None = None,
) -> Proposal:
    """Raises `DraftError`: of what could never be published nothing is kept."""
    known = await publishing.knowledge_with(session, {}, today)
    row = Proposal(
        kind=kind,
        content=_checked(known, kind, content),
        office=_place(known, kind, content),
        title=" ".join(title.split())[:120],
        changed_by=by,
        conversation_id=conversation_id,
    )
    session.add(row)
    await session.flush()
    await note(session, actor, "knowledge.proposed", "proposal", row.id, kind=kind, office=row.office)
    return row


async def waiting(session: AsyncSession) -> Sequence[Proposal]:
    """Those that nobody decided, the oldest first."""
    query = select(Proposal).where(Proposal.publication_id.is_(None), Proposal.declined_at.is_(None))
    return (await session.scalars(query.order_by(Proposal.id).limit(MOST))).all()


async def decided(session: AsyncSession, limit: int = 30) -> Sequence[Proposal]:
    query = select(Proposal).where(Proposal.publication_id.is_not(None) | Proposal.declined_at.is_not(None))
    return (await session.scalars(query.order_by(Proposal.changed_at.desc()).limit(limit))).all()


async def proposal(session: AsyncSession, number: int) -> Proposal | None:
    return await session.get(Proposal, number)


async def revise(
    session: AsyncSession, number: int, version: int, content: Mapping[str, Any], by: str, now: datetime, today: date
) -> Proposal:
    """Raises `Overtaken` when somebody else saved meanwhile, `DraftError` for what is no change."""
    row = await _open(session, number)
    if row.version != version:
        raise Overtaken(row.changed_by)
    known = await publishing.knowledge_with(session, {}, today)
    row.content, row.office = _checked(known, row.kind, content), _place(known, row.kind, content)
    row.version, row.changed_by, row.changed_at = version + 1, by, now
    await session.flush()
    return row


async def problems(session: AsyncSession, row: Proposal, today: date) -> list[str]:
    """What keeps it from being published, for officers."""
    try:
        known = await publishing.knowledge_with(session, {}, today)
        contents = entries_of(known, read(row.kind, row.content), row.id)
    except CannotMend as wrong:
        return [str(wrong)]
    return [in_indonesian(one) for one in await publishing.problems_with(session, contents, today)]


async def tried(session: AsyncSession, row: Proposal, today: date) -> Knowledge:
    """The knowledge as it would be. Raises `DraftError`."""
    known = await publishing.knowledge_with(session, {}, today)
    try:
        contents = entries_of(known, read(row.kind, row.content), row.id)
    except CannotMend as wrong:
        raise DraftError(str(wrong)) from wrong
    return await publishing.knowledge_with(session, contents, today)


async def publish(session: AsyncSession, number: int, version: int, actor: str, by: str, today: date) -> Publication:
    """Raises `Overtaken` when it is no longer what the supervisor read, `DraftError` with everything that is wrong."""
    row = await _open(session, number)
    if row.version != version:
        raise Overtaken(row.changed_by)
    known = await publishing.knowledge_with(session, {}, today)
    new = Publication(by=by, office=row.office, reason=row.title, effective_on=today)
    try:
        contents = entries_of(known, read(row.kind, row.content), row.id)
        await publishing.put(session, new, contents, today)
    except CannotMend as wrong:
        raise DraftError(str(wrong)) from wrong
    except KnowledgeError as error:
        raise DraftError(*(in_indonesian(one) for one in error.problems)) from error
    row.publication_id, row.changed_at = new.id, func.now()
    await note(session, actor, "knowledge.published", "publication", new.id, proposal=row.id, entries=len(contents))
    return new


async def decline(session: AsyncSession, number: int, actor: str, now: datetime) -> None:
    """Raises `DraftError`."""
    row = await _open(session, number)
    row.declined_at = row.changed_at = now
    await note(session, actor, "knowledge.declined", "proposal", row.id)


async def _open(session: AsyncSession, number: int) -> Proposal:
    row = await session.get(Proposal, number, with_for_update=True, populate_existing=True)
    if row is None or row.publication_id is not None or row.declined_at is not None:
        raise DraftError("Usulan ini sudah diputuskan.")
    return row


def _checked(known: Knowledge, kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    try:
        change = read(kind, content)
        entries_of(known, change, 0)
    except CannotMend as wrong:
        raise DraftError(str(wrong)) from wrong
    return change.model_dump(mode="json", by_alias=True)


def _place(known: Knowledge, kind: str, content: Mapping[str, Any]) -> str | None:
    try:
        return place_of(known, read(kind, content))
    except CannotMend as wrong:
        raise DraftError(str(wrong)) from wrong
