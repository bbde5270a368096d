"""Retention of each kind of data: the periods, what is over, and letting it go.

Rows go in batches, each its own short transaction that skips what somebody else has locked, so that nobody waits for
it. What a hold covers stays. A run that is stopped goes on with the next one.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import Row, TextClause, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.complaints.models import Complaint
from bot.conversations.sent_files import COPY_TOKEN
from bot.conversations.sent_files import FOLDER as SENT
from bot.knowledge.privacy_models import PrivacyRules, Retention
from bot.privacy import wording
from bot.privacy.erase import remove, strip, unlink
from bot.privacy.service import HELD, held_addresses

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

log = structlog.get_logger()
BATCH = 500
LONGEST = 5 * 3600.0
"""Seconds after which a run ends, so that it is over before the office opens; the next night goes on."""


@dataclass(frozen=True, slots=True)
class Period:
    """One kind of data and how many days it is kept here; 0: for ever. `ours`: the default, not the office's choice."""

    kind: Retention
    days: int
    ours: bool

    def cutoff(self, now: datetime) -> datetime:
        return now - timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Over:
    """How many of a kind are over their period."""

    period: Period
    count: int


class UnknownKind(ValueError):
    """PANDU_RETENTION names a kind that there is not, or a negative number of days."""


def periods(rules: PrivacyRules, chosen: dict[str, int]) -> list[Period]:
    """Every kind with its period. `chosen`: days by kind (PANDU_RETENTION). Raises UnknownKind."""
    known = {one.id for one in rules.retention}
    wrong = sorted(name for name, days in chosen.items() if name not in known or days < 0)
    if wrong:
        raise UnknownKind(f"PANDU_RETENTION: {', '.join(wrong)}. Kinds: {', '.join(sorted(known))}; days from 0 up.")
    return [Period(one, chosen.get(one.id, one.days), one.id not in chosen) for one in rules.retention]


async def preview(session: AsyncSession, found: Sequence[Period], now: datetime) -> list[Over]:
    """What a run would let go now. Changes nothing."""
    counts = []
    held = await held_addresses(session)
    for period in found:
        count = 0
        for part in KINDS[period.kind.id] if period.days else ():
            rows = text(f"select count(*) from ({part.query}) found")  # noqa: S608
            given = {"cutoff": period.cutoff(now), **held}
            count += (await session.execute(rows, given)).scalar_one()
        counts.append(Over(period, count))
    return counts


async def run(runtime: Runtime, found: Sequence[Period], now: datetime | None = None) -> dict[str, int]:
    """Lets go what is over; returns counts by kind. Files without a row, left by a crash, go too ("orphans").

    A kind whose rows are locked for more than a second is left to the next run.
    """
    now = now or datetime.now(UTC)
    until = time.monotonic() + LONGEST
    counts = {}
    for period in found:
        if not period.days:
            continue
        counts[period.kind.id] = 0
        try:
            for part in KINDS[period.kind.id]:
                counts[period.kind.id] += await _let_go_all(runtime, part, period.cutoff(now), until)
        except OperationalError:
            log.warning("retention goes on at the next run", kind=period.kind.id)
    counts["orphans"] = await _orphans(runtime, now)
    log.info("retention", **counts)
    return counts


async def let_copies_go(runtime: Runtime) -> int:
    """Copies of people's own data that are two days old, or were not delivered. Every hour: they hold everything."""
    now = datetime.now(UTC)
    return await _let_go_all(runtime, Part(_OVER["own"], _copies), now - timedelta(days=2), time.monotonic() + LONGEST)


async def _let_go_all(runtime: Runtime, part: Part, cutoff: datetime, until: float) -> int:
    """Batch after batch, until there is nothing left or it is `until` (of time.monotonic())."""
    count = 0
    while (began := time.monotonic()) < until:
        async with runtime.database.session() as session:
            await session.execute(text("set local lock_timeout = '1s'"))
            given = {"cutoff": cutoff, "batch": part.batch, **await held_addresses(session)}
            rows = (await session.execute(part.pick, given)).all()
            if not rows:
                break
            await part.let_go(session, runtime.settings.files_dir, rows)
        count += len(rows)
        await asyncio.sleep(time.monotonic() - began)  # half of the time is for the others
    return count


