"""Files of a report: accepted or refused with a reason, shrunk so that all together stay within LAPOR!'s 2 MB.

A copy of a picture carries no EXIF data (a phone writes the place into it). PDF files stay as they are.
"""

from __future__ import annotations

import asyncio
import io
import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps
from sqlalchemy import delete, select

from bot.complaints.desk import Reports
from bot.complaints.models import Complaint, ComplaintFile
from bot.conversations.hiding import said_to_report
from bot.conversations.models import StoredFile

TOTAL = 2_000_000  # bytes of all files together
MOST_FILES = 5
MOST_PIXELS = 60_000_000  # of a JPEG, which is decoded at the size that is needed
MOST_PIXELS_WHOLE = 20_000_000  # of a PNG or WebP, whose every pixel lies in memory: 60 MB
_SIDES = (1600, 1200, 900, 640)
_QUALITIES = (80, 65, 50)

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
    """Makes the small copies of what has been fetched; the total stays within `TOTAL`. Returns all files.

    A file still on its way has neither `path` nor `error`; calling again later takes it up.
    """
    files = list((await desk.session.execute(_files(row))).scalars())
    used = sum(one.size or 0 for one in files if one.path)
    waiting = [one for one in files if not one.path and not one.error]
    for position, file in enumerate(waiting):
        stored = await _stored(desk, file.message_id)
        if stored is None or not (stored.path or stored.error):
            continue
        share = (TOTAL - used) // (len(waiting) - position)
        try:
            if stored.error:
                raise Refused(NOT_FETCHED)
            content, suffix = await asyncio.to_thread(shrink, desk.files / stored.path, file.media_type, share)
        except Refused as refusal:
            file.error = refusal.why
            continue
        name = f"complaint-{file.id}{suffix}"
        (desk.files / name).write_bytes(content)
        file.path, file.size, used = name, len(content), used + len(content)
        file.media_type = "application/pdf" if suffix == ".pdf" else "image/jpeg"
    await desk.session.flush()
    return files


def shrink(path: Path, media_type: str, limit: int) -> tuple[bytes, str]:
    """The content within `limit` bytes and its suffix. Raises Refused."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Refused(NOT_FETCHED) from error
    if content.startswith(b"%PDF") or _PDF.fullmatch(media_type or "-"):
        return _pdf(content, limit), ".pdf"
    return _picture(content, limit), ".jpg"


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


def _pdf(content: bytes, limit: int) -> bytes:
    if not content.startswith(b"%PDF"):
        raise Refused(BROKEN)
    if b"/Encrypt" in content:
        raise Refused(ENCRYPTED)
    if len(content) > limit:
        raise Refused(TOO_LARGE)
    return content


def _picture(content: bytes, limit: int) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
            most = MOST_PIXELS if opened.format == "JPEG" else MOST_PIXELS_WHOLE
            if opened.width * opened.height > most:
                raise Refused(TOO_LARGE)
            opened.draft("RGB", (_SIDES[0], _SIDES[0]))
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except Refused:
        raise
    except Exception as error:  # a broken picture fails anywhere in the library, in many ways
        raise Refused(BROKEN if _looks_like_picture(content) else WRONG_TYPE) from error
    for side in _SIDES:
        picture.thumbnail((side, side))
        for quality in _QUALITIES:
            target = io.BytesIO()
            picture.save(target, "JPEG", quality=quality, optimize=True)
            if target.tell() <= limit:
                return target.getvalue()
    raise Refused(TOO_LARGE)


def _looks_like_picture(content: bytes) -> bool:
    return content[:3] == b"\xff\xd8\xff" or content[:8] == b"\x89PNG\r\n\x1a\n" or content[8:12] == b"WEBP"


def _suffix_ok(filename: str, kind: str) -> bool:
    generic = kind in ("", "application/octet-stream")
    return generic and bool(_PICTURES.fullmatch(filename) or _PDF.fullmatch(filename))


def _files(row: Complaint) -> Any:
    return select(ComplaintFile).where(ComplaintFile.complaint_id == row.id).order_by(ComplaintFile.id)


async def _stored(desk: Reports, message: int) -> StoredFile | None:
    query = select(StoredFile).where(StoredFile.incoming_id == message).order_by(StoredFile.id).limit(1)
    return (await desk.session.execute(query)).scalar_one_or_none()
