"""The watch over reports: what is due today is told to the person, once, in the daytime. Nothing closes by itself.

The days are LAPOR!'s own (knowledge/complaint_routes.yaml). The other waits are choices of ours, not rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers.text import references, source_line
from bot.complaints import wording
from bot.complaints.desk import Reports, for_staff, note
from bot.complaints.models import DRAFTS, OPEN, Complaint, ComplaintPart
from bot.complaints.sending import CHECK_BACK, actions, body_of, tap
from bot.complaints.telling import tell
from bot.complaints.tracking import due, hint, name_of
from bot.dates import say_date
from bot.knowledge.models import Knowledge
from bot.messages import Button
from bot.working_days import NATIONAL, known_calendar

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

ASK_TRACKING = (1, 5)  # working days after the hand-over
STAFF_DAYS = 2  # working days that the office's staff have to submit a report
BEFORE_REPLY = 3  # working days before the end of the time to reply
BEFORE_OMBUDSMAN = 5  # working days after the office's time
DRAFT_DAYS = 3  # working days after which a draft is asked about
DRAFT_OLD = timedelta(days=30)  # and after which it is asked about for the last time
DAYTIME = range(8, 20)
BATCH = 200


@dataclass(frozen=True, slots=True)
class News:
    """One message to one conversation."""

    complaint: int
    conversation: int
    name: str
    text: str
    buttons: tuple[Button, ...]


async def run(runtime: Runtime, now: datetime) -> int:
    """Tells everything that is due; returns how many messages were queued. At night, by the office's clock, nobody
    is told."""
    from bot.knowledge.load import get_knowledge

    zone = runtime.settings.timezone
    told, last = 0, 0
    while True:  # in portions: no lock is held for long
        async with runtime.database.session() as session:
            rows = await portion(session, now, last)
            news = await collect(session, rows, get_knowledge(), now, zone)
            for one in news:
                await tell(runtime, session, one.conversation, one.text, one.buttons)
        told += len(news)
        if len(rows) < BATCH:
            return told
        last = rows[-1].id


async def portion(session: AsyncSession, now: datetime, after: int) -> Sequence[Complaint]:
    """The next reports of which something may be due, locked; drafts only when something was told and then left."""
    told = exists().where(ComplaintPart.complaint_id == Complaint.id)
    left = and_(Complaint.status.in_(DRAFTS), Complaint.updated_at <= now - timedelta(days=DRAFT_DAYS), told)
    query = select(Complaint).where(or_(Complaint.status.in_(OPEN), left), Complaint.id > after)
    query = query.order_by(Complaint.id).limit(BATCH).with_for_update(skip_locked=True)
    return (await session.scalars(query)).all()


async def collect(
    session: AsyncSession, rows: Sequence[Complaint], knowledge: Knowledge, now: datetime, zone: str
) -> list[News]:
    """What is due now where it is day, marked as told. After a long outage only the newest of several is told."""
    found: list[News] = []
    for row in rows:
        desk = for_staff(session, row, knowledge, now, zone)
        if now.astimezone(ZoneInfo(desk.zone)).hour not in DAYTIME:
            continue
        fresh = [one for one in _due(desk, row) if one.name not in row.reminded]
        if not fresh:
            continue
        row.reminded = {**row.reminded, **{one.name: now.isoformat() for one in fresh}}
        note(desk, row, f"reminded:{fresh[-1].name}", "pandu")
        found.append(fresh[-1])
    await session.flush()
    return found


def overdue_for_staff(desk: Reports, row: Complaint) -> bool:
    """Whether the office's staff should have acted: submit a queued report, or follow up in LAPOR!."""
    if row.status == "queued":
        return desk.today > known_calendar(row.office).after(_day(desk, row.confirmed_at), STAFF_DAYS)
    followup = due(desk, row).get("followup")
    return row.status == "submitted" and followup is not None and desk.today > followup


def _due(desk: Reports, row: Complaint) -> Iterator[News]:
    """From the oldest to the newest."""
    if row.status in DRAFTS:
        yield from _left_draft(desk, row)
        return
    body = body_of(desk, row)
    since = _day(desk, row.submitted_at or row.confirmed_at)
    name, today = _capital(name_of(desk, row)), desk.today
    tracking = f"#{row.tracking_id}"
    if row.status == "handed" and body and body.lapor:
        for number, days in enumerate(ASK_TRACKING, start=1):
            if today >= NATIONAL.after(since, days):
                yield _news(desk, row, f"tracking-{number}", wording.REMIND_TRACKING.format(title=name))
    elif row.status == "handed" and row.submitted_at and today >= NATIONAL.after(since, CHECK_BACK):
        text = wording.REMIND_OTHER.format(recipient=body.name if body else "-", title=name_of(desk, row))
        yield _news(desk, row, "other", text)
    elif row.status == "queued" and overdue_for_staff(desk, row):
        yield _news(desk, row, "queued", wording.REMIND_QUEUED.format(title=name))
    elif row.status == "submitted":
        yield from _in_lapor(desk, row, tracking)
    elif row.status in ("answered", "reopened") and row.answered_on and row.tracking_id:
        last = due(desk, row)["reply"]
        days = next(one.days for one in desk.knowledge.complaints.stages if one.id == "reply")
        if NATIONAL.after(row.answered_on, days - BEFORE_REPLY) <= today <= last:
            text = wording.REMIND_REPLY.format(tracking=tracking, date=say_date(last))
            yield _news(desk, row, f"reply-{row.answered_on}", text)


def _left_draft(desk: Reports, row: Complaint) -> Iterator[News]:
    """A draft that was begun and left; each time it is left again, it is asked about again."""
    left, name = _day(desk, row.updated_at), _capital(name_of(desk, row))
    buttons = (tap(row, wording.CONTINUE, "resume"), tap(row, wording.CANCEL, "cancel"))
    if desk.today >= NATIONAL.after(left, DRAFT_DAYS):
        text = wording.REMIND_DRAFT.format(title=name)
        yield News(row.id, row.conversation_id, f"draft-{left}", text, buttons)
    if desk.now - row.updated_at >= DRAFT_OLD:
        text = wording.REMIND_DRAFT_OLD.format(title=name)
        yield News(row.id, row.conversation_id, f"draft-old-{left}", text, buttons)


def _in_lapor(desk: Reports, row: Complaint, tracking: str) -> Iterator[News]:
    dates = due(desk, row)
    if not dates:
        return
    if desk.today > dates["verification"]:
        yield _news(desk, row, "verification", wording.REMIND_VERIFICATION.format(tracking=tracking))
    if desk.today > dates["followup"]:
        yield _news(desk, row, "followup", wording.REMIND_FOLLOWUP.format(tracking=tracking))
    if desk.today > NATIONAL.after(dates["followup"], BEFORE_OMBUDSMAN):
        facts = desk.knowledge.complaints.ombudsman_hint
        source = source_line(references(desk.knowledge, [one.source for one in facts]))
        text = wording.REMIND_OMBUDSMAN.format(tracking=tracking, hint=hint(desk), source=source)
        yield _news(desk, row, "ombudsman", text, tap(row, "Kontak Ombudsman", "ombudsman"))


def _news(desk: Reports, row: Complaint, name: str, text: str, *more: Button) -> News:
    return News(row.id, row.conversation_id, name, text, (*more, *actions(desk, row)))


def _day(desk: Reports, moment: datetime | None) -> date:
    return (moment or desk.now).astimezone(ZoneInfo(desk.zone)).date()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
