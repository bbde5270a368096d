"""The register: add an application, move it along its procedure, correct it, read its timeline.

Nothing is committed here: the transaction belongs to the caller. Every change is an event; events are never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import phonenumbers
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications.clock import Reckoning, reckon
from bot.applications.counting import check_counting, check_dates, way_in
from bot.applications.errors import Conflict, NotAllowed, NotFound
from bot.applications.models import Application, ApplicationContact, ApplicationEvent
from bot.applications.numbers import new_number, number_in
from bot.conversations.walls import ALL, Sight, mine
from bot.dates import say_date
from bot.knowledge.models import Duration, Knowledge, NotStated, ProcedureStages, Stage
from bot.working_days import calendar_of, other_days, zone_of

MAX_TEXT = 500
LEAST_REASON = 10  # characters


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Register:
    """What every function here works with. `zone` is of offices that have set none; `now` gives an aware time; `sight`
    says whose applications there are for whoever asks."""

    session: AsyncSession
    knowledge: Knowledge
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Jakarta"))
    now: Callable[[], datetime] = utc_now
    sight: Sight = ALL

    def today(self, office: str = "") -> date:
        return self.day(self.now(), office)

    def day(self, moment: datetime, office: str = "") -> date:
        """The day that it is then at the office."""
        return moment.astimezone(zone_of(office, self.zone)).date()

    def start_of(self, day: date, office: str = "") -> datetime:
        return datetime.combine(day, time(), zone_of(office, self.zone))

    def overdue(self) -> ColumnElement[bool]:
        """Applications whose promise is broken, each by its own office's day."""
        elsewhere = other_days(self.now(), self.zone)
        here = and_(
            Application.due_on < self.today(),
            Application.office.not_in([one for offices in elsewhere.values() for one in offices]),
        )
        return or_(here, *(and_(Application.due_on < day, Application.office.in_(of)) for day, of in elsewhere.items()))


@dataclass(frozen=True, slots=True)
class NewApplication:
    """`stage` "": the first of the procedure. `phones` and `emails` were checked by the office.

    `counted_from`: since when the promised time runs, for one that is registered in a later stage.
    """

    service: str
    procedure: str = ""
    reference: str = ""
    applicant: str = ""
    business: str = ""
    received_on: date | None = None
    phones: Sequence[str] = ()
    emails: Sequence[str] = ()
    stage: str = ""
    stage_on: date | None = None
    counted_from: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """An event that was recorded, with the application as it now stands."""

    application: Application
    event: ApplicationEvent


def stages_of(knowledge: Knowledge, service: str, procedure: str = "") -> ProcedureStages:
    """The stages of a service's procedure; "" is its only one. Raises NotFound."""
    entry = knowledge.stages.get(service)
    if entry is None:
        known = ", ".join(sorted(knowledge.stages))
        raise NotFound(
            f"'{service[:60]}' is no service with stages; there are: {known}",
            f"layanan “{service[:60]}” tidak dikenal; yang ada: {known}",
        )
    found = entry.of(procedure) if procedure else (entry.procedures[0] if len(entry.procedures) == 1 else None)
    if found is None:
        names = ", ".join(one.procedure for one in entry.procedures)
        raise NotFound(
            f"{service} has the procedures {names}; one of them must be named",
            f"{service} punya beberapa alur ({names}); pilih salah satu",
        )
    return found


def stage_of(knowledge: Knowledge, application: Application) -> Stage:
    """The stage an application stands in; raises NotFound when the knowledge no longer has it."""
    found = stages_of(knowledge, application.service, application.procedure).stage(application.stage)
    if found is None:
        raise NotFound(
            f"the stage {application.stage} of {application.service} is not in knowledge/stages any more",
            f"tahap {application.stage} layanan {application.service} tidak ada lagi dalam daftar tahap",
        )
    return found


def promise_of(knowledge: Knowledge, service: str) -> Duration | None:
    """The duration that the service's standard promises; None where it states none."""
    entry = knowledge.services.get(service)
    duration = entry.duration if entry else None
    return None if duration is None or isinstance(duration, NotStated) else duration


def promise_in_days(knowledge: Knowledge, service: str) -> int | None:
    """The promised working days; None where the standard states none."""
    promise = promise_of(knowledge, service)
    return promise.days if promise else None


def telephone(typed: str) -> str:
    """A telephone number as E.164 ("+628…"); Indonesian unless it says otherwise. Raises NotAllowed."""
    try:
        parsed = phonenumbers.parse(typed, "ID")
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_valid_number(parsed):
        raise NotAllowed(
            "the telephone number is not valid; write it like 0812-3456-7890",
            "nomor telepon tidak valid; tulis seperti 0812-3456-7890",
        )
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def email_address(typed: str) -> str:
    """The address in lower case. Raises NotAllowed when it cannot be one."""
    value = typed.strip().lower()
    name, at, host = value.partition("@")
    if not (name and at and "." in host.strip(".")) or any(one.isspace() for one in value) or len(value) > 200:
        raise NotAllowed("the e-mail address is not valid", "alamat e-mail tidak valid")
    return value