async def _orphans(runtime: Runtime, now: datetime) -> int:
    """Files older than a day that no row knows."""
    names = await asyncio.to_thread(_old_names, runtime.settings.files_dir, now - timedelta(days=1))
    if not names:
        return 0
    query = text("""
        select path from stored_files where path = any(:names)
        union all select path from complaint_files where path = any(:names)
        union all select file->>'path' from outgoing_messages where file->>'path' = any(:names)
    """)
    known = {row.path for row in await runtime.database.run(query, {"names": names})}
    return unlink(runtime.settings.files_dir, set(names) - known)


def _old_names(folder: Path, before: datetime) -> list[str]:
    if not folder.is_dir():
        return []
    names = [one.name for one in folder.iterdir() if _OWN_NAME.fullmatch(one.name)]
    names += [f"{SENT}/{one.name}" for one in (folder / SENT).glob("*")]
    return [name for name in names if (folder / name).stat().st_mtime < before.timestamp()]


# --- the kinds ---

LetGo = Callable[[AsyncSession, Path, Sequence[Row[Any]]], Awaitable[None]]
_OWN_NAME = re.compile(r"(?:complaint-)?\d+(?:\.\w{1,8})?")


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one table. `over` selects the key, and what `let_go` needs, of what is older than :cutoff; the table that
    is locked is called `t`."""

    over: str
    let_go: LetGo
    batch: int = BATCH

    @property
    def query(self) -> str:
        query = self.over
        for word, meaning in _WORDS.items():
            query = query.replace(word, meaning)
        return query

    @property
    def pick(self) -> TextClause:
        return text(f"{self.query} limit :batch for update of t skip locked")


def _delete(table: str, key: str = "id", cast: str = "bigint[]") -> LetGo:
    statement = text(f"delete from {table} where {key} = any(cast(:keys as {cast}))")  # noqa: S608

    async def let_go(session: AsyncSession, files: Path, rows: Sequence[Row[Any]]) -> None:
        await session.execute(statement, {"keys": [row[0] for row in rows]})

    return let_go


def _forget_content(table: str) -> LetGo:
    """The file goes; that there was one stays, as long as its message."""
    change = text(f"update {table} set path = '', filename = '', error = :gone where id = any(:ids)")  # noqa: S608

    async def let_go(session: AsyncSession, files: Path, rows: Sequence[Row[Any]]) -> None:
        unlink(files, [row.path for row in rows])
        await session.execute(change, {"ids": [row.id for row in rows], "gone": wording.FILE_GONE})

    return let_go


async def _messages(session: AsyncSession, files: Path, rows: Sequence[Row[Any]]) -> None:
    """With a message go its files and what was kept of it for learning."""
    ids = {"ids": [row.id for row in rows]}
    stored = text("""
        select path from stored_files where incoming_id = any(:ids)
        union all select path from complaint_files where message_id = any(:ids)
    """)
    unlink(files, [row.path for row in await session.execute(stored, ids)])
    await session.execute(text("delete from incoming_messages where id = any(:ids)"), ids)


async def _outgoing(session: AsyncSession, files: Path, rows: Sequence[Row[Any]]) -> None:
    gone = text("delete from outgoing_messages where id = any(:ids) returning file->>'path' as path")
    deleted = await session.execute(gone, {"ids": [row.id for row in rows]})
    await _unlink_unused(session, files, [row.path for row in deleted if row.path])


async def _sent_files(session: AsyncSession, files: Path, rows: Sequence[Row[Any]]) -> None:
    """What officers sent: the file goes, that there was one stays."""
    change = text("""
        update outgoing_messages set file = null, text = coalesce(nullif(text, ''), :gone) where id = any(:ids)
    """)
    await session.execute(change, {"ids": [row.id for row in rows], "gone": wording.FILE_GONE})
    await _unlink_unused(session, files, [row.path for row in rows])


async def _copies(session: AsyncSession, files: Path, rows: Sequence[Row[Any]]) -> None:
    """Copies of a person's own data: nobody sends one any more that is still on its way."""
    late = text("""
        update outgoing_messages set status = 'failed', error = :gone
        where id = any(:ids) and status in ('held', 'pending', 'sending')
    """)
    await session.execute(late, {"ids": [row.id for row in rows], "gone": wording.FILE_GONE})
    await _sent_files(session, files, rows)


