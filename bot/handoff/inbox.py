"""The list of conversations: waiting, mine, all, closed; one query, whatever is filtered.

Waiting and owned conversations are few (those with an open handoff), so they are sorted whole. Of those that the bot
has, only what was written lately is listed, or what a search finds. A search looks at the newest texts that match, so
that a common word costs no more than a rare one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications.models import Application, ApplicationContact
from bot.applications.numbers import number_in
from bot.conversations.outbox import WINDOW
from bot.handoff.presence import FRESH
from bot.handoff.window import window_left

View = Literal["waiting", "mine", "open", "all", "closed"]
"""`open`: waiting or with an officer; `all`: those the bot has, too."""
PAGE = 50
LATELY = 3000  # newest messages whose conversations are listed among "all"
MATCHES = 1000  # newest matching texts that a search looks at
_LEAST_DIGITS = 4
_LAST_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations. Empty fields do not restrict.

    `search`: words of names or of what was written, an application's number, or the last digits of a telephone number.
    `officer`: whose "mine". `office` and `service`: ids of knowledge/. `reason`: a handoff's kind. Conversations that
    the bot has are in no filter but the search.
    """

    view: View = "waiting"
    officer: int | None = None
    search: str = ""
    office: str = ""
    service: str = ""
    reason: str = ""
    team: int | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation of the list. Times are aware; `window_left` is None where the channel has no window.

    `owner`: bot, queue, officer; `owner_id` and `owner_name` are the officer's. `since`: since when it waits, or since
    when the officer has it, or when it was closed. `unread`: the applicant's messages that its officer has not opened,
    at most 100. `viewers`: names. `kind` and `reason` are the handoff's ("" for a conversation the bot has). `held`:
    answers that wait for a yes. `last_by`: "in" or "out".
    """

    conversation_id: int
    name: str
    channel: str
    address: str
    last_text: str
    last_by: str
    last_at: datetime
    owner: str
    owner_id: int | None
    owner_name: str
    kind: str
    reason: str
    office: str
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
    held: int
    mentions: int
    call_backs: int


_TEXTS = """
    select conversation_id from (
        select conversation_id from incoming_messages
        where words @@ websearch_to_tsquery('indonesian', :search) order by id desc limit :matches) written
    union select conversation_id from (
        select conversation_id from outgoing_messages
        where author = 'officer' and to_tsvector('indonesian', text) @@ websearch_to_tsquery('indonesian', :search)
        order by id desc limit :matches) answered
    union select id from conversations where to_tsvector('simple', profile_name) @@ to_tsquery('simple', :names)
"""
_DIGITS = " union select id from conversations where reverse(address) like :digits"
_NUMBER = """
    union select l.conversation_id from applications a join application_links l on l.application_id = a.id
        where a.number = :number
    union select id from conversations where channel = 'whatsapp' and address = any(:addresses)
"""

# The last hour of a window first, then hour by hour; who has no window, or lost it, stands with the fresh ones.
_ORDER = """(kind = 'emergency') desc,
    case when channel = 'whatsapp' and last_incoming_at + :window > :now
        then floor(extract(epoch from last_incoming_at + :window - :now) / 3600) else 23 end,
    since, id"""

_COLUMNS = """c.id, c.profile_name, c.channel, c.address, c.owner, c.last_incoming_at"""
_HANDOFF = """h.kind, h.reason, h.office, h.service, h.team_id, h.officer_id, h.lease_until, h.read_up_to,
        coalesce(h.owned_at, h.queued_at) as since"""
_BOTS = """
    select {columns}, '' as kind, '' as reason, '' as office, '' as service, null::bigint as team_id,
        null::bigint as officer_id, null::timestamptz as lease_until, null::bigint as read_up_to,
        c.last_incoming_at as since, null::timestamptz as closed_at
    from conversations c where c.owner = 'bot' and c.id in ({ids})
"""
_LATELY = "select conversation_id from (select conversation_id from incoming_messages order by id desc limit :lately) m"

_ROWS = """
with {found} chosen as (
    select * from ({candidates}) candidates order by {order} limit :limit offset :offset
)
select chosen.*, coalesce(o.name, '') as officer_name, coalesce(t.name, '') as team,
    in_text, in_kind, out_text, out_at, out_file,
    case when chosen.read_up_to is null then 0 else (
        select count(*) from (select from incoming_messages m
            where m.conversation_id = chosen.id and m.id > chosen.read_up_to limit 100) new) end as unread,
    (select count(*) from held_answers a where a.conversation_id = chosen.id and a.decision is null) as held,
    array(select v.name from conversation_viewers w join officers v on v.id = w.officer_id
        where w.conversation_id = chosen.id and w.seen_at > :fresh order by v.name) as viewers
from chosen
left join officers o on o.id = chosen.officer_id
left join teams t on t.id = chosen.team_id
left join lateral (select text as in_text, m.kind as in_kind from incoming_messages m
    where m.conversation_id = chosen.id order by m.id desc limit 1) written on true
left join lateral (select text as out_text, file is not null as out_file, created_at as out_at from outgoing_messages m
    where m.conversation_id = chosen.id and m.status not in ('held', 'suppressed')
    order by m.id desc limit 1) answered on true
order by {final_order}
"""

_COUNTS = text("""
select count(*) filter (where h.owned_at is null) as waiting,
    count(*) filter (where h.owned_at is not null and h.officer_id = :officer) as mine,
    count(*) filter (where h.owned_at is not null and h.officer_id = :officer and exists (
        select from incoming_messages m where m.conversation_id = h.conversation_id and m.id > h.read_up_to)
    ) as mine_unread,
    (select count(*) from held_answers where decision is null) as held,
    (select count(*) from note_mentions where officer_id = :officer and seen_at is null) as mentions,
    (select count(*) from call_backs where done_at is null) as call_backs
