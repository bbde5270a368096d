"""The files of a conversation, as officers open them: what they really are, under a name that is safe."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import anyio
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.hiding import staff_incoming, staff_outgoing
from bot.conversations.models import StoredFile
from bot.handoff.desk import BadInput, NoConversation
from bot.handoff.file_types import check

UNKNOWN_TYPE = "application/octet-stream"
GONE = "Berkas ini tidak ada (lagi)."


@dataclass(frozen=True, slots=True)
class File:
    """`media_type` is read from the content; anything that is not known is a stream of bytes."""

    conversation_id: int
    filename: str
    media_type: str
    content: bytes


async def received(session: AsyncSession, folder: Path, file_id: int) -> File:
    """A file that an applicant sent. Raises NoConversation: there is none, it was not fetched, it is withheld."""
    query = (
        select(StoredFile, staff_incoming.c.conversation_id)
        .join(staff_incoming, staff_incoming.c.id == StoredFile.incoming_id)
        .where(StoredFile.id == file_id, StoredFile.path != "", ~staff_incoming.c.withheld)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NoConversation(GONE)
    stored, conversation_id = row
    return await _file(folder, stored.path, stored.filename or f"{stored.kind}-{stored.id}", conversation_id)


async def sent(session: AsyncSession, folder: Path, message_id: int) -> File:
    """The file of an outgoing message; not the copy of a person's own data. Raises NoConversation."""
    query = select(staff_outgoing.c.file, staff_outgoing.c.conversation_id).where(staff_outgoing.c.id == message_id)
    message = (await session.execute(query)).one_or_none()
    if message is None or not message.file:
        raise NoConversation(GONE)
    return await _file(folder, message.file["path"], message.file["filename"], message.conversation_id)


async def _file(folder: Path, path: str, filename: str, conversation_id: int) -> File:
    try:
        content = await anyio.Path(folder / path).read_bytes()
    except OSError:
        raise NoConversation(GONE) from None
    try:
        found = await asyncio.to_thread(check, filename, content, len(content))
    except BadInput:
        name = "".join(sign if sign.isalnum() or sign in " .()-_" else "_" for sign in filename)[:90]
        return File(conversation_id, name.strip(" .") or "berkas", UNKNOWN_TYPE, content)
    return File(conversation_id, found.filename, found.media_type, content)
