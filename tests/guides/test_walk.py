"""Every guide of the real knowledge, with every combination of answers; and the moves on a small one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from bot.answers.payloads import parse
from bot.answers.text import LIMIT
from bot.guides.tell import help_with, tell
from bot.guides.walk import PREPARING, State, Walk, answered, backward, forward, walk_of
from bot.knowledge.load import get_knowledge
from bot.knowledge.models import NotStated, Procedure, Service
from bot.messages import Reply
from tests.answers.build import knowledge

K = get_knowledge()
GUIDES = [(service, procedure) for service in K.services.values() for procedure in service.procedures]
SMALL = knowledge()


def combinations(procedure: Procedure) -> Iterator[dict[str, str]]:
    options = [[(question.id, option.id) for option in question.options] for question in procedure.questions]
    for chosen in product(*options):
        yield dict(chosen)


def screens_told(walk: Walk, state: State) -> list[tuple[State, list[Reply]]]:
    """Everything from the checklist to the end by tapping Lanjut."""
    told = []
    while True:
        told.append((state, tell(K, walk, state)))
        if state.status == "done":
            return told
        state = forward(walk, state)
        assert len(told) < 60


@pytest.mark.parametrize(("service", "procedure"), GUIDES, ids=lambda one: one.id)
def test_questions_come_first_and_are_all_asked(service: Service, procedure: Procedure) -> None:
    state = State(service.id, procedure.id)
    asked = []
    while (walk := walk_of(K, state)) and (question := walk.pending()):
        reply = tell(K, walk, state)[0]
        assert question.text in reply.text
        assert [button.title for button in reply.buttons] == [option.label for option in question.options]
        assert forward(walk, state) == state, "an open question is not skipped"
        asked.append(question.id)
        moved = answered(walk, state, question.id, question.options[-1].id)
        assert moved
        state = moved
    assert asked == [question.id for question in procedure.questions]


@pytest.mark.parametrize(("service", "procedure"), GUIDES, ids=lambda one: one.id)
def test_every_walk_tells_the_checklist_and_each_step_that_applies_once(service: Service, procedure: Procedure) -> None:
    for answers in combinations(procedure):
        state = State(service.id, procedure.id, answers=answers)
        walk = walk_of(K, state)
        assert walk
        told = screens_told(walk, state)
        checklist = "\n".join(reply.text for reply in told[0][1])
        required = walk.checklist()
        assert [
            one.text for one in ([] if isinstance(required, NotStated) else required) if one.text not in checklist
        ] == []
        assert [one.text for one in service.cautions if one.text not in checklist] == []
        numbers = [step.number for screen in walk.screens() for step in screen.steps]
        assert numbers == [step.number for step in walk.steps()]
        for (_, replies), screen in zip(told[1:-1], walk.screens(), strict=True):
            _check_screen(walk, replies, screen.steps, screen.positions, len(numbers))
        if procedure.outcome:
            assert procedure.outcome.text in told[-1][1][0].text


def _check_screen(walk: Walk, replies: list[Reply], steps: tuple, positions: tuple[int, int], total: int) -> None:  # type: ignore[type-arg]
    (reply,) = replies
    place = f"{positions[0]}" if positions[0] == positions[1] else f"{positions[0]}–{positions[1]}"
    waiting = steps[0].actor != "applicant"
    head = f"Sekarang menunggu (langkah {place} dari {total})" if waiting else f"Langkah {place} dari {total}"
    assert reply.text.startswith(head)
    assert [button.title for button in reply.buttons] == ["Lanjut", "Kembali", "Saya macet", "Berhenti"]
    assert parse(reply.buttons[0].payload)[1]["step"] == str(steps[0].number)
    for step in steps:
        assert step.text.replace(" Anda menunggu.", "") in reply.text
        if step.time:
            assert step.time.text in reply.text
        for detail in step.details:
            assert (detail.text in reply.text) == walk.holds(detail.condition)
        if not waiting:
            assert all(word in reply.text for word in [*step.needs, *step.output])
    assert "Sumber: " in reply.text


@pytest.mark.parametrize(("service", "procedure"), GUIDES, ids=lambda one: one.id)
def test_stuck_tells_what_is_known_and_offers_a_person(service: Service, procedure: Procedure) -> None:
    answers = next(combinations(procedure))
    state = State(service.id, procedure.id, answers=answers)
    walk = walk_of(K, state)
    assert walk
    for screen in walk.screens():
        replies = help_with(K, walk, State(service.id, procedure.id, screen.number, answers))
        text = "\n".join(reply.text for reply in replies)
        for step in screen.steps:
            assert [one.text for one in step.stuck if one.text not in text] == []
            assert not step.remark or step.remark in text
            assert all(word in text for word in [*step.needs, *step.output])
        assert replies[-1].buttons[0].payload == "/talk_to_human"


def test_bubbles_of_guides_fit_a_phone() -> None:
    long = []
    for service, procedure in GUIDES:
        state = State(service.id, procedure.id, answers=next(combinations(procedure)))
        walk = walk_of(K, state)
        assert walk
        long += [
            (service.id, moved.step, len(reply.text))
            for moved, replies in screens_told(walk, state)
            for reply in replies
            if len(reply.text) > LIMIT
        ]
    assert long == []


def small(step: int = PREPARING, **answers: str) -> tuple[Walk, State]:
    state = State("arum-baru", "utama", step, answers)
    walk = walk_of(SMALL, state)
    assert walk
    return walk, state


def test_steps_that_do_not_apply_are_neither_told_nor_counted() -> None:
    person, _ = small(bentuk="orang")
    company, _ = small(bentuk="badan")
    assert [screen.number for screen in person.screens()] == [1, 3, 5]
    assert [screen.number for screen in company.screens()] == [1, 2, 3, 5]
    assert (person.screens()[-1].positions, person.screens()[-1].total) == ((4, 4), 4)


def test_back_from_the_first_step_is_the_checklist_and_no_further() -> None:
    walk, state = small(1, bentuk="orang")
    assert backward(walk, state).step == PREPARING
    assert backward(walk, backward(walk, state)).step == PREPARING
    walk, state = small(5, bentuk="orang")
    assert backward(walk, state).step == 3


def test_the_last_step_leads_to_the_end() -> None:
    walk, state = small(5, bentuk="orang")
    assert forward(walk, state).status == "done"


def test_a_changed_answer_keeps_the_place_as_well_as_it_can() -> None:
    walk, state = small(2, bentuk="badan")
    moved = answered(walk, state, "bentuk", "orang")
    assert moved and moved.step == 1 and moved.answers == {"bentuk": "orang"}
    walk, state = small(5, bentuk="orang")
    moved = answered(walk, state, "bentuk", "badan")
    assert moved and moved.step == 5
    assert answered(walk, state, "bentuk", "koperasi") is None
    assert answered(walk, state, "umur", "orang") is None


def test_a_guide_that_left_the_knowledge_has_no_walk() -> None:
    assert walk_of(SMALL, State("arum-baru", "lama")) is None
    assert walk_of(SMALL, State("hilang", "utama")) is None
