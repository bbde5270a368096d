"""`pandu applications` and `pandu apikeys`: the register from the command line."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from bot.applications import access, importing, keys, lists, news, printing, promises, status
from bot.applications.errors import RegisterError
from bot.applications.models import Application, ApplicationEvent, ApplicationNews
from bot.applications.numbers import looks_mistyped, number_in
from bot.applications.posting import register_of, wake
from bot.applications.reading import parse_date, read
from bot.applications.service import NewApplication, Register, add, advance, find, set_due, stage_of
from bot.audit.service import note, note_printed
from bot.errors import CannotRun
from bot.slowly import Beside, with_slow
from bot.storage.folders import write_closed
from bot.working_days import ClosedDay, unknown_years

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

_SHOWN_ERRORS = 30


async def import_list(runtime: Runtime, file: Path, by: str, preview: bool, skip_wrong: bool) -> int:
    """Import a file and tell what came of it. 0 when everything in it is (or would be) in the register."""
    begin = time.perf_counter()
    try:
        rows = await asyncio.to_thread(read, file)
        async with runtime.database.session() as session:
            register, actor = register_of(runtime, session), f"{by} (import {file.name})"
            report = await importing.import_rows(register, rows, actor, preview=preview, skip_wrong=skip_wrong)
            await note_printed(session, "application", report.matched, datetime.now(UTC))
            if report.news:
                await wake(runtime, session)
    except RegisterError as error:
        raise CannotRun(f"{file.name}: {error}.") from None
    for line, message in report.errors[:_SHOWN_ERRORS]:
        print(f"line {line}: {message}")
    if len(report.errors) > _SHOWN_ERRORS:
        print(f"... and {len(report.errors) - _SHOWN_ERRORS} more lines with errors")
    for year in report.unknown_years:
        print(f"Warning: the holidays of {year} are not settled yet; promises that reach into it may change.")
    if report.unknown_starts:
        print(
            f"Warning: {report.unknown_starts} rows stand in a late stage without tanggal_lengkap: their promised time "
            "counts from tanggal_tahap, and their applicants are told so."
        )
    print(f"{report.new} new, {report.changed} changed, {report.unchanged} unchanged, {len(report.errors)} wrong")
    if report.written:
        print(f"Written in {time.perf_counter() - begin:.1f} s; {report.news} messages to applicants are on their way.")
    else:
        print("Nothing was written" + (": this was a preview." if preview else "; see --skip-wrong."))
    return 1 if report.errors else 0


async def add_one(runtime: Runtime, new: dict[str, Any], by: str) -> int:
    async with runtime.database.session() as session:
        register = register_of(runtime, session)
        done = await _try(add(register, NewApplication(**new), by))
        print(f"{done.application.number}  {done.application.service}, stage {done.application.stage}")
        print(f"Print its receipt: pandu applications receipt {done.application.number}")
    return 0


async def show_list(runtime: Runtime, office: str, stage: str, limit: int) -> int:
    query = select(Application).order_by(Application.id.desc()).limit(limit)
    query = query.where(Application.office == office) if office else query
    query = query.where(Application.stage == stage) if stage else query
    async with runtime.database.session() as session:
        found = list(await session.scalars(query))
        await note_printed(session, "application", [one.id for one in found], datetime.now(UTC))
    for one in found:
        due = f"due {one.due_on}" if one.due_on else ""
        print(f"{one.number}  {one.received_on}  {one.service:<28} {one.stage:<24} {one.reference or '-':<16} {due}")
    if not found:
        print("No applications. Add one with pandu applications add, or a list with pandu applications import.")
    return 0


async def show_one(runtime: Runtime, number: str, by: str) -> int:
    async with runtime.database.session() as session:
        register = register_of(runtime, session)
        application = await _find(register, number)
        await access.note(register, "shown", None, application.id, f"officer:{by}")
        found = await _try(status.standing_of(register, application))
        for reply in status.status(register, found):
            print(reply.text)
        print("\nTimeline:")
        for event in found.events:
            reason = f": {event.reason}" if event.reason else ""
            print(f"  {register.day(event.happened_at)}  {event.kind:<10} {event.stage} (by {event.actor}){reason}")
        print(f"\nNext: {', '.join(found.stage.next) or 'none, it is an end'}")
        await _print_news(register, application)
    return 0


async def advance_one(
    runtime: Runtime, number: str, stage: str, by: str, reason: str, on: str, expected: str, correct: bool
) -> int:
    day = _date(on) if on else None
    async with runtime.database.session() as session:
        register = register_of(runtime, session)
        application = await _find(register, number)
        moved = advance(
            register, application.number, stage, by, reason=reason, on=day, expected=expected, correction=correct
        )
        done = await _try(moved)
        told = await news.queue(register, done.event, done.application)
        if told:
            await wake(runtime, session)
        print(f"{application.number} is now in stage {done.application.stage}. {_told(done.event, told)}")
    return 0


async def print_receipt(runtime: Runtime, number: str, out: Path | None, by: str) -> int:
    """Make a new claim code (earlier ones end) and write the page."""

    async def printed(beside: Beside) -> tuple[Path, str]:
        async with runtime.database.session() as session:
            register = register_of(runtime, session)
            application = await _find(register, number)
            await access.note(register, "shown", None, application.id, f"officer:{by}")
            await note(session, "command-line", "application.receipt", "application", application.id)
            named = application.number
            pdf, (code,) = await _try(printing.printed(register, runtime.settings, [application], by, beside))
            return _write(out or Path(f"{named}.pdf"), pdf), code

    path, code = await with_slow(printed)
    days = access.RECEIPT_LIFETIME.days
    print(f"{path} written. Claim code {code}, valid once, for {days} days.")
    return 0


async def print_receipts(runtime: Runtime, office: str, stage: str, out: Path, by: str) -> int:
    """One PDF with a page for each application of an office or stage; new claim codes (earlier ones end)."""

    async def printed(beside: Beside) -> tuple[Path, list[str]]:
        async with runtime.database.session() as session:
            register = register_of(runtime, session)
            wanted = lists.RegisterFilter(office=office, stage=stage)
            found = await lists.selected(register, wanted, printing.MOST + 1)
            if not found:
                raise CannotRun("There is no such application.")
            if len(found) > printing.MOST:
                raise CannotRun(f"There are more than {printing.MOST}: name an office and a stage.")
            for one in found:
                await access.note(register, "shown", None, one.id, f"officer:{by}")
                await note(session, "command-line", "application.receipt", "application", one.id)
            pdf, codes = await _try(printing.printed(register, runtime.settings, found, by, beside))
            return _write(out, pdf), codes

    path, codes = await with_slow(printed)
    print(f"{path} written: {len(codes)} receipts, each with a new claim code for {access.RECEIPT_LIFETIME.days} days.")
    return 0


def _write(path: Path, content: bytes) -> Path:
    try:
        write_closed(path, content)
    except OSError as error:
        raise CannotRun(f"The receipt cannot be written to {path}: {error.strerror}.") from None
    return path


async def show_due(runtime: Runtime, office: str) -> int:
    async with runtime.database.session() as session:
        register = register_of(runtime, session)
        found = await promises.due(register, office)
        await note_printed(session, "application", [one.application.id for one in found], datetime.now(UTC))
        today = register.today()
        for one in found:
            left = f"{one.left} working days left" if one.left >= 0 else f"broken since {-one.left} working days"
            who = stage_of(register.knowledge, one.application).waits_for
            print(f"{one.application.number}  due {one.application.due_on}  {left:<32} {who}")
    for year in unknown_years(today):
        print(f"Warning: the holidays of {year} are not settled yet.")
    if not found:
        print("No promise is about to break.")
    return 0


async def close_day(runtime: Runtime, office: str, day: str, reason: str) -> int:
    """Note a closed day and count the running promises of that office anew."""
    closed = _date(day)
    async with runtime.database.session() as session:
        register = register_of(runtime, session)
        if office not in register.knowledge.offices:
            raise CannotRun(f"There is no office {office}; there are: {', '.join(register.knowledge.offices)}.")
        row = insert(ClosedDay).values(office=office, day=closed, reason=reason)
        await session.execute(row.on_conflict_do_update(index_elements=["office", "day"], set_={"reason": reason}))
        query = select(Application).where(Application.office == office, Application.due_on.is_not(None))
        running = list(await session.scalars(query))
        for application in running:
            await set_due(register, application)
    print(f"{office} is closed on {closed}; {len(running)} running promises were counted anew.")
    return 0


async def add_key(runtime: Runtime, name: str, office: str) -> int:
    async with runtime.database.session() as session:
        key = await _try(keys.make(register_of(runtime, session), name, office))
    print(f"{key}\nThis is the only time it is shown. Use it as: Authorization: Bearer {key[:8]}…")
    return 0


async def list_keys(runtime: Runtime) -> int:
    async with runtime.database.session() as session:
        found = await keys.listed(register_of(runtime, session))
    for one in found:
        state = (
            "revoked" if one.revoked_at else f"last used {one.last_used_at:%Y-%m-%d}" if one.last_used_at else "unused"
        )
        print(f"{one.name:<30} {one.office or 'all offices':<14} made {one.created_at:%Y-%m-%d}  {state}")
    if not found:
        print("No API keys.")
    return 0


async def revoke_key(runtime: Runtime, name: str) -> int:
    async with runtime.database.session() as session:
        await _try(keys.revoke(register_of(runtime, session), name))
    print(f"The key {name} opens nothing any more.")
    return 0


async def _find(register: Register, typed: str) -> Application:
    number = number_in(typed)
    if number is None:
        hint = "it is mistyped" if looks_mistyped(typed) else "a number looks like PDU-7K3M-9XQ4"
        raise CannotRun(f"{typed[:30]} is no application number: {hint}.")
    return await _try(find(register, number))


async def _print_news(register: Register, application: Application) -> None:
    query = select(ApplicationNews).where(ApplicationNews.application_id == application.id).order_by(ApplicationNews.id)
    for one in await register.session.scalars(query):
        state = one.skipped or ("handed to the outbox" if one.posted_at else "waits")
        print(f"News {one.kind} to conversation {one.conversation_id}: {state}")


def _told(event: ApplicationEvent, told: int) -> str:
    if told:
        return f"The news goes to {told} conversation{'s' if told > 1 else ''}."
    return "Nobody is told: no chat is linked, or the stage is the office's own business."


async def _try[T](work: Awaitable[T]) -> T:
    try:
        return await work
    except RegisterError as error:
        raise CannotRun(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None


def _date(typed: str) -> date:
    try:
        return parse_date(typed)
    except ValueError:
        raise CannotRun(f"{typed[:30]} is no date: write it like 20-11-2026.") from None
