"""The dashboard's figures: who waits now, how much was asked, what the bot solved, how fast officers were.

Each function is one statement. A *visit* is a person's messages without a pause of more than `PAUSE` in which something
was asked. The bot solved it when nobody was handed over during it, no message of it was misunderstood or failed, no
answer was said not to have helped, and the person did not leave while the bot had asked back. The person came back when
the next visit began within `AGAIN` of its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations import walls
from bot.conversations.walls import ALL, Sight
from bot.figures.periods import Period

PAUSE = timedelta(hours=1)
AGAIN = timedelta(hours=24)
TALK = ("greet", "goodbye", "thanks", "affirm", "deny", "bot_identity", "survey_feedback", "out_of_scope")
"""Families that are no question about the service."""
CHECKING = "Apakah jawaban ini membantu?"
"""What is asked under some answers (bot/survey/wording.py); leaving it open is no leaving."""


@dataclass(frozen=True, slots=True)
class Board:
    """Now. `owners`: conversations by who speaks, those of the bot only with a message since `Board`'s day began.

    `longest_wait` is None while nobody waits. `late`: whose reply target was missed; `soon`: will be soon.
    `complaints`: number by status. `unknown`: messages
    that nobody labelled yet, and of how many people.
    """

    waiting: int
    longest_wait: timedelta | None
    late: int
    soon: int
    owners: dict[str, int]
    overdue: int
    due_today: int
    complaints: dict[str, int]
    unknown: int
    unknown_people: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A day, or an hour of a single day, by its local start: messages of applicants, and how many of them wrote."""

    start: datetime
    messages: int
    people: int


@dataclass(frozen=True, slots=True)
class Topic:
    """A family of bot/dialogue/intents.py: how often it was asked, by how many people."""

    family: str
    messages: int
    people: int


@dataclass(frozen=True, slots=True)
class Activity:
    """`slots` has every day of the period, or every hour of a period of one day; `topics` the most asked first."""

    messages: int
    people: int
    slots: tuple[Slot, ...]
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Messages of applicants, and how many people wrote them."""

    messages: int
    people: int


@dataclass(frozen=True, slots=True)
class Solved:
    """Visits that began in the period, those that the bot solved, and those of them followed by another within a day.

    Of the others: `handed` to a person, `misunderstood` (or said not to have helped), `left` while the bot asked back.
    """

    visits: int
    by_bot: int
    came_back: int
    handed: int = 0
    misunderstood: int = 0
    left: int = 0

    @property
    def share(self) -> float | None:
        return self.by_bot / self.visits if self.visits else None

    @property
    def back_share(self) -> float | None:
        return self.came_back / self.by_bot if self.by_bot else None


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and 95th percentile of `number` times; None where there is none."""

    number: int
    median: timedelta | None
    p95: timedelta | None


@dataclass(frozen=True, slots=True)
class Speed:
    """Of handoffs asked for in the period: from the request to the officer's first reply, and to the end."""

    handoffs: int
    first_reply: Spread
    solution: Spread


@dataclass(frozen=True, slots=True)
class Helped:
    """ "Apakah jawaban ini membantu?": how often it was asked, and what was said."""

    asked: int
    yes: int
    no: int

    @property
    def share(self) -> float | None:
        return self.yes / (self.yes + self.no) if self.yes + self.no else None


_OWN = "conversation_id in (select id from conversations where office = any(cast(:sight as text[])))"

# {seen}, {mine}, {own}, {unknown}: whose figures (_of).
_BOARD = """
with queue as (
    select extract(epoch from cast(:now as timestamptz) - h.since) as seconds
    from conversations c cross join lateral (
        select coalesce(asked_at, queued_at) as since, snoozed_until
        from handoffs where conversation_id = c.id order by id desc limit 1) h
    where c.owner = 'queue' and (h.snoozed_until is null or h.snoozed_until <= :now) and {seen}
), due as (
    select h.due_at from handoffs h join conversations c on c.id = h.conversation_id
    where h.closed_at is null and h.due_at is not null and {seen}
), owners as (
    select owner, count(*) as number from conversations c
    where (owner <> 'bot' or last_incoming_at >= :day) and {seen} group by owner
), complaint as (
    select status, count(*) as number from complaints r where status not in ('drafting', 'paused')
        and ({mine} or (office = '' and exists (
            select from conversations c where c.id = r.conversation_id and {seen})))
    group by status
)
select (select count(*) from queue) as waiting,
    (select max(seconds) from queue) as longest,
    (select count(*) from due where due_at <= :now) as late,
    (select count(*) from due where due_at > :now and due_at <= :soon) as soon,
    (select coalesce(json_object_agg(owner, number), '{{}}') from owners) as owners,
    (select count(*) from applications where due_on < :today and {mine}) as overdue,
    (select count(*) from applications where due_on = :today and {mine}) as due_today,
    (select coalesce(json_object_agg(status, number), '{{}}') from complaint) as complaints,
    (select count(*) from unknown_messages u where label is null and {unknown}) as unknown,
    (select count(distinct person) from unknown_messages u where label is null and {unknown}) as unknown_people
"""

