"""The list of conversations: waiting, mine, all, closed; one query, whatever is filtered.

Waiting and owned conversations are few (those with an open handoff), so they are sorted whole. Of those that the bot
has, only what was written lately is listed, or what a search finds (bot/handoff/reading/search.py).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.all import ALL
from bot.conversations import hiding, walls
from bot.handoff.reading.asked import Question, questions
from bot.handoff.reading.hits import Hit, hits
from bot.handoff.reading.narrowing import SEEN, InboxFilter, conditions, times
from bot.handoff.reading.packet import shown_address
from bot.handoff.reading.presence import FRESH
from bot.handoff.reading.search import Found, look
from bot.handoff.triage import labels
from bot.handoff.triage.labels import OnConversation
from bot.handoff.window import window_left

PAGE = 50
LATELY = 3000  # newest messages whose conversations are listed among "all"
_LAST_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation of the list. Times are aware; `window_left` is None where the channel has no window.

    `asked`: the question that waits, or was asked last; `hit`: what a search found. `office`, `service`: ids, as asked
    for or heard; `region`: a place whose standard is not held. `asked_at`: since when a person's word is waited for,
    however often the conversation went back into the queue; None when nothing waits; `due_at`: until when
    it is to come. `last_at`: when the applicant
    wrote last. `owner`: bot, queue, officer; `owner_id` and `owner_name` are the officer's. `since`: since when it
    is in the queue, or with the officer, or when it was closed. `unread`: the applicant's messages that its officer
    has not opened, at most 100. `viewers`: names. `kind` and `reason` are the handoff's ("" for a conversation the bot
    has). `held`: answers that wait for a yes.
    """

    conversation_id: int
    name: str
    channel: str
    address: str
    labels: tuple[OnConversation, ...]
    asked: str
    hit: Hit | None
    asked_at: datetime | None
    due_at: datetime | None
    snoozed_until: datetime | None
    last_at: datetime
    owner: str
    owner_id: int | None
    owner_name: str
    kind: str
    reason: str
    office: str
    region: str
    service: str
    team: str
    since: datetime | None
    lease_until: datetime | None
    window_left: timedelta | None
    unread: int
    held: int
    viewers: tuple[str, ...]

    @property
    def offer_template(self) -> bool:
        """Whether the window closes within the hour, or has closed."""
        return self.window_left is not None and self.window_left < _LAST_HOUR


@dataclass(frozen=True, slots=True)
class Counts:
    """For the tabs and the title badge."""

    waiting: int
    mine: int
    mine_unread: int
    snoozed: int
    held: int
    mentions: int
    call_backs: int


# The last hour of a window first, then hour by hour; who has no window, or lost it, stands with the fresh ones.
_WINDOW = "make_interval(secs => cast(cast(:windows as jsonb) ->> c.channel as float))"  # null without one
_ORDER = f"""(h.kind = 'emergency') desc,
    case when c.last_incoming_at + {_WINDOW} > :now
        then floor(extract(epoch from c.last_incoming_at + {_WINDOW} - :now) / 3600) else 23 end,
    coalesce(h.asked_at, h.owned_at, h.queued_at), c.id"""
_ORDERS = {
    "": _ORDER,
    "waiting": "h.asked_at nulls last, coalesce(h.owned_at, h.queued_at), c.id",
    "newest": "c.last_incoming_at desc, c.id desc",
    "due": "h.due_at nulls last, h.asked_at nulls last, c.id",
}

_COLUMNS = """c.id, c.profile_name, c.channel, c.address, c.owner, c.last_incoming_at, c.office as place_office"""
_HANDOFF = """h.kind, h.reason, h.office, h.service, h.team_id, h.officer_id, h.lease_until, h.read_up_to,
        h.asked_at, h.due_at, h.snoozed_until, {since} as since"""
# {lazy}: sorted first, then looked at one by one until the page is full.
_OPEN = """
select 1 as part, row_number() over () as place, first.* from (
    select * from (
        select {columns}, {handoff}, h.closed_at from handoffs h join conversations c on c.id = h.conversation_id
        where {where} order by {order} {lazy}
    ) candidates where {fits} limit :up_to
) first
"""
_BOTS = """
select 2 as part, row_number() over (order by c.last_incoming_at desc, c.id desc) as place, {columns},
    '' as kind, '' as reason, '' as office, '' as service, null::bigint as team_id,
    null::bigint as officer_id, null::timestamptz as lease_until, null::bigint as read_up_to,
    null::timestamptz as asked_at, null::timestamptz as due_at,
    null::timestamptz as snoozed_until, c.last_incoming_at as since,
    null::timestamptz as closed_at
from conversations c where c.id = any(array(
    select id from (
        select c.id from conversations c where c.owner = 'bot' {only}
        order by c.last_incoming_at desc, c.id desc {lazy}
    ) candidates where {fits} limit :up_to
))
"""
_LATELY = "select conversation_id from (select conversation_id from incoming_messages order by id desc limit :lately) m"

_ROWS = """
with {found} chosen as (
    select * from ({candidates}) candidates order by part, place limit :limit offset :offset
)
select chosen.*, {hides} as hides, coalesce(o.name, '') as officer_name, coalesce(t.name, '') as team,
    case when chosen.read_up_to is null then 0 else (
        select count(*) from (select from incoming_messages m
            where m.conversation_id = chosen.id and m.id > chosen.read_up_to limit 100) new) end as unread,
    (select count(*) from held_answers a where a.conversation_id = chosen.id and a.decision is null) as held,
    array(select v.name from conversation_viewers w join officers v on v.id = w.officer_id
        where w.conversation_id = chosen.id and w.seen_at > :fresh order by v.name) as viewers
from chosen
left join officers o on o.id = chosen.officer_id
left join teams t on t.id = chosen.team_id
order by part, place
"""