async def _unlink_unused(session: AsyncSession, files: Path, paths: Sequence[str]) -> None:
    """A message that was sent again shares its file with the first try."""
    query = text("select file->>'path' as path from outgoing_messages where file->>'path' = any(:paths)")
    used = {row.path for row in await session.execute(query, {"paths": list(paths)})} if paths else set()
    unlink(files, set(paths) - used)


async def _conversations(session: AsyncSession, files: Path, rows: Sequence[Row[Any]]) -> None:
    for row in rows:
        await remove(session, files, row.id)


async def _reports(session: AsyncSession, files: Path, rows: Sequence[Row[Any]]) -> None:
    for row in rows:
        await strip(session, files, await session.get_one(Complaint, row.id))


async def _drafts(session: AsyncSession, files: Path, rows: Sequence[Row[Any]]) -> None:
    """As when the person cancels: the originals of its files go, too."""
    ids = {"ids": [row.id for row in rows]}
    brought = "select message_id from complaint_files where complaint_id = any(:ids)"
    paths = text(f"""
        select path from complaint_files where complaint_id = any(:ids)
        union all select path from stored_files where incoming_id in ({brought})
    """)  # noqa: S608
    unlink(files, [row.path for row in await session.execute(paths, ids)])
    await session.execute(text(f"delete from stored_files where incoming_id in ({brought})"), ids)  # noqa: S608
    await session.execute(text("delete from complaints where id = any(:ids)"), ids)


async def _audit(session: AsyncSession, files: Path, rows: Sequence[Row[Any]]) -> None:
    await session.execute(text("set local pandu.erasing = 'on'"))
    await session.execute(text("delete from audit_lines where id = any(:ids)"), {"ids": [row.id for row in rows]})


