"""The staff's side of reports: lists, one report with its fields to copy, the tracking id, the office's answer.

Words of a secret report are shown only to the officer who takes it to send it; lists and logs never hold words or
names, and who reported anonymously is shown to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers.text import references, source_line
from bot.complaints import wording
from bot.complaints.desk import Reports, facts_for, for_staff, note, touch
from bot.complaints.models import DRAFTS, Complaint, ComplaintDelivery, ComplaintEvent
from bot.complaints.sending import NOT_FOR_STAFF, actions
from bot.complaints.telling import tell
from bot.complaints.tracking import due, is_secret, name_of, record, stage_line
from bot.complaints.watch import BEFORE_REPLY, overdue_for_staff
from bot.conversations.walls import ALL, Sight, seen_or_mine
from bot.dates import say_date
from bot.knowledge.models import Knowledge
from bot.messages import Reply
from bot.working_days import NATIONAL, today_of, zone_of

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

View = Literal["send", "waiting", "lapor", "closing", "dead", "done"]
WAITING = ("queued", "sending", "received")
_NOT_SHOWN = frozenset({"ready", "handed"})  # the citizen's own affair until it is in LAPOR!
_STATUSES: dict[str, tuple[str, ...]] = {
    "send": ("queued",),
    "waiting": ("sending", "received"),
    "dead": ("sending",),
    "lapor": ("submitted",),
    "closing": ("answered", "reopened"),
    "done": ("answered", "reopened", "closed"),
}
_TRACKING = re.compile(r"[1-9]\d{4,9}")
TAKEN_FOR = timedelta(hours=1)
MOST = 200  # lines of a list


class OfficeError(Exception):
    """Why it cannot be done, in Indonesian for the officer."""


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report in the staff's list: no words, no names. `due`: the day on which the next thing is due."""

    id: int
    status: str
    office: str
    service: str
    route: str
    visibility: str
    tracking_id: str
    since: datetime
    late: bool
    delivery: str
    due: date | None = None


async def listed(
    session: AsyncSession, knowledge: Knowledge, now: datetime, zone: str, *, every: bool = False
) -> list[ReportLine]:
    """Reports that wait for the staff, late ones first; `every`: all that are or were in LAPOR!, too."""
    wanted = ("submitted", "answered", "reopened", "closed") if every else ("submitted",)
    lines = await _lines(session, knowledge, now, zone, (*WAITING, *wanted), None, ALL)
    return sorted(lines, key=lambda one: (not one.late, one.since))


async def view(
    session: AsyncSession, knowledge: Knowledge, now: datetime, zone: str, wanted: View, sight: Sight = ALL
) -> list[ReportLine]:
    """One list of the console; what is due first stands first. At most `MOST` lines, of `done` the newest."""
    lines = await _lines(session, knowledge, now, zone, _STATUSES[wanted], MOST, sight)
    if wanted == "closing":
        lines = [one for one in lines if one.due is not None and _closes(one.due, today_of(one.office, now, zone))]
    elif wanted == "dead":
        lines = [one for one in lines if one.delivery]
    if wanted == "done":
        return sorted(lines, key=lambda one: one.since, reverse=True)
    return sorted(lines, key=lambda one: (not one.late, one.due or date.max, one.since))


def _closes(due: date, today: date) -> bool:
    return today <= due <= NATIONAL.after(today, BEFORE_REPLY)


async def counts_of_views(
    session: AsyncSession, knowledge: Knowledge, now: datetime, zone: str, sight: Sight = ALL
) -> dict[str, int]:
    """How many reports stand in each list that waits for somebody."""
    own = seen_or_mine(Complaint.office, Complaint.conversation_id, sight)
    query = select(Complaint.status, func.count()).where(own).group_by(Complaint.status)
    by_status = dict((await session.execute(query)).all())
    dead = select(func.count()).where(
        ComplaintDelivery.status == "dead", ComplaintDelivery.complaint_id == Complaint.id
    )
    found = {name: sum(by_status.get(one, 0) for one in _STATUSES[name]) for name in ("send", "waiting", "lapor")}
    return {
        **found,
        "dead": int((await session.execute(dead.where(own))).scalar_one()),
        "closing": len(await view(session, knowledge, now, zone, "closing", sight)),
    }


