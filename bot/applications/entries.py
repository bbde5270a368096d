"""The meaning of an import's rows: service, stage, dates, contacts; or their faults."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.applications.counting import check_counting, check_dates
from bot.applications.errors import NotAllowed, NotFound, RegisterError
from bot.applications.naming import Names, fold
from bot.applications.reading import Row, parse_date
from bot.applications.service import (
    MAX_TEXT,
    Register,
    email_address,
    no_stage,
    other_office,
    promise_in_days,
    stages_of,
    telephone,
)
from bot.knowledge.models import Knowledge, ProcedureStages, Service, Stage
from bot.working_days import zone_of

_EXPONENT = re.compile(r"[-+]?\d+(?:[.,]\d+)?e[-+]?\d+", re.IGNORECASE)
_BROKEN = re.compile(r"#+|#(?:n/a|ref!|value!|div/0!|name\?|null!|num!|nilai!)", re.IGNORECASE)
_LOGICAL = {"true", "false", "benar", "salah"}
_FRACTION = re.compile(r"[-+]?\d+,\d+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?: [\d:]+)?|\d{1,2}-(?:[a-z]{3})-\d{2}", re.IGNORECASE)
_WHOLE = ("nomor", "telepon")  # columns in which neither a fraction nor a day can stand


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that was understood."""

    line: int
    service: Service
    stages: ProcedureStages
    reference: str
    applicant: str
    business: str
    received: date
    contacts: frozenset[tuple[str, str]]
    stage: Stage | None  # None: the file says nothing about it
    stage_on: date
    dated: bool  # the file says since when it stands in its stage
    counted_from: date | None  # since when the promised time runs, where the file says it
    reason: str


def understand(
    register: Register, rows: Sequence[Row], names: Names | None = None
) -> tuple[list[Entry], list[tuple[int, RegisterError]]]:
    """The rows that are right, and (line, what is wrong) of the others. A number may stand in the file once.

    `names`: how services are named in this list; without them as in the knowledge.
    """
    services = names or Names(register.knowledge)
    first_line: dict[tuple[str, str], int] = {}
    entries: list[Entry] = []
    errors: list[tuple[int, RegisterError]] = []
    for row in rows:
        try:
            entry = _entry(register, services, row)
            key = (entry.service.office, entry.reference)
            if key in first_line:
                line = first_line[key]
                raise NotAllowed(f"the number stands on line {line} already", f"nomornya sudah ada di baris {line}")
        except RegisterError as error:
            errors.append((row.line, error))
            continue
        first_line[key] = row.line
        entries.append(entry)
    return entries, errors


def _entry(register: Register, services: Names, row: Row) -> Entry:
    value = {name: row.values.get(name, "") for name in ("nomor", "layanan", "alur", "nama", "usaha", "keterangan")}
    for column, typed in row.values.items():
        _whole(column, typed)
    if not value["nomor"]:
        raise NotAllowed("the number (nomor) is missing", "nomornya kosong (nomor)")
    service = services.service(value["layanan"])
    if service is None:
        known = ", ".join(services.known)
        raise NotFound(
            f"the service (layanan) '{value['layanan'][:60]}' is not known; known: {known}",
            f"layanan “{value['layanan'][:60]}” tidak dikenal; yang dikenal: {services.said}",
        )
    if not register.sight.own(service.office):
        raise other_office(service.id)
    stages = stages_of(register.knowledge, service.id, value["alur"])
    received = _day(register, service.office, row, "tanggal_masuk")
    if received is None:
        raise NotAllowed("the date of receipt (tanggal_masuk) is missing", "tanggal masuk kosong (tanggal_masuk)")
    stage = _stage(register.knowledge, stages, row)
    counted_from = (
        _day(register, service.office, row, "tanggal_lengkap")
        if promise_in_days(register.knowledge, service.id)
        else None
    )
    begins = counted_from if stage is not None and stage is stages.first_running else None
    given = _day(register, service.office, row, "tanggal_tahap") or begins
    stage_on = given or (received if stage is None else register.today(service.office))
    check_dates(register.today(service.office), received, stage_on)
    check_counting(stages, stage or stages.stages[0], received, stage_on, counted_from)
    phones = [("phone", telephone(one)) for one in _parts(row, "telepon")]
    emails = [("email", email_address(one)) for one in _parts(row, "email")]
    return Entry(
        row.line,
        service,
        stages,
        value["nomor"][:100],
        value["nama"][:200],
        value["usaha"][:200],
        received,
        frozenset([*phones, *emails]),
        stage,
        stage_on,
        given is not None,
        counted_from,
        value["keterangan"][:MAX_TEXT],
    )


def _whole(column: str, typed: str) -> None:
    """Raises NotAllowed for what a spreadsheet made of a long number, a code or an error."""
    said = typed.strip()
    gone = said.lower() in _LOGICAL or bool(_EXPONENT.fullmatch(said) or _BROKEN.fullmatch(said))
    if not gone and column in _WHOLE:
        gone = bool(_FRACTION.fullmatch(said) or _DAY.fullmatch(said))
    if gone:
        raise NotAllowed(
            f"a spreadsheet has destroyed the cell ({column}): '{said[:30]}'; make the column text and type it again",
            f"isi kolom {column} rusak oleh Excel (“{said[:30]}”); jadikan kolom itu Teks, lalu ketik lagi isinya",
        )


def _parts(row: Row, column: str) -> list[str]:
    text = row.values.get(column, "").replace("/", ";").replace(",", ";")
    return [part.strip() for part in text.split(";") if part.strip()]


def _day(register: Register, office: str, row: Row, column: str) -> date | None:
    typed = row.values.get(column, "")
    if not typed.strip(" -"):
        return None
    try:
        return parse_date(typed, zone_of(office, register.zone))
    except ValueError:
        raise NotAllowed(
            f"'{typed[:30]}' ({column}) is no date; write it like 20-11-2026",
            f"“{typed[:30]}” ({column}) bukan tanggal; tulis seperti 20-11-2026",
        ) from None


def _stage(knowledge: Knowledge, stages: ProcedureStages, row: Row) -> Stage | None:
    typed = row.values.get("tahap", "") or row.values.get("kd_status", "")
    if not typed:
        return None
    wanted = fold(typed)
    if found := next((one for one in stages.stages if wanted in (fold(one.id), fold(one.title))), None):
        return found
    if typed.isdecimal():
        return _stage_of_code(knowledge, stages, typed.zfill(2))
    codes = {one.id for one in knowledge.oss_status.values() if fold(one.text) == wanted}  # some have two
    found = next((one for one in stages.stages if codes & set(one.oss)), None)
    if found is None:
        raise no_stage(stages, typed)
    return found


def _stage_of_code(knowledge: Knowledge, stages: ProcedureStages, code: str) -> Stage:
    found = next((one for one in stages.stages if code in one.oss), None)
    if found is None:
        name = knowledge.oss_status.get(code)
        raise NotFound(
            f"OSS status {code} ({name.text if name else 'unknown'}) means no stage of this service",
            f"kode status OSS {code} ({name.text if name else 'tidak dikenal'}) tidak punya tahap di layanan ini",
        )
    return found
