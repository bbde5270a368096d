"""Acts that their officer can take back: until then what they say waits, and how their changes are put back is kept.

One row decides: letting go and taking back both begin by deleting it, and only one of them finds it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement

from bot.conversations.holding import Hold
from bot.conversations.jobs import defer
from bot.conversations.models import Outgoing, RecallableAct
from bot.conversations.outbox import offer, wake

if TYPE_CHECKING:
    from pathlib import Path

    from bot.conversations.runtime import Runtime

Images = dict[str, dict[int, dict[str, Any]]]
"""Rows as they are: table → id → columns."""
_OF_NO_WEIGHT = frozenset({"lease_until", "warned_at", "read_up_to", "due_at"})
"""Columns that change by looking, or are counted by the watch: that they have changed since is no reason not to take an
act back."""


class TooLate(Exception):
    """The act has been let go, or taken back before; or there is no such act of this officer."""


class ChangedSince(Exception):
    """Somebody has gone on from there: nothing is put back, and what was said goes out."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that an act may change: those of `table` (with a column `id`) for which `where` holds, SQL with `:keys`.

    `only`: these columns, where others change by themselves.
    """

    table: str
    where: str
    keys: tuple[Any, ...]
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """An act as the audit log names it, and the page to go back to. `officer_id`: who can take it back.

    `batch`: the first of several acts that are taken back together, 0 for that one itself; `doing`: the longest that
    all of them may take to do, for which they wait, too (`all_done`).
    """

    officer_id: int
    action: str
    subject: str
    subject_id: int
    address: str
    conversation_id: int | None = None
    batch: int | None = None
    doing: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Recalled:
    """An act that was taken back. `said`: the officer's own words that were not sent. `undone`: rows that are as they
    were: table, id, and those columns as the act had left them."""

    action: str
    subject: str
    subject_id: int
    address: str
    conversation_id: int | None
    conversations: tuple[int, ...]
    said: str
    undone: tuple[tuple[str, int, Mapping[str, Any]], ...]


async def images(session: AsyncSession, rows: Sequence[Rows]) -> Images:
    """How the rows are now."""
    found: Images = {}
    for one in rows:
        columns = ", ".join(("id", *one.only)) if one.only else "*"
        query = text(f"select to_jsonb(t) from (select {columns} from {one.table} where {one.where}) t")  # noqa: S608 our names
        for row in await session.scalars(query, {"keys": list(one.keys)}):
            found.setdefault(one.table, {})[row["id"]] = row
    return found


def undo_of(before: Images, after: Images) -> list[dict[str, Any]]:
    """Steps from `after` back to `before`; applied in order."""
    steps: list[dict[str, Any]] = []
    for table in sorted({*before, *after}):
        old, new = before.get(table, {}), after.get(table, {})
        steps += [{"table": table, "id": key, "insert": old[key]} for key in old if key not in new]
        for key in old.keys() & new.keys():
            changed = [name for name in old[key] if old[key][name] != new[key][name]]
            if changed:
                columns = {name: old[key][name] for name in changed}
                steps.append({"table": table, "id": key, "set": columns, "was": {n: new[key][n] for n in changed}})
        steps += [{"table": table, "id": key, "delete": True} for key in new if key not in old]
    return steps


async def keep(
    runtime: Runtime, session: AsyncSession, about: About, held: Hold, undo: Sequence[Mapping[str, Any]]
) -> tuple[int, datetime]:
    """Has what the hold keeps back let go after `recall_seconds`. Returns the act's id and until when it can be taken
    back.
    """
    now: datetime = (await session.execute(text("select now()"))).scalar_one()
    until = now + timedelta(seconds=runtime.settings.recall_seconds) + about.doing
    act = RecallableAct(
        officer_id=about.officer_id,
        conversation_id=about.conversation_id,
        action=about.action,
        subject=about.subject,
        subject_id=about.subject_id,
        address=about.address,
        batch=about.batch or None,
        until=until,
        messages=held.messages,
        jobs=[list(one) for one in held.jobs],
        undo=list(undo),
    )
    session.add(act)
    await session.flush()
    waits = update(Outgoing).where(Outgoing.id.in_(held.messages)).values(next_at=until)
    await session.execute(waits.execution_options(synchronize_session=False))
    await defer(runtime.jobs, session, "let_go", at=until, act_id=act.id)
    return act.id, until


async def all_done(runtime: Runtime, session: AsyncSession, first: int) -> datetime:
    """The last act of a batch is done: from now on there is the whole time to take them back. Returns until when."""
    now: datetime = (await session.execute(text("select now()"))).scalar_one()
    until = now + timedelta(seconds=runtime.settings.recall_seconds)
    acts = update(RecallableAct).where(_of(first)).values(until=until).returning(RecallableAct.messages)
    waiting = [one for messages in await session.scalars(acts) for one in messages]
    await session.execute(update(Outgoing).where(Outgoing.id.in_(waiting)).values(next_at=until))
    await defer(runtime.jobs, session, "let_go", at=until, act_id=first)
    return until


def _of(first: int) -> ColumnElement[bool]:
    """The act, and those of the batch that began with it."""
    return (RecallableAct.id == first) | (RecallableAct.batch == first)


async def let_go(runtime: Runtime, act_id: int) -> None:
    """The time is over: what was held back goes out, unless the act was taken back."""
    async with runtime.database.session() as session:
        await _let_go(runtime, session, delete(RecallableAct).where(_of(act_id)))


async def let_go_before(runtime: Runtime, session: AsyncSession, conversation_id: int) -> None:
    """Something is said in this conversation at once: what waits there goes first."""
    await _let_go(runtime, session, delete(RecallableAct).where(RecallableAct.conversation_id == conversation_id))


_RELEASE = text("""
update outgoing_messages set status = 'pending', next_at = null where id = any(:ids) and status = 'held'
returning id, conversation_id, text, buttons
""")


async def _let_go(runtime: Runtime, session: AsyncSession, which: Any) -> None:
    ended = await session.execute(which.returning(RecallableAct.messages, RecallableAct.jobs))
    for messages, jobs in sorted(ended.all(), key=lambda one: one.messages[:1]):
        rows = (await session.execute(_RELEASE, {"ids": messages})).all()
        for row in sorted(rows, key=lambda one: one.id):
            if row.buttons:
                await offer(session, row.conversation_id, row.text, row.buttons)
        for conversation_id in {row.conversation_id for row in rows}:
            await wake(runtime, session, conversation_id)
        for name, arguments in jobs:
            await defer(runtime.jobs, session, name, **arguments)


async def take_back(session: AsyncSession, officer_id: int, act_id: int, files: Path) -> tuple[list[Recalled], int]:
    """Nothing is sent, and what the act changed is as it was; so with all acts of its batch, the last first.

    Returns those taken back, and of how many others somebody has gone on: these are sent. Raises TooLate when none is
    left, ChangedSince when somebody has gone on from each.
    """
    query = select(RecallableAct.id).where(_of(act_id), RecallableAct.officer_id == officer_id)
    recalled, changed = list[Recalled](), 0
    for one in (await session.scalars(query.order_by(RecallableAct.id.desc()))).all():
        try:
            async with session.begin_nested():
                recalled += await _take_back(session, one, files)
        except ChangedSince:
            changed += 1
    if not recalled:
        raise ChangedSince if changed else TooLate
    return recalled, changed


async def _take_back(session: AsyncSession, act_id: int, files: Path) -> list[Recalled]:
    """None: it was let go meanwhile."""
    ended = delete(RecallableAct).where(RecallableAct.id == act_id)
    act = (await session.execute(ended.returning(RecallableAct))).scalar_one_or_none()
    if act is None:
        return []
    gone = delete(Outgoing).where(Outgoing.id.in_(act.messages), Outgoing.status == "held")
    columns = (Outgoing.id, Outgoing.conversation_id, Outgoing.author, Outgoing.text, Outgoing.file)
    rows = sorted((await session.execute(gone.returning(*columns))).all(), key=lambda one: one.id)
    for step in act.undo:
        await _put_back(session, step)
    unlink(files, [row.file["path"] for row in rows if row.file])
    said = "\n".join(row.text for row in rows if row.author == "officer" and row.text)
    where = tuple({row.conversation_id for row in rows})
    undone = tuple((step["table"], step["id"], step["was"]) for step in act.undo if "set" in step)
    return [Recalled(act.action, act.subject, act.subject_id, act.address, act.conversation_id, where, said, undone)]


def unlink(folder: Path, paths: Sequence[str]) -> None:
    """Removes the files of messages that nobody will be sent."""
    for path in paths:
        with suppress(FileNotFoundError):
            (folder / path).unlink()


async def _put_back(session: AsyncSession, step: Mapping[str, Any]) -> None:
    table, key = step["table"], {"id": step["id"]}
    if "delete" in step:
        # Events of applications are only ever added: this one was told to nobody. The audit log keeps both acts, and
        # the history says that it was taken back (bot/console/telling.py).
        await session.execute(text("select set_config('pandu.erasing', 'on', true)"))
        await session.execute(text(f"delete from {table} where id = :id"), key)  # noqa: S608
        await session.execute(text("select set_config('pandu.erasing', 'off', true)"))
        return
    row = {"row": json.dumps(step.get("insert") or step["set"])}
    if "insert" in step:
        filled = f"select r.* from jsonb_populate_record(null::{table}, cast(:row as jsonb)) r"  # noqa: S608
        await session.execute(text(f"insert into {table} overriding system value {filled}"), row)
        return
    known = ", ".join(f'"{name}"' for name in step["was"])
    locked = f"select {known} from {table} where id = :id for update"  # noqa: S608
    now = await session.scalar(text(f"select to_jsonb(t) from ({locked}) t"), key)  # noqa: S608
    if now is None or any(now[name] != old for name, old in step["was"].items() if name not in _OF_NO_WEIGHT):
        raise ChangedSince
    names = ", ".join(f'"{name}"' for name in step["set"])
    values = ", ".join(f'r."{name}"' for name in step["set"])
    filled = f"select {values} from jsonb_populate_record(null::{table}, cast(:row as jsonb)) r"  # noqa: S608
    await session.execute(text(f"update {table} set ({names}) = ({filled}) where id = :id"), {**key, **row})  # noqa: S608