async def _lines(
    session: AsyncSession,
    knowledge: Knowledge,
    now: datetime,
    zone: str,
    statuses: Sequence[str],
    limit: int | None,
    sight: Sight,
) -> list[ReportLine]:
    query = (
        select(Complaint, ComplaintDelivery)
        .outerjoin(ComplaintDelivery, ComplaintDelivery.complaint_id == Complaint.id)
        .where(Complaint.status.in_(statuses), seen_or_mine(Complaint.office, Complaint.conversation_id, sight))
        .order_by(Complaint.confirmed_at if limit is None else Complaint.id.desc())
        .limit(limit)
    )
    lines = []
    for row, delivery in await session.execute(query):
        desk = for_staff(session, row, knowledge, now, zone)
        dead = f"dead: {delivery.error}" if delivery and delivery.status == "dead" else ""
        dates = due(desk, row)
        lines.append(
            ReportLine(
                row.id,
                row.status,
                row.office,
                row.service,
                row.route,
                str(row.answers.get("visibility", "")),
                row.tracking_id or "",
                row.confirmed_at or row.created_at,
                overdue_for_staff(desk, row) or bool(dead),
                dead,
                dates.get("reply") or dates.get("followup"),
            )
        )
    return lines


async def fields_to_copy(desk: Reports, row: Complaint) -> list[tuple[str, str]]:
    """The fields of one report in LAPOR!'s order, for copying. Name and contact only while it has to be sent."""
    facts = await facts_for(desk, row)
    route = desk.knowledge.complaints.route(row.route)
    values = {
        "title": row.title,
        "body": row.body,
        "date": say_date(facts.when) if facts.when else facts.get("when"),
        "place": facts.get("place"),
        "office": facts.office_name,
        "category": (route.category if route else "") or "",
        "files": f"{facts.files}" if facts.files else "",
        "visibility": " dan ".join(name for name, on in (("Anonim", facts.anonymous), ("Rahasia", facts.secret)) if on)
        or "Nama ditampilkan",
    }
    fields = [(one.label, values.get(one.id, "")) for one in desk.knowledge.complaints.fields]
    if not facts.anonymous and row.status in WAITING:
        fields += [("Nama", facts.get("name")), ("Kontak", facts.get("contact"))]
    return [(label, value) for label, value in fields if value]


def words_of(desk: Reports, row: Complaint) -> Literal["open", "on-request", "never"]:
    """Whether the staff read the words of a report: of a secret one only who sends it, of a citizen's own never.

    What citizens send themselves the office reads in LAPOR!. Reports about bribery are not for the office's staff.
    """
    if row.submitted_by == "citizen" or row.route in NOT_FOR_STAFF:
        return "never"
    if is_secret(desk, row):
        return "on-request" if row.status in WAITING else "never"
    return "open"


async def take(desk: Reports, row: Complaint, actor: str) -> None:
    """An officer begins to send the report; colleagues see it."""
    note(desk, row, "taken", actor)
    await desk.session.flush()


async def taken_by(desk: Reports, row: Complaint) -> ComplaintEvent | None:
    """Who took it last, within the hour."""
    query = select(ComplaintEvent).where(
        ComplaintEvent.complaint_id == row.id,
        ComplaintEvent.kind == "taken",
        ComplaintEvent.created_at > desk.now - TAKEN_FOR,
    )
    return (await desk.session.scalars(query.order_by(ComplaintEvent.id.desc()).limit(1))).first()


async def history(session: AsyncSession, row: Complaint) -> Sequence[ComplaintEvent]:
    """What happened to a report, newest first."""
    query = select(ComplaintEvent).where(ComplaintEvent.complaint_id == row.id)
    return (await session.scalars(query.order_by(ComplaintEvent.id.desc()).limit(100))).all()


async def delivery_of(session: AsyncSession, row: Complaint) -> ComplaintDelivery | None:
    query = select(ComplaintDelivery).where(ComplaintDelivery.complaint_id == row.id)
    return (await session.scalars(query)).one_or_none()


