"""Saved views: a filter and an order of the list under a name, a person's own or an office's, with their counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.walls import Sight
from bot.handoff import wording
from bot.handoff.desk import Act, BadInput, NoConversation, NotAllowed
from bot.handoff.reading.narrowing import InboxFilter, conditions, times
from bot.handoff.triage.models import SavedView

MAX_NAME = 40
MOST = 20  # of one person, and of one office


async def listed(session: AsyncSession, officer_id: int, sight: Sight) -> Sequence[SavedView]:
    """The officer's own, then those of the offices that are seen; each by name."""
    query = select(SavedView).where(or_(SavedView.officer_id == officer_id, SavedView.officer_id.is_(None)))
    found = await session.scalars(query.order_by(SavedView.officer_id.is_(None), func.lower(SavedView.name)))
    return [one for one in found if one.officer_id is not None or sight.of(one.office)]


async def save(desk: Act, name: str, wanted: Mapping[str, str], office: str | None) -> int:
    """`office` None: the officer's own. One's view of the same name is replaced. Raises BadInput, NotAllowed."""
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME:
        raise BadInput(wording.BAD_VIEW.format(most=MAX_NAME))
    if office is not None:
        _supervises(desk, office)
    whose = SavedView.officer_id == desk.officer_id if office is None else SavedView.officer_id.is_(None)
    same = select(SavedView).where(whose, SavedView.office == (office or ""))
    theirs = (await desk.session.scalars(same)).all()
    view = next((one for one in theirs if one.name.casefold() == name.casefold()), None)
    if view is None and len(theirs) >= MOST:
        raise BadInput(wording.MANY_VIEWS.format(most=MOST))
    if view is None:
        view = SavedView(officer_id=desk.officer_id if office is None else None, office=office or "")
        desk.session.add(view)
    view.name, view.wanted = name, dict(wanted)
    await desk.session.flush()
    if office is not None:
        await desk.note("view.saved", "view", view.id, name=name, office=office)
    return view.id


async def remove(desk: Act, view_id: int) -> None:
    """One's own, or (a supervisor) the office's. Raises NoConversation, NotAllowed."""
    view = await desk.session.get(SavedView, view_id)
    mine = view is not None and view.officer_id == desk.officer_id
    if view is None or not (mine or (view.officer_id is None and desk.sight.of(view.office))):
        raise NoConversation(wording.NO_VIEW)
    if not mine:
        _supervises(desk, view.office)
        await desk.note("view.removed", "view", view_id, name=view.name, office=view.office)
    await desk.session.delete(view)


async def counts(session: AsyncSession, filters: Mapping[int, InboxFilter], now: datetime) -> dict[int, int]:
    """How many conversations with people each view has, in one look; `filters` by the view's id. Views that search, and
    those of what is done, are not counted."""
    counted = {number: one for number, one in filters.items() if not one.search and one.view != "closed"}
    if not counted:
        return {}
    values: dict[str, Any] = times(now)
    columns = []
    for number, one in counted.items():
        where = " and ".join(conditions(one, values, f"_{number}"))
        columns.append(f"count(*) filter (where {where}) as v{number}")
        values |= {"officer": one.officer, **one.sight.values}
    counting = f"""select {", ".join(columns)} from handoffs h join conversations c on c.id = h.conversation_id
        where h.closed_at is null"""  # noqa: S608 our own conditions
    row = (await session.execute(text(counting), values)).one()
    return {number: getattr(row, f"v{number}") for number in counted}


def _supervises(desk: Act, office: str) -> None:
    if not desk.supervises:
        raise NotAllowed(wording.ONLY_SUPERVISOR_VIEW)
    desk.only_own(office)
