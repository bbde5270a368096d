"""Erasing what belongs to one conversation, and what is left of reports that were sent.

Deleting the conversation's row deletes what refers to it, whichever capability made that. Reports that the office's
staff or system sent keep number, office and dates without a word or a name, and hang on a nameless conversation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from procrastinate import App
from sqlalchemy import ColumnElement, delete, exists, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications.models import ApplicationLink
from bot.audit.service import note
from bot.complaints.models import Complaint, ComplaintDelivery, ComplaintEvent, ComplaintFile, ComplaintPart
from bot.conversations.erased import note_messages, note_person
from bot.conversations.jobs import RetryLater, conversation_lock, defer
from bot.conversations.models import Conversation, Incoming, Outgoing, StoredFile
from bot.dialogue.models import RasaTracker
from bot.guides.models import GuideProgress
from bot.handoff.triage.models import SavedView
from bot.privacy import wording
from bot.privacy.erased_list import remember
from bot.privacy.models import PrivacyRequest
from bot.privacy.service import is_held
from bot.standards.tables import Proposal
from bot.survey.service import forget as forget_surveys

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

log = structlog.get_logger()
NOBODY = "erased"
"""Channel and address of the conversation that the remains of reports belong to. Nobody writes there."""

FORGET_AFTER = timedelta(hours=1)
OPEN = ("held", "pending", "sending")
SEARCHED = 4
"""Letters by which an officer's saved search may name somebody."""
_KEPT_ANSWERS = ("kind", "visibility")


@dataclass(frozen=True, slots=True)
class Effect:
    """Counts of what erasing takes away; `sent`: reports of which number and dates stay."""

    messages: int
    files: int
    guides: int
    reports: int
    sent: int
    links: int


async def effect(session: AsyncSession, conversation_id: int) -> Effect:
    """What erasing this conversation would take away."""

    async def count(*where: ColumnElement[bool]) -> int:
        return int((await session.execute(select(func.count()).where(*where))).scalar_one())

    mine = Complaint.conversation_id == conversation_id
    return Effect(
        messages=await count(Incoming.conversation_id == conversation_id)
        + await count(Outgoing.conversation_id == conversation_id),
        files=await count(StoredFile.incoming_id == Incoming.id, Incoming.conversation_id == conversation_id),
        guides=await count(GuideProgress.conversation_id == conversation_id),
        reports=await count(mine, ~_was_sent()),
        sent=await count(mine, _was_sent()),
        links=await count(ApplicationLink.conversation_id == conversation_id),
    )


async def queue(jobs: App, session: AsyncSession, conversation_id: int, request_id: int) -> None:
    """Queues `erase` as part of the caller's transaction, behind the turn that is running."""
    lock = conversation_lock(conversation_id)
    await defer(jobs, session, "erase_conversation", lock, conversation_id=conversation_id, request_id=request_id)


async def erase(runtime: Runtime, conversation_id: int, request_id: int) -> None:
    """Erases a conversation, and tells the person in a new, empty one, which is forgotten after a while.

    Run under the conversation's lock. Doing it twice changes nothing. Messages that nobody handled yet go on in the
    new conversation. Where a hold was made meanwhile, nothing is erased and the person is told.
    """
    from bot.conversations.outbox import say

    async with runtime.database.session() as session:
        request = await session.get(PrivacyRequest, request_id, with_for_update=True)
        if request is None or request.status != "confirmed":
            return
        conversation = await session.get(Conversation, conversation_id, with_for_update=True)
        if conversation is None:
            request.status, request.done_at = "done", datetime.now(UTC)
            return
        if await is_held(session, conversation_id):
            request.status = "held"
            await say(runtime, session, conversation_id, wording.HELD, "system", [])
            return
        found = await effect(session, conversation_id)
        channel, address = conversation.channel, conversation.address
        conversation.address = f"{address} {NOBODY} {conversation_id}"
        await session.flush()
        fresh = Conversation(channel=channel, address=address)
        session.add(fresh)
        await session.flush()
        waiting = await _move_waiting(session, conversation_id, fresh.id)
        await remove(session, runtime.settings.files_dir, conversation_id)
        await note_person(session, channel, address, request.asked_at)
        request.status, request.done_at, request.detail = "done", datetime.now(UTC), asdict(found)
        await note(session, request.asked_by, "privacy.erased", "conversation", conversation_id, **asdict(found))
        await say(runtime, session, fresh.id, told(found), "system", [])
        if waiting:
            await defer(runtime.jobs, session, "turn", lock=conversation_lock(fresh.id), conversation_id=fresh.id)
        await _forget_later(runtime, session, fresh.id)
        remember(runtime.settings.data_dir, channel, address, fresh.created_at)
        await session.execute(
            text("select pg_notify('pandu_events', json_build_object('conversation', cast(:id as bigint))::text)"),
            {"id": conversation_id},
        )
    log.info("conversation erased", conversation=conversation_id, messages=found.messages, files=found.files)


