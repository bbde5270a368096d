"""Reply targets: within so many minutes of office hours an applicant has a person's word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.handoff import wording
from bot.handoff.desk import Act, BadInput
from bot.handoff.ownership.hours import Hours, Span, hours_of
from bot.handoff.triage.models import DeskRule

SOON = timedelta(minutes=10)
"""So long before a target is missed it is warned about."""
MOST_MINUTES = 10_000

_OFFICE = "coalesce(nullif(c.office, ''), h.office)"
_WITHOUT = text(f"""
select h.id, h.asked_at, {_OFFICE} as office from handoffs h join conversations c on c.id = h.conversation_id
where h.closed_at is null and h.asked_at is not null and h.due_at is null
    and (cast(:conversation as bigint) is null or h.conversation_id = :conversation)
""")  # noqa: S608 a constant of ours
_SET = text("update handoffs set due_at = :due where id = :id and asked_at = :asked_at")
_ANEW = text("update handoffs set due_at = null where closed_at is null and due_at is not null")


async def rules(session: AsyncSession) -> dict[str, DeskRule]:
    """By office; "" is for those without one of their own."""
    return {one.office: one for one in await session.scalars(select(DeskRule))}


async def set_target(desk: Act, office: str, minutes: int | None) -> None:
    """None: no target. What waits is counted anew. Raises BadInput, NotAllowed."""
    desk.only_own(office)
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise BadInput(wording.BAD_TARGET)
    await put_rule(desk, office, reply_minutes=minutes)
    await desk.session.execute(_ANEW)
    await refresh(desk.session, desk.runtime.settings.timezone)
    await desk.note("office.target-set", "office", office=office, minutes=minutes or 0)


async def put_rule(desk: Act, office: str, **values: Any) -> None:
    kept = insert(DeskRule).values(office=office, **values)
    await desk.session.execute(kept.on_conflict_do_update(index_elements=["office"], set_=values))


async def refresh(session: AsyncSession, timezone: str, conversation_id: int | None = None) -> None:
    """Says until when those who wait are to be answered, where nobody has yet; for one conversation, or for all."""
    rows = (await session.execute(_WITHOUT, {"conversation": conversation_id})).all()
    if not rows:
        return
    targets = {office: one.reply_minutes for office, one in (await rules(session)).items() if one.reply_minutes}
    known: dict[str, Hours] = {}
    for row in rows:
        minutes = targets.get(row.office, targets.get(""))
        if minutes is None:
            continue
        if row.office not in known:
            known[row.office] = await hours_of(session, row.office, timezone)
        due = due_after(known[row.office], row.asked_at, minutes)
        await session.execute(_SET, {"id": row.id, "asked_at": row.asked_at, "due": due})


def due_after(hours: Hours, start: datetime, minutes: int) -> datetime | None:
    """`minutes` of office hours after `start`; of all hours where none are known. None: never within 60 days."""
    left = timedelta(minutes=minutes)
    if hours.is_open(start) is None:
        return start + left
    today: Sequence[Span] = hours.spans(start.astimezone(hours.zone).date())
    for span in (*(one for one in today if one.opens <= start < one.closes), *hours.after(start)):
        begin = max(span.opens, start)
        if begin + left <= span.closes:
            return begin + left
        left -= span.closes - begin
    return None