async def find(register: Register, number: str, *, lock: bool = False) -> Application:
    """The application with this number, however it is written; raises NotFound."""
    query = select(Application).where(Application.number == number_in(number), mine(Application.office, register.sight))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    application = (await register.session.execute(query)).scalar_one_or_none()
    if application is None:
        raise NotFound(f"there is no application {number[:20]}", f"tidak ada permohonan {number[:20]}")
    return application


async def timeline(register: Register, application_id: int) -> list[ApplicationEvent]:
    """All events, oldest first."""
    query = select(ApplicationEvent).where(ApplicationEvent.application_id == application_id)
    return list(await register.session.scalars(query.order_by(ApplicationEvent.id)))


async def add(register: Register, new: NewApplication, actor: str) -> Change:
    """Registers an application. Raises NotFound, NotAllowed, or Conflict when its reference is registered already."""
    stages = stages_of(register.knowledge, new.service, new.procedure)
    stage = stages.stage(new.stage) if new.stage else stages.stages[0]
    if stage is None:
        raise no_stage(stages, new.stage)
    office = register.knowledge.services[new.service].office
    received = new.received_on or register.today(office)
    stage_on = new.stage_on or received
    check_dates(register.today(office), received, stage_on)
    check_counting(stages, stage, received, stage_on, new.counted_from)
    if not register.sight.own(office):
        raise other_office(new.service)
    values = {
        "number": new_number(),
        "office": office,
        "service": new.service,
        "procedure": stages.procedure,
        "reference": new.reference.strip()[:100] or None,
        "applicant": new.applicant.strip()[:200],
        "business": new.business.strip()[:200],
        "received_on": received,
        "stage": stage.id,
        "stage_since": register.start_of(stage_on, office),
        "turn": stage.turn,
    }
    query = insert(Application).values(values).on_conflict_do_nothing().returning(Application)
    application = (await register.session.execute(query)).scalar_one_or_none()
    if application is None:
        raise Conflict(
            f"the reference {values['reference']} is registered already for {office}",
            f"nomor berkas {values['reference']} sudah terdaftar",
        )
    event = await _record(register, application, "received", stages.stages[0].id, None, "", actor, received)
    for name, day in way_in(stages, stage, stage_on, new.counted_from):
        event = await _record(register, application, "import", name, event.stage, "", actor, day)
    await _add_contacts(register, application.id, new, actor)
    await set_due(register, application)
    return Change(application, event)


async def advance(
    register: Register,
    number: str,
    to: str,
    actor: str,
    *,
    reason: str = "",
    on: date | None = None,
    expected: str = "",
    correction: bool = False,
) -> Change:
    """Moves an application to the stage `to`, as a way of the procedure or as a correction with a reason.

    `expected` is the stage that the officer saw. Raises NotFound, NotAllowed, or Conflict when it has changed since.
    """
    application = await find(register, number, lock=True)
    stages = stages_of(register.knowledge, application.service, application.procedure)
    if expected and expected != application.stage:
        mover = [one.actor for one in await timeline(register, application.id) if one.kind != "note"][-1]
        present = stages.stage(application.stage)
        raise Conflict(
            f"{mover} has moved {number} to {application.stage} meanwhile; look again",
            f"{mover} sudah lebih dulu memindahkan {number} ke tahap "
            f"“{present.title if present else application.stage}”; periksa lagi",
        )
    target = stages.stage(to)
    if target is None:
        raise no_stage(stages, to)
    if correction and not reason.strip():
        raise NotAllowed("a correction needs a reason", "perbaikan catatan perlu alasan")
    here = stages.stage(application.stage)
    if application.stage == to:
        since = register.day(application.stage_since, application.office)
        raise NotAllowed(
            f"{number} is in stage {to} already, since {since}",
            f"{number} sudah di tahap “{target.title}” sejak {say_date(since)}",
        )
    if not correction and (here is None or to not in here.next):
        ways = ", ".join(here.next) if here and here.next else "none, it is an end"
        raise NotAllowed(
            f"the procedure has no way from {application.stage} to {to}; ways on: {ways}",
            f"prosedurnya tidak mengenal jalan dari “{here.title if here else application.stage}” ke “{target.title}”; "
            "kalau catatannya keliru, pakai perbaikan catatan dengan alasan",
        )
    if needs_reason(stages, here, target) and len(reason.strip()) < LEAST_REASON:
        raise NotAllowed(
            f"{target.id} needs a reason that the applicant can act on (at least {LEAST_REASON} characters)",
            f"“{target.title}” perlu alasan yang dapat ditindaklanjuti pemohon, paling sedikit {LEAST_REASON} huruf: "
            "apa yang kurang, atau mengapa ditolak",
        )
    today = register.today(application.office)
    day = on or today
    if day > today or day < register.day(application.stage_since, application.office):
        since = register.day(application.stage_since, application.office)
        raise NotAllowed(
            f"the date must lie between {since} and today", f"tanggalnya harus antara {say_date(since)} dan hari ini"
        )
    kind = "correction" if correction else "stage"
    return await move(register, application, target, kind, reason.strip()[:MAX_TEXT], actor, day)


