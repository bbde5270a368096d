"""Ownership of a conversation: from the bot to a person, between persons, and back.

`conversations.owner` is the one truth about who speaks; the open row of `handoffs` says which officer. They change
together, always the handoff first, so that two acts at once wait for each other and the second sees what the first
did. Nothing is committed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import case, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.models import Conversation
from bot.conversations.outbox import say
from bot.conversations.walls import belongs
from bot.handoff import wording
from bot.handoff.desk import Act, BadInput, Closed, NoConversation, NotAllowed, NotYours, open_handoff, tell
from bot.handoff.models import Handoff, Kind, Note, Outcome
from bot.handoff.notes import add_note
from bot.handoff.ownership import returning
from bot.handoff.window import window_left
from bot.messages import Button
from bot.officers.models import Officer, Team

LEASE_WARNING = timedelta(minutes=2)

_REQUEST = text("""
with asked as (
    insert into handoffs (conversation_id, kind, reason, office, service, read_up_to)
    select c.id, :kind, :reason, coalesce(nullif(:office, ''), c.office), :service, coalesce((
        select max(m.id) from incoming_messages m where m.conversation_id = c.id and m.handled_at is not null), 0)
    from conversations c where c.id = :id
    on conflict (conversation_id) where closed_at is null do update set
        kind = case when excluded.kind = 'emergency' then 'emergency' else handoffs.kind end,
        asked_at = coalesce(handoffs.asked_at, now()), snoozed_until = null
    returning conversation_id
)
update conversations set owner = 'queue', office = coalesce(nullif(:office, ''), conversations.office) from asked
where conversations.id = asked.conversation_id and owner = 'bot' returning conversations.id
""")

_CLAIM = text("""
with won as (
    update handoffs set officer_id = :officer, owned_at = :now, claimed_at = coalesce(claimed_at, :now),
        lease_until = :until, warned_at = null, snoozed_until = null
    where conversation_id = :id and closed_at is null and officer_id is null
    returning id, conversation_id
), owner as (
    update conversations set owner = 'officer' from won where conversations.id = won.conversation_id
)
select id, false as stepped_in from won
""")

_STEP_IN = text("""
with won as (
    insert into handoffs (conversation_id, kind, reason, officer_id, owned_at, claimed_at, lease_until, asked_at)
    select id, 'stepped_in', :reason, cast(:officer as bigint), :now, :now, :until, null
    from conversations where id = :id
    on conflict (conversation_id) where closed_at is null do update set
        officer_id = excluded.officer_id, owned_at = :now, claimed_at = coalesce(handoffs.claimed_at, :now),
        lease_until = :until, warned_at = null, snoozed_until = null
    where handoffs.officer_id is null
    returning id, conversation_id, kind
), owner as (
    update conversations set owner = 'officer' from won where conversations.id = won.conversation_id
)
select id, kind = 'stepped_in' as stepped_in from won
""")

_WARN = text("""
update handoffs set warned_at = :now
where closed_at is null and lease_until > :now and lease_until <= :soon and warned_at is null
returning conversation_id, officer_id, lease_until
""")


async def request_person(
    session: AsyncSession,
    conversation_id: int,
    reason: str,
    *,
    kind: Kind = "requested",
    office: str = "",
    service: str = "",
) -> bool:
    """Puts the conversation into the queue. Asking again changes nothing; True when it was put there now.

    `reason` is Indonesian, for the officer; `office` and `service` are ids of knowledge/, where they are known.
    """
    values = {"id": conversation_id, "kind": kind, "reason": reason[:200], "office": office, "service": service}
    if (await session.execute(_REQUEST, values)).first() is None:
        return False
    session.add(Note(conversation_id=conversation_id, kind="event", text=wording.E_REQUESTED.format(reason=reason)))
    await tell(session, conversation_id, "waiting", owner="queue", officer=None, kind=kind, sound=True)
    return True


async def claim(desk: Act, conversation_id: int, *, step_in: bool = False) -> None:
    """Takes a conversation out of the queue; with `step_in` also one that the bot has.

    One statement: of many officers at once exactly one gets it. Raises NotYours (with the name of who has it), Closed
    (the bot has it again) and NoConversation. Claiming what one has already renews the lease.
    """
    now = desk.now()
    values = {"id": conversation_id, "officer": desk.officer_id, "now": now, "until": now + lease_of(desk)}
    statement, more = (_STEP_IN, {"reason": wording.STEPPED_IN}) if step_in else (_CLAIM, {})
    won = (await desk.session.execute(statement, {**values, **more})).one_or_none()
    if won is None:
        await _lost(desk, conversation_id)
        return
    event = wording.E_STEPPED_IN if won.stepped_in else wording.E_CLAIMED
    await _take_in(desk, conversation_id, desk.officer)
    await desk.record("handoff.claimed", conversation_id, event.format(name=desk.name))
    await _speaks(desk, conversation_id, wording.CONNECTED.format(name=desk.name))
    await tell(desk.session, conversation_id, "claimed", owner="officer", officer=desk.officer_id)


async def release(desk: Act, conversation_id: int) -> None:
    """Back into the queue, for a colleague. Raises NotYours, Closed, NoConversation."""
    handoff = await owned(desk, conversation_id)
    await _queue(desk, handoff, wording.E_RELEASED.format(name=desk.name))


async def transfer(
    desk: Act, conversation_id: int, note: str, *, officer_id: int | None = None, team_id: int | None = None
) -> None:
    """To a colleague (who has it at once, with a fresh lease) or to a team's queue, with a note for whoever takes it.

    By the owner or a supervisor. Raises NotYours, Closed, BadInput (no note; not exactly one of the two; no such
    officer or team).
    """
    if (officer_id is None) == (team_id is None):
        raise BadInput(wording.WHERE_TO)
    if not note.strip():
        raise BadInput(wording.NOTE_NEEDED)
    handoff = await owned(desk, conversation_id, or_supervises=True)
    if officer_id is not None:
        to = await desk.session.get(Officer, officer_id)
        if to is None or to.disabled_at is not None:
            raise BadInput(wording.NO_OFFICER)
        note_text = f"@{to.username} {note.strip()}"
        await _hand(desk, handoff, to, "transferred", wording.E_TO_OFFICER.format(name=desk.name, to=to.name))
    else:
        team = await desk.session.get(Team, team_id)
        if team is None:
            raise BadInput(wording.NO_TEAM)
        handoff.team_id = team.id
        await _move(desk, conversation_id, team.office)
        note_text = note
        event = wording.E_TO_TEAM.format(name=desk.name, to=team.name)
        await _queue(desk, handoff, event, wording.TO_TEAM.format(team=team.name))
    await add_note(desk, conversation_id, note_text)


async def assign(desk: Act, handoff: Handoff, to: Officer) -> None:
    """By the house: what waits is this officer's now. `handoff` is locked. The applicant is told with the first reply:
    nobody says by machine that somebody is there."""
    await _hand(desk, handoff, to, "assigned", wording.E_ASSIGNED.format(to=to.name))


def introduction(handoff: Handoff, name: str) -> str:
    """Who answers, as the applicant is told before the first reply of this officer; "": is known already."""
    if not handoff.untold:
        return ""
    return (wording.CONNECTED if handoff.first_reply_at is None else wording.CHANGED).format(name=name)


async def take_over(desk: Act, conversation_id: int) -> None:
    """A supervisor takes a colleague's conversation (or one that waits). Raises NotAllowed, Closed, NoConversation."""
    if not desk.supervises or desk.officer is None:
        raise NotAllowed(wording.ONLY_SUPERVISOR)
    handoff = await _open(desk, conversation_id)
    before = await _name_of(desk.session, handoff.officer_id)
    event = wording.E_TAKEN_OVER.format(name=desk.name, before=before or wording.THE_QUEUE)
    await _hand(desk, handoff, desk.officer, "taken-over", event)


