"""Guides of one conversation: start, move, answer, stop, resume. Progress is kept in `guide_progress`.

Every function takes the id of the incoming message that it acts for; a message that is handled twice moves once.
Nothing is committed here: the transaction belongs to the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import case, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers.payloads import TO_MENU, button
from bot.answers.wording import START_GUIDE
from bot.conversations import persons
from bot.guides import wording
from bot.guides.models import GuideProgress
from bot.guides.tell import ask, ask_which, help_with, place, tell
from bot.guides.walk import PREPARING, State, Walk, answered, backward, forward, walk_of
from bot.knowledge.models import Knowledge, Procedure, Service
from bot.messages import Reply

# A bare yes or no, and how the label of the option that it means begins.
_YES_OR_NO = (
    (frozenset({"ya", "iya", "y", "yes", "betul", "benar", "iyo", "nggih", "inggih"}), ("ya",)),
    (
        frozenset({"tidak", "bukan", "nggak", "enggak", "gak", "ga", "tdk", "ora", "indak", "mboten"}),
        ("tidak", "bukan"),
    ),
)


@dataclass(frozen=True, slots=True)
class GuideDesk:
    """What every function here works with: one message of one conversation."""

    session: AsyncSession
    knowledge: Knowledge
    conversation: int
    message: int | None


@dataclass(frozen=True, slots=True)
class Target:
    """The guide and step that a tapped button belongs to."""

    service: str
    procedure: str
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Replies and where the person now is (None: in no guide)."""

    replies: list[Reply]
    state: State | None = None


async def active(desk: GuideDesk) -> State | None:
    """The guide that is running, if any."""
    row = await _row(desk, ("active",), lock=False)
    return _state(row) if row else None


def pending_option(knowledge: Knowledge, state: State, text: str) -> tuple[str, str] | None:
    """The open question and the option that `text` (typed) names, so that "perorangan" answers it."""
    walk = walk_of(knowledge, state)
    question = walk.pending() if walk and state.step == PREPARING else None
    if not question:
        return None
    words = " ".join(text.lower().split()).strip(" .!")
    named = [one.id for one in question.options if words in (one.label.lower(), one.id, one.id.replace("-", " "))]
    beginnings = next((pair[1] for pair in _YES_OR_NO if words in pair[0]), ())
    named = named or [one.id for one in question.options if one.label.lower().startswith(tuple(beginnings))]
    return (question.id, named[0]) if len(named) == 1 else None


async def start(desk: GuideDesk, service: Service, procedure: Procedure, *, fresh: bool = False) -> Told:
    """Starts a guide; one under way is offered for continuing unless `fresh`. Another running guide is paused."""
    if again := await _replayed(desk):
        return again
    row = await _row(desk, (), service.id, procedure.id)
    state = _state(row) if row else None
    walk = walk_of(desk.knowledge, state) if state else None
    if state and walk and state.status != "done" and state.step != PREPARING and not fresh:
        return Told([_already(walk, state)], state)
    return await _save(desk, State(service.id, procedure.id))


async def move(desk: GuideDesk, direction: Literal["next", "back"], target: Target | None) -> Told:
    """Lanjut or Kembali. `target` is None when it was typed; a button of an earlier step moves nothing."""
    if again := await _replayed(desk):
        return again
    found = await _open(desk)
    if not found:
        return await _nothing(desk, target)
    state, walk = found
    if state.status != "active":
        return await resume(desk, target)
    if target and (target.service, target.procedure) != (state.service, state.procedure):
        return Told([_other(desk, walk, target)], state)
    if target and target.step is not None and target.step != state.step:
        return Told(tell(desk.knowledge, walk, state, wording.STALE.format(place=place(walk, state))), state)
    moved = forward(walk, state) if direction == "next" else backward(walk, state)
    if moved == state:
        note = wording.AT_START if direction == "back" else wording.ANSWER_FIRST
        return Told(tell(desk.knowledge, walk, state, note), state)
    return await _save(desk, moved)


async def stuck(desk: GuideDesk, target: Target | None) -> Told:
    """What is known about the step, contacts and a person. Moves nothing."""
    found = await _open(desk)
    if not found:
        return await _nothing(desk, target)
    state, walk = found
    return Told(help_with(desk.knowledge, walk, state), state)


