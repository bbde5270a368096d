"""Notes before answers (bot/knowledge/answer_notes.py): put up and taken down by supervisors, in the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit.service import note
from bot.knowledge.answer_notes import MOST_TEXT, AnswerNote
from bot.knowledge.models import Knowledge
from bot.standards.service import DraftError

LONGEST = timedelta(days=60)


async def put_up(
    session: AsyncSession,
    knowledge: Knowledge,
    text: str,
    office: str,
    service: str,
    ends_at: datetime | None,
    now: datetime,
    actor: str,
    by: str,
) -> AnswerNote:
    """Raises `DraftError`."""
    text = " ".join(text.split())
    if not text or len(text) > MOST_TEXT:
        raise DraftError(f"Tulis pemberitahuannya, paling banyak {MOST_TEXT} huruf.")
    if ends_at is None or ends_at <= now:
        raise DraftError("Isi sampai kapan pemberitahuan ini berlaku; waktunya belum boleh lewat.")
    if ends_at > now + LONGEST:
        raise DraftError(
            "Paling lama 60 hari. Yang berlaku lebih lama termasuk standar pelayanan, bukan pemberitahuan."
        )
    if (office and office not in knowledge.offices) or (service and service not in knowledge.services):
        raise DraftError("Kantor atau layanan itu tidak dikenal.")
    if service and office and knowledge.services[service].office != office:
        raise DraftError("Layanan itu bukan layanan kantor ini.")
    one = AnswerNote(by=by, office=office, service=service, text=text, ends_at=ends_at)
    session.add(one)
    await session.flush()
    until = ends_at.isoformat()
    await note(session, actor, "answer-note.added", "answer-note", one.id, office=office, service=service, until=until)
    return one


async def take_down(session: AsyncSession, number: int, now: datetime, actor: str) -> None:
    one = await session.get(AnswerNote, number)
    if one is not None and one.ended_at is None:
        one.ended_at = now
        await note(session, actor, "answer-note.ended", "answer-note", number)


async def in_force(session: AsyncSession, now: datetime) -> Sequence[AnswerNote]:
    query = select(AnswerNote).where(AnswerNote.ended_at.is_(None), AnswerNote.ends_at > now)
    return (await session.scalars(query.order_by(AnswerNote.ends_at))).all()


async def note_of(session: AsyncSession, number: int) -> AnswerNote | None:
    return await session.get(AnswerNote, number)
