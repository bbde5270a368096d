"""Lists that officers upload: looked through first, written after a yes. They are kept in the database meanwhile, so
that any process can take the next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import undefer
from sqlalchemy.sql import ColumnElement

from bot.applications.errors import NotFound
from bot.applications.importing import Report, import_rows
from bot.applications.models import ApplicationImport, ListHabit
from bot.applications.naming import Names
from bot.applications.reading import Row, wanted
from bot.applications.service import Register
from bot.conversations.holding import hold_of
from bot.sheets import Wanted

KEPT = timedelta(hours=1)
KEPT_WRITTEN = timedelta(minutes=2)
"""So long a list that brought news is kept once it is written: taking it back leads to it again."""


@dataclass(frozen=True, slots=True)
class Explained:
    """What an officer says of a list: its columns, its services' names, the one service of all rows, the sheet."""

    columns: dict[str, str]
    services: dict[str, str]
    service: str
    sheet: str


@dataclass(frozen=True, slots=True)
class Habits:
    """What the lists of an office mean by their titles and names."""

    columns: dict[str, str]
    services: dict[str, str]


async def habits(register: Register, office: str) -> Habits:
    """Of every list that was written for this office before."""
    found = list(await register.session.scalars(select(ListHabit).where(ListHabit.office == office)))
    return Habits(
        {one.said: one.means for one in found if one.kind == "column"},
        {one.said: one.means for one in found if one.kind == "service"},
    )


async def keep(
    register: Register, filename: str, content: bytes, actor: str, office: str = "", service: str = ""
) -> ApplicationImport:
    """Stores an upload, in place of earlier ones of the same officer and of old ones."""
    await forget(register)
    others = delete(ApplicationImport).where(ApplicationImport.actor == actor, ApplicationImport.written_at.is_(None))
    await register.session.execute(others)
    known = await habits(register, office)
    row = ApplicationImport(
        actor=actor,
        filename=Path(filename).name[:100],
        content=content,
        office=office,
        service=service,
        sheet="",
        columns=known.columns,
        services=known.services,
        created_at=register.now(),
    )
    register.session.add(row)
    await register.session.flush()
    return row


async def get(register: Register, upload_id: int, actor: str) -> ApplicationImport:
    """The upload with its content, to be read before the transaction of `run`. Raises NotFound."""
    query = (
        select(ApplicationImport).where(*_own(register, upload_id, actor)).options(undefer(ApplicationImport.content))
    )
    row = (await register.session.execute(query)).scalar_one_or_none()
    if row is None:
        raise _gone()
    return row


async def explain(register: Register, upload_id: int, actor: str, said: Explained) -> None:
    """What the officer says about the list. Raises NotFound."""
    row = (
        await register.session.execute(select(ApplicationImport).where(*_own(register, upload_id, actor)))
    ).scalar_one_or_none()
    if row is None:
        raise _gone()
    row.columns = row.columns | said.columns
    row.services = row.services | said.services
    row.service, row.sheet = said.service, said.sheet
    await register.session.flush()


def asked_of(row: ApplicationImport) -> Wanted:
    """How to read the upload."""
    return wanted(row.columns, row.service, row.sheet)


def names_of(register: Register, row: ApplicationImport) -> Names:
    """How services are named in the upload."""
    return Names(register.knowledge, row.office, row.services, row.service)


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
    """What the upload would do, or does; once written it is gone, or put by while it can be taken back.
    Only its own officer may. Raises RegisterError.

    What was said about a list that is written is remembered for its office.
    """
    query = select(ApplicationImport).where(*_own(register, upload_id, actor))
    row = (await register.session.execute(query.with_for_update())).scalar_one_or_none()
    if row is None:
        raise _gone()
    told = f"{by} (import {row.filename})"
    names = names_of(register, row)
    report = await import_rows(register, rows, told, preview=preview, skip_wrong=skip_wrong, names=names)
    if report.written:
        await _remember(register, row)
        if report.news and hold_of(register.session) is not None:
            row.written_at = register.now()
        else:
            await register.session.delete(row)
    return row, report


async def _remember(register: Register, row: ApplicationImport) -> None:
    said = [("column", one, means) for one, means in row.columns.items()]
    said += [("service", one, means) for one, means in row.services.items()]
    for kind, one, means in said:
        values = {"office": row.office, "kind": kind, "said": one, "means": means, "actor": row.actor}
        statement = insert(ListHabit).values(values)
        await register.session.execute(
            statement.on_conflict_do_update(
                index_elements=["office", "kind", "said"], set_={"means": means, "actor": row.actor}
            )
        )


def _own(register: Register, upload_id: int, actor: str) -> tuple[ColumnElement[bool], ...]:
    return (
        ApplicationImport.id == upload_id,
        ApplicationImport.actor == actor,
        ApplicationImport.created_at > register.now() - KEPT,
        ApplicationImport.written_at.is_(None),
    )


def _gone() -> NotFound:
    return NotFound("the upload is gone", "unggahan itu sudah tidak ada; unggah berkasnya lagi")


async def forget(register: Register) -> None:
    """Deletes uploads that nobody went on with, and those that are written."""
    old = ApplicationImport.created_at < register.now() - KEPT
    old |= ApplicationImport.written_at < register.now() - KEPT_WRITTEN
    await register.session.execute(delete(ApplicationImport).where(old))