async def stop(desk: GuideDesk) -> Told:
    """Ends the guide for now; its place is kept."""
    if again := await _replayed(desk):
        return again
    row = await _row(desk, ("active",))
    if not row:
        return Told([Reply(wording.NOTHING_TO_STOP, (TO_MENU,))])
    row.status, row.moved_by = "stopped", desk.message
    await desk.session.flush()
    return Told([_stopped(desk, _state(row))])


async def resume(desk: GuideDesk, target: Target | None = None) -> Told:
    """ "lanjutkan": the running guide, else the one left last, at its step. `target` names a certain one."""
    if again := await _replayed(desk):
        return again
    await _bring(desk)
    row = await _row(desk, ("active", "paused", "stopped"), *((target.service, target.procedure) if target else ()))
    if not row:
        return await _nothing(desk, target)
    state = _state(row)
    walk = walk_of(desk.knowledge, state)
    if not walk:
        return Told([_gone()])
    note = wording.RESUMED.format(title=walk.procedure.title)
    return await _save(desk, State(state.service, state.procedure, state.step, state.answers), note)


async def answer(desk: GuideDesk, target: Target | None, question: str | None, option: str | None) -> Told:
    """An answer to a guide's question; without `option` the question is asked again, without both which one."""
    if again := await _replayed(desk):
        return again
    found = await _open(desk, target)
    if not found:
        return await _nothing(desk, target)
    state, walk = found
    asked = next((one for one in walk.procedure.questions if one.id == question), None)
    if not option:
        if not walk.procedure.questions:
            return Told(tell(desk.knowledge, walk, state, wording.NO_QUESTIONS), state)
        if not asked and len(walk.procedure.questions) > 1:
            return Told([ask_which(walk)], state)
        return Told([ask(walk, asked or walk.procedure.questions[0])], state)
    changed = answered(walk, state, question or "", option)
    if changed is None or asked is None:
        return Told(tell(desk.knowledge, walk, state), state)
    label = next(one.label for one in asked.options if one.id == option)
    return await _save(desk, changed, wording.CHANGED.format(answer=label))


async def wait(desk: GuideDesk) -> Told | None:
    """ "belum": stays on the step; None when no guide is running."""
    state = await active(desk)
    walk = walk_of(desk.knowledge, state) if state else None
    if not (state and walk):
        return None
    buttons = tell(desk.knowledge, walk, state)[-1].buttons
    return Told([Reply(wording.NOT_YET.format(place=place(walk, state)), buttons)], state)


async def _bring(desk: GuideDesk) -> None:
    """Takes over how far the person came in another chat that a code has joined with this one, where that is newer."""
    others = await desk.session.scalars(
        select(GuideProgress)
        .where(GuideProgress.conversation_id.in_(persons.proved(desk.conversation)))
        .order_by(GuideProgress.updated_at)
    )
    for one in others.all():
        own = await _row(desk, (), one.service, one.procedure)
        if own and own.updated_at >= one.updated_at:
            continue
        if not own:
            own = GuideProgress(conversation_id=desk.conversation, service=one.service, procedure=one.procedure)
            desk.session.add(own)
        own.step, own.answers = one.step, dict(one.answers)
        own.status = "paused" if one.status == "active" else one.status
        own.updated_at = one.updated_at
        await desk.session.flush()