async def give_back(desk: Act, conversation_id: int) -> None:
    """The bot goes on, and knows what was said. By the owner or a supervisor. Raises NotYours, Closed."""
    await _end(desk, conversation_id, "given_back")


async def close(desk: Act, conversation_id: int) -> None:
    """Solved: the same, and the applicant is thanked."""
    await _end(desk, conversation_id, "closed")


async def renew(desk: Act, conversation_id: int) -> datetime | None:
    """An act of the owner: the lease runs anew. Returns until when; None for anybody else."""
    until = desk.now() + lease_of(desk)
    changed = await desk.session.execute(
        update(Handoff)
        .where(
            Handoff.conversation_id == conversation_id,
            Handoff.closed_at.is_(None),
            Handoff.owned_at.is_not(None),
            Handoff.officer_id.is_not_distinct_from(desk.officer_id),
        )
        .values(
            lease_until=case((Handoff.snoozed_until > desk.now(), Handoff.lease_until), else_=until), warned_at=None
        )
        .returning(Handoff.id)
    )
    return until if changed.first() else None


async def watch_leases(desk: Act) -> tuple[int, int]:
    """The periodic job: warns two minutes before, returns to the queue what is over. Returns how many of each."""
    now = desk.now()
    warned = (await desk.session.execute(_WARN, {"now": now, "soon": now + LEASE_WARNING})).all()
    for one in warned:
        until = one.lease_until.isoformat()
        await tell(desk.session, one.conversation_id, "lease", to=one.officer_id, until=until, sound=True)
    over = await desk.session.scalars(
        select(Handoff).where(Handoff.closed_at.is_(None), Handoff.lease_until <= now).with_for_update(skip_locked=True)
    )
    idle = over.all()
    for handoff in idle:
        name = await _name_of(desk.session, handoff.officer_id) or wording.SOMEBODY
        await _queue(desk, handoff, wording.E_LEASE.format(name=name), action="handoff.lease-ended")
    return len(warned), len(idle)


