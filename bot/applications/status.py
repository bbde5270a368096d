"""The standing of an application in plain words: stage, waiting for whom, since when, the promise, what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers.payloads import TO_MENU, TO_PERSON, button
from bot.answers.text import Item, pages
from bot.applications import wording
from bot.applications.clock import Reckoning, reckon
from bot.applications.models import Application, ApplicationEvent
from bot.applications.service import (
    Register,
    marks,
    promise_in_days,
    promise_of,
    stage_of,
    stages_of,
    start_is_known,
    timeline,
)
from bot.dates import say_date
from bot.knowledge.models import Fact, Service, Source, Stage
from bot.messages import Button, Reply
from bot.working_days import calendar_of

LIMIT = 900  # characters of a status; a longer one goes on in a second bubble
LISTED = 8
RECEIPT = "tanda-terima"  # detail of a button
LATEST_EVENTS = 12


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything a status says. `waited`: working days in this stage. `reckoning` None: no promise in days.

    `start_known` False: the time may have begun to run earlier than the register knows.
    """

    application: Application
    service: Service
    stage: Stage
    events: Sequence[ApplicationEvent]
    waited: int
    reckoning: Reckoning | None
    start_known: bool = True

    @property
    def overdue(self) -> bool:
        return bool(self.reckoning and self.reckoning.over and not self.stage.end)


async def standing_of(register: Register, application: Application) -> Standing:
    """Raises NotFound when the knowledge no longer has the stage or service."""
    stage = stage_of(register.knowledge, application)
    events = [one for one in await timeline(register, application.id) if one.kind != "note"]  # notes are the office's
    calendar = await calendar_of(register.session, application.office)
    today = register.today(application.office)
    days = promise_in_days(register.knowledge, application.service)
    reckoning = None
    if days is not None:
        reckoning = reckon(calendar, days, marks(register, application, events), today)
    return Standing(
        application,
        register.knowledge.services[application.service],
        stage,
        events,
        calendar.between(register.day(application.stage_since, application.office), today),
        reckoning,
        reckoning is None or start_is_known(register, application, events),
    )


def status(register: Register, found: Standing, *, others: bool = False, opening: str = "") -> list[Reply]:
    """The bubbles of one status; the last one carries the buttons. `others`: the person has more applications."""
    application = found.application
    head = wording.HEAD.format(
        number=application.number,
        service=service_title(register, found),
        changed=say_date(register.day(found.events[-1].recorded_at, application.office)),
    )
    items = [*_stage_items(register, found), *_promise_items(register, found)]
    laid = pages(register.knowledge, f"{opening}\n\n{head}" if opening else head, items, gap="\n\n", limit=LIMIT)
    replies = [Reply(one.text, (), one.sources) for one in laid]
    return [*replies[:-1], Reply(replies[-1].text, _buttons(found, others), replies[-1].sources)]


def service_title(register: Register, found: Standing) -> str:
    office = register.knowledge.offices[found.application.office]
    return f"{found.service.label} – {office.label}"


def todo_line(stage: Stage) -> str:
    return wording.TODO.format(todo=stage.todo.text) if stage.todo else "" if stage.end else wording.NOTHING_TODO


def number_list(register: Register, applications: Sequence[Application], head: str = "", detail: str = "") -> Reply:
    """Several applications: a line and a button each. `detail`: what the buttons ask for instead of the status."""
    shown = applications[:LISTED]
    texts = [head or wording.LIST.format(count=len(applications))]
    for one in shown:
        service = register.knowledge.services.get(one.service)
        stage = stages_of(register.knowledge, one.service, one.procedure).stage(one.stage)
        texts.append(
            wording.LIST_LINE.format(
                number=one.number,
                service=service.label if service else one.service,
                stage=stage.title if stage else one.stage,
            )
        )
    buttons = [button(one.number, "track_status", application_number=one.number, detail=detail) for one in shown]
    return Reply("\n".join(texts), (*buttons, TO_MENU))


def history(register: Register, found: Standing) -> Reply:
    """The timeline, newest last; corrections stay visible."""
    stages = stages_of(register.knowledge, found.application.service, found.application.procedure)
    lines = []
    for event in found.events[-LATEST_EVENTS:]:
        stage = stages.stage(event.stage)
        line = wording.HISTORY_LINE.format(
            day=say_date(register.day(event.happened_at, found.application.office)),
            title=stage.title if stage else event.stage,
        )
        if event.reason:
            said = wording.CORRECTED.format(reason=event.reason) if event.kind == "correction" else f" ({event.reason})"
            line += said
        lines.append(line)
    head = wording.HISTORY.format(number=found.application.number)
    return Reply("\n".join([head, *lines]), (_status_button(found), _person(found)))


