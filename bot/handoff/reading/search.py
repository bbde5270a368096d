"""Search for conversations: names, what was written, numbers. Complete, however common the words are.

Rare words: the index names all conversations, and only these are sorted. Common words are in so many messages that
collecting them would take seconds, but then a page is full soon when conversations are looked through in the list's
order. `look` finds out which of the two it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications.models import Application, ApplicationContact
from bot.applications.numbers import number_in
from bot.channels.all import addresses_of
from bot.conversations import hiding

MANY = 4000  # matching messages; from here on a word is common
MAX_SEARCH = 200  # characters
_LEAST_DIGITS = 4

_NAMED_OPENLY = f"not {hiding.HIDES.format(conversation='m.conversation_id')}"
_WRITTEN = f"m.words @@ websearch_to_tsquery('indonesian', :search) and not m.withheld and {_NAMED_OPENLY}"
_ANSWERED = f"""m.author = 'officer' and {_NAMED_OPENLY}
    and to_tsvector('indonesian', m.text) @@ websearch_to_tsquery('indonesian', :search)"""
_SEEN = f"not {hiding.HIDES.format(conversation='c.id')}"

# Planned as if all were wanted (so by the index, unless half of the table matches), but read only as far as needed.
_LOOK = text(f"""
with written as materialized (select conversation_id from staff_incoming m where {_WRITTEN}),
    answered as materialized (select conversation_id from outgoing_messages m where {_ANSWERED})
select array(select conversation_id from written limit :many) as written,
    array(select conversation_id from answered limit :many) as answered
""")  # noqa: S608 no values in it
_NAMED = f"""
    select unnest(cast(:texts as bigint[])) as conversation_id
    union select c.id from conversations c
        where to_tsvector('simple', c.profile_name) @@ to_tsquery('simple', :names) and {_SEEN}
"""  # noqa: S608
_DIGITS = f" union select c.id from conversations c where reverse(c.address) like :digits and {_SEEN}"  # noqa: S608
_NUMBER = f"""
    union select c.id from applications a join application_links l on l.application_id = a.id
        join conversations c on c.id = l.conversation_id where a.number = :number and {_SEEN}
    union select c.id from conversations c where (c.channel, c.address) in (
        select * from unnest(cast(:channels as text[]), cast(:addresses as text[]))) and {_SEEN}
"""  # noqa: S608
# "offset 0" keeps PostgreSQL from collecting all matches of the table instead of looking at this conversation's.
_HAS = "exists (select from {table} m where m.conversation_id = candidates.id and {matches} offset 0)"


@dataclass(frozen=True, slots=True)
class Found:
    """`ids`: SQL of a query for the column conversation_id. `also`: SQL conditions on `candidates.id`, one of which
    makes a conversation fit although `ids` does not name it. `values`: what both need."""

    ids: str
    also: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def fits(self) -> str:
        """SQL condition on `candidates.id`, with `ids` as the query `found`."""
        return " or ".join(("candidates.id in (select conversation_id from found)", *self.also))


async def look(session: AsyncSession, search: str) -> Found | None:
    """None where nothing is searched for."""
    search = search.strip()[:MAX_SEARCH]
    if not search:
        return None
    names = " & ".join(f"{word}:*" for word in re.findall(r"[^\W_]+", search.lower()))
    if not names:
        return Found("select null::bigint as conversation_id where false")
    values: dict[str, Any] = {"search": search, "many": MANY}
    one = (await session.execute(_LOOK, values)).one()
    kinds = (("staff_incoming", _WRITTEN, one.written), ("outgoing_messages", _ANSWERED, one.answered))
    common = [(table, matches) for table, matches, ids in kinds if len(ids) >= MANY]
    rare = {conversation for _, _, ids in kinds if len(ids) < MANY for conversation in ids}
    given: dict[str, Any] = {"names": names, "texts": sorted(rare)} | ({"search": search} if common else {})
    ids = _NAMED
    digits = re.sub(r"\D", "", search)
    if len(digits) >= _LEAST_DIGITS and re.fullmatch(r"[\d\s()+.-]+", search):
        given["digits"] = re.sub(r"^(?:62|0)", "", digits)[::-1] + "%"
        ids += _DIGITS
    if number := number_in(search):
        places = await _places(session, number)
        given |= {"number": number, "channels": [one for one, _ in places], "addresses": [one for _, one in places]}
        ids += _NUMBER
    return Found(ids, tuple(_HAS.format(table=table, matches=matches) for table, matches in common), given)


async def _places(session: AsyncSession, number: str) -> list[tuple[str, str]]:
    """(channel, address) by an application's telephone numbers, which the database cannot read."""
    query = select(ApplicationContact.value).join(Application, Application.id == ApplicationContact.application_id)
    found = await session.scalars(query.where(Application.number == number, ApplicationContact.kind == "phone"))
    return addresses_of(found)