# People are counted by grouping twice, which is much faster than count(distinct …).
_ACTIVITY = """
with asked as materialized (
    select date_trunc(:unit, received_at at time zone :zone) as slot, understood->>'family' as family,
        conversation_id as person, count(*) as number
    from incoming_messages where received_at >= :start and received_at < :end and {own} group by 1, 2, 3
), slots as materialized (
    select slot, person, sum(number) as number from asked group by 1, 2
), topics as (
    select family, person, sum(number) as number from asked
    where family is not null and family <> all(:talk) group by 1, 2
)
select 'all' as kind, null as slot, null as family, coalesce(sum(number), 0) as messages, count(*) as people
from (select person, sum(number) as number from slots group by 1) people
union all
select 'slot', slot, null, sum(number), count(*) from slots group by slot
union all
select 'topic', null, family, sum(number), count(*) from topics group by family
order by messages desc
"""

# A visit's first message has no other in the PAUSE before it.
VISITS = """
with messages as (
    select id, conversation_id, channel, received_at, outcome, understood->>'family' as family,
        received_at - lag(received_at) over w as pause
    from incoming_messages
    where received_at >= cast(:start as timestamptz) - cast(:pause as interval)
        and received_at < cast(:end as timestamptz) + cast(:again as interval) + cast(:pause as interval) and {own}
    window w as (partition by conversation_id order by received_at)
), numbered as (
    select *, count(*) filter (where pause is null or pause > :pause) over (
        partition by conversation_id order by received_at, id) as number
    from messages
), gathered as (
    select conversation_id, number, min(channel) as channel, min(received_at) as start, max(received_at) as last,
        max(id) as newest, bool_or(family is not null and family <> all(:talk)) as asked,
        bool_or(coalesce(family, '') = 'out_of_scope' or coalesce(outcome, '') = 'error'
            or exists (select from unknown_messages u where u.message_id = numbered.id)) as missed
    from numbered group by 1, 2
), visits as (
    select *, lead(start) over (partition by conversation_id order by number) as next from gathered
), judged as (
    select v.*,
        exists (select from handoffs h where h.conversation_id = v.conversation_id
            and h.created_at >= v.start and (v.next is null or h.created_at < v.next)) as handed,
        v.missed or exists (select from answer_checks c where c.conversation_id = v.conversation_id and not c.helpful
            and c.asked_at >= v.start and (v.next is null or c.asked_at < v.next)) as misunderstood,
        exists (select from outgoing_messages o where o.conversation_id = v.conversation_id
            and o.in_reply_to = v.newest and o.author = 'bot'
            and o.text ~ '[?]\\s*$' and o.text not like '%' || :checking) as asked_back
    from visits v where v.start >= :start and v.start < :end
), counted as (
    select *, not handed and not misunderstood and not asked_back as by_bot
    from judged where asked or handed or misunderstood
)
"""
_TALLY = """count(*) as visits, count(*) filter (where by_bot) as by_bot,
    count(*) filter (where by_bot and next - last <= :again) as came_back, count(*) filter (where handed) as handed,
    count(*) filter (where misunderstood and not handed) as misunderstood,
    count(*) filter (where asked_back and not handed and not misunderstood) as left_alone
"""
_SOLVED = f"{VISITS} select {_TALLY} from counted"  # noqa: S608 constants of ours
_SOLVED_BY_PLACE = f"""{VISITS} select c.office, c.channel, {_TALLY}
from counted v join conversations c on c.id = v.conversation_id group by 1, 2"""  # noqa: S608
_ASKED_BY_PLACE = """
select c.office, c.channel, sum(m.number) as messages, count(*) as people
from (select conversation_id, count(*) as number from incoming_messages
    where received_at >= :start and received_at < :end and {own} group by 1) m
join conversations c on c.id = m.conversation_id group by 1, 2
"""

_SPEED = """
with asked as (
    select created_at, first_reply_at - created_at as reply, closed_at - created_at as solution
    from handoffs where created_at >= :start and created_at < :end and {own}
)
select count(*) as handoffs, count(reply) as replies, count(solution) as solutions,
    extract(epoch from percentile_cont(0.5) within group (order by reply)) as reply_median,
    extract(epoch from percentile_cont(0.95) within group (order by reply)) as reply_p95,
    extract(epoch from percentile_cont(0.5) within group (order by solution)) as solution_median,
    extract(epoch from percentile_cont(0.95) within group (order by solution)) as solution_p95
from asked
"""

