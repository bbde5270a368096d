"""Drafts kept, changed without losing anybody's work, and published with a supervisor's yes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit.service import note
from bot.knowledge import publishing
from bot.knowledge.load import KnowledgeError
from bot.knowledge.models import Knowledge, Service
from bot.knowledge.publications import Publication, contents_of
from bot.standards.changes import PartChange, changes
from bot.standards.entries import entries_of, renewed
from bot.standards.models import StandardDraft
from bot.standards.problems import in_indonesian, part_of
from bot.standards.tables import StandardDraftRow
from bot.standards.work import Work, begin

MOST_OPEN = 200


class DraftError(Exception):
    """`problems` are sentences for officers."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


class Overtaken(DraftError):
    """Somebody else (`by`) saved the draft meanwhile."""

    def __init__(self, by: str) -> None:
        super().__init__(f"{by} sudah menyimpan perubahan lain. Isian Anda masih ada di bawah; gabungkan lalu simpan.")


async def keep(
    session: AsyncSession, read: StandardDraft, source: str, actor: str, by: str, office: str = ""
) -> list[StandardDraftRow]:
    """One draft a service of the file. `office`: the one of who read it, where they have one."""
    rows = [
        StandardDraftRow(
            changed_by=by,
            title=work.title,
            office=office or None,
            source=source,
            content=work.model_copy(update={"office": office}).model_dump(mode="json", by_alias=True),
        )
        for work in map(begin, read.services)
    ]
    session.add_all(rows)
    await session.flush()
    for row in rows:
        await note(session, actor, "standard.drafted", "standard-draft", row.id)
    return rows


async def drafts(session: AsyncSession) -> Sequence[StandardDraftRow]:
    query = select(StandardDraftRow).order_by(StandardDraftRow.changed_at.desc()).limit(MOST_OPEN)
    return (await session.scalars(query)).all()


async def draft(session: AsyncSession, number: int) -> StandardDraftRow | None:
    return await session.get(StandardDraftRow, number)


def work_of(row: StandardDraftRow) -> Work:
    return Work.model_validate(row.content)


async def as_read(session: AsyncSession, number: int, version: int) -> StandardDraftRow:
    """The draft, locked. Raises `Overtaken` when it is no longer what was read on the page, or is gone."""
    row = await session.get(StandardDraftRow, number, with_for_update=True)
    if row is None or row.version != version:
        raise Overtaken(row.changed_by if row else "Rekan Anda")
    return row


async def save(
    session: AsyncSession, number: int, version: int, work: Work, by: str, now: datetime
) -> StandardDraftRow:
    """Raises `Overtaken` when `version` is no longer the newest: the row is locked until the end of the transaction."""
    row = await as_read(session, number, version)
    row.content = work.model_dump(mode="json", by_alias=True)
    row.title, row.office = work.title, work.office or None
    row.version, row.changed_by, row.changed_at = version + 1, by, now
    await session.flush()
    return row


async def remove(session: AsyncSession, number: int, actor: str) -> None:
    row = await session.get(StandardDraftRow, number)
    if row is not None:
        await session.delete(row)
        await note(session, actor, "standard.removed", "standard-draft", number)


async def problems(session: AsyncSession, row: StandardDraftRow, today: date) -> list[tuple[str, str]]:
    """What keeps the draft from being published, by the rules of `pandu knowledge check`: part and sentence."""
    known = await publishing.knowledge_with(session, {}, today)
    contents = entries_of(work_of(row), row.source, row.id, known)
    found = await publishing.problems_with(session, contents, today)
    return list(dict.fromkeys((part_of(one), in_indonesian(one)) for one in found))


async def changed(session: AsyncSession, row: StandardDraftRow, today: date) -> list[PartChange]:
    """What publishing the draft would change for applicants."""
    known = await publishing.knowledge_with(session, {}, today)
    contents = entries_of(work_of(row), row.source, row.id, known)
    return changes(await publishing.difference(session, contents, today))


async def changed_by(session: AsyncSession, publication: Publication) -> list[PartChange]:
    """What a publication changed."""
    contents = await contents_of(session, publication.id)
    return changes(await publishing.difference(session, contents, publication.effective_on, publication.id))


async def renews(session: AsyncSession, row: StandardDraftRow, today: date) -> Service | None:
    """The service in force that the draft takes the place of."""
    return renewed(work_of(row), f"SP-{row.id}", await publishing.knowledge_with(session, {}, today))


async def tried(session: AsyncSession, row: StandardDraftRow, today: date) -> tuple[Knowledge, str]:
    """The knowledge as it would be, and the id of the service in it. Raises `DraftError`."""
    known = await publishing.knowledge_with(session, {}, today)
    contents = entries_of(work_of(row), row.source, row.id, known)
    found = await publishing.knowledge_with(session, contents, today)
    service = next(entry for kind, entry in contents if kind == "services")
    if service not in found.services:
        raise DraftError("Draf ini belum lengkap, jadi jawabannya belum dapat dicoba.")
    return found, service


async def publish(
    session: AsyncSession,
    row: StandardDraftRow,
    actor: str,
    by: str,
    reason: str,
    today: date,
    effective_on: date | None = None,
    review_on: date | None = None,
) -> Publication:
    """Raises `DraftError` with everything that is wrong; nothing is published then. `row`: see `as_read`."""
    if not reason.strip():
        raise DraftError("Tulis alasannya; ia tercantum di daftar versi.")
    if effective_on is not None and effective_on < today:
        raise DraftError("Tanggal berlaku tidak boleh sebelum hari ini; kosongkan untuk berlaku sekarang.")
    if review_on is not None and review_on <= (effective_on or today):
        raise DraftError("Tanggal tinjauan harus sesudah tanggal berlaku.")
    known = await publishing.knowledge_with(session, {}, today)
    contents = entries_of(work_of(row), row.source, row.id, known)
    new = Publication(
        by=by,
        office=work_of(row).office or None,
        reason=reason.strip(),
        effective_on=effective_on or today,
        review_on=review_on,
    )
    try:
        await publishing.put(session, new, contents, today)
    except KnowledgeError as error:
        raise DraftError(*(in_indonesian(one) for one in error.problems)) from error
    row.publication_id = new.id
    await note(session, actor, "knowledge.published", "publication", new.id, draft=row.id, entries=len(contents))
    return new


async def back(session: AsyncSession, publication: int, actor: str, by: str, today: date) -> Publication:
    """Undoes one publication. Raises `DraftError`."""
    if await session.get(Publication, publication) is None:
        raise DraftError("Versi itu tidak ada.")
    try:
        new = await publishing.back(session, publication, by, f"Membatalkan versi {publication}", today)
    except KnowledgeError as error:
        raise DraftError(*(in_indonesian(one) for one in error.problems)) from error
    await note(session, actor, "knowledge.undone", "publication", new.id, undoes=publication)
    return new


async def reviewed(session: AsyncSession, publication: Publication, again: date | None, actor: str) -> None:
    """A version was looked at and is still true; `again` is the day of the next look."""
    publication.review_on = again
    until = again.isoformat() if again else None
    await note(session, actor, "knowledge.reviewed", "publication", publication.id, again=until)
