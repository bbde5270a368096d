"""The message that a search found in each conversation of a list, and the words in it that fit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations import hiding

_START, _STOP = "\x02", "\x03"
_OPTIONS = f"HighlightAll=true,StartSel={_START},StopSel={_STOP}"
_MARKED = re.compile(f"{_START}([^{_START}{_STOP}]+){_STOP}")

# The newest message that fits, of the applicant or of an officer. "offset 0": this conversation's messages are looked
# through, instead of all that have the word.
_FOUND = text(f"""
with query as materialized (select websearch_to_tsquery('indonesian', :search) as words)
select c.id, hit.by, hit.text, ts_headline('indonesian', hit.text, query.words, :options) as marked
from query cross join unnest(cast(:ids as bigint[])) as c(id) cross join lateral (
    select * from (
        (select 'in' as by, m.text, m.received_at as at
            from (select id, words from incoming_messages where conversation_id = c.id offset 0) own
            join staff_incoming m on m.id = own.id
            where own.words @@ query.words and not m.withheld
            order by m.id desc limit 1)
        union all
        (select 'out', own.text, own.created_at from (
            select * from outgoing_messages where conversation_id = c.id and author = 'officer' offset 0) own
            where to_tsvector('indonesian', own.text) @@ query.words
            order by own.id desc limit 1)
    ) both_sides where not {hiding.HIDES.format(conversation="c.id")} order by at desc limit 1
) hit
""")  # noqa: S608 a constant of ours


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that fits. `words`: those of it that do; `by`: "in" (the applicant) or "out" (an officer)."""

    text: str
    words: tuple[str, ...]
    by: str


async def hits(session: AsyncSession, search: str, conversations: Sequence[int]) -> dict[int, Hit]:
    """By conversation; one that was found by name or number has none."""
    if not search.strip() or not conversations:
        return {}
    values = {"search": search, "ids": list(conversations), "options": _OPTIONS}
    rows = (await session.execute(_FOUND, values)).all()
    return {one.id: Hit(one.text, tuple(dict.fromkeys(_MARKED.findall(one.marked))), one.by) for one in rows}
