"""Import of a whole list: checked row by row, written all together or not at all, and repeatable without effect."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import delete, insert, select, text, tuple_
from sqlalchemy.exc import IntegrityError

from bot.applications.clock import reckon
from bot.applications.counting import way_in
from bot.applications.entries import Entry, understand
from bot.applications.errors import Conflict, NotAllowed, RegisterError
from bot.applications.models import Application, ApplicationContact, ApplicationEvent, table_of
from bot.applications.naming import Names, fold
from bot.applications.news import concerns_applicant, queue_for
from bot.applications.numbers import new_number
from bot.applications.reading import Row
from bot.applications.service import Register, marks, promise_in_days
from bot.knowledge.models import ProcedureStages
from bot.working_days import Calendar, calendar_of, unknown_years

CHUNK = 1000
ALIKE = 70.0  # of 100: from here two names may be of one person


@dataclass(slots=True)
class Report:
    """What an import did, or would do. `errors`: line and what is wrong there."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    news: int = 0
    errors: list[tuple[int, RegisterError]] = field(default_factory=list)
    unknown_starts: int = 0  # in a late stage, and the list says not since when the promised time runs
    written: bool = False
    unknown_years: list[int] = field(default_factory=list)
    matched: list[int] = field(default_factory=list)  # applications that rows are compared with, whatever comes of it


async def import_rows(
    register: Register,
    rows: Sequence[Row],
    actor: str,
    *,
    preview: bool = False,
    skip_wrong: bool = False,
    names: Names | None = None,
) -> Report:
    """Adds what is new and moves on what has changed. Rows with errors keep everything from being written.

    With `skip_wrong` the right rows are written all the same. Raises Conflict when another import runs.
    """
    entries, errors = await asyncio.to_thread(understand, register, rows, names)  # seconds for a long list
    report = Report(errors=errors, unknown_years=unknown_years(register.today()))
    existing = await _existing(register, entries)
    report.matched = [one.id for one in existing.values()]
    known = await _contacts_of(register, report.matched)
    fresh: list[Entry] = []
    changes: list[Change] = []
    for entry in entries:
        application = existing.get((entry.service.office, entry.reference))
        try:
            if application is None:
                _check_dated(register, entry)
                fresh.append(entry)
                continue
            change = _change(register, entry, application, known[application.id])
        except RegisterError as error:
            report.errors.append((entry.line, error))
            continue
        if change:
            changes.append(change)
        else:
            report.unchanged += 1
    report.new, report.changed = len(fresh), len(changes)
    jumps = [one.entry for one in changes if one.moves and _jumps_over_start(one.entry, one.application)]
    report.unknown_starts = sum(_starts_unknown(register, one) for one in (*fresh, *jumps))
    report.errors.sort(key=lambda one: one[0])
    if preview or (report.errors and not skip_wrong):
        return report
    try:
        async with register.session.begin_nested():
            calendars = {
                office: await calendar_of(register.session, office)
                for office in {one.service.office for one in entries}
            }
            await _write_new(register, fresh, calendars, actor)
            report.news = await _write_changes(register, changes, calendars, actor)
    except IntegrityError:
        raise Conflict(
            "somebody else has registered the same applications meanwhile; run the import again",
            "ada petugas lain yang baru saja mendaftarkan permohonan yang sama; ulangi impornya",
        ) from None
    report.written = True
    return report


def _check_dated(register: Register, entry: Entry) -> None:
    """A new application in a stage in which the promised time runs must say since when. Raises NotAllowed."""
    runs = (
        entry.stage is not None
        and entry.stage.clock == "runs"
        and promise_in_days(register.knowledge, entry.service.id)
    )
    if runs and not entry.dated:
        raise NotAllowed(
            "since when it stands in its stage is missing (tanggal_tahap): the promised time counts from it",
            "tanggal tahap kosong (tanggal_tahap), padahal janji waktu dihitung dari sana",
        )


def _starts_unknown(register: Register, entry: Entry) -> bool:
    """Whether the time is counted from a stage in which it was running already."""
    stage, first = entry.stage, entry.stages.first_running
    late = stage is not None and stage.clock == "runs" and stage is not first and entry.counted_from is None
    return late and promise_in_days(register.knowledge, entry.service.id) is not None


async def _existing(register: Register, entries: Sequence[Entry]) -> dict[tuple[str, str], Application]:
    """The applications that are registered already, locked against others until the import ends."""
    found: dict[tuple[str, str], Application] = {}
    keys = sorted({(one.service.office, one.reference) for one in entries})
    for start in range(0, len(keys), CHUNK):
        query = (
            select(Application)
            .where(tuple_(Application.office, Application.reference).in_(keys[start : start + CHUNK]))
            .order_by(Application.id)
            .with_for_update()
        )
        for one in await register.session.scalars(query):
            found[one.office, one.reference or ""] = one
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """A row that changes something: the stage (`moves`), the `contacts`, or only names."""

    entry: Entry
    application: Application
    moves: bool
    contacts: bool


