"""Lists that officers upload: looked through first, written after a yes. They are kept in the database meanwhile, so
that any process can take the next step."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import undefer

from bot.applications.errors import NotFound
from bot.applications.importing import Report, import_file
from bot.applications.models import ApplicationImport
from bot.applications.reading import MAX_BYTES, too_large
from bot.applications.service import Register

KEPT = timedelta(hours=1)


async def keep(register: Register, filename: str, content: bytes, actor: str) -> ApplicationImport:
    """Stores an upload, in place of earlier ones of the same officer and of old ones. Raises Unreadable."""
    if len(content) > MAX_BYTES:
        raise too_large(len(content))
    await forget(register)
    await register.session.execute(delete(ApplicationImport).where(ApplicationImport.actor == actor))
    row = ApplicationImport(actor=actor, filename=Path(filename).name[:100], content=content, created_at=register.now())
    register.session.add(row)
    await register.session.flush()
    return row


async def run(
    register: Register, upload_id: int, actor: str, by: str, *, preview: bool, skip_wrong: bool = False
) -> tuple[ApplicationImport, Report]:
    """What the upload would do, or does; once written it is gone. Only its own officer may. Raises RegisterError."""
    query = select(ApplicationImport).options(undefer(ApplicationImport.content))
    query = query.where(
        ApplicationImport.id == upload_id,
        ApplicationImport.actor == actor,
        ApplicationImport.created_at > register.now() - KEPT,
    )
    row = (await register.session.execute(query.with_for_update())).scalar_one_or_none()
    if row is None:
        raise NotFound("the upload is gone", "unggahan itu sudah tidak ada; unggah berkasnya lagi")
    with tempfile.NamedTemporaryFile(prefix="pandu-import-") as file:
        file.write(row.content)
        file.flush()
        actor_line = f"{by} (import {row.filename})"
        report = await import_file(register, Path(file.name), actor_line, preview=preview, skip_wrong=skip_wrong)
    if report.written:
        await register.session.delete(row)
    return row, report


async def forget(register: Register) -> None:
    """Deletes uploads that nobody went on with."""
    await register.session.execute(
        delete(ApplicationImport).where(ApplicationImport.created_at < register.now() - KEPT)
    )
