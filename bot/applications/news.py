"""News without asking: what concerns the applicant is queued here and handed to the outbox at an easy pace.

Queuing is part of the change's own transaction. Posting is a job of its own (`post`), so that ten thousand pieces of
news from one import never stand in the way of people who are chatting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers.payloads import TO_PERSON, button
from bot.applications import access, wording
from bot.applications.errors import NotFound
from bot.applications.models import (
    Application,
    ApplicationEvent,
    ApplicationNews,
    NewsMute,
    table_of,
)
from bot.applications.service import Register
from bot.applications.status import Standing, service_title, standing_of, todo_line
from bot.conversations.holding import Hold, Said, hold_of
from bot.conversations.models import Conversation, Outgoing
from bot.messages import Button

REMINDER_DAYS = {"reminder-3": 3, "reminder-7": 7}
SHOWN = 20  # pieces of news whose words are shown before they are queued


@dataclass(frozen=True, slots=True)
class Message:
    """One piece of news as it goes to the outbox. `template`: its variables where the channel's window is over."""

    text: str
    buttons: list[Button]
    template: dict[str, str]


def concerns_applicant(register: Register, event: ApplicationEvent, application: Application) -> bool:
    """A new stage that is not the office's own business, or a correction. The first registration is no news."""
    if event.kind in ("received", "note"):
        return False
    stages = register.knowledge.stages.get(application.service)
    procedure = stages.of(application.procedure) if stages else None
    stage = procedure.stage(event.stage) if procedure else None
    return stage is not None and (not stage.quiet or event.kind == "correction")


async def queue(register: Register, event: ApplicationEvent, application: Application) -> int:
    """Queues the news of an event for everyone who may see the application; returns for how many conversations."""
    if not concerns_applicant(register, event, application):
        return 0
    return await queue_for(register, [(application.id, event.id)], "stage")


async def queue_for(register: Register, events: Sequence[tuple[int, int]], kind: str) -> int:
    """The same for many: `events` are (application id, event id). Queued twice counts once.

    Under a hold (bot/conversations/holding.py) they are queued when it is let go.
    """
    if not events:
        return 0
    event_of = dict(events)
    ids = list(event_of)
    pairs = await access.audience(register, ids)
    if not pairs:
        return 0
    held = hold_of(register.session)
    if held is not None:
        held.jobs.append(
            ("queue_news", {"events": [[one, event_of[one]] for one in {a for a, _ in pairs}], "kind": kind})
        )
        await _shown(register, held, pairs, event_of, kind)
        return len(pairs)
    rows = [
        {"application_id": one, "event_id": event_of[one], "conversation_id": conversation, "kind": kind}
        for one, conversation in pairs
    ]
    table = table_of(ApplicationNews)
    stored = await register.session.execute(insert(table).on_conflict_do_nothing().returning(table.c.id), rows)
    return len(stored.all())


async def _shown(
    register: Register, held: Hold, pairs: Sequence[tuple[int, int]], event_of: dict[int, int], kind: str
) -> None:
    """Notes the words of the first pieces of news, and how many more there are."""
    await register.session.flush()
    for application_id, conversation_id in pairs[:SHOWN]:
        application = await register.session.get_one(Application, application_id, populate_existing=True)
        one = ApplicationNews(event_id=event_of[application_id], conversation_id=conversation_id, kind=kind)
        if (words := await message(register, one, application)) is not None:
            held.said.append(Said(conversation_id, words.text, tuple(button.title for button in words.buttons)))
    held.uncounted += max(0, len(pairs) - SHOWN)


async def mute(register: Register, conversation_id: int) -> None:
    await register.session.execute(insert(NewsMute).values(conversation_id=conversation_id).on_conflict_do_nothing())


async def unmute(register: Register, conversation_id: int) -> None:
    await register.session.execute(delete(NewsMute).where(NewsMute.conversation_id == conversation_id))


