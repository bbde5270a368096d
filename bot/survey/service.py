"""The satisfaction survey (SKM) in a chat: invite once, ask element by element, stop and go on at will.

`invite` notes an occasion; `send_due`, a job, asks when it suits the person. Nothing is chosen for anybody: an element
without an answer stays without one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.answers.payloads import TO_MENU, button
from bot.applications.access import written_last
from bot.applications.service import Register
from bot.channels.all import kind_of
from bot.complaints.models import Complaint
from bot.conversations import outbox
from bot.conversations.models import Conversation
from bot.conversations.optout import wants_news
from bot.handoff.models import Handoff
from bot.knowledge.models import Knowledge
from bot.messages import Button, Reply
from bot.survey import wording
from bot.survey.models import INVITED, Survey, SurveyAnswer
from bot.working_days import zone_of

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

INTENT = "survey_feedback"
OPEN_FOR = timedelta(days=30)  # from the invitation
WAITS_FOR = timedelta(days=2)  # from the occasion; later the memory of it has faded
QUIET = timedelta(seconds=60)  # since the person's last message
AWAKE = timedelta(hours=1)
DAYTIME = range(8, 20)
MARGIN = timedelta(minutes=10)  # before the channel's window closes
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Moment:
    """How things stand with one waiting invitation. Times are ages, counted to now."""

    waited: timedelta
    quiet: timedelta  # since the person's last message
    owner: str
    channel: str
    hour: int  # of the office's day
    busy: bool  # a report is being written
    asked_lately: bool


async def invite(
    session: AsyncSession, conversation_id: int, occasion: str, occasion_id: int, *, office: str = "", service: str = ""
) -> bool:
    """Notes that this person may be asked about `occasion` ("handoff" or "licence") number `occasion_id`.

    Whether and when the question goes out is decided by `send_due`. False when this occasion was noted before.
    """
    values = {"conversation_id": conversation_id, "occasion": occasion, "occasion_id": occasion_id}
    stored = await session.execute(
        insert(Survey).values(**values, office=office, service=service).on_conflict_do_nothing().returning(Survey.id)
    )
    return stored.first() is not None


def hear_occasions(runtime: Runtime) -> None:
    """From now on the ends of handoffs and licences that were read are occasions."""
    runtime.after_handoff, runtime.after_licence = after_handoff, after_licence


async def after_handoff(session: AsyncSession, conversation_id: int, handoff_id: int) -> None:
    """An officer gave a conversation back or closed it: an occasion, when the officer had said something in it."""
    handoff = await session.get(Handoff, handoff_id)
    if handoff is not None and handoff.first_reply_at is not None:
        of = {"office": handoff.office, "service": handoff.service}
        await invite(session, conversation_id, "handoff", handoff_id, **of)


async def after_licence(
    session: AsyncSession, conversation_id: int, application_id: int, office: str, service: str
) -> None:
    """A licence was issued, and the applicant has read it: an occasion."""
    await invite(session, conversation_id, "licence", application_id, office=office, service=service)


def decide(moment: Moment, every_days: int) -> str:
    """ "send", "wait", or why it lapses: "off", "lately" (asked within `every_days`), "late"."""
    if not every_days:
        return "off"
    if moment.asked_lately:
        return "lately"
    if moment.waited > WAITS_FOR:
        return "late"
    asleep = moment.hour not in DAYTIME and moment.quiet > AWAKE
    window = kind_of(moment.channel).window
    shut = window is not None and moment.quiet > window - MARGIN
    if moment.owner != "bot" or moment.busy or moment.quiet < QUIET or asleep or shut:
        return "wait"
    return "send"


async def send_due(runtime: Runtime, knowledge: Knowledge, now: datetime) -> int:
    """Sends the invitations whose moment has come and closes those that missed it; returns how many were sent."""
    settings, sent = runtime.settings, 0
    async with runtime.database.session() as session:
        await _follow(session, knowledge)
        for row, moment in await _waiting(session, now, settings.timezone, settings.survey_every_days):
            verdict = decide(moment, settings.survey_every_days)
            if verdict == "wait":
                continue
            unwanted = row.conversation_id is not None and not await wants_news(session, row.conversation_id)
            if verdict != "send" or row.conversation_id is None or unwanted:
                row.status, row.lapse = "lapsed", "unwanted" if unwanted else verdict
                continue
            row.status, row.invited_at, row.office = "invited", now, row.office or settings.office
            said = invitation(knowledge, row.occasion)
            await outbox.say(runtime, session, row.conversation_id, said.text, "bot", list(said.buttons))
            await session.flush()  # the next row may be the same person's
            sent += 1
    return sent


def invitation(knowledge: Knowledge, occasion: str) -> Reply:
    """The question whether one may ask."""
    text = wording.INVITE.format(occasion=wording.ASK[occasion], count=len(knowledge.survey.elements))
    return Reply(text, (_button(wording.BEGIN, "begin"), _button(wording.DECLINE, "decline")))


async def open_survey(session: AsyncSession, conversation_id: int, now: datetime) -> Survey | None:
    """The newest survey that this person may still answer."""
    query = (
        select(Survey)
        .where(
            Survey.conversation_id == conversation_id,
            Survey.status.in_(("invited", "answering", "stopped")),
            Survey.invited_at > now - OPEN_FOR,
        )
        .order_by(Survey.invited_at.desc(), Survey.id.desc())
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def tapped(
    session: AsyncSession, knowledge: Knowledge, conversation_id: int, question: str, answer: str, now: datetime
) -> Reply:
    """What a button of the survey is answered: `question` is begin, resume, decline, stop or an element's id.

    `answer` is "1" to "4", or "skip". An element may be answered again until all have been asked.
    """
    row = await open_survey(session, conversation_id, now)
    if row is None:
        return Reply(wording.CLOSED, (TO_MENU,))
    said = await _scores(session, row.id)
    if question == "decline" and not said:
        row.status = "stopped"
        return Reply(wording.DECLINED, (TO_MENU,))
    if question in ("decline", "stop"):
        row.status = "stopped"
        return Reply(f"{wording.STOPPED} {wording.LATER}", (_button(wording.RESUME, "resume"), TO_MENU))
    element = knowledge.survey.element(question)
    if element is not None and answer in ("1", "2", "3", "4", "skip"):
        score = None if answer == "skip" else int(answer)
        said[element.id] = score
        await _keep(session, row.id, element.id, score)
        row.answered_at = now if score else row.answered_at
    return _next(knowledge, row, said)


async def forget(session: AsyncSession, conversation_id: int) -> None:
    """Before a conversation is deleted: answers stay as figures that lead to nobody, the rest goes."""
    mine = Survey.conversation_id == conversation_id
    await session.execute(delete(Survey).where(mine, Survey.status.in_(("waiting", "lapsed"))))
    await session.execute(update(Survey).where(mine).values(conversation_id=None, occasion_id=-Survey.id))


def resume_button() -> Button:
    return _button(wording.RESUME, "resume")


def _next(knowledge: Knowledge, row: Survey, said: dict[str, int | None]) -> Reply:
    """The first element that was not asked yet, or thanks."""
    elements = knowledge.survey.elements
    for number, element in enumerate(elements, start=1):
        if element.id in said:
            continue
        row.status = "answering"
        text = wording.QUESTION.format(
            number=number, count=len(elements), name=element.name, question=element.question.text
        )
        if element.titles != element.answers:
            text += "\n\n" + "\n".join(f"{score}. {one}" for score, one in enumerate(element.answers, start=1))
        scores = [_button(title, element.id, str(score)) for score, title in enumerate(element.titles, start=1)]
        return Reply(text, (*scores, _button(wording.SKIP, element.id, "skip"), _button(wording.STOP, "stop")))
    row.status = "done"
    return Reply(wording.DONE if any(said.values()) else wording.NOTHING_SAID, (TO_MENU,))


async def _follow(session: AsyncSession, knowledge: Knowledge) -> None:
    """Who sees a licence in several chats is asked in the one where they wrote last."""
    waits = (Survey.status == "waiting", Survey.occasion == "licence")
    query = select(Survey).where(*waits).order_by(Survey.id).limit(BATCH).with_for_update(skip_locked=True)
    rows = (await session.scalars(query)).all()
    chats = await written_last(Register(session, knowledge), [row.occasion_id for row in rows]) if rows else {}
    for row in rows:
        row.conversation_id = chats.get(row.occasion_id, row.conversation_id)
    await session.flush()


async def _waiting(
    session: AsyncSession, now: datetime, timezone: str, every_days: int
) -> Sequence[tuple[Survey, Moment]]:
    other = aliased(Survey)
    there = aliased(Conversation)
    same = select(there.id).where(or_(there.id == Conversation.id, there.person_id == Conversation.person_id))
    lately = exists().where(
        other.conversation_id.in_(same),
        other.status.in_(INVITED),
        other.invited_at > now - timedelta(days=every_days),
    )
    busy = exists().where(Complaint.conversation_id == Survey.conversation_id, Complaint.status == "drafting")
    query = (
        select(
            Survey,
            Conversation.office,
            Conversation.owner,
            Conversation.channel,
            Conversation.last_incoming_at,
            busy,
            lately,
        )
        .join(Conversation, Conversation.id == Survey.conversation_id)
        .where(
            Survey.status == "waiting",
            or_(Conversation.owner == "bot", Survey.created_at < now - WAITS_FOR),
        )
        .order_by(Survey.id)
        .limit(BATCH)
        .with_for_update(of=Survey, skip_locked=True)
    )
    found, seen = [], set[int | None]()
    for row, office, owner, channel, wrote, is_busy, was_asked in await session.execute(query):
        twice = row.conversation_id in seen  # several of one person in one batch
        seen.add(row.conversation_id)
        waited, quiet = now - row.created_at, now - wrote
        hour = now.astimezone(zone_of(row.office or office, timezone)).hour
        found.append((row, Moment(waited, quiet, owner, channel, hour, is_busy or twice, was_asked)))
    return found


async def _scores(session: AsyncSession, survey: int) -> dict[str, int | None]:
    query = select(SurveyAnswer.element, SurveyAnswer.score).where(SurveyAnswer.survey_id == survey)
    return dict((await session.execute(query)).all())


async def _keep(session: AsyncSession, survey: int, element: str, score: int | None) -> None:
    put = insert(SurveyAnswer).values(survey_id=survey, element=element, score=score)
    same = [SurveyAnswer.survey_id, SurveyAnswer.element]
    await session.execute(put.on_conflict_do_update(index_elements=same, set_={"score": score}))


def _button(title: str, question: str, answer: str = "") -> Button:
    return button(title, INTENT, question=question, answer=answer)
