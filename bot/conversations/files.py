"""Photos and documents: kept with the conversation for an officer, never read by the bot.

A provider that does not give a file now is asked again for hours. Then the officer reads why it is missing, and the
person is told; nobody reads that a file is kept before it is.
"""

from __future__ import annotations

import mimetypes
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import anyio
import structlog
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot import metrics
from bot.channels.advice import CHANNEL_OFF
from bot.channels.base import PermanentSendError, TemporarySendError
from bot.conversations import outbox, strain, wording
from bot.conversations.jobs import RetryLater, defer
from bot.conversations.models import StoredFile
from bot.messages import Attachment
from bot.storage.database import DATABASE_ERRORS

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

log = structlog.get_logger()
KEPT_KINDS = frozenset({"photo", "document", "video"})
KEEP_TRYING = timedelta(hours=12)  # from when the file came, or an officer asked for it again
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 900.0  # seconds between two tries; as long as the file has waited already
NOT_FETCHED = "Belum berhasil diambil dari penyedia layanan chat."

_WANTED = text("""
select f.id, f.incoming_id, f.kind, f.reference, f.filename, f.media_type, f.size, f.created_at, i.channel,
    i.conversation_id
from stored_files f join incoming_messages i on i.id = f.incoming_id
where f.id = :id and f.path = '' and f.error = ''
""")
_FAILED = text("""
update stored_files set error = :error where id = :id and path = '' and error = '' returning id
""")
_AGAIN = text("""
update stored_files f set error = '', created_at = now() from incoming_messages i
where f.id = :id and i.id = f.incoming_id and i.conversation_id = :conversation and f.path = '' and f.error <> ''
returning f.id
""")
_KNOWN = text("""
select f.reference from incoming_messages e
join incoming_messages i on i.id = e.edits or (i.edits = e.edits and i.id < e.id)
join stored_files f on f.incoming_id = i.id
where e.id = :id
""")
_LEFT = text("""
select f.id from stored_files f
where f.path = '' and f.error = '' and f.created_at < now() - make_interval(secs => :seconds)
    and not exists (select from procrastinate_jobs j where j.task_name = 'fetch_file'
        and j.status in ('todo', 'doing') and j.args ->> 'file_id' = cast(f.id as text))
""")


async def keep(runtime: Runtime, session: AsyncSession, incoming_id: int, attachments: list[dict[str, Any]]) -> None:
    """Note the attachments of a message and queue fetching them, as part of the turn's transaction.

    What an edit brings again is kept already.
    """
    wanted = [item for item in attachments if item["kind"] in KEPT_KINDS]
    known = {row.reference for row in await session.execute(_KNOWN, {"id": incoming_id})} if wanted else set()
    for item in wanted:
        if item["reference"] in known:
            continue
        stored = StoredFile(
            incoming_id=incoming_id,
            kind=item["kind"],
            reference=item["reference"],
            filename=item["filename"][:200],
            media_type=item["media_type"][:100],
            size=item["size"],
        )
        session.add(stored)
        await session.flush()
        await defer(runtime.jobs, session, "fetch_file", file_id=stored.id)


async def fetch(runtime: Runtime, file_id: int) -> None:
    """Copy one attachment from its provider into the files folder. Raises RetryLater while it may still be had."""
    found = await runtime.database.run(_WANTED, {"id": file_id})
    if not found:
        return
    row = found[0]
    bearing = runtime.strains[f"{row.channel} downloads"]
    if not bearing.allows:
        raise RetryLater(strain.PAUSE)
    try:
        with bearing.calling():
            await _copy(runtime, row)
    except PermanentSendError as error:
        await _give_up(runtime, row, error.code, error.explanation)
    except DATABASE_ERRORS:
        raise
    except Exception as error:  # the provider, the disk, or a fault of ours: the file is still there to be fetched
        code = error.code if isinstance(error, TemporarySendError) else type(error).__name__
        log.warning("attachment not fetched yet", file=file_id, code=code)
        age = datetime.now(UTC) - row.created_at
        if age > KEEP_TRYING:
            await _give_up(runtime, row, code, NOT_FETCHED)
            return
        raise RetryLater(min(max(FIRST_PAUSE, age.total_seconds()), LONGEST_PAUSE)) from error


async def fetch_again(runtime: Runtime, session: AsyncSession, conversation_id: int, file_id: int) -> bool:
    """An officer asks for a file that was given up; False when there is none such in the conversation."""
    changed = await session.execute(_AGAIN, {"id": file_id, "conversation": conversation_id})
    if changed.first() is None:
        return False
    await defer(runtime.jobs, session, "fetch_file", file_id=file_id)
    return True


async def remember(runtime: Runtime, seconds: float) -> int:
    """Queue fetching again where a file waits without a job; returns how many."""
    rows = await runtime.database.run(_LEFT, {"seconds": seconds})
    for row in rows:
        log.error("a file was left without a job, queued again", file=row.id)
        metrics.forgotten.inc()
        async with runtime.database.session() as session:
            await defer(runtime.jobs, session, "fetch_file", file_id=row.id)
    return len(rows)


async def _copy(runtime: Runtime, row: Any) -> None:
    channel = runtime.channels.get(row.channel)
    if channel is None:
        raise TemporarySendError(CHANNEL_OFF, "Kanal ini sedang tidak aktif.")
    attachment = Attachment(row.kind, row.reference, row.filename, row.media_type, row.size)
    content = await channel.fetch(attachment, runtime.settings.max_attachment_bytes)
    suffix = mimetypes.guess_extension(row.media_type) or ""
    path = anyio.Path(runtime.settings.files_dir) / f"{row.id}{suffix}"
    await path.parent.mkdir(parents=True, exist_ok=True)
    await path.write_bytes(content)
    if runtime.file_kept:
        await runtime.file_kept(row.incoming_id, path.name)
    change = update(StoredFile).where(StoredFile.id == row.id).values(path=path.name, size=len(content))
    async with runtime.database.session() as session:
        noted = (await session.execute(change.returning(StoredFile.id))).first()
    if noted is None:
        await path.unlink(missing_ok=True)  # erased meanwhile


async def _give_up(runtime: Runtime, row: Any, code: str, why: str) -> None:
    """The officer reads why, and the person is told, once."""
    log.warning("attachment not kept", file=row.id, code=code)
    megabytes = runtime.settings.max_attachment_bytes / 1_000_000
    said = wording.file_lost(row.kind, too_big=code == "too_big", megabytes=megabytes)
    async with runtime.database.session() as session:
        if (await session.execute(_FAILED, {"id": row.id, "error": why})).first() is not None:
            await outbox.say(runtime, session, row.conversation_id, said, "system")