def counting(register: Register, found: Standing) -> list[Reply]:
    """How the promised time is counted, with its sources."""
    stages = stages_of(register.knowledge, found.application.service, found.application.procedure)
    promise = promise_of(register.knowledge, found.application.service)
    facts: list[Fact] = [*([promise] if promise else []), *stages.counting]
    if not facts:
        return [Reply(wording.COUNTING_NONE, (_status_button(found),))]
    items = [Item(_with_remark(fact), (fact.source,), fact.source.mark == "2nd") for fact in facts]
    items.append(Item(wording.CLOSED_DAYS))
    head = wording.COUNTING.format(number=found.application.number)
    laid = pages(register.knowledge, head, items, gap="\n\n", limit=LIMIT)
    return [Reply(one.text, (_status_button(found),), one.sources) for one in laid]


def facts_for_officer(register: Register, found: Standing) -> str:
    """One sentence for a handoff or a complaint: which application, where it stands, how late it is."""
    text = wording.ASKED_ABOUT.format(
        number=found.application.number, service=service_title(register, found), stage=found.stage.title
    )
    text += wording.ASKED_SINCE.format(
        since=say_date(register.day(found.application.stage_since, found.application.office))
    )
    if found.overdue and found.reckoning and found.reckoning.due_on:
        reckoning = found.reckoning
        text += wording.ASKED_OVER.format(
            promised=reckoning.promised, over=reckoning.over, due=say_date(found.reckoning.due_on)
        )
    return text + "."


def _stage_items(register: Register, found: Standing) -> list[Item]:
    since = say_date(register.day(found.application.stage_since, found.application.office))
    items = [
        Item(wording.STAGE.format(title=found.stage.title, text=found.stage.text), _primary(found.stage.source)),
    ]
    if found.events[-1].reason:
        items.append(Item(wording.REASON.format(reason=found.events[-1].reason)))
    if found.stage.end:
        items.append(Item(wording.ENDED.format(since=since)))
    else:
        days = wording.working_days(found.waited)
        items.append(Item(wording.WAITS.format(who=found.stage.waits_for, since=since, days=days)))
    if todo := todo_line(found.stage):
        items.append(Item(todo, _primary(found.stage.todo.source) if found.stage.todo else ()))
    return items


def _promise_items(register: Register, found: Standing) -> list[Item]:
    duration = found.service.duration
    promise = promise_of(register.knowledge, found.application.service)
    if promise is None:
        return [] if found.stage.end else [Item(wording.NOT_STATED, (duration.source,))]
    parts = [wording.PROMISE.format(promise=promise.text)]
    if found.reckoning:
        parts.append(_reckoned(found.reckoning, bool(found.stage.end)))
    if not found.start_known:
        parts.append(wording.START_UNKNOWN)
    return [Item(wording.sentences(parts), (promise.source,))]


def _reckoned(one: Reckoning, ended: bool) -> str:
    if one.started is None:
        return "" if ended else wording.NOT_STARTED
    if ended:
        return wording.ENDED_IN.format(elapsed=one.elapsed, promised=one.promised)
    if one.due_on is None:
        text = wording.OVER_PAUSED if one.over else wording.PAUSED
        return text.format(elapsed=one.elapsed, promised=one.promised)
    if one.over:
        return wording.OVER.format(over=one.over, due=say_date(one.due_on))
    text = wording.LAST_DAY if one.left == 0 else wording.RUNNING
    return text.format(
        started=say_date(one.started), elapsed=one.elapsed, promised=one.promised, due=say_date(one.due_on)
    )


def _buttons(found: Standing, others: bool) -> tuple[Button, ...]:
    """The next steps first; at most nine."""
    number = found.application.number
    chosen: list[Button] = []
    if found.overdue:
        chosen += [_person(found), button(wording.B_COMPLAINT, "complaint", application_number=number)]
    if found.stage.id == "perbaikan" or found.stage.end == "rejected":
        chosen.append(button(wording.B_REPAIR, "ask_risk_or_kbli", topic="perbaikan-penolakan"))
    chosen.append(button(wording.B_HISTORY, "track_status", application_number=number, detail="riwayat"))
    if found.reckoning:
        chosen.append(button(wording.B_COUNTING, "track_status", application_number=number, detail="hitungan"))
    if found.service.kind == "verification" and not found.stage.end:
        chosen.append(button(wording.B_SILENT, "ask_risk_or_kbli", topic="fiktif-positif"))
    if others:
        chosen.append(button(wording.B_LIST, "track_status", detail="daftar"))
    chosen.append(button(wording.B_RECEIPT, "track_status", application_number=number, detail=RECEIPT))
    chosen.append(button(wording.B_CHANNEL, "track_status", detail="kanal"))
    if not found.overdue:
        chosen.append(_person(found))
    return tuple(chosen)


def _status_button(found: Standing) -> Button:
    return button(wording.B_STATUS, "track_status", application_number=found.application.number)


def _person(found: Standing) -> Button:
    return button(TO_PERSON.title, "talk_to_human", application_number=found.application.number)


def _primary(source: Source) -> tuple[Source, ...]:
    """The stage itself is the office's word; only documents that describe it are named."""
    return () if source.mark == "2nd" else (source,)


def _with_remark(fact: Fact) -> str:
    return f"{fact.text} {fact.remark}" if fact.remark else fact.text