async def conversations_of(session: AsyncSession, officer: Officer) -> Sequence[int]:
    """Those that the officer has now."""
    query = select(Handoff.conversation_id).where(
        Handoff.closed_at.is_(None), Handoff.owned_at.is_not(None), Handoff.officer_id == officer.id
    )
    return (await session.scalars(query)).all()


async def return_all(desk: Act, officer: Officer) -> int:
    """The officer will not answer any more: what the officer has goes back into the queue. Returns how many."""
    query = select(Handoff).where(
        Handoff.closed_at.is_(None), Handoff.owned_at.is_not(None), Handoff.officer_id == officer.id
    )
    theirs = (await desk.session.scalars(query.order_by(Handoff.id).with_for_update())).all()
    for handoff in theirs:
        await _queue(desk, handoff, wording.E_GONE.format(name=officer.name))
    return len(theirs)


async def back_to_bot(session: AsyncSession, conversation_id: int, now: datetime) -> None:
    """The applicant went back to the bot by a button: the handoff ends. The turn changes the conversation's owner."""
    handoff = await open_handoff(session, conversation_id, lock=True)
    if handoff is None:
        return
    if handoff.first_reply_at is not None:
        await returning.remember(session, handoff, await _name_of(session, handoff.officer_id))
    _finish(handoff, "back_to_bot", now)
    await session.flush()
    session.add(Note(conversation_id=conversation_id, kind="event", text=wording.E_BACK_TO_BOT))
    await tell(session, conversation_id, "closed", owner="bot", officer=None)


async def owned(desk: Act, conversation_id: int, *, or_supervises: bool = False) -> Handoff:
    """The open handoff, locked, when the officer has it. Raises NotYours, Closed, NoConversation."""
    handoff = await _open(desk, conversation_id)
    if handoff.owned_at is not None and handoff.officer_id == desk.officer_id:
        return handoff
    if or_supervises and desk.supervises:
        return handoff
    name = await _name_of(desk.session, handoff.officer_id)
    raise NotYours(wording.NOT_YOURS.format(name=name) if name else wording.IN_QUEUE, name)


async def _open(desk: Act, conversation_id: int) -> Handoff:
    handoff = await open_handoff(desk.session, conversation_id, lock=True)
    if handoff is not None:
        return handoff
    if await desk.session.get(Conversation, conversation_id) is None:
        raise NoConversation(wording.UNKNOWN)
    raise Closed(wording.CLOSED)


async def _lost(desk: Act, conversation_id: int) -> None:
    """Somebody was quicker, or there is nothing to claim: says so, unless it is one's own already."""
    try:
        await owned(desk, conversation_id)
    except NotYours as error:
        raise NotYours(wording.TAKEN.format(name=error.owner), error.owner) from None
    except Closed:
        raise Closed(wording.NOT_WAITING) from None
    await renew(desk, conversation_id)


