"""The things that every function about reports works with, and the rows it reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.complaints.facts import Facts, facts_of
from bot.complaints.models import DRAFTS, Complaint, ComplaintEvent, ComplaintFile, ComplaintPart
from bot.complaints.steps import Asking
from bot.conversations.hiding import said_to_report
from bot.conversations.models import Conversation
from bot.knowledge.models import Knowledge
from bot.working_days import calendar_of, today_of, zone_of


@dataclass(frozen=True, slots=True)
class Ways:
    """How reports may travel: `officers` are the offices whose staff send them ("*": all)."""

    officers: frozenset[str] = frozenset({"*"})
    connectors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reports:
    """One message of one conversation. `now` is aware; `zone` is of reports without an office of ours."""

    session: AsyncSession
    knowledge: Knowledge
    conversation: int
    message: int | None
    now: datetime
    files: Path
    zone: str = "Asia/Jakarta"
    ways: Ways = field(default_factory=Ways)

    @property
    def today(self) -> date:
        return self.today_at("")

    def today_at(self, office: str) -> date:
        """By the office's clock."""
        return today_of(office, self.now, self.zone)


def for_staff(
    session: AsyncSession, row: Complaint | None, knowledge: Knowledge, now: datetime, zone: str, files: Path = Path()
) -> Reports:
    """For what is done with a report outside its conversation, in its office's time; `zone` where that has none."""
    office = row.office or str(row.answers.get("office_id", "")) if row else ""
    conversation = row.conversation_id if row else 0
    return Reports(session, knowledge, conversation, None, now, files, zone_of(office, zone).key)


async def drafting(desk: Reports) -> Complaint | None:
    """The report that is being made, locked."""
    return await _one(desk, "drafting")


async def paused(desk: Reports) -> Complaint | None:
    """The draft put aside last, locked."""
    return await _one(desk, "paused")


async def mine(desk: Reports, identity: int) -> Complaint | None:
    """A report of this conversation, locked; never anyone else's."""
    query = select(Complaint).where(Complaint.id == identity, Complaint.conversation_id == desk.conversation)
    return (await desk.session.execute(query.with_for_update())).scalar_one_or_none()


async def all_mine(desk: Reports, *, drafts: bool = True) -> list[Complaint]:
    """Reports of this conversation, newest first."""
    query = select(Complaint).where(Complaint.conversation_id == desk.conversation).order_by(Complaint.id.desc())
    if not drafts:
        query = query.where(Complaint.status.not_in(DRAFTS))
    return list((await desk.session.execute(query)).scalars())


async def replayed(desk: Reports) -> Complaint | None:
    """The report that this very message already changed."""
    if desk.message is None:
        return None
    query = select(Complaint).where(Complaint.conversation_id == desk.conversation, Complaint.moved_by == desk.message)
    return (await desk.session.execute(query.limit(1))).scalar_one_or_none()


async def story_of(desk: Reports, row: Complaint) -> list[ComplaintPart]:
    query = select(ComplaintPart).where(ComplaintPart.complaint_id == row.id).order_by(ComplaintPart.message_id)
    return list((await desk.session.execute(query)).scalars())


async def facts_for(desk: Reports, row: Complaint) -> Facts:
    parts = await story_of(desk, row)
    count = select(func.count()).where(ComplaintFile.complaint_id == row.id, ComplaintFile.error == "")
    files = (await desk.session.execute(count)).scalar_one()
    calendar = await calendar_of(desk.session, str(row.answers.get("office_id", "")))
    return facts_of(desk.knowledge, row, [one.text for one in parts], files, calendar)


async def asking_for(desk: Reports, row: Complaint) -> Asking:
    name = await desk.session.get(Conversation, desk.conversation)
    today = desk.today_at(str(row.answers.get("office_id", "")))
    return Asking(desk.knowledge, today, row.id, name.profile_name if name else "")


async def touch(desk: Reports, row: Complaint) -> None:
    """Notes that this message changed the row."""
    row.moved_by, row.updated_at = desk.message, desk.now
    chosen = row.answers.get("visibility")
    row.hides = any(one.id == chosen and (one.anonymous or one.secret) for one in desk.knowledge.complaints.visibility)
    await desk.session.flush()
    if desk.message is not None:
        await said_to_report(desk.session, row.id, [desk.message])


def note(desk: Reports, row: Complaint, kind: str, author: str, text: str = "") -> None:
    desk.session.add(ComplaintEvent(complaint_id=row.id, kind=kind, author=author, text=text, created_at=desk.now))


async def _one(desk: Reports, status: str) -> Complaint | None:
    query = (
        select(Complaint)
        .where(Complaint.conversation_id == desk.conversation, Complaint.status == status)
        .order_by(Complaint.updated_at.desc(), Complaint.id.desc())
        .limit(1)
    )
    return (await desk.session.execute(query.with_for_update())).scalar_one_or_none()
