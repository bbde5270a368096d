"""Files of a report: accepted or refused with a reason, shrunk so that all together stay within LAPOR!'s 2 MB.

A copy of a picture carries no EXIF data (a phone writes the place into it). PDF files stay as they are. Copies are made
when a file has been fetched, outside of transactions and in a process apart: the file is a stranger's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.complaints.desk import Reports
from bot.complaints.models import Complaint, ComplaintFile
from bot.conversations.hiding import said_to_report
from bot.conversations.models import StoredFile
from bot.conversations.runtime import FileKept
from bot.files import pictures
from bot.storage.database import Database

TOTAL = 2_000_000  # bytes of all files together
MOST_FILES = 5
MOST_PICTURE = TOTAL // MOST_FILES

WRONG_TYPE = "jenis berkas ini tidak diterima (hanya JPG, PNG, atau PDF)"
TOO_LARGE = "berkas terlalu besar; lampirkan sendiri di situs LAPOR!"
ENCRYPTED = "berkas terkunci kata sandi; kirim versi tanpa kata sandi"
BROKEN = "berkas rusak atau tidak bisa dibuka"
TOO_MANY = "paling banyak lima berkas"
NOT_FETCHED = "berkas tidak bisa diambil dari aplikasi chat; kirim ulang"
ACCEPTED = "Berkas saya terima."
KEPT_OUT = "Berkas itu tidak bisa dipakai: {why}."

_PICTURES = re.compile(r"image/(jpe?g|png|webp)|.*\.(jpe?g|png|webp)", re.IGNORECASE)
_PDF = re.compile(r"application/pdf|.*\.pdf", re.IGNORECASE)
_WHY = {pictures.TOO_LARGE: TOO_LARGE, pictures.BROKEN: BROKEN, pictures.OTHER: WRONG_TYPE}
_UNMADE = text("""
select c.message_id, f.path from complaint_files c join stored_files f on f.incoming_id = c.message_id
where c.path = '' and c.error = '' and f.path <> '' limit 50
""")


class Refused(Exception):
    """A file cannot be used; `why` is Indonesian."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


async def take(desk: Reports, row: Complaint, attachments: Sequence[dict[str, Any]], limit: int) -> str:
    """Notes the first attachment of this message for the report; returns what the person is told. Once a message."""
    assert desk.message is not None
    known = list((await desk.session.execute(_files(row))).scalars())
    if any(one.message_id == desk.message for one in known):
        return ACCEPTED
    one = attachments[0]
    kind = "image/jpeg" if one["kind"] == "photo" and not one["media_type"] else one["media_type"]
    why = ""
    if not (_PICTURES.fullmatch(kind) or _PDF.fullmatch(kind) or _suffix_ok(one["filename"], kind)):
        why = WRONG_TYPE
    elif (one["size"] or 0) > limit:
        why = TOO_LARGE
    elif len([file for file in known if not file.error]) >= MOST_FILES:
        why = TOO_MANY
    if why:
        return KEPT_OUT.format(why=why)
    file = ComplaintFile(complaint_id=row.id, message_id=desk.message, filename=one["filename"][:120], media_type=kind)
    desk.session.add(file)
    await desk.session.flush()
    await said_to_report(desk.session, row.id, [desk.message])
    return ACCEPTED


async def prepare(desk: Reports, row: Complaint) -> list[ComplaintFile]:
    """All files of a report. One still on its way has neither `path` nor `error`; calling again later finds it."""
    files = list((await desk.session.execute(_files(row))).scalars())
    for file in files:
        if not file.path and not file.error and await _was_lost(desk, file.message_id):
            file.error = NOT_FETCHED
    await desk.session.flush()
    return files


