"""Due dates: reminders to applicants whose turn it is, warnings to officers whose promise is about to break."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, false, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from bot.applications.models import Application, ApplicationEvent, ApplicationWarning
from bot.applications.news import queue_for
from bot.applications.service import Register
from bot.working_days import Calendar, calendar_of, zone_of

NEAR = 2  # working days before a promise breaks
OFFICE_HOURS = range(8, 16)  # local time in which reminders may arrive
FIRST, SECOND, NO_MORE = 3, 7, 14  # working days of the applicant's turn


@dataclass(frozen=True, slots=True)
class Due:
    """`left` working days until the promise breaks; negative: it broke so many working days ago."""

    application: Application
    left: int

    @property
    def kind(self) -> str:
        return "broken" if self.left < 0 else "near"


async def due(register: Register, office: str = "", *, limit: int | None = None, offset: int = 0) -> list[Due]:
    """Applications whose promise breaks within two working days or is broken, the worst first."""
    offices = [one for one in ([office] if office else register.knowledge.offices) if register.sight.own(one)]
    calendars = {one: await calendar_of(register.session, one) for one in offices}
    near = (
        and_(Application.office == one, Application.due_on <= calendar.after(register.today(one), NEAR))
        for one, calendar in calendars.items()
    )
    query = select(Application).where(or_(false(), *near)).order_by(Application.due_on, Application.id)
    found: list[Due] = []
    for application in await register.session.scalars(query.limit(limit).offset(offset)):
        assert application.due_on is not None
        calendar, today = calendars[application.office], register.today(application.office)
        late = calendar.between(application.due_on, today)
        found.append(Due(application, -late if late else calendar.between(today, application.due_on)))
    return found


async def warn(register: Register) -> int:
    """Writes a warning for each that is due and has none yet; returns how many are new."""
    rows = [
        {"application_id": one.application.id, "kind": one.kind, "due_on": one.application.due_on}
        for one in await due(register)
    ]
    if not rows:
        return 0
    statement = insert(ApplicationWarning).on_conflict_do_nothing().returning(ApplicationWarning.id)
    return len((await register.session.execute(statement, rows)).all())


async def remind(register: Register) -> int:
    """Queues reminders for applicants whose turn it has been for 3 and 7 working days: within the hours of the office's
    day, none on a day off."""
    latest = (
        select(func.max(ApplicationEvent.id))
        .where(ApplicationEvent.application_id == Application.id, ApplicationEvent.kind != "note")
        .correlate(Application)
        .scalar_subquery()
    )
    query = select(Application.id, Application.office, Application.stage_since, latest).where(
        Application.turn == "applicant",
        Application.stage_since <= register.now() - timedelta(days=FIRST),
        Application.stage_since >= register.now() - timedelta(days=3 * NO_MORE),
    )
    wanted: dict[str, list[tuple[int, int]]] = {"reminder-3": [], "reminder-7": []}
    calendars: dict[str, Calendar] = {}
    for application_id, office, since, event_id in (await register.session.execute(query)).all():
        calendar = calendars.get(office)
        if calendar is None:
            calendar = calendars[office] = await calendar_of(register.session, office)
        today = register.today(office)
        if register.now().astimezone(zone_of(office, register.zone)).hour not in OFFICE_HOURS:
            continue
        waited = calendar.between(register.day(since, office), today)
        if calendar.works(today) and FIRST <= waited < NO_MORE:
            wanted["reminder-3" if waited < SECOND else "reminder-7"].append((application_id, event_id))
    return sum([await queue_for(register, pairs, kind) for kind, pairs in wanted.items()])