async def _row(
    desk: GuideDesk, statuses: Sequence[str], service: str = "", procedure: str = "", *, lock: bool = True
) -> GuideProgress | None:
    """The row that changed last with one of `statuses` (any, when none is given); the active one goes first."""
    rank = case((GuideProgress.status == "active", 0), else_=1)
    query = select(GuideProgress).where(GuideProgress.conversation_id == desk.conversation)
    if statuses:
        query = query.where(GuideProgress.status.in_(statuses))
    if service:
        query = query.where(GuideProgress.service == service, GuideProgress.procedure == procedure)
    query = query.order_by(rank, GuideProgress.updated_at.desc(), GuideProgress.id.desc()).limit(1)
    return (await desk.session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()


async def _open(desk: GuideDesk, target: Target | None = None) -> tuple[State, Walk] | None:
    """The running guide, else the one left last; `target` prefers a certain one. None when there is none to go on."""
    statuses = ("active", "paused", "stopped")
    row = (await _row(desk, statuses, target.service, target.procedure) if target else None) or await _row(
        desk, statuses
    )
    state = _state(row) if row else None
    walk = walk_of(desk.knowledge, state) if state else None
    return (state, walk) if state and walk else None


async def _replayed(desk: GuideDesk) -> Told | None:
    """When this very message already moved a guide: what it showed then."""
    if desk.message is None:
        return None
    query = select(GuideProgress).where(
        GuideProgress.conversation_id == desk.conversation, GuideProgress.moved_by == desk.message
    )
    row = (await desk.session.execute(query.limit(1))).scalar_one_or_none()
    walk = walk_of(desk.knowledge, _state(row)) if row else None
    if not (row and walk):
        return None
    state = _state(row)
    if state.status == "stopped":
        return Told([_stopped(desk, state)])
    return Told(tell(desk.knowledge, walk, state), state if state.status == "active" else None)


async def _save(desk: GuideDesk, state: State, note: str = "") -> Told:
    """Writes `state` as the conversation's guide (pausing another one) and tells it."""
    running = await _row(desk, ("active",))
    if running and (running.service, running.procedure) != (state.service, state.procedure):
        running.status = "paused"
        await desk.session.flush()
    row = await _row(desk, (), state.service, state.procedure)
    if not row:
        row = GuideProgress(conversation_id=desk.conversation, service=state.service, procedure=state.procedure)
        desk.session.add(row)
    row.step, row.answers, row.status = state.step, dict(state.answers), state.status
    row.moved_by = desk.message
    await desk.session.flush()
    walk = walk_of(desk.knowledge, state)
    assert walk is not None
    return Told(tell(desk.knowledge, walk, state, note), state if state.status == "active" else None)


async def _nothing(desk: GuideDesk, target: Target | None) -> Told:
    """No guide to go on with: it was finished, has changed, or never was."""
    if target:
        row = await _row(desk, ("done",), target.service, target.procedure)
        walk = walk_of(desk.knowledge, _state(row)) if row else None
        if row and walk:
            return Told(tell(desk.knowledge, walk, _state(row), wording.FINISHED_BEFORE))
    if await _row(desk, ("active", "paused", "stopped")):
        return Told([_gone()])
    return Told([Reply(wording.NOTHING, (button(START_GUIDE, "guide_start"), TO_MENU))])


def _state(row: GuideProgress) -> State:
    answers = {str(key): str(value) for key, value in (row.answers or {}).items()}
    return State(row.service, row.procedure, row.step, answers, _status(row.status))


def _status(value: str) -> Literal["active", "paused", "done", "stopped"]:
    return value if value in ("paused", "done", "stopped") else "active"  # type: ignore[return-value]


def _already(walk: Walk, state: State) -> Reply:
    guide = {"service": state.service, "flow": state.procedure}
    buttons = (
        button(wording.RESUME, "guide_resume", **guide),
        button(wording.RESTART, "guide_start", **guide, detail="ulang"),
    )
    return Reply(wording.ALREADY.format(place=place(walk, state)), buttons)


def _other(desk: GuideDesk, walk: Walk, target: Target) -> Reply:
    buttons = [button(wording.RESUME, "guide_resume")]
    if target.service in desk.knowledge.services:
        service = desk.knowledge.services[target.service]
        if any(one.id == target.procedure for one in service.procedures):
            buttons.append(button(wording.OTHER_GUIDE, "guide_start", service=service.id, flow=target.procedure))
    return Reply(wording.OTHER.format(title=walk.procedure.title), tuple(buttons))


def _stopped(desk: GuideDesk, state: State) -> Reply:
    walk = walk_of(desk.knowledge, state)
    where = place(walk, state) if walk else wording.PLACE_PREPARING
    buttons = (button(wording.RESUME, "guide_resume"), TO_MENU)
    return Reply(wording.STOPPED.format(place=where), buttons)


def _gone() -> Reply:
    return Reply(wording.GONE, (button(START_GUIDE, "guide_start"), TO_MENU))
