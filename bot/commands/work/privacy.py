"""`pandu privacy`: retention, holds, copies, erasing and keys, from the command line."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.audit.service import note
from bot.conversations.models import Conversation
from bot.errors import CannotRun
from bot.knowledge.load import get_knowledge
from bot.privacy import erase as erasing
from bot.privacy import service
from bot.privacy.export import as_html, as_json, gather
from bot.privacy.retention import Period, UnknownKind, periods, preview, run
from bot.settings import Settings
from bot.storage.encrypted import encrypt_batch, encrypted_places
from bot.storage.folders import write_closed
from bot.storage.keyring import FILE, keys_of
from bot.storage.keyring import new_key as make_key
from bot.tables import metadata

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime


async def retention(runtime: Runtime, only_preview: bool) -> int:
    """A line a kind: its period, whose choice that is, and how many are over it (or went). Raises CannotRun."""
    try:
        found = periods(get_knowledge().privacy, runtime.settings.retention)
    except UnknownKind as error:
        raise CannotRun(str(error)) from None
    if only_preview:
        async with runtime.database.session() as session:
            counts = {one.period.kind.id: one.count for one in await preview(session, found, datetime.now(UTC))}
    else:
        counts = await run(runtime, found)
    for period in found:
        print(_line(period, counts.get(period.kind.id, 0)))
    if not only_preview:
        print(f"{counts['orphans']} files that belonged to nothing.")
    return 0


def _line(period: Period, count: int) -> str:
    days = f"{period.days} days" if period.days else "for ever"
    whose = "default" if period.ours else "chosen"
    return f"{period.kind.id:<18} {days:>10} {whose:<8} {count:>8}  {period.kind.what}"


async def hold(runtime: Runtime, subject: str, number: int, reason: str, by: str) -> int:
    """Forbids erasing. Raises CannotRun."""
    if not reason.strip():
        raise CannotRun("A hold needs a reason.")
    try:
        async with runtime.database.session() as session:
            made = await service.hold(session, subject, number, reason, f"command-line:{by}")
    except service.NoSuchSubject as error:
        raise CannotRun(str(error)) from None
    print(f"Hold {made.id}: {subject} {number} is not erased until pandu privacy release {made.id}.")
    return 0


async def show_holds(runtime: Runtime) -> int:
    """Active holds, then requests that wait."""
    async with runtime.database.session() as session:
        active, waiting = await service.holds(session), await service.held_requests(session)
    for one in active:
        print(
            f"{one.id:>6}  {one.subject:<12} {one.subject_id:>8}  {one.made_at:%Y-%m-%d}  {one.made_by}: {one.reason}"
        )
    for request in waiting:
        print(f"Conversation {request.conversation_id} asked to be erased on {request.asked_at:%Y-%m-%d}.")
    if not active:
        print("There are no holds.")
    return 0


async def release(runtime: Runtime, number: int, by: str) -> int:
    """Ends a hold. Raises CannotRun."""
    async with runtime.database.session() as session:
        if await service.release(session, number, f"command-line:{by}", datetime.now(UTC)) is None:
            raise CannotRun(f"There is no active hold {number}: see pandu privacy holds.")
        waiting = await service.held_requests(session)
    print(f"Hold {number} ended.")
    for request in waiting:
        print(f"Waiting to be erased: pandu privacy erase {request.conversation_id}")
    return 0


async def export_copy(runtime: Runtime, conversation: int, out: Path, by: str) -> int:
    """Writes the copy, readable by its owner alone. Raises CannotRun."""
    if out.suffix not in (".json", ".html"):
        raise CannotRun(f"{out} must end in .json or .html.")
    await _exists(runtime, conversation)
    async with runtime.database.session() as session:
        copy = await gather(session, get_knowledge(), conversation, datetime.now(UTC), runtime.settings.timezone)
        await note(session, f"command-line:{by}", "privacy.copy-given", "conversation", conversation)
    written = as_json(copy) if out.suffix == ".json" else as_html(copy)
    await asyncio.to_thread(write_closed, out, written.encode())
    print(f"Written to {out}. Give it to nobody but the person, and delete it here.")
    return 0


async def erase(runtime: Runtime, conversation: int, by: str) -> int:
    """Erases at once, as if the person had confirmed. Raises CannotRun."""
    await _exists(runtime, conversation)
    now = datetime.now(UTC)
    async with runtime.database.session() as session:
        request = await service.ask_erasing(session, conversation, now, f"command-line:{by}")
        answer = await service.confirm_erasing(session, conversation, request.id, now)
        if answer == "started":
            await erasing.queue(runtime.jobs, session, conversation, request.id)
    if answer == "held":
        raise CannotRun(f"A hold forbids erasing conversation {conversation}: see pandu privacy holds. It is noted.")
    print(f"Conversation {conversation} is being erased; the person is told in the chat.")
    return 0


def new_key(settings: Settings) -> str:
    """Makes a key; where the data folder keeps the keys, puts it there. Returns what to do next."""
    key = make_key()
    if settings.data_keys.get_secret_value():
        return f"PANDU_DATA_KEYS={','.join([key, *keys_of(settings)])}\n{_THEN}"
    keys = ",".join([key, *keys_of(settings)])
    path = settings.data_dir / "secrets" / FILE
    draft = path.with_name(f".{FILE}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(keys)
        file.flush()
        os.fsync(handle)
    draft.replace(path)
    return f"A new key stands first in {path}; the old ones stay.\n{_THEN}"


_THEN = (
    "Restart Pandu (all machines), run pandu privacy rotate-keys, then take the old keys away; "
    "keep a copy of them for old backups."
)


async def rotate_keys(runtime: Runtime) -> int:
    """A line a column: how many values are under the newest key now."""
    for place in encrypted_places(metadata):
        last, count = 0, 0
        while True:
            async with runtime.database.session() as session:
                connection = await session.connection()
                last, changed = await connection.run_sync(encrypt_batch, place, last)
            count += changed
            if not last:
                break
        print(f"{place.table}.{place.column}: {count} encrypted again")
    async with runtime.database.session() as session:
        await note(session, "command-line", "privacy.keys-rotated")
    return 0


async def _exists(runtime: Runtime, conversation: int) -> None:
    async with runtime.database.session() as session:
        if await session.get(Conversation, conversation) is None:
            raise CannotRun(f"There is no conversation {conversation}.")
