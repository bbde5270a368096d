"""Guides with their progress in the database."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations import persons
from bot.conversations.models import Conversation
from bot.guides import service as guides
from bot.guides.models import GuideProgress
from bot.guides.service import GuideDesk, Target, Told
from bot.guides.walk import State
from tests.answers.build import knowledge, procedure, service

K = knowledge()
ARUM = K.services["arum-baru"]
UTAMA = ARUM.procedures[0]
LUAS = K.services["arum-luas"]

MakeDesk = Callable[[], GuideDesk]


@pytest.fixture
async def desk(session: AsyncSession) -> MakeDesk:
    """Each call is the next message of one conversation."""
    person = Conversation(channel="simulator", address="panduan")
    session.add(person)
    await session.flush()
    messages = iter(range(1, 1000))
    return lambda: GuideDesk(session, K, person.id, next(messages))


async def started(desk: MakeDesk, answer: str = "orang") -> Told:
    """The guide of Arum, past its question and checklist, on step 1."""
    await guides.start(desk(), ARUM, UTAMA)
    await guides.answer(desk(), Target(ARUM.id, UTAMA.id), "bentuk", answer)
    return await guides.move(desk(), "next", Target(ARUM.id, UTAMA.id, 0))


def said(told: Told) -> str:
    return "\n".join(reply.text for reply in told.replies)


def titles(told: Told) -> list[str]:
    return [button.title for button in told.replies[-1].buttons]


async def rows(desk: GuideDesk) -> dict[str, str]:
    query = select(GuideProgress).where(GuideProgress.conversation_id == desk.conversation)
    return {row.service: row.status for row in (await desk.session.execute(query)).scalars()}


async def test_question_then_checklist_then_first_step(desk: MakeDesk) -> None:
    first = await guides.start(desk(), ARUM, UTAMA)
    assert "Apa bentuk usaha Anda?" in said(first)
    checklist = await guides.answer(desk(), Target(ARUM.id, UTAMA.id), "bentuk", "orang")
    assert "Jawaban disimpan: Perorangan." in said(checklist)
    assert "Syarat 3 arum-baru" in said(checklist)
    step = await guides.move(desk(), "next", Target(ARUM.id, UTAMA.id, 0))
    assert said(step).startswith("Langkah 1 dari 4")


async def test_the_same_message_twice_moves_once(desk: MakeDesk) -> None:
    await started(desk)
    same = desk()
    first = await guides.move(same, "next", None)
    second = await guides.move(same, "next", None)
    assert said(first) == said(second)
    assert second.state and second.state.step == 3


@pytest.mark.parametrize("act", ["start", "answer", "stop"])
async def test_other_acts_are_done_once_too(desk: MakeDesk, act: str) -> None:
    if act != "start":
        await started(desk)
    same = desk()

    async def once() -> Told:
        if act == "start":
            return await guides.start(same, ARUM, UTAMA)
        if act == "stop":
            return await guides.stop(same)
        return await guides.answer(same, None, "bentuk", "badan")

    first, second = await once(), await once()
    assert said(second) in said(first)


async def test_a_tap_on_an_old_keyboard_says_where_one_is(desk: MakeDesk) -> None:
    await started(desk)
    await guides.move(desk(), "next", Target(ARUM.id, UTAMA.id, 1))
    stale = await guides.move(desk(), "next", Target(ARUM.id, UTAMA.id, 1))
    assert "Anda sudah di langkah 2–3 dari 4." in said(stale)
    assert stale.state and stale.state.step == 3


async def test_a_tap_of_another_guide_moves_neither(desk: MakeDesk) -> None:
    await guides.start(desk(), LUAS, LUAS.procedures[0])
    await started(desk)
    other = await guides.move(desk(), "next", Target(LUAS.id, "utama", 0))
    assert "panduan lain" in said(other)
    state = await guides.active(desk())
    assert state and (state.service, state.step) == (ARUM.id, 1)


async def test_only_one_guide_runs_and_the_other_waits(desk: MakeDesk) -> None:
    await started(desk)
    await guides.start(desk(), LUAS, LUAS.procedures[0])
    assert await rows(desk()) == {ARUM.id: "paused", LUAS.id: "active"}
    back = await guides.resume(desk(), Target(ARUM.id, UTAMA.id))
    assert back.state and back.state.step == 1
    assert await rows(desk()) == {ARUM.id: "active", LUAS.id: "paused"}


async def test_resume_takes_what_was_left_last(desk: MakeDesk) -> None:
    await started(desk)
    await guides.start(desk(), LUAS, LUAS.procedures[0])
    await guides.stop(desk())
    back = await guides.resume(desk())
    assert back.state and back.state.service == LUAS.id
    assert "Kita lanjutkan" in said(back)


async def test_stop_keeps_the_place(desk: MakeDesk) -> None:
    await started(desk)
    stopped = await guides.stop(desk())
    assert "langkah 1 dari 4" in said(stopped)
    assert await guides.active(desk()) is None
    assert said(await guides.resume(desk())).endswith(
        said(await guides.move(desk(), "back", Target(ARUM.id, UTAMA.id, 9))).split("\n\n", 1)[1]
    )


async def test_lanjut_after_a_stop_resumes_without_moving(desk: MakeDesk) -> None:
    await started(desk)
    await guides.stop(desk())
    told = await guides.move(desk(), "next", Target(ARUM.id, UTAMA.id, 1))
    assert told.state and told.state.step == 1


async def test_starting_again_asks_whether_to_go_on(desk: MakeDesk) -> None:
    await started(desk)
    again = await guides.start(desk(), ARUM, UTAMA)
    assert "sudah berjalan" in said(again)
    assert titles(again) == ["Lanjutkan panduan", "Mulai dari awal"]
    fresh = await guides.start(desk(), ARUM, UTAMA, fresh=True)
    assert "Apa bentuk usaha Anda?" in said(fresh)


async def test_a_finished_guide_ends_and_can_be_begun_anew(desk: MakeDesk) -> None:
    await started(desk)
    for _ in range(3):
        told = await guides.move(desk(), "next", None)
    assert said(told).startswith("Panduan selesai.")
    assert told.state is None
    old = await guides.move(desk(), "next", Target(ARUM.id, UTAMA.id, 5))
    assert "sudah selesai" in said(old)
    assert "Apa bentuk usaha Anda?" in said(await guides.start(desk(), ARUM, UTAMA))


async def test_an_answer_can_be_changed_on_the_way(desk: MakeDesk) -> None:
    await started(desk)
    again = await guides.answer(desk(), Target(ARUM.id, UTAMA.id), None, None)
    assert titles(again) == ["Perorangan", "Badan usaha"]
    changed = await guides.answer(desk(), Target(ARUM.id, UTAMA.id), "bentuk", "badan")
    assert "Langkah 1 dari 5" in said(changed)
    assert "Unggah denah." in said(await guides.move(desk(), "next", None))


async def test_an_unknown_answer_changes_nothing(desk: MakeDesk) -> None:
    await started(desk)
    told = await guides.answer(desk(), Target(ARUM.id, UTAMA.id), "bentuk", "koperasi")
    assert told.state and told.state.answers == {"bentuk": "orang"}


async def test_stuck_offers_a_person(desk: MakeDesk) -> None:
    await started(desk)
    told = await guides.stuck(desk(), None)
    assert "Isi data usaha." in said(told)
    assert titles(told)[0] == "Bicara petugas"


async def test_waiting_words_stay_on_the_step(desk: MakeDesk) -> None:
    assert await guides.wait(desk()) is None
    await started(desk)
    told = await guides.wait(desk())
    assert told and "langkah 1 dari 4" in said(told)


@pytest.mark.parametrize("act", ["next", "resume", "stuck", "stop", "answer"])
async def test_without_a_guide_one_is_offered(desk: MakeDesk, act: str) -> None:
    acts = {
        "next": lambda: guides.move(desk(), "next", None),
        "resume": lambda: guides.resume(desk()),
        "stuck": lambda: guides.stuck(desk(), None),
        "stop": lambda: guides.stop(desk()),
        "answer": lambda: guides.answer(desk(), None, "bentuk", "orang"),
    }
    told = await acts[act]()
    assert told.state is None
    assert "anduan" in said(told)
    assert titles(told)[-1] == "Menu"


async def test_a_guide_whose_procedure_changed_is_begun_anew(desk: MakeDesk) -> None:
    await started(desk)
    changed = knowledge(services={ARUM.id: service("arum-baru", "arum", "new", procedures=[procedure("baru")])})
    now = desk()
    told = await guides.resume(GuideDesk(now.session, changed, now.conversation, now.message))
    assert "sudah berubah" in said(told)
    assert titles(told) == ["Mulai panduan", "Menu"]


async def test_typed_options_answer_the_open_question(desk: MakeDesk) -> None:
    told = await guides.start(desk(), ARUM, UTAMA)
    assert told.state
    assert guides.pending_option(K, told.state, "Perorangan.") == ("bentuk", "orang")
    assert guides.pending_option(K, told.state, "badan") == ("bentuk", "badan")
    assert guides.pending_option(K, told.state, "apa itu perorangan?") is None


async def test_a_bare_yes_or_no_answers_a_question_with_such_options(desk: MakeDesk) -> None:
    question = {
        "id": "gudang",
        "text": "Gudangnya di tempat lain?",
        "options": [{"id": "lain", "label": "Ya, tempat lain"}, {"id": "sama", "label": "Tidak"}],
    }
    asking = knowledge(
        services={ARUM.id: service("arum-baru", "arum", "new", procedures=[procedure("utama", questions=[question])])}
    )
    state = State("arum-baru", "utama")
    assert guides.pending_option(asking, state, "iya") == ("gudang", "lain")
    assert guides.pending_option(asking, state, "gak") == ("gudang", "sama")
    assert guides.pending_option(K, state, "ya") is None


async def test_an_open_question_is_not_skipped(desk: MakeDesk) -> None:
    await guides.start(desk(), ARUM, UTAMA)
    told = await guides.move(desk(), "next", None)
    assert "Jawab dulu" in said(told) and "Apa bentuk usaha Anda?" in said(told)


async def test_a_guide_goes_on_in_another_chat_of_the_same_person(desk: MakeDesk, session: AsyncSession) -> None:
    await started(desk)
    here = desk()
    other, foreign = (Conversation(channel="simulator", address=f"panduan-{name}") for name in ("lain", "asing"))
    session.add_all([other, foreign])
    await session.flush()
    await persons.join(session, here.conversation, other.id, "code")
    await persons.join(session, here.conversation, foreign.id, "officer")
    told = await guides.resume(GuideDesk(session, K, other.id, 1001))
    assert "Langkah 1 dari 4" in said(told)
    await guides.move(GuideDesk(session, K, other.id, 1002), "next", None)
    back = await guides.resume(desk())
    assert "langkah 2–3 dari 4" in said(back)
    nothing = await guides.resume(GuideDesk(session, K, foreign.id, 1003))
    assert "Langkah" not in said(nothing), "what officers join is for officers"