_AWAKE = "(h.snoozed_until is null or h.snoozed_until <= :now)"
_COUNTS = text(f"""
select count(*) filter (where h.owned_at is null and {_AWAKE}) as waiting,
    count(*) filter (where h.owned_at is not null and h.officer_id = :officer and {_AWAKE}) as mine,
    count(*) filter (where h.owned_at is not null and h.officer_id = :officer and exists (
        select from incoming_messages m where m.conversation_id = h.conversation_id and m.id > h.read_up_to)
    ) as mine_unread,
    count(*) filter (where not {_AWAKE}) as snoozed,
    (select count(*) from held_answers a join conversations c on c.id = a.conversation_id
        where a.decision is null and {SEEN}) as held,
    (select count(*) from note_mentions m join conversation_notes n on n.id = m.note_id
        join conversations c on c.id = n.conversation_id
        where m.officer_id = :officer and m.seen_at is null and {SEEN}) as mentions,
    (select count(*) from call_backs b join conversations c on c.id = b.conversation_id
        where b.done_at is null and {SEEN}) as call_backs
from handoffs h join conversations c on c.id = h.conversation_id where h.closed_at is null and {SEEN}
""")  # noqa: S608 a constant of ours


async def inbox(session: AsyncSession, wanted: InboxFilter, now: datetime) -> list[Row]:
    """Up to PAGE + 1 rows (one more than a page: there is a next one).

    Closed ones: newest first. Among "all", those that the bot has come last, the newest first.
    """
    values: dict[str, Any] = {
        **times(now),
        "officer": wanted.officer,
        "windows": json.dumps({kind.name: kind.window.total_seconds() for kind in ALL.values() if kind.window}),
        "fresh": now - FRESH,
        "limit": PAGE + 1,
        "offset": (max(wanted.page, 1) - 1) * PAGE,
        **wanted.sight.values,
    }
    values["up_to"] = values["offset"] + values["limit"]
    found = await look(session, wanted.search)
    values |= found.values if found else {}
    statement = _ROWS.format(
        found=f"found as materialized ({found.ids})," if found else "",
        candidates=_candidates(wanted, found, values),
        hides=hiding.HIDES.format(conversation="chosen.id"),
    )
    rows = (await session.execute(text(statement), values)).all()
    ids = [one.id for one in rows]
    asked, matching = await questions(session, ids), await hits(session, wanted.search, ids)
    marks = await labels.of(session, ids, wanted.sight)
    return [_row(one, asked.get(one.id, Question()), matching.get(one.id), marks.get(one.id, ()), now) for one in rows]


async def counts(
    session: AsyncSession, officer_id: int | None, now: datetime, sight: walls.Sight = walls.ALL
) -> Counts:
    """One query; `officer_id` None: nobody's."""
    one = (await session.execute(_COUNTS, {"officer": officer_id, "now": now, **sight.values})).one()
    return Counts(one.waiting, one.mine, one.mine_unread, one.snoozed, one.held, one.mentions, one.call_backs)


def _candidates(wanted: InboxFilter, found: Found | None, values: dict[str, Any]) -> str:
    """SQL of what the list is taken from, narrowed by what a search found, as far as that is known beforehand."""
    where = conditions(wanted, values)
    walks = bool(found and found.also)
    ways = {"lazy": "offset 0" if walks else "", "fits": found.fits if found and walks else "true"}
    in_found = "in (select conversation_id from found)" if found and not walks else ""
    if in_found:
        where.append(f"h.conversation_id {in_found}")
    closed = wanted.view == "closed"
    handoff = _HANDOFF.format(since="h.closed_at" if closed else "coalesce(h.owned_at, h.queued_at)")
    order = "h.closed_at desc, c.id" if closed else _ORDERS[wanted.sort]
    listed = _OPEN.format(columns=_COLUMNS, handoff=handoff, where=" and ".join(where), order=order, **ways)
    if wanted.of_people:
        return listed
    only = f"and c.id {in_found}" if in_found else ""
    if wanted.label is not None:
        only += " and c.id in (select conversation_id from conversation_labels where label_id = :label)"
    elif found is None:
        values["lately"] = LATELY
        only = f"and c.id in ({_LATELY})"
    if wanted.sight.offices is not None:
        only += f" and {SEEN}"
    return f"{listed} union all {_BOTS.format(columns=_COLUMNS, only=only, **ways)}"


def _row(one: Any, asked: Question, hit: Hit | None, marks: Sequence[OnConversation], now: datetime) -> Row:
    return Row(
        conversation_id=one.id,
        name=hiding.NAME if one.hides else one.profile_name,
        channel=one.channel,
        address="" if one.hides else shown_address(one.channel, one.address),
        labels=tuple(marks),
        asked=hiding.WORDS if one.hides else asked.text,
        hit=None if one.hides else hit,
        asked_at=one.asked_at,
        due_at=one.due_at,
        snoozed_until=one.snoozed_until if one.snoozed_until and one.snoozed_until > now else None,
        last_at=one.last_incoming_at,
        owner=one.owner,
        owner_id=one.officer_id,
        owner_name=one.officer_name,
        kind=one.kind,
        reason=one.reason,
        office=one.office or one.place_office or asked.office,
        region="" if one.office else asked.region,
        service=one.service or asked.service,
        team=one.team,
        since=one.since,
        lease_until=one.lease_until,
        window_left=window_left(one.channel, one.last_incoming_at, now),
        unread=one.unread,
        held=one.held,
        viewers=tuple(one.viewers),
    )
