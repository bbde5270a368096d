"""A conversation as officers read it: what came in, what went out, notes and events, in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.hiding import WORDS
from bot.handoff import wording
from bot.handoff.desk import BadInput

PAGE = 50
Side = Literal["in", "out", "note"]
_SIDES: tuple[Side, ...] = ("in", "note", "out")  # in this order when the times are equal


@dataclass(frozen=True, slots=True)
class TranscriptEntry:
    """One line. `side`: "in" (applicant), "out" (us), "note" (only officers).

    `author`: applicant, bot, system, officer, note, event; `author_name` the officer's. `status`, `error` (Indonesian)
    and `can_resend` are of outgoing messages ("suppressed": never sent); `held_id` is set on an answer that waits for a
    yes. `buttons` as stored; a tapped button shows as its title in `text`. `files`: {"id", "kind", "filename",
    "media_type", "size", "ready", "error"}, `id` of stored_files where `side` is "in", else of this message. Of what is
    withheld (bot/conversations/hiding.py) only stands here that something was said, and when.
    """

    side: Side
    id: int
    at: datetime
    author: str
    author_name: str
    text: str
    status: str = ""
    error: str = ""
    can_resend: bool = False
    held_id: int | None = None
    buttons: tuple[dict[str, Any], ...] = ()
    sources: tuple[dict[str, Any], ...] = ()
    files: tuple[dict[str, Any], ...] = ()
    understood: dict[str, Any] | None = None
    quoted: str = ""
    edited: bool = False
    forwarded: bool = False

    @property
    def cursor(self) -> str:
        """For `before` and `after`."""
        return f"{self.at.isoformat()}~{self.side}~{self.id}"


# Each part looks at its own newest (or next) rows by its own index; at most three times `limit` rows are put together.
_PARTS = """
select * from (
    (select 'in' as side, m.id, m.received_at as at, 'applicant' as author, '' as name,
        case when m.withheld then '' else coalesce(nullif(m.text, ''), menu.buttons->m.choice->>'title', m.payload)
        end as text, m.kind as status,
        '' as error,
        false as can_resend, null::bigint as held_id, '[]'::jsonb as buttons, '[]'::jsonb as sources,
        case when m.attachments = '[]' then '[]' else coalesce((
            select jsonb_agg(jsonb_build_object('id', f.id, 'kind', f.kind, 'filename', f.filename,
                'media_type', f.media_type, 'size', f.size, 'ready', f.path <> '', 'error', f.error) order by f.id)
            from stored_files f where f.incoming_id = m.id), '[]') end as files, m.understood, m.withheld,
        case when m.withheld then '' when raw.quotes is null then raw.quoted
            else coalesce((select q.text from staff_outgoing q where q.id = raw.quotes), '') end as quoted,
        raw.edits is not null as edited, raw.forwarded
    from staff_incoming m join incoming_messages raw on raw.id = m.id
    left join outgoing_messages menu on menu.id = m.menu and menu.conversation_id = m.conversation_id
    where m.conversation_id = :id {in_range} order by m.id {direction} limit :limit)
    union all
    (select 'out', m.id, m.created_at, m.author, coalesce(o.name, ''), m.text, m.status, m.error,
        m.status = 'failed' and not m.withheld
            and not exists (select from outgoing_messages a where a.resend_of = m.id),
        case when m.status = 'held' then (
            select a.id from held_answers a where a.incoming_id = m.in_reply_to and a.decision is null) end,
        m.buttons, m.sources,
        case when m.file is null then '[]' else jsonb_build_array(
            (m.file - 'path') || jsonb_build_object('id', m.id, 'ready', true, 'error', '')) end, null, m.withheld,
        '', false, false
    from staff_outgoing m left join officers o on o.id = m.officer_id
    where m.conversation_id = :id {out_range} order by m.id {direction} limit :limit)
    union all
    (select 'note', m.id, m.created_at, m.kind, coalesce(o.name, ''), m.text, '', '', false, null,
        '[]', '[]', '[]', null, false, '', false, false
    from conversation_notes m left join officers o on o.id = m.officer_id
    where m.conversation_id = :id {note_range} order by m.id {direction} limit :limit)
) parts order by at {direction}, side {direction}, id {direction} limit :limit
"""
_TIMES = {"in": "m.received_at", "out": "m.created_at", "note": "m.created_at"}


async def messages(
    session: AsyncSession, conversation_id: int, before: str = "", after: str = "", limit: int = PAGE
) -> list[TranscriptEntry]:
    """The newest `limit` entries, oldest first; older than the cursor `before`, or newer than `after` (the oldest of
    those). Raises BadInput for a cursor that is none.
    """
    values: dict[str, Any] = {"id": conversation_id, "limit": limit}
    ranges = {f"{side}_range": "" for side in _SIDES}
    if before or after:
        values["at"], side, values["from_id"] = _cursor(before or after)
        sign = "<" if before else ">"
        for one in _SIDES:
            values[f"{one}_rank"] = _SIDES.index(one)
            values["rank"] = _SIDES.index(side)
            ranges[f"{one}_range"] = f"and ({_TIMES[one]}, :{one}_rank, m.id) {sign} (:at, :rank, :from_id)"
    statement = _PARTS.format(direction="asc" if after else "desc", **ranges)
    rows = (await session.execute(text(statement), values)).all()
    entries = [_entry(one) for one in rows]
    return entries if after else entries[::-1]


async def mark_read(session: AsyncSession, conversation_id: int, officer_id: int) -> None:
    """The owner has the newest messages before him: they no longer count as unread. Nothing for anybody else."""
    await session.execute(
        text("""
        update handoffs h set read_up_to = newest.id from (
            select max(id) as id from incoming_messages where conversation_id = :id) newest
        where h.conversation_id = :id and h.closed_at is null and h.officer_id = :officer and newest.id > h.read_up_to
        """),
        {"id": conversation_id, "officer": officer_id},
    )


def _cursor(value: str) -> tuple[datetime, Side, int]:
    at, _, rest = value.partition("~")
    side, _, number = rest.partition("~")
    try:
        return datetime.fromisoformat(at), _SIDES[_SIDES.index(side)], int(number)
    except ValueError:
        raise BadInput(wording.BAD_CURSOR) from None


def _unwritten(kind: str) -> str:
    return {"left": "(memblokir kami)", "back": "(membuka blokir)"}.get(kind, f"[{kind}]")


def _entry(one: Any) -> TranscriptEntry:
    incoming = one.side == "in"
    return TranscriptEntry(
        side=one.side,
        id=one.id,
        at=one.at,
        author=one.author,
        author_name=one.name,
        text=WORDS if one.withheld else one.text or (_unwritten(one.status) if incoming and not one.files else ""),
        status="" if incoming else one.status,
        error=one.error,
        can_resend=one.can_resend,
        held_id=one.held_id,
        buttons=tuple(one.buttons),
        sources=tuple(one.sources),
        files=tuple(one.files),
        understood=one.understood,
        quoted=one.quoted,
        edited=one.edited,
        forwarded=one.forwarded,
    )