async def _hand(desk: Act, handoff: Handoff, to: Officer, act: str, event: str) -> None:
    now, told = desk.now(), "" if act == "assigned" else introduction(handoff, to.name) or wording.CHANGED
    handoff.untold = act == "assigned"
    handoff.officer_id, handoff.owned_at, handoff.lease_until = to.id, now, now + lease_of(desk)
    handoff.claimed_at, handoff.warned_at, handoff.snoozed_until = handoff.claimed_at or now, None, None
    await _owner(desk, handoff, "officer")
    await _take_in(desk, handoff.conversation_id, to)
    await desk.record(f"handoff.{act}", handoff.conversation_id, event, to=to.id)
    if told:
        await _speaks(desk, handoff.conversation_id, told.format(name=to.name))
    sound = to.id != desk.officer_id
    await tell(desk.session, handoff.conversation_id, act, owner="officer", officer=to.id, to=to.id, sound=sound)


async def _queue(
    desk: Act, handoff: Handoff, event: str, told: str = wording.QUEUED_AGAIN, action: str = "handoff.released"
) -> None:
    knows = not handoff.untold or told != wording.QUEUED_AGAIN  # who has heard of nobody is still waiting
    handoff.officer_id, handoff.untold = None, False
    handoff.owned_at = handoff.lease_until = handoff.warned_at = handoff.snoozed_until = None
    handoff.queued_at = desk.now()
    await _owner(desk, handoff, "queue")
    await desk.record(action, handoff.conversation_id, event)
    if knows:
        await _speaks(desk, handoff.conversation_id, told)
    await tell(desk.session, handoff.conversation_id, "released", owner="queue", officer=None, sound=True)


async def _end(desk: Act, conversation_id: int, outcome: Outcome) -> None:
    handoff = await owned(desk, conversation_id, or_supervises=True)
    name = await _name_of(desk.session, handoff.officer_id) or desk.name
    await returning.remember(desk.session, handoff, name)
    _finish(handoff, outcome, desk.now())
    await _owner(desk, handoff, "bot")
    event = wording.E_CLOSED if outcome == "closed" else wording.E_GIVEN_BACK
    await desk.record(f"handoff.{outcome.replace('_', '-')}", conversation_id, event.format(name=desk.name))
    told = wording.SOLVED if outcome == "closed" else wording.GIVEN_BACK
    message, buttons = await returning.farewell(desk.session, handoff, told, name)
    await _speaks(desk, conversation_id, message, buttons)
    await tell(desk.session, conversation_id, outcome.replace("_", "-"), owner="bot", officer=None)
    if desk.runtime.after_handoff is not None:
        await desk.runtime.after_handoff(desk.session, conversation_id, handoff.id)


def _finish(handoff: Handoff, outcome: Outcome, now: datetime) -> None:
    handoff.closed_at, handoff.outcome, handoff.lease_until, handoff.warned_at = now, outcome, None, None


async def _take_in(desk: Act, conversation_id: int, officer: Officer | None) -> None:
    """Who has it sees it: what was nobody's, or came from another office, is of the officer's office now."""
    if officer is None or not officer.office:
        return
    conversation = await desk.session.get_one(Conversation, conversation_id, populate_existing=True)
    if not conversation.office or not officer.sight.own(conversation.office):
        await _move(desk, conversation_id, officer.office)


async def _move(desk: Act, conversation_id: int, office: str) -> None:
    """To another office, whose reply target is counted anew (triage/targets.py). The handoff is locked."""
    await desk.session.flush()
    anew = update(Handoff).where(Handoff.conversation_id == conversation_id, Handoff.closed_at.is_(None))
    await desk.session.execute(anew.values(due_at=None).execution_options(synchronize_session=False))
    await belongs(desk.session, conversation_id, office)


async def _owner(desk: Act, handoff: Handoff, owner: str) -> None:
    await desk.session.flush()  # the handoff first
    change = update(Conversation).where(Conversation.id == handoff.conversation_id).values(owner=owner)
    await desk.session.execute(change.execution_options(synchronize_session=False))


async def _speaks(desk: Act, conversation_id: int, message: str, buttons: Sequence[Button] = ()) -> None:
    """Tells the applicant, unless the channel's window is over: then it could only fail."""
    found = await desk.session.get_one(Conversation, conversation_id)
    if window_left(found.channel, found.last_incoming_at, desk.now()) != timedelta(0):
        await say(desk.runtime, desk.session, conversation_id, message, "system", buttons)


async def _name_of(session: AsyncSession, officer_id: int | None) -> str:
    officer = await session.get(Officer, officer_id) if officer_id is not None else None
    return officer.name if officer else ""


def lease_of(desk: Act) -> timedelta:
    """So long an officer may do nothing."""
    return timedelta(minutes=desk.runtime.settings.handoff_lease_minutes)