from handoffs h where h.closed_at is null
""")


async def inbox(session: AsyncSession, wanted: Wanted, now: datetime) -> list[Row]:
    """Up to PAGE + 1 rows (one more than a page: there is a next one).

    Emergencies first, then least window left (by the hour), then longest waiting; closed ones: newest first.
    """
    values: dict[str, Any] = {
        "now": now,
        "window": WINDOW,
        "fresh": now - FRESH,
        "limit": PAGE + 1,
        "offset": (max(wanted.page, 1) - 1) * PAGE,
    }
    found = _search(wanted.search, values)
    if "number" in values:
        values["addresses"] = await _addresses(session, values["number"])
    order = "closed_at desc, id" if wanted.view == "closed" else _ORDER
    statement = _ROWS.format(
        found=f"found as materialized ({found})," if found else "",
        candidates=_candidates(wanted, bool(found), values),
        order=order,
        final_order=order.replace(" id", " chosen.id"),
    )
    rows = (await session.execute(text(statement), values)).all()
    return [_row(one, now) for one in rows]


async def counts(session: AsyncSession, officer_id: int | None) -> Counts:
    """One query; `officer_id` None: nobody's."""
    one = (await session.execute(_COUNTS, {"officer": officer_id})).one()
    return Counts(one.waiting, one.mine, one.mine_unread, one.held, one.mentions, one.call_backs)


def _candidates(wanted: Wanted, searched: bool, values: dict[str, Any]) -> str:
    where = [f"h.closed_at is {'not ' if wanted.view == 'closed' else ''}null"]
    if wanted.view == "waiting":
        where.append("h.owned_at is null")
    elif wanted.view == "mine":
        where.append("h.owned_at is not null and h.officer_id = :officer")
        values["officer"] = wanted.officer
    elif wanted.view == "closed":
        newer = "select from handoffs n where n.conversation_id = h.conversation_id and n.id > h.id"
        where.append(f"not exists ({newer})")
    filters = {"office": wanted.office, "service": wanted.service, "kind": wanted.reason, "team_id": wanted.team}
    filters = {column: value for column, value in filters.items() if value}
    for column, value in filters.items():
        where.append(f"h.{column} = :{column}")
        values[column] = value
    if searched:
        where.append("h.conversation_id in (select conversation_id from found)")
    since = "h.closed_at as since" if wanted.view == "closed" else "coalesce(h.owned_at, h.queued_at) as since"
    handoff = _HANDOFF.replace("coalesce(h.owned_at, h.queued_at) as since", since)
    open_ones = (
        f"select {_COLUMNS}, {handoff}, h.closed_at from handoffs h join conversations c on c.id = h.conversation_id "  # noqa: S608
        f"where {' and '.join(where)}"
    )
    if wanted.view != "all" or filters:
        return open_ones
    if not searched:
        values["lately"] = LATELY
    ids = "select conversation_id from found" if searched else _LATELY
    return f"{open_ones} union all {_BOTS.format(columns=_COLUMNS, ids=ids)}"


def _search(search: str, values: dict[str, Any]) -> str:
    """The query for the conversations that a search finds; "" without a search."""
    search = search.strip()[:200]
    names = " & ".join(f"{word}:*" for word in re.findall(r"[^\W_]+", search.lower()))
    if not search:
        return ""
    if not names:
        return "select null::bigint as conversation_id where false"
    values |= {"search": search, "names": names, "matches": MATCHES}
    statement = _TEXTS
    digits = re.sub(r"\D", "", search)
    if len(digits) >= _LEAST_DIGITS and re.fullmatch(r"[\d\s()+.-]+", search):
        values["digits"] = re.sub(r"^(?:62|0)", "", digits)[::-1] + "%"
        statement += _DIGITS
    if number := number_in(search):
        values["number"] = number
        statement += _NUMBER
    return statement


async def _addresses(session: AsyncSession, number: str) -> list[str]:
    """WhatsApp addresses of an application's telephone numbers, which the database cannot read."""
    query = select(ApplicationContact.value).join(Application, Application.id == ApplicationContact.application_id)
    found = await session.scalars(query.where(Application.number == number, ApplicationContact.kind == "phone"))
    return [f"whatsapp:{one}" for one in found]


def _row(one: Any, now: datetime) -> Row:
    left = window_left(one.channel, one.last_incoming_at, now)
    ours = one.out_at is not None and one.out_at > one.last_incoming_at
    incoming = one.in_text or (f"[{one.in_kind}]" if one.in_kind else "")
    outgoing = one.out_text or ("[berkas]" if one.out_file else "")
    return Row(
        conversation_id=one.id,
        name=one.profile_name,
        channel=one.channel,
        address=one.address,
        last_text=(outgoing if ours else incoming)[:300],
        last_by="out" if ours else "in",
        last_at=one.out_at if ours else one.last_incoming_at,
        owner=one.owner,
        owner_id=one.officer_id,
        owner_name=one.officer_name,
        kind=one.kind,
        reason=one.reason,
        office=one.office,
        service=one.service,
        team=one.team,
        since=one.since,
        lease_until=one.lease_until,
        window_left=left,
        unread=one.unread,
        held=one.held,
        viewers=tuple(one.viewers),
    )