async def find(session: AsyncSession, identity: int) -> Complaint | None:
    """A report that the staff may open: agreed to, and handed to them or in LAPOR!."""
    query = select(Complaint).where(Complaint.id == identity, Complaint.status.not_in((*DRAFTS, *_NOT_SHOWN)))
    return (await session.execute(query.with_for_update())).scalar_one_or_none()


async def submitted(desk: Reports, row: Complaint, tracking: str, by: str = "officer") -> Reply:
    """The report is in LAPOR!: what the citizen is told. Raises ValueError when the number is another report's."""
    taken = select(Complaint.id).where(Complaint.tracking_id == tracking, Complaint.id != row.id)
    if (await desk.session.execute(taken.limit(1))).first():
        raise ValueError(f"Tracking id {tracking} belongs to another report.")
    replies = await record(desk, row, tracking, by)
    return replies[0]


async def submit(runtime: Runtime, desk: Reports, row: Complaint, tracking: str) -> None:
    """Notes the number that LAPOR! gave an officer and tells the citizen. Raises OfficeError."""
    number = tracking.strip().removeprefix("#").strip()
    if not _TRACKING.fullmatch(number):
        raise OfficeError("Tracking ID terdiri dari 5 sampai 10 angka, misalnya 1916449.")
    if row.status not in (*WAITING, "submitted"):
        raise OfficeError("Laporan ini sudah lewat tahap itu.")
    if row.tracking_id == number:
        return
    try:
        reply = await submitted(desk, row, number)
    except ValueError:
        raise OfficeError(f"Tracking ID {number} sudah dipakai laporan lain.") from None
    await tell_submitted(runtime, desk, row, reply)


async def tell_submitted(runtime: Runtime, desk: Reports, row: Complaint, reply: Reply) -> None:
    """The citizen learns that an officer has sent the report."""
    stage, _ = stage_line(desk, row)
    said = wording.SUBMITTED_BY_OFFICER.format(title=name_of(desk, row), tracking=row.tracking_id, stage=stage)
    await tell(runtime, desk.session, row.conversation_id, said, reply.buttons)


async def followed_up(runtime: Runtime, desk: Reports, row: Complaint, on: date) -> None:
    """The office answered in LAPOR! on that day; the citizen is asked whether it is solved. Raises OfficeError.

    The report is not closed by it: only the citizen's word does that.
    """
    if row.status not in ("submitted", "reopened") or row.submitted_at is None:
        raise OfficeError("Tindak lanjut dicatat sesudah laporan punya Tracking ID dan belum dijawab.")
    since = row.submitted_at.astimezone(zone_of(row.office, desk.zone)).date()
    if not since <= on <= desk.today:
        raise OfficeError(f"Tanggalnya harus antara {say_date(since)} dan hari ini.")
    row.status, row.answered_on, row.step = "answered", on, "answer"
    note(desk, row, "followed-up", "officer")
    await touch(desk, row)
    stage, facts = stage_line(desk, row)
    source = source_line(references(desk.knowledge, [one.source for one in facts]))
    said = wording.FOLLOWED_UP.format(tracking=f"#{row.tracking_id}", date=say_date(on), stage=stage, source=source)
    await tell(runtime, desk.session, row.conversation_id, said, actions(desk, row))


async def tell_pages(session: AsyncSession) -> None:
    """Open pages of the console look again once the session's transaction is committed."""
    await session.execute(text("select pg_notify('pandu_events', '{\"cases\": \"complaints\"}')"))


async def retry(session: AsyncSession, identity: int, now: datetime, actor: str = "officer") -> bool:
    """Puts a dead letter back into the queue; the other side sees the same key. False when there is none."""
    query = select(ComplaintDelivery).where(
        ComplaintDelivery.complaint_id == identity, ComplaintDelivery.status == "dead"
    )
    delivery = (await session.execute(query.with_for_update())).scalar_one_or_none()
    if delivery is None:
        return False
    delivery.status, delivery.attempts, delivery.next_at, delivery.error = "pending", 0, now, ""
    row = await session.get(Complaint, identity)
    if row is not None:
        session.add(ComplaintEvent(complaint_id=row.id, kind="retried", author=actor, created_at=now))
    return True
