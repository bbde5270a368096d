"""The register: add an application, move it along its procedure, correct it, read its timeline.

Nothing is committed here: the transaction belongs to the caller. Every change is an event; events are never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import phonenumbers
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications.clock import Reckoning, reckon
from bot.applications.models import Application, ApplicationContact, ApplicationEvent
from bot.applications.numbers import new_number
from bot.knowledge.models import Duration, Knowledge, NotStated, ProcedureStages, Stage
from bot.working_days import calendar_of

MAX_TEXT = 500


class RegisterError(Exception):
    """What an officer or another system asked for cannot be done; the message says why, without personal data."""


class NotFound(RegisterError):
    """There is no such application, service or stage."""


class NotAllowed(RegisterError):
    """The procedure has no such way, or the data are wrong."""


class Conflict(RegisterError):
    """Somebody else was quicker."""


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Register:
    """What every function here works with. `zone` is the office's; `now` gives an aware time."""

    session: AsyncSession
    knowledge: Knowledge
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Jakarta"))
    now: Callable[[], datetime] = utc_now

    def today(self) -> date:
        return self.now().astimezone(self.zone).date()

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)


@dataclass(frozen=True, slots=True)
class NewApplication:
    """`stage` None: the first of the procedure. `phones` and `emails` were checked by the office."""

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
        raise NotFound(f"'{service[:60]}' is no service with stages; there are: {known}")
    found = entry.of(procedure) if procedure else (entry.procedures[0] if len(entry.procedures) == 1 else None)
    if found is None:
        names = ", ".join(one.procedure for one in entry.procedures)
        raise NotFound(f"{service} has the procedures {names}; one of them must be named")
    return found


def stage_of(knowledge: Knowledge, application: Application) -> Stage:
    """The stage an application stands in; raises NotFound when the knowledge no longer has it."""
    found = stages_of(knowledge, application.service, application.procedure).stage(application.stage)
    if found is None:
        raise NotFound(f"the stage {application.stage} of {application.service} is not in knowledge/stages any more")
    return found


def promise_of(knowledge: Knowledge, service: str) -> Duration | None:
    """The duration that the service's standard promises; None where it states none."""
    entry = knowledge.services.get(service)
    duration = entry.duration if entry else None
    return None if duration is None or isinstance(duration, NotStated) else duration


def telephone(typed: str) -> str:
    """A telephone number as E.164 ("+628…"); Indonesian unless it says otherwise. Raises NotAllowed."""
    try:
        parsed = phonenumbers.parse(typed, "ID")
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_valid_number(parsed):
        raise NotAllowed("the telephone number is not valid; write it like 0812-3456-7890")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def email_address(typed: str) -> str:
    """The address in lower case. Raises NotAllowed when it cannot be one."""
    value = typed.strip().lower()
    name, at, host = value.partition("@")
    if not (name and at and "." in host.strip(".")) or any(one.isspace() for one in value) or len(value) > 200:
        raise NotAllowed("the e-mail address is not valid")
    return value


async def find(register: Register, number: str, *, lock: bool = False) -> Application:
    """The application with this number; raises NotFound."""
    query = select(Application).where(Application.number == number)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    application = (await register.session.execute(query)).scalar_one_or_none()
    if application is None:
        raise NotFound(f"there is no application {number[:20]}")
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
        raise NotFound(_no_stage(stages, new.stage))
    received = new.received_on or register.today()
    stage_on = new.stage_on or received
    check_dates(register.today(), received, stage_on)
    office = register.knowledge.services[new.service].office
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
        "stage_since": register.start_of(stage_on),
        "turn": stage.turn,
    }
    query = insert(Application).values(values).on_conflict_do_nothing().returning(Application)
    application = (await register.session.execute(query)).scalar_one_or_none()
    if application is None:
        raise Conflict(f"the reference {values['reference']} is registered already for {office}")
    event = await _record(register, application, "received", stages.stages[0].id, None, "", actor, received)
    if stage.id != stages.stages[0].id:
        event = await _record(register, application, "import", stage.id, event.stage, "", actor, stage_on)
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
        events = await timeline(register, application.id)
        raise Conflict(f"{events[-1].actor} has moved {number} to {application.stage} meanwhile; look again")
    target = stages.stage(to)
    if target is None:
        raise NotFound(_no_stage(stages, to))
    if correction and not reason.strip():
        raise NotAllowed("a correction needs a reason")
    if application.stage == to:
        raise NotAllowed(f"{number} is in stage {to} already, since {register.day(application.stage_since)}")
    here = stages.stage(application.stage)
    if not correction and (here is None or to not in here.next):
        ways = ", ".join(here.next) if here and here.next else "none, it is an end"
        raise NotAllowed(f"the procedure has no way from {application.stage} to {to}; ways on: {ways}")
    day = on or register.today()
    if day > register.today() or day < register.day(application.stage_since):
        raise NotAllowed(f"the date must lie between {register.day(application.stage_since)} and today")
    kind = "correction" if correction else "stage"
    return await move(register, application, target, kind, reason.strip()[:MAX_TEXT], actor, day)


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


async def standing(register: Register, application: Application) -> Reckoning | None:
    """How the promise stands today; None where the standard states none in days."""
    promise = promise_of(register.knowledge, application.service)
    if promise is None or promise.days is None:
        return None
    events = await timeline(register, application.id)
    calendar = await calendar_of(register.session, application.office)
    return reckon(calendar, promise.days, marks(register, application, events), register.today())


def marks(register: Register, application: Application, events: Sequence[ApplicationEvent]) -> list[tuple[date, bool]]:
    """From which day the promised time runs or stands still, as `reckon` wants it."""
    stages = stages_of(register.knowledge, application.service, application.procedure)
    runs = {stage.id: stage.clock == "runs" for stage in stages.stages}
    return [(register.day(event.happened_at), runs.get(event.stage, False)) for event in events]


async def set_due(register: Register, application: Application) -> None:
    """Writes the last day of the promise into the application, for the list of what is due."""
    found = await standing(register, application)
    application.due_on = found.due_on if found else None


def check_dates(today: date, received: date, stage_on: date) -> None:
    """Raises NotAllowed for dates that cannot be."""
    if received > today or stage_on > today:
        raise NotAllowed("a date lies in the future")
    if received.year < 2000:
        raise NotAllowed("the date of receipt lies before the year 2000")
    if stage_on < received:
        raise NotAllowed("the stage began before the application was received")


def _no_stage(stages: ProcedureStages, wanted: str) -> str:
    return f"there is no stage '{wanted[:60]}'; there are: {', '.join(one.id for one in stages.stages)}"


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
    moment = now if day == register.day(now) else register.start_of(day)
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