def _change(register: Register, entry: Entry, application: Application, known: set[tuple[str, str]]) -> Change | None:
    """What the row changes; None when nothing. Raises NotAllowed when it cannot be."""
    if (application.service, application.procedure) != (entry.service.id, entry.stages.procedure):
        names = f"{application.service} {application.procedure}"
        raise NotAllowed(f"registered already for {names}", f"sudah terdaftar untuk {names}")
    _check_same(entry, application, known)
    moves = entry.stage is not None and entry.stage.id != application.stage
    if moves and entry.stage is not None:
        if entry.stage.id not in reachable(entry.stages, application.stage):
            way = (application.stage, entry.stage.id)
            raise NotAllowed(
                "no way from {} to {}: correct it with a reason instead".format(*way),
                "tidak ada jalan dari {} ke {}; pakai perbaikan catatan dengan alasan".format(*way),
            )
        if entry.stage_on < register.day(application.stage_since, application.office):
            raise NotAllowed(
                "the stage is older than the one that is registered", "tahapnya lebih lama daripada yang tercatat"
            )
    words = (entry.applicant or application.applicant, entry.business or application.business)
    contacts = _contacts_differ(entry, known)
    if moves or contacts or words != (application.applicant, application.business):
        return Change(entry, application, moves, contacts)
    return None


def _check_same(entry: Entry, application: Application, known: set[tuple[str, str]]) -> None:
    """A row with another person under a known number is no change of that application. Raises NotAllowed."""
    if not _other(entry.applicant, application.applicant):
        return
    phones = {value for kind, value in known if kind == "phone"}
    told = {value for kind, value in entry.contacts if kind == "phone"}
    differs = (
        bool(phones and told and not phones & told)
        or _other(entry.business, application.business)
        or entry.received != application.received_on
    )
    if differs:
        raise NotAllowed(
            "the number is registered for another person with another telephone, business or date: "
            "is it a running number?",
            "nomor ini sudah terdaftar untuk pemohon lain (nama dan telepon, usaha, atau tanggalnya berbeda); "
            "apakah ini nomor urut?",
        )


def _other(name: str, known: str) -> bool:
    """Whether two names are of two people: neither a part of the other, nor a typing mistake away."""
    one, other = fold(name), fold(known)
    return bool(one and other) and max(fuzz.ratio(one, other), fuzz.token_set_ratio(one, other)) < ALIKE


def reachable(stages: ProcedureStages, start: str) -> set[str]:
    """Every stage that the procedure's ways lead to from `start`."""
    found: set[str] = set()
    waiting = deque([start])
    while waiting:
        stage = stages.stage(waiting.popleft())
        for name in stage.next if stage else []:
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


async def _contacts_of(register: Register, ids: Sequence[int]) -> dict[int, set[tuple[str, str]]]:
    found: dict[int, set[tuple[str, str]]] = {one: set() for one in ids}
    for start in range(0, len(ids), CHUNK):
        query = select(ApplicationContact).where(ApplicationContact.application_id.in_(ids[start : start + CHUNK]))
        for one in await register.session.scalars(query):
            found[one.application_id].add((one.kind, one.value))
    return found


def _contacts_differ(entry: Entry, known: set[tuple[str, str]]) -> bool:
    """Whether the row names other contacts of a kind; a kind that it leaves empty stays as it is."""
    kinds = {kind for kind, _ in entry.contacts}
    return {one for one in known if one[0] in kinds} != set(entry.contacts)


async def _write_new(register: Register, entries: Sequence[Entry], calendars: dict[str, Calendar], actor: str) -> None:
    if not entries:
        return
    rows = [_application_row(register, one, calendars[one.service.office]) for one in entries]
    table = table_of(Application)
    stored = await register.session.execute(insert(table).returning(table.c.id, table.c.number), rows)
    ids = {row.number: row.id for row in stored}
    pairs = [(ids[row["number"]], one) for row, one in zip(rows, entries, strict=True)]
    if len(pairs) > CHUNK:  # or the foreign keys below are checked with a plan for the small table of before
        await register.session.execute(text("analyze applications"))
    events: list[dict[str, Any]] = []
    for application_id, one in pairs:
        first, stage = one.stages.stages[0], one.stage or one.stages.stages[0]
        common = {"application_id": application_id, "actor": actor, "kind": "import"}
        received = {"kind": "received", "stage": first.id, "before": None, "reason": ""}
        events.append(common | received | {"on": register.start_of(one.received, one.service.office)})
        for name, day in way_in(one.stages, stage, one.stage_on, one.counted_from):
            told = {"on": register.start_of(day, one.service.office), "reason": one.reason if name == stage.id else ""}
            events.append(common | {"stage": name, "before": events[-1]["stage"]} | told)
    await _insert_events(register, events)
    await _insert_contacts(register, [(one, entry.contacts) for one, entry in pairs], actor)


