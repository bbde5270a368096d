"""A guide as pure state: which screens a procedure has for these answers, and how one moves between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.knowledge.models import Condition, Knowledge, NotStated, Procedure, Question, Requirement, Service, Step

Status = Literal["active", "paused", "done", "stopped"]
PREPARING = 0
_WAITING_ROOM = 420  # characters of waiting steps told in one message


@dataclass(frozen=True, slots=True)
class State:
    """Where a person is. `step`: the document's number of the first step on screen; 0 while preparing."""

    service: str
    procedure: str
    step: int = PREPARING
    answers: Mapping[str, str] = field(default_factory=dict)
    status: Status = "active"


@dataclass(frozen=True, slots=True)
class Screen:
    """What one message shows: one step of the applicant, or consecutive steps of others ("Sekarang menunggu")."""

    steps: tuple[Step, ...]
    positions: tuple[int, int]  # first and last place among the steps that apply, from 1
    total: int

    @property
    def number(self) -> int:
        """The document's number of the first step: what a state and a payload carry."""
        return self.steps[0].number

    @property
    def waiting(self) -> bool:
        return self.steps[0].actor != "applicant"


@dataclass(frozen=True, slots=True)
class Walk:
    """A procedure together with the answers that decide which of its parts apply."""

    service: Service
    procedure: Procedure
    answers: Mapping[str, str]

    def pending(self) -> Question | None:
        """The first question that still has no valid answer."""
        for question in self.procedure.questions:
            if self.answers.get(question.id) not in {option.id for option in question.options}:
                return question
        return None

    def checklist(self) -> list[Requirement] | NotStated:
        """What to prepare, as far as it applies."""
        listed = self.procedure.checklist if self.procedure.checklist is not None else self.service.requirements
        if isinstance(listed, NotStated):
            return listed
        return [one for one in listed if self.holds(one.condition)]

    def steps(self) -> list[Step]:
        return [step for step in self.procedure.steps if self.holds(step.condition)]

    def screens(self) -> list[Screen]:
        """The messages of the guide after the checklist, in order; every step that applies is on exactly one."""
        steps = self.steps()
        groups: list[list[tuple[int, Step]]] = []
        for position, step in enumerate(steps, start=1):
            if groups and _told_together(groups[-1], step):
                groups[-1].append((position, step))
            else:
                groups.append([(position, step)])
        return [Screen(tuple(step for _, step in group), (group[0][0], group[-1][0]), len(steps)) for group in groups]

    def holds(self, condition: Condition | None) -> bool:
        return condition is None or self.answers.get(condition.question) in condition.answers

    def index(self, step: int) -> int:
        """The screen that shows `step`, or the nearest one before it when the step no longer applies."""
        found = 0
        for index, screen in enumerate(self.screens()):
            if screen.number <= step:
                found = index
        return found


def walk_of(knowledge: Knowledge, state: State) -> Walk | None:
    """None when the service or procedure is no longer in the knowledge."""
    service = knowledge.services.get(state.service)
    procedure = next((one for one in service.procedures if one.id == state.procedure), None) if service else None
    return Walk(service, procedure, state.answers) if service and procedure else None


def forward(walk: Walk, state: State) -> State:
    """One screen on; `done` after the last; stays while a question is open."""
    if walk.pending():
        return state
    screens = walk.screens()
    if state.step == PREPARING:
        return replace(state, step=screens[0].number)
    index = walk.index(state.step) + 1
    if index == len(screens):
        return replace(state, status="done")
    return replace(state, step=screens[index].number)


def backward(walk: Walk, state: State) -> State:
    """One screen back; before the first step lies the checklist."""
    if state.step == PREPARING:
        return state
    index = walk.index(state.step) - 1
    return replace(state, step=walk.screens()[index].number if index >= 0 else PREPARING)


def answered(walk: Walk, state: State, question: str, option: str) -> State | None:
    """The state with this answer, on the same step or the nearest before it; None for an unknown question or option."""
    known = {one.id: {choice.id for choice in one.options} for one in walk.procedure.questions}
    if option not in known.get(question, ()):
        return None
    answers = {**state.answers, question: option}
    if state.step == PREPARING:
        return replace(state, answers=answers)
    changed = replace(walk, answers=answers)
    return replace(state, answers=answers, step=changed.screens()[changed.index(state.step)].number)


def _told_together(group: list[tuple[int, Step]], step: Step) -> bool:
    if step.actor == "applicant" or group[-1][1].actor == "applicant":
        return False
    return sum(len(one.text) + 30 for _, one in group) + len(step.text) + 30 <= _WAITING_ROOM
