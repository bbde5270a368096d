"""Lists that officers upload: looked through first, written after a yes. They are kept in the database meanwhile, so
that any process can take the next step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.sql import ColumnElement

from bot.applications.errors import NotFound
from bot.applications.importing import Report, import_rows
from bot.applications.models import ApplicationImport
from bot.applications.reading import Row
from bot.applications.service import Register

KEPT = timedelta(hours=1)


async def keep(register: Register, filename: str, content: bytes, actor: str) -> ApplicationImport:
    """Stores an upload, in place of earlier ones of the same officer and of old ones."""
    await forget(register)
    await register.session.execute(delete(ApplicationImport).where(ApplicationImport.actor == actor))
    row = ApplicationImport(actor=actor, filename=Path(filename).name[:100], content=content, created_at=register.now())
    register.session.add(row)
    await register.session.flush()
    return row


async def content_of(register: Register, upload_id: int, actor: str) -> bytes:
    """To be read before the transaction of `run`. Raises NotFound."""
    query = select(ApplicationImport.content).where(*_own(register, upload_id, actor))
    content = (await register.session.execute(query)).scalar_one_or_none()
    if content is None:
        raise _gone()
    return content


async def run(
    register: Register,
    upload_id: int,
    rows: Sequence[Row],
    actor: str,
    by: str,
    *,
    preview: bool,
    skip_wrong: bool = False,
) -> tuple[ApplicationImport, Report]:
    """What the upload would do, or does; once written it is gone. Only its own officer may. Raises RegisterError."""
    query = select(ApplicationImport).where(*_own(register, upload_id, actor))
    row = (await register.session.execute(query.with_for_update())).scalar_one_or_none()
    if row is None:
        raise _gone()
    report = await import_rows(register, rows, f"{by} (import {row.filename})", preview=preview, skip_wrong=skip_wrong)
    if report.written:
        await register.session.delete(row)
    return row, report


def _own(register: Register, upload_id: int, actor: str) -> tuple[ColumnElement[bool], ...]:
    return (
        ApplicationImport.id == upload_id,
        ApplicationImport.actor == actor,
        ApplicationImport.created_at > register.now() - KEPT,
    )


def _gone() -> NotFound:
    return NotFound("the upload is gone", "unggahan itu sudah tidak ada; unggah berkasnya lagi")


async def forget(register: Register) -> None:
    """Deletes uploads that nobody went on with."""
    await register.session.execute(
        delete(ApplicationImport).where(ApplicationImport.created_at < register.now() - KEPT)
    )