def _application_row(register: Register, one: Entry, calendar: Calendar) -> dict[str, Any]:
    first, stage = one.stages.stages[0], one.stage or one.stages.stages[0]
    way = [(first.id, one.received), *way_in(one.stages, stage, one.stage_on, one.counted_from)]
    runs = {found.id: found.clock == "runs" for found in one.stages.stages}
    marked = [(day, runs[name]) for name, day in way]
    return {
        "number": new_number(),
        "office": one.service.office,
        "service": one.service.id,
        "procedure": one.stages.procedure,
        "reference": one.reference,
        "applicant": one.applicant,
        "business": one.business,
        "received_on": one.received,
        "stage": stage.id,
        "stage_since": register.start_of(one.stage_on, one.service.office),
        "turn": stage.turn,
        "due_on": _due(register, one.service.id, marked, calendar),
    }


async def _write_changes(
    register: Register, changes: Sequence[Change], calendars: dict[str, Calendar], actor: str
) -> int:
    """Returns how many pieces of news were queued."""
    moves = [one for one in changes if one.moves and one.entry.stage]
    events = [event | {"actor": actor} for one in moves for event in _move_events(register, one)]
    stored = await _insert_events(register, events)
    for one in changes:
        one.application.applicant = one.entry.applicant or one.application.applicant
        one.application.business = one.entry.business or one.application.business
        one.application.version += 1
    histories = await _histories(register, [one.application.id for one in moves])
    for one in moves:
        application, stage = one.application, one.entry.stage
        assert stage is not None
        history = histories[application.id]
        application.stage, application.turn, application.stage_since = stage.id, stage.turn, history[-1].happened_at
        marked = marks(register, application, history)
        application.due_on = _due(register, application.service, marked, calendars[application.office])
    await _replace_contacts(register, changes, actor)
    await register.session.flush()
    told = [
        (event.application_id, event.id)
        for one in moves
        if (event := histories[one.application.id][-1]).id in stored
        and concerns_applicant(register, event, one.application)
    ]
    return sum(
        [await queue_for(register, told[start : start + CHUNK], "stage") for start in range(0, len(told), CHUNK)]
    )


def _move_events(register: Register, change: Change) -> list[dict[str, Any]]:
    """The event of a move; before it, where several stages are taken at once, the one in which the time began."""
    entry, application = change.entry, change.application
    assert entry.stage is not None
    counted = entry.counted_from if _jumps_over_start(entry, application) else None
    if counted is not None and counted < register.day(application.stage_since, application.office):
        counted = None
    events: list[dict[str, Any]] = []
    for name, day in way_in(entry.stages, entry.stage, entry.stage_on, counted) or [(entry.stage.id, entry.stage_on)]:
        before = events[-1]["stage"] if events else application.stage
        told = {"reason": entry.reason if name == entry.stage.id else "", "kind": "import"}
        moment = max(register.start_of(day, application.office), application.stage_since)
        events.append({"application_id": application.id, "stage": name, "before": before, "on": moment, **told})
    return events


def _jumps_over_start(entry: Entry, application: Application) -> bool:
    """Whether the promised time begins on the way that this move takes at once."""
    present, first = entry.stages.stage(application.stage), entry.stages.first_running
    return entry.stage is not None and entry.stage is not first and present is not None and present.clock != "runs"


async def _replace_contacts(register: Register, changes: Sequence[Change], actor: str) -> None:
    for one in changes:
        kinds = {kind for kind, _ in one.entry.contacts} if one.contacts else set()
        if kinds:
            await register.session.execute(
                delete(ApplicationContact).where(
                    ApplicationContact.application_id == one.application.id, ApplicationContact.kind.in_(kinds)
                )
            )
    await _insert_contacts(
        register, [(one.application.id, one.entry.contacts) for one in changes if one.contacts], actor
    )


async def _histories(register: Register, ids: Sequence[int]) -> dict[int, list[ApplicationEvent]]:
    found: dict[int, list[ApplicationEvent]] = {one: [] for one in ids}
    for start in range(0, len(ids), CHUNK):
        query = select(ApplicationEvent).where(ApplicationEvent.application_id.in_(ids[start : start + CHUNK]))
        for event in await register.session.scalars(query.order_by(ApplicationEvent.id)):
            found[event.application_id].append(event)
    return found


async def _insert_events(register: Register, events: Sequence[dict[str, Any]]) -> set[int]:
    if not events:
        return set()
    rows = [{("happened_at" if name == "on" else name): value for name, value in one.items()} for one in events]
    table = table_of(ApplicationEvent)
    stored = await register.session.execute(insert(table).returning(table.c.id), rows)
    return {row.id for row in stored}


async def _insert_contacts(
    register: Register, contacts: Sequence[tuple[int, frozenset[tuple[str, str]]]], actor: str
) -> None:
    rows = [
        {"application_id": application_id, "kind": kind, "value": value, "verified_by": actor}
        for application_id, pairs in contacts
        for kind, value in sorted(pairs)
    ]
    if rows:
        await register.session.execute(insert(table_of(ApplicationContact)), rows)


def _due(register: Register, service: str, marked: list[tuple[date, bool]], calendar: Calendar) -> date | None:
    days = promise_in_days(register.knowledge, service)
    if days is None:
        return None
    office = register.knowledge.services[service].office
    return reckon(calendar, days, marked, register.today(office)).due_on