def copy_kept(database: Database, folder: Path) -> FileKept:
    """What `Runtime.file_kept` calls: makes the small copy where a report waits for the file."""

    async def kept(incoming: int, path: str) -> None:
        query = select(ComplaintFile.id, ComplaintFile.media_type).where(ComplaintFile.message_id == incoming)
        for number, media_type in await database.run(query.where(_waiting())):
            try:
                content, suffix = await shrink(folder / path, media_type)
            except Refused as refusal:
                content, suffix, why = b"", "", refusal.why
            else:
                why = ""
            async with database.session() as session:
                await note_copy(session, folder, number, content, suffix, why)

    return kept


async def copy_left(database: Database, folder: Path) -> None:
    """Copies that nobody made although the file is there."""
    for row in await database.run(_UNMADE):
        await copy_kept(database, folder)(row.message_id, row.path)


async def note_copy(session: AsyncSession, folder: Path, number: int, content: bytes, suffix: str, why: str) -> None:
    """Writes the copy while all together stay within `TOTAL`, or why there is none. Once."""
    found = select(ComplaintFile).where(ComplaintFile.id == number, _waiting()).with_for_update()
    file = (await session.execute(found)).scalar_one_or_none()
    if file is None:
        return
    await session.execute(select(Complaint.id).where(Complaint.id == file.complaint_id).with_for_update())
    made = select(func.coalesce(func.sum(ComplaintFile.size), 0))
    made = made.where(ComplaintFile.complaint_id == file.complaint_id, ComplaintFile.path != "")
    used = (await session.execute(made)).scalar_one() or 0
    file.error = why or (TOO_LARGE if used + len(content) > TOTAL else "")
    if not file.error:
        file.path, file.size = f"complaint-{file.id}{suffix}", len(content)
        file.media_type = "application/pdf" if suffix == ".pdf" else "image/jpeg"
        await anyio.Path(folder / file.path).write_bytes(content)
    await session.flush()


async def shrink(path: Path, media_type: str) -> tuple[bytes, str]:
    """The small content and its suffix. Raises Refused. Not inside a transaction."""
    try:
        content = await anyio.Path(path).read_bytes()
    except OSError as error:
        raise Refused(NOT_FETCHED) from error
    if content.startswith(b"%PDF") or _PDF.fullmatch(media_type or "-"):
        return _pdf(content), ".pdf"
    try:
        return await pictures.small(content, MOST_PICTURE), ".jpg"
    except pictures.NoPicture as error:
        raise Refused(_WHY[error.why]) from error


async def remove_files(desk: Reports, row: Complaint) -> None:
    """Deletes the copies, and the stored originals of the messages that brought them."""
    files = list((await desk.session.execute(_files(row))).scalars())
    messages = [one.message_id for one in files]
    originals = select(StoredFile.path).where(StoredFile.incoming_id.in_(messages), StoredFile.path != "")
    paths = [one.path for one in files if one.path]
    paths += (await desk.session.execute(originals)).scalars() if messages else []
    await desk.session.execute(delete(StoredFile).where(StoredFile.incoming_id.in_(messages)))
    await desk.session.execute(delete(ComplaintFile).where(ComplaintFile.complaint_id == row.id))
    for path in paths:
        (desk.files / path).unlink(missing_ok=True)


def _pdf(content: bytes) -> bytes:
    if not content.startswith(b"%PDF"):
        raise Refused(BROKEN)
    if b"/Encrypt" in content:
        raise Refused(ENCRYPTED)
    if len(content) > TOTAL:
        raise Refused(TOO_LARGE)
    return content


def _suffix_ok(filename: str, kind: str) -> bool:
    generic = kind in ("", "application/octet-stream")
    return generic and bool(_PICTURES.fullmatch(filename) or _PDF.fullmatch(filename))


def _files(row: Complaint) -> Any:
    return select(ComplaintFile).where(ComplaintFile.complaint_id == row.id).order_by(ComplaintFile.id)


def _waiting() -> Any:
    return (ComplaintFile.path == "") & (ComplaintFile.error == "")


async def _was_lost(desk: Reports, message: int) -> bool:
    query = select(StoredFile.error).where(StoredFile.incoming_id == message).order_by(StoredFile.id).limit(1)
    return bool((await desk.session.execute(query)).scalar_one_or_none())