_HELPED = """
select count(*) as asked, count(*) filter (where helpful) as yes, count(*) filter (where not helpful) as no
from answer_checks where asked_at >= :start and asked_at < :end and {own}
"""


async def board(
    session: AsyncSession, now: datetime, today: Period, sight: Sight = ALL, soon: timedelta = timedelta()
) -> Board:
    """How things stand now; `today` is the office's present day; `soon`: how long before a reply target."""
    values = {"now": now, "soon": now + soon, "day": today.start, "today": today.days[0]}
    row = (await session.execute(_of(_BOARD, sight), values | sight.values)).one()
    return Board(
        waiting=row.waiting,
        longest_wait=_seconds(row.longest),
        late=row.late,
        soon=row.soon,
        owners={"bot": 0, "queue": 0, "officer": 0, **row.owners},
        overdue=row.overdue,
        due_today=row.due_today,
        complaints=row.complaints,
        unknown=row.unknown,
        unknown_people=row.unknown_people,
    )


async def activity(session: AsyncSession, period: Period, sight: Sight = ALL) -> Activity:
    """Messages and people in all, per day (or hour) and per topic."""
    unit = "hour" if len(period.days) == 1 else "day"
    values: dict[str, Any] = _range(period) | {"zone": period.zone.key, "talk": list(TALK), "unit": unit}
    rows = (await session.execute(_of(_ACTIVITY, sight), values | sight.values)).all()
    whole = next(row for row in rows if row.kind == "all")
    found = {row.slot: (int(row.messages), row.people) for row in rows if row.kind == "slot"}
    starts = [
        datetime.combine(day, time(hour)) for day in period.days for hour in (range(24) if unit == "hour" else (0,))
    ]
    return Activity(
        messages=int(whole.messages),
        people=whole.people,
        slots=tuple(Slot(start, *found.get(start, (0, 0))) for start in starts),
        topics=tuple(Topic(row.family, int(row.messages), row.people) for row in rows if row.kind == "topic"),
    )


async def solved(session: AsyncSession, period: Period, sight: Sight = ALL) -> Solved:
    """What the bot solved alone."""
    row = (await session.execute(_of(_SOLVED, sight), _judging(period) | sight.values)).one()
    return _solved(row)


async def solved_by_place(session: AsyncSession, period: Period, sight: Sight = ALL) -> dict[tuple[str, str], Solved]:
    """The same by office ("" for none yet) and channel."""
    rows = (await session.execute(_of(_SOLVED_BY_PLACE, sight), _judging(period) | sight.values)).all()
    return {(row.office, row.channel): _solved(row) for row in rows}


async def asked_by_place(session: AsyncSession, period: Period, sight: Sight = ALL) -> dict[tuple[str, str], Asked]:
    """Messages and people by office ("" for none yet) and channel."""
    rows = (await session.execute(_of(_ASKED_BY_PLACE, sight), _range(period) | sight.values)).all()
    return {(row.office, row.channel): Asked(int(row.messages), row.people) for row in rows}


def _judging(period: Period) -> dict[str, Any]:
    return _range(period) | {"pause": PAUSE, "again": AGAIN, "talk": list(TALK), "checking": CHECKING}


def _solved(row: Any) -> Solved:
    return Solved(row.visits, row.by_bot, row.came_back, row.handed, row.misunderstood, row.left_alone)


async def speed(session: AsyncSession, period: Period, sight: Sight = ALL) -> Speed:
    """How fast officers answered and solved."""
    row = (await session.execute(_of(_SPEED, sight), _range(period) | sight.values)).one()
    return Speed(
        row.handoffs,
        Spread(row.replies, _seconds(row.reply_median), _seconds(row.reply_p95)),
        Spread(row.solutions, _seconds(row.solution_median), _seconds(row.solution_p95)),
    )


async def helped(session: AsyncSession, period: Period, sight: Sight = ALL) -> Helped:
    """What people said about the bot's answers."""
    row = (await session.execute(_of(_HELPED, sight), _range(period) | sight.values)).one()
    return Helped(row.asked, row.yes, row.no)


def _of(statement: str, sight: Sight) -> TextClause:
    """The statement with its conditions. For who sees all there are none, so that nothing is paid for them."""
    if sight.offices is None:
        return text(statement.format(seen="true", mine="true", own="true", unknown="true"))
    return text(
        statement.format(
            seen=walls.OF_SIGHT.format(c="c"), mine=walls.MINE.format(office="office"), own=_OWN, unknown=walls.MESSAGE
        )
    )


def _range(period: Period) -> dict[str, Any]:
    return {"start": period.start, "end": period.end}


def _seconds(value: float | None) -> timedelta | None:
    return None if value is None else timedelta(seconds=float(value))