def needs_reason(stages: ProcedureStages, here: Stage | None, target: Stage) -> bool:
    """Whether the applicant has to be told why: a rejection, or work that comes back to be mended."""
    if target.end == "rejected":
        return True
    if here is None or here.turn == "applicant" or target.turn != "applicant":
        return False
    order = [one.id for one in stages.stages]
    return any(order.index(one) <= order.index(here.id) for one in target.next if one in order)


async def move(
    register: Register, application: Application, target: Stage, kind: str, reason: str, actor: str, day: date
) -> Change:
    """Records the event and lets the application follow it. The caller has checked that it may."""
    event = await _record(register, application, kind, target.id, application.stage, reason, actor, day)
    application.stage, application.turn, application.stage_since = target.id, target.turn, event.happened_at
    application.version += 1
    await set_due(register, application)
    await register.session.flush()
    return Change(application, event)


async def add_note(register: Register, number: str, words: str, actor: str) -> ApplicationEvent:
    """A note among the office's staff; applicants never read it. Raises NotFound, NotAllowed."""
    application = await find(register, number, lock=True)
    if not words.strip():
        raise NotAllowed("a note needs words", "catatannya kosong")
    event = ApplicationEvent(
        application_id=application.id,
        kind="note",
        stage=application.stage,
        before=application.stage,
        reason=words.strip()[:MAX_TEXT],
        actor=actor[:100],
        happened_at=register.now(),
    )
    register.session.add(event)
    await register.session.flush()
    return event


async def standing(register: Register, application: Application) -> Reckoning | None:
    """How the promise stands today; None where the standard states none in days."""
    days = promise_in_days(register.knowledge, application.service)
    if days is None:
        return None
    events = await timeline(register, application.id)
    calendar = await calendar_of(register.session, application.office)
    return reckon(calendar, days, marks(register, application, events), register.today(application.office))


def marks(register: Register, application: Application, events: Sequence[ApplicationEvent]) -> list[tuple[date, bool]]:
    """From which day the promised time runs or stands still, as `reckon` wants it."""
    stages = stages_of(register.knowledge, application.service, application.procedure)
    runs = {stage.id: stage.clock == "runs" for stage in stages.stages}
    return [(register.day(event.happened_at, application.office), runs.get(event.stage, False)) for event in events]


async def set_due(register: Register, application: Application) -> None:
    """Writes the last day of the promise into the application, for the list of what is due."""
    found = await standing(register, application)
    application.due_on = found.due_on if found else None


def start_is_known(register: Register, application: Application, events: Sequence[ApplicationEvent]) -> bool:
    """False where the register met the application after its promised time had begun, without being told when."""
    stages = stages_of(register.knowledge, application.service, application.procedure)
    runs = {stage.id for stage in stages.stages if stage.clock == "runs"}
    begun = next((event for event in events if event.stage in runs), None)
    return begun is None or stages.first_running is None or begun.stage == stages.first_running.id


def other_office(service: str) -> NotAllowed:
    return NotAllowed(f"{service} is a service of another office", "layanan ini milik kantor lain")


def no_stage(stages: ProcedureStages, wanted: str) -> NotFound:
    names = ", ".join(one.id for one in stages.stages)
    return NotFound(
        f"there is no stage '{wanted[:60]}'; there are: {names}", f"tidak ada tahap “{wanted[:60]}”; yang ada: {names}"
    )


async def _record(
    register: Register,
    application: Application,
    kind: str,
    stage: str,
    before: str | None,
    reason: str,
    actor: str,
    day: date,
) -> ApplicationEvent:
    now = register.now()
    moment = now if day == register.day(now, application.office) else register.start_of(day, application.office)
    if before is not None:
        moment = max(moment, application.stage_since)
    event = ApplicationEvent(
        application_id=application.id,
        kind=kind,
        stage=stage,
        before=before,
        reason=reason,
        actor=actor[:100],
        happened_at=moment,
    )
    register.session.add(event)
    await register.session.flush()
    return event


async def _add_contacts(register: Register, application_id: int, new: NewApplication, actor: str) -> None:
    values = [("phone", telephone(one)) for one in new.phones] + [("email", email_address(one)) for one in new.emails]
    for kind, value in values:
        contact = insert(ApplicationContact).values(
            application_id=application_id, kind=kind, value=value, verified_by=actor[:100]
        )
        await register.session.execute(contact.on_conflict_do_nothing())
