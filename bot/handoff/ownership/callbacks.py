"""Questions left outside office hours with a time in which an answer is wanted: kept, counted, on officers' lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.hiding import WORDS, hiding, shown_name, staff_incoming
from bot.conversations.models import Conversation
from bot.conversations.walls import ALL, Sight, seen
from bot.handoff import wording
from bot.handoff.desk import Act, NoConversation, tell
from bot.handoff.models import CallBack, Handoff, Note
from bot.handoff.ownership.hours import DAYS, Hours, Span

MOST_SLOTS = 3
MAX_QUESTION = 500
_NOON = time(12)


@dataclass(frozen=True, slots=True)
class Waiting:
    id: int
    conversation_id: int
    name: str
    channel: str
    question: str
    wanted_from: datetime
    wanted_until: datetime
    late: bool


def slots(hours: Hours, now: datetime) -> list[tuple[str, str]]:
    """The next times that may be wished for: (key, title for a button), halves of office days."""
    return [(_key(span), _title(span, now)) for span in _halves(hours, now)[:MOST_SLOTS]]


async def wish(
    session: AsyncSession, handoff: Handoff, hours: Hours, key: str, now: datetime
) -> tuple[datetime, datetime] | None:
    """Notes the wish; a later one replaces it. Returns the time; None for one that is not (any more) on offer."""
    span = next((one for one in _halves(hours, now) if _key(one) == key), None)
    if span is None:
        return None
    question = await _question(session, handoff)
    values = {
        "office": handoff.office,
        "question": question[:MAX_QUESTION],
        "wanted_from": span.opens,
        "wanted_until": span.closes,
    }
    kept = insert(CallBack).values(conversation_id=handoff.conversation_id, **values)
    open_one = CallBack.done_at.is_(None)
    kept = kept.on_conflict_do_update(index_elements=["conversation_id"], index_where=open_one, set_=values)
    await session.execute(kept)
    event = wording.E_CALL_BACK.format(when=_title(span, now))
    session.add(Note(conversation_id=handoff.conversation_id, kind="event", text=event))
    await tell(session, handoff.conversation_id, "call-back", sound=True)
    return span.opens, span.closes


async def waiting(session: AsyncSession, now: datetime, office: str = "", sight: Sight = ALL) -> list[Waiting]:
    """Not done yet, soonest first."""
    query = (
        select(CallBack, shown_name(), Conversation.channel, hiding())
        .join(Conversation, Conversation.id == CallBack.conversation_id)
        .where(CallBack.done_at.is_(None), seen(sight))
        .order_by(CallBack.wanted_from, CallBack.id)
        .limit(200)
    )
    if office:
        query = query.where(CallBack.office == office)
    return [
        Waiting(
            one.id,
            one.conversation_id,
            name,
            channel,
            WORDS if hides else one.question,
            one.wanted_from,
            one.wanted_until,
            one.wanted_until < now,
        )
        for one, name, channel, hides in (await session.execute(query)).all()
    ]


async def done(desk: Act, call_back_id: int) -> None:
    """Answered. (A reply in the conversation does the same.) Raises NoConversation."""
    change = update(CallBack).where(CallBack.id == call_back_id, CallBack.done_at.is_(None))
    changed = await desk.session.execute(
        change.values(done_at=desk.now(), done_by=desk.officer_id).returning(CallBack.conversation_id)
    )
    conversation_id = changed.scalar_one_or_none()
    if conversation_id is None:
        raise NoConversation(wording.NO_CALL_BACK)
    await desk.record("call-back.done", conversation_id)
    await tell(desk.session, conversation_id, "call-back")


async def answered(desk: Act, conversation_id: int) -> None:
    """The officer has replied: what was wished for is done."""
    change = update(CallBack).where(CallBack.conversation_id == conversation_id, CallBack.done_at.is_(None))
    await desk.session.execute(change.values(done_at=desk.now(), done_by=desk.officer_id))


async def _question(session: AsyncSession, handoff: Handoff) -> str:
    """What the applicant wrote while waiting, else the last thing before."""
    said = staff_incoming.c
    texts = select(said.text).where(
        said.conversation_id == handoff.conversation_id, said.kind == "text", said.text != ""
    )
    since = texts.where(said.id > handoff.read_up_to).order_by(said.id).limit(10)
    found: Sequence[str] = (await session.scalars(since)).all()
    if not found:
        found = (await session.scalars(texts.order_by(said.id.desc()).limit(1))).all()
    return "\n".join(found)


def _halves(hours: Hours, now: datetime) -> list[Span]:
    """Office hours to come, cut at noon."""
    found: list[Span] = []
    for span in hours.after(now):
        noon = datetime.combine(span.opens.date(), _NOON, span.opens.tzinfo)
        if span.opens < noon < span.closes:
            found += [Span(span.opens, noon), Span(noon, span.closes)]
        else:
            found.append(span)
        if len(found) > 2 * MOST_SLOTS:
            break
    return found


def _key(span: Span) -> str:
    return f"{span.opens:%Y%m%d%H%M}"


def _title(span: Span, now: datetime) -> str:
    """ "Besok 08.00–12.00", "Sen 23/11 13.00–15.00": at most 24 characters."""
    days = (span.opens.date() - now.astimezone(span.opens.tzinfo).date()).days
    day = {0: "Hari ini", 1: "Besok"}.get(days) or f"{DAYS[span.opens.weekday()][:3]} {span.opens:%d/%m}"
    return f"{day} {span.opens:%H.%M}–{span.closes:%H.%M}"
