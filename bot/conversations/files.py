"""Photos and documents: kept with the conversation for an officer, never read by the bot."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Any

import anyio
import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.base import PermanentSendError
from bot.conversations.jobs import defer
from bot.conversations.models import Incoming, StoredFile
from bot.messages import Attachment

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

log = structlog.get_logger()
KEPT_KINDS = frozenset({"photo", "document", "video"})


async def keep(runtime: Runtime, session: AsyncSession, incoming_id: int, attachments: list[dict[str, Any]]) -> None:
    """Note the attachments of a message and queue fetching them, as part of the turn's transaction."""
    for item in attachments:
        if item["kind"] not in KEPT_KINDS:
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
    """Copy one attachment from its provider into the files folder. A file that is too large is noted, not kept."""
    query = (
        select(StoredFile, Incoming.channel)
        .join(Incoming, Incoming.id == StoredFile.incoming_id)
        .where(StoredFile.id == file_id, StoredFile.path == "", StoredFile.error == "")
    )
    async with runtime.database.session() as session:
        found = (await session.execute(query)).one_or_none()
    if found is None:
        return
    stored, channel = found.tuple()
    attachment = Attachment(stored.kind, stored.reference, stored.filename, stored.media_type, stored.size)  # type: ignore[arg-type]
    try:
        content = await runtime.channels[channel].fetch(attachment, runtime.settings.max_attachment_bytes)
    except PermanentSendError as error:
        await _note(runtime, file_id, error=error.explanation)
        log.warning("attachment not kept", file=file_id, code=error.code)
        return
    suffix = mimetypes.guess_extension(stored.media_type) or ""
    path = anyio.Path(runtime.settings.files_dir) / f"{stored.id}{suffix}"
    await path.parent.mkdir(parents=True, exist_ok=True)
    await path.write_bytes(content)
    if not await _note(runtime, file_id, path=path.name, size=len(content)):
        await path.unlink(missing_ok=True)  # erased meanwhile


async def _note(runtime: Runtime, file_id: int, **values: Any) -> bool:
    """Whether the file's row is still there."""
    change = update(StoredFile).where(StoredFile.id == file_id).values(values).returning(StoredFile.id)
    async with runtime.database.session() as session:
        return (await session.execute(change)).first() is not None