# HELD, COPY and REPORTED stand for these.
_WORDS = {
    "HELD": HELD,
    "COPY": COPY_TOKEN,
    "REPORTED": """(select f.message_id from complaint_files f join complaints c on c.id = f.complaint_id
        where c.status not in ('closed', 'drafting', 'paused'))""",
}
_OVER = {
    "incoming": """select t.id from incoming_messages t where t.received_at < :cutoff and t.handled_at is not null
        and t.conversation_id not in HELD and t.id not in REPORTED""",
    "outgoing": """select t.id from outgoing_messages t where t.created_at < :cutoff
        and t.status not in ('held', 'pending', 'sending') and t.conversation_id not in HELD""",
    "stored": """select t.id, t.path from stored_files t join incoming_messages m on m.id = t.incoming_id
        where t.created_at < :cutoff and t.path <> '' and m.conversation_id not in HELD
        and m.id not in REPORTED""",
    "sent": """select t.id, t.file->>'path' as path from outgoing_messages t where t.created_at < :cutoff
        and t.file is not null and t.conversation_id not in HELD""",
    "own": """select t.id, t.file->>'path' as path from outgoing_messages t
        where t.reply_token like 'COPY%' and t.file is not null
        and (t.created_at < greatest(cast(:cutoff as timestamptz), now() - interval '2 days')
            or t.status in ('failed', 'suppressed'))""",
    "copies": """select t.id, t.path from complaint_files t join complaints c on c.id = t.complaint_id
        where c.status = 'closed' and c.closed_at < :cutoff and t.path <> '' and c.conversation_id not in HELD""",
    "conversations": """select t.id from conversations t where t.last_incoming_at < :cutoff
        and t.channel <> 'erased' and t.owner = 'bot' and t.id not in HELD
        and not exists (select 1 from complaints c where c.conversation_id = t.id
            and c.status not in ('closed', 'drafting', 'paused'))
        and not exists (select 1 from application_links l join applications a on a.id = l.application_id
            where l.conversation_id = t.id and a.turn <> 'nobody')
        and not exists (select 1 from incoming_messages i where i.conversation_id = t.id and i.handled_at is null)
        and not exists (select 1 from outgoing_messages o where o.conversation_id = t.id
            and o.status in ('held', 'pending', 'sending'))""",
    "trackers": """select t.sender_id from rasa_trackers t where t.updated_at < :cutoff
        and t.sender_id not in (select held.conversation_id::text from HELD held)""",
    "drafts": """select t.id from complaints t where t.status in ('drafting', 'paused') and t.updated_at < :cutoff
        and t.conversation_id not in HELD""",
    "reports": """select t.id from complaints t where t.status = 'closed' and t.closed_at < :cutoff
        and not t.reminded ? 'stripped' and t.conversation_id not in HELD""",
    "unknown": """select t.id from unknown_messages t join incoming_messages m on m.id = t.message_id
        where t.written_at < :cutoff and m.conversation_id not in HELD""",
    "looks": """select t.id from application_looks t where t.at < :cutoff
        and (t.conversation_id is null or t.conversation_id not in HELD)
        and not exists (select 1 from legal_holds h where h.released_at is null
            and h.subject = 'application' and h.subject_id = t.application_id)""",
    "audit": """select t.id from audit_lines t where t.at < :cutoff
        and not exists (select 1 from legal_holds h where h.released_at is null
            and h.subject = t.subject and h.subject_id = t.subject_id)""",
    "requests": """select t.id from privacy_requests t where t.status <> 'held'
        and coalesce(t.done_at, t.expires_at) < :cutoff""",
    "holds": "select t.id from legal_holds t where t.released_at < :cutoff",
    "erased": "select t.hash from erased_messages t where t.erased_at < :cutoff",
    "erased-people": "select t.hash from erased_people t where t.erased_at < :cutoff",
    "claim-codes": "select t.id from claim_codes t where t.expires_at < :cutoff",
    "sign-in-failures": "select t.id from sign_in_failures t where t.at < :cutoff",
    "officer-sessions": "select t.id from officer_sessions t where coalesce(t.revoked_at, t.expires_at) < :cutoff",
    "api-requests": "select t.ctid::text from api_requests t where t.created_at < :cutoff",
}

KINDS: dict[str, tuple[Part, ...]] = {
    "messages": (Part(_OVER["incoming"], _messages), Part(_OVER["outgoing"], _outgoing)),
    "files": (
        Part(_OVER["stored"], _forget_content("stored_files")),
        Part(_OVER["copies"], _forget_content("complaint_files")),
        Part(_OVER["sent"], _sent_files),
        Part(_OVER["own"], _copies),
    ),
    "conversations": (Part(_OVER["conversations"], _conversations, batch=20),),
    "trackers": (Part(_OVER["trackers"], _delete("rasa_trackers", "sender_id", "text[]")),),
    "drafts": (Part(_OVER["drafts"], _drafts),),
    "reports": (Part(_OVER["reports"], _reports, batch=20),),
    "unknown": (Part(_OVER["unknown"], _delete("unknown_messages")),),
    "looks": (Part(_OVER["looks"], _delete("application_looks")),),
    "audit": (Part(_OVER["audit"], _audit),),
    "requests": (Part(_OVER["requests"], _delete("privacy_requests")), Part(_OVER["holds"], _delete("legal_holds"))),
    "erased": (
        Part(_OVER["erased"], _delete("erased_messages", "hash", "text[]")),
        Part(_OVER["erased-people"], _delete("erased_people", "hash", "text[]")),
    ),
    "claim-codes": (Part(_OVER["claim-codes"], _delete("claim_codes")),),
    "sign-in-failures": (Part(_OVER["sign-in-failures"], _delete("sign_in_failures")),),
    "officer-sessions": (Part(_OVER["officer-sessions"], _delete("officer_sessions")),),
    "api-requests": (Part(_OVER["api-requests"], _delete("api_requests", "ctid", "tid[]")),),
}
"""Id in knowledge/privacy.yaml -> what goes. A capability that keeps something new adds a line in both."""
