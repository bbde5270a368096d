"""Putting a conversation off until later: out of the way until then, or until the applicant writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import text

from bot.conversations.models import Conversation
from bot.dates import say_date
from bot.handoff import wording
from bot.handoff.desk import Act, BadInput, Closed, NoConversation, NotYours, open_handoff, tell
from bot.handoff.models import Handoff
from bot.handoff.ownership.service import lease_of, owned
from bot.working_days import zone_name, zone_of

LONGEST = timedelta(days=60)

# Whose conversation it is keeps it meanwhile: its lease runs anew from the end.
_WAKE = text("""
update handoffs set snoozed_until = null,
    lease_until = case when lease_until is not null then :until end, warned_at = null
where closed_at is null and snoozed_until <= :now returning conversation_id, officer_id
""")


Until = Callable[[datetime, ZoneInfo], datetime]
"""From now and the office's clock, until when; raises BadInput."""


async def snooze(desk: Act, conversation_id: int, chosen: datetime | Until) -> None:
    """Until then, by the clock of the conversation's office, it stands under "Ditunda". By its officer, or by anybody
    while it waits. Raises BadInput, NotYours, Closed, NoConversation."""
    now, zone = desk.now(), await clock_of(desk, conversation_id)
    until = chosen if isinstance(chosen, datetime) else chosen(now, zone)
    if not now < until <= now + LONGEST:
        raise BadInput(wording.BAD_SNOOZE)
    handoff = await _mine_or_waiting(desk, conversation_id)
    handoff.snoozed_until, handoff.warned_at = until, None
    if handoff.lease_until is not None:
        handoff.lease_until = until + lease_of(desk)
    local = until.astimezone(zone)
    when = f"{say_date(local.date())} {local:%H.%M}"
    if local.utcoffset() != until.astimezone(desk.zone).utcoffset():  # the officer's clock is another
        when += f" {zone_name(zone)}"
    await desk.record(
        "handoff.snoozed", conversation_id, wording.E_SNOOZED.format(name=desk.name, when=when), until=when
    )
    await tell(desk.session, conversation_id, "snoozed", by=desk.officer_id)


async def clock_of(desk: Act, conversation_id: int) -> ZoneInfo:
    """That of the conversation's office; the officer's where it has none."""
    conversation = await desk.session.get(Conversation, conversation_id)
    return zone_of(conversation.office if conversation else "", desk.zone)


async def unsnooze(desk: Act, conversation_id: int) -> None:
    """Back to its place now. As `snooze`."""
    handoff = await _mine_or_waiting(desk, conversation_id)
    if handoff.snoozed_until is None:
        return
    handoff.snoozed_until = None
    if handoff.lease_until is not None:
        handoff.lease_until = desk.now() + lease_of(desk)
    await desk.record("handoff.unsnoozed", conversation_id, wording.E_UNSNOOZED.format(name=desk.name))
    await tell(desk.session, conversation_id, "snoozed", by=desk.officer_id)


async def wake(desk: Act) -> int:
    """The periodic job: what was put off until now comes back, and rings. Returns how many."""
    values = {"now": desk.now(), "until": desk.now() + lease_of(desk)}
    woken = (await desk.session.execute(_WAKE, values)).all()
    for one in woken:
        await desk.record("handoff.woken", one.conversation_id, wording.E_WOKEN)
        await tell(desk.session, one.conversation_id, "snoozed", to=one.officer_id, sound=True)
    return len(woken)


async def _mine_or_waiting(desk: Act, conversation_id: int) -> Handoff:
    handoff = await open_handoff(desk.session, conversation_id, lock=True)
    if handoff is None:
        if await desk.session.get(Conversation, conversation_id) is None:
            raise NoConversation(wording.UNKNOWN)
        raise Closed(wording.CLOSED)
    if handoff.owned_at is None:
        return handoff
    try:
        return await owned(desk, conversation_id)
    except NotYours as error:
        raise NotYours(wording.NOT_YOURS.format(name=error.owner), error.owner) from None
