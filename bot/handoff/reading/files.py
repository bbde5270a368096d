"""The files of a conversation, as officers open them: what they really are, under a name that is safe."""

from __future__ import annotations

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
class Lying:
    """A file in the folder: where it lies, and what its sender called it."""

    conversation_id: int
    path: Path
    filename: str


@dataclass(frozen=True, slots=True)
class File:
    """`media_type` is read from the content; anything that is not known is a stream of bytes."""

    filename: str
    media_type: str
    content: bytes


async def received(session: AsyncSession, folder: Path, file_id: int) -> Lying:
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
    return Lying(conversation_id, folder / stored.path, stored.filename or f"{stored.kind}-{stored.id}")


async def sent(session: AsyncSession, folder: Path, message_id: int) -> Lying:
    """The file of an outgoing message; not the copy of a person's own data. Raises NoConversation."""
    query = select(staff_outgoing.c.file, staff_outgoing.c.conversation_id).where(staff_outgoing.c.id == message_id)
    message = (await session.execute(query)).one_or_none()
    if message is None or not message.file:
        raise NoConversation(GONE)
    return Lying(message.conversation_id, folder / message.file["path"], message.file["filename"])


async def opened(place: Lying) -> File:
    """Its content and kind. Raises NoConversation when it is gone. Not inside a transaction."""
    try:
        content = await anyio.Path(place.path).read_bytes()
    except OSError:
        raise NoConversation(GONE) from None
    try:
        found = await check(place.filename, content, len(content))
    except BadInput:
        name = "".join(sign if sign.isalnum() or sign in " .()-_" else "_" for sign in place.filename)[:90]
        return File(name.strip(" .") or "berkas", UNKNOWN_TYPE, content)
    return File(found.filename, found.media_type, content)