async def remove(session: AsyncSession, files: Path, conversation_id: int) -> None:
    """Deletes a conversation with everything that belongs to it, in the database and in the folder `files`.

    Files go before the transaction ends: after a crash in between, the rows are still there to try again.
    """
    reports = (
        await session.scalars(select(Complaint).where(Complaint.conversation_id == conversation_id, _was_sent()))
    ).all()
    if reports:
        nobody = await _nobody(session)
        for report in reports:
            await strip(session, files, report)
            report.conversation_id = nobody
        await session.flush()
    stored = (
        select(StoredFile.path)
        .join(Incoming, Incoming.id == StoredFile.incoming_id)
        .where(Incoming.conversation_id == conversation_id)
    )
    copies = (
        select(ComplaintFile.path)
        .join(Complaint, Complaint.id == ComplaintFile.complaint_id)
        .where(Complaint.conversation_id == conversation_id)
    )
    sent = select(Outgoing.file["path"].astext).where(
        Outgoing.conversation_id == conversation_id, Outgoing.file.is_not(None)
    )
    # Locked: who puts a file there at this moment is waited for, or finds its row gone and takes the file away.
    queries = [query.with_for_update() for query in (stored, copies, sent)]
    unlink(files, [path for query in queries for path in await session.scalars(query) if path])
    await note_messages(session, conversation_id)
    await forget_surveys(session, conversation_id)
    person = (await session.scalars(select(Conversation).where(Conversation.id == conversation_id))).one_or_none()
    if person is not None:
        names = (person.profile_name, person.channel_name or "", person.address.rpartition(":")[2])
        await _forget_searches(session, names)
    # What was published is the office's own text, which a supervisor read; until then it is a person's question.
    asked = (Proposal.conversation_id == conversation_id, Proposal.kind == "question")
    await session.execute(delete(Proposal).where(*asked, Proposal.publication_id.is_(None)))
    await session.execute(delete(RasaTracker).where(RasaTracker.sender_id == str(conversation_id)))
    await session.execute(delete(Conversation).where(Conversation.id == conversation_id))


async def _forget_searches(session: AsyncSession, known_by: Iterable[str]) -> None:
    """Removes the saved views of the staff that search for the person: by a part of what the person is `known_by`, or
    by more than that."""
    names = [one.casefold() for one in known_by if len(one) >= SEARCHED]
    for view in await session.scalars(select(SavedView).where(SavedView.wanted.has_key("q"))):
        searched = " ".join(str(view.wanted["q"]).casefold().split())
        if any(one in searched or (len(searched) >= SEARCHED and searched in one) for one in names):
            await session.delete(view)


async def strip(session: AsyncSession, files: Path, report: Complaint) -> None:
    """Takes every word and name out of a report; what is left closes and counts. Doing it twice changes nothing."""
    own = ComplaintFile.complaint_id == report.id
    unlink(files, await session.scalars(select(ComplaintFile.path).where(own)))
    await session.execute(delete(ComplaintFile).where(own))
    await session.execute(delete(ComplaintPart).where(ComplaintPart.complaint_id == report.id))
    await session.execute(update(ComplaintEvent).where(ComplaintEvent.complaint_id == report.id).values(text=""))
    ending = update(ComplaintDelivery).where(
        ComplaintDelivery.complaint_id == report.id, ComplaintDelivery.status == "pending"
    )
    await session.execute(ending.values(status="dead", error="erased"))
    report.title = report.body = wording.REMOVED
    report.answers = {key: value for key, value in report.answers.items() if key in _KEPT_ANSWERS}
    report.reminded = {**report.reminded, "stripped": "1"}
    report.status, report.step, report.moved_by = "closed", "", None
    report.closed_at = report.closed_at or datetime.now(UTC)
    await session.flush()


async def forget(runtime: Runtime, conversation_id: int) -> None:
    """Deletes the empty conversation that carried the last message, unless the person has written again.

    Raises RetryLater while that message is still on its way.
    """
    async with runtime.database.session() as session:
        conversation = await session.get(Conversation, conversation_id, with_for_update=True)
        written = exists().where(Incoming.conversation_id == conversation_id)
        if conversation is None or (await session.execute(select(written))).scalar_one():
            return
        open_rows = exists().where(Outgoing.conversation_id == conversation_id, Outgoing.status.in_(OPEN))
        if (await session.execute(select(open_rows))).scalar_one():
            raise RetryLater(600)
        await remove(session, runtime.settings.files_dir, conversation_id)


def unlink(files: Path, paths: Iterable[str]) -> int:
    """Deletes files by their names relative to `files`; returns how many there were. A missing one is no error."""
    names = [path for path in paths if path]
    for name in names:
        (files / name).unlink(missing_ok=True)
    return len(names)


def told(found: Effect) -> str:
    """The last message: what was erased, what stays."""
    counts = [f"{found.messages} pesan"]
    counts += [f"{number} {name}" for number, name in ((found.files, "berkas"), (found.reports, "laporan")) if number]
    return wording.DONE.format(counts=", ".join(counts), stays=wording.DONE_STAYS if found.sent or found.links else "")


def _was_sent() -> ColumnElement[bool]:
    """Whether the office's staff or system sent a report, or may have: then it is the office's case, too."""
    tried = exists().where(ComplaintDelivery.complaint_id == Complaint.id, ComplaintDelivery.attempts > 0)
    return or_(Complaint.submitted_by.in_(("officer", "connector")), Complaint.status == "received", tried)


async def _move_waiting(session: AsyncSession, old: int, new: int) -> bool:
    moved = await session.execute(
        update(Incoming)
        .where(Incoming.conversation_id == old, Incoming.handled_at.is_(None))
        .values(conversation_id=new)
        .returning(Incoming.id)
    )
    return bool(moved.all())


async def _nobody(session: AsyncSession) -> int:
    made = insert(Conversation).values(channel=NOBODY, address=NOBODY).on_conflict_do_nothing()
    await session.execute(made)
    query = select(Conversation.id).where(Conversation.channel == NOBODY, Conversation.address == NOBODY)
    return int((await session.execute(query)).scalar_one())


async def _forget_later(runtime: Runtime, session: AsyncSession, conversation_id: int) -> None:
    """Without the conversation's lock: a job that waits an hour must not hold up the next message."""
    from bot.storage.database import driver_connection

    connection = await driver_connection(session)
    seconds = int(FORGET_AFTER.total_seconds())
    task = runtime.jobs.tasks["forget_conversation"].configure(connection=connection, schedule_in={"seconds": seconds})
    await task.defer_async(conversation_id=conversation_id)