async def waiting(session: AsyncSession, limit: int) -> list[tuple[ApplicationNews, Application, bool]]:
    """The oldest news that have not been posted, with their application and whether the conversation is muted."""
    query = (
        select(ApplicationNews, Application, NewsMute.conversation_id.is_not(None))
        .join(Application, Application.id == ApplicationNews.application_id)
        .outerjoin(NewsMute, NewsMute.conversation_id == ApplicationNews.conversation_id)
        .where(ApplicationNews.posted_at.is_(None))
        .order_by(ApplicationNews.id)
        .limit(limit)
        .with_for_update(of=ApplicationNews, skip_locked=True)
    )
    return [(news, application, muted) for news, application, muted in await session.execute(query)]


async def message(register: Register, one: ApplicationNews, application: Application) -> Message | None:
    """The news as it is now; None when the application has moved on meanwhile (newer news follow)."""
    try:
        found = await standing_of(register, application)
    except NotFound:
        return None
    if found.events[-1].id != one.event_id:
        return None
    return _reminder(register, found, one.kind) if one.kind in REMINDER_DAYS else _stage_news(register, found)


async def done(session: AsyncSession, news_id: int, register: Register, outgoing_id: int | None, skipped: str) -> None:
    await session.execute(
        update(ApplicationNews)
        .where(ApplicationNews.id == news_id)
        .values(posted_at=register.now(), outgoing_id=outgoing_id, skipped=skipped)
    )


@dataclass(frozen=True, slots=True)
class Told:
    """One piece of news as the office's staff see it. `state`: waiting, why it was skipped, or the message's status.

    `error`: why it failed, in Indonesian.
    """

    kind: str
    channel: str
    at: datetime
    state: str
    error: str


async def told(session: AsyncSession, application_id: int) -> list[Told]:
    """What was told about an application, newest first."""
    query = (
        select(ApplicationNews, Conversation.channel, Outgoing.status, Outgoing.error)
        .join(Conversation, Conversation.id == ApplicationNews.conversation_id)
        .outerjoin(Outgoing, Outgoing.id == ApplicationNews.outgoing_id)
        .where(ApplicationNews.application_id == application_id)
        .order_by(ApplicationNews.id.desc())
        .limit(20)
    )
    return [
        Told(one.kind, channel, one.posted_at or one.created_at, one.skipped or status or "waiting", error or "")
        for one, channel, status, error in (await session.execute(query))
    ]


def _stage_news(register: Register, found: Standing) -> Message:
    number = found.application.number
    event = found.events[-1]
    parts = [wording.NEWS.format(number=number, service=service_title(register, found))]
    if event.kind == "correction":
        parts.append(wording.NEWS_CORRECTION)
    parts.append(wording.STAGE.format(title=found.stage.title, text=found.stage.text))
    if event.reason:
        parts.append(wording.REASON.format(reason=event.reason))
    if line := todo_line(found.stage):
        parts.append(line)
    parts.append(wording.NEWS_END)
    return Message("\n\n".join(parts), _buttons(found), {"1": number, "2": found.stage.title})


def _reminder(register: Register, found: Standing, kind: str) -> Message:
    number = found.application.number
    parts = [
        wording.REMINDER.format(number=number, service=service_title(register, found), days=REMINDER_DAYS[kind]),
        todo_line(found.stage),
        wording.NEWS_END,
    ]
    if reason := found.events[-1].reason:
        parts.insert(1, wording.REASON.format(reason=reason))
    return Message("\n\n".join(parts), _buttons(found), {"1": number, "2": found.stage.title})


def _buttons(found: Standing) -> list[Button]:
    number = found.application.number
    chosen = [button(wording.B_STATUS, "track_status", application_number=number)]
    if found.stage.id == "perbaikan" or found.stage.end == "rejected":
        chosen.append(button(wording.B_REPAIR, "ask_risk_or_kbli", topic="perbaikan-penolakan"))
    chosen.append(button(TO_PERSON.title, "talk_to_human", application_number=number))
    return chosen
