"""The survey as a person answers it: one tap a question, nothing chosen beforehand, stopped and resumed at will."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers.payloads import button
from bot.channels.whatsapp.content import MAX_ITEMS, plan
from bot.knowledge.load import get_knowledge
from bot.messages import Button, Reply
from bot.privacy.export import gather
from bot.survey import helpful, service, wording
from bot.survey.models import AnswerCheck, Survey, SurveyAnswer
from bot.survey.service import invite
from tests.actions.chat import Chat

BEGIN = '/survey_feedback{"question":"begin"}'


async def scores(session: AsyncSession, survey: int) -> dict[str, int | None]:
    query = select(SurveyAnswer.element, SurveyAnswer.score).where(SurveyAnswer.survey_id == survey)
    return dict((await session.execute(query)).all())


@pytest.fixture
async def invited(chat: Chat) -> Survey:
    return await invited_to(chat.session, chat.conversation, 1)


async def invited_to(session: AsyncSession, conversation: int, occasion_id: int, **values: object) -> Survey:
    """An invitation that has been sent just now."""
    assert await invite(session, conversation, "handoff", occasion_id)
    row = (await session.scalars(select(Survey).order_by(Survey.id.desc()).limit(1))).one()
    row.status, row.invited_at = "invited", datetime.now(UTC)
    for name, value in values.items():
        setattr(row, name, value)
    await session.flush()
    return row


async def test_nine_questions_one_tap_each(chat: Chat, invited: Survey) -> None:
    await chat.send(BEGIN)
    for element in get_knowledge().survey.elements:
        assert element.question.text in chat.last.text and element.name in chat.last.text
        assert list(chat.last.buttons) == [*element.titles, "Lewati", "Berhenti"]
        await chat.tap(element.titles[2])
    assert chat.last.text == wording.DONE
    assert await scores(chat.session, invited.id) == {f"u{number}": 3 for number in range(1, 10)}
    assert invited.status == "done" and invited.answered_at is not None


async def test_the_order_of_the_buttons_is_the_score(chat: Chat, invited: Survey) -> None:
    await chat.send(BEGIN)
    assert [one for one in chat.last.buttons.values() if '"answer":"2"' in one] == [
        '/survey_feedback{"question":"u1","answer":"2"}'
    ]
    assert list(chat.last.buttons)[1] == "Kurang sesuai"


async def test_long_answers_are_written_out_above_their_buttons(chat: Chat, invited: Survey) -> None:
    reply = await service.tapped(chat.session, chat.knowledge, chat.conversation, "begin", "", datetime.now(UTC))
    while "Penanganan pengaduan" not in reply.text:
        question = reply.buttons[0].payload.split('"')[3]
        reply = await service.tapped(
            chat.session, chat.knowledge, chat.conversation, question, "skip", datetime.now(UTC)
        )
    assert "2. Ada tetapi tidak berfungsi" in reply.text
    assert reply.buttons[1].title == "Ada, tidak berfungsi"


async def test_skipping_stopping_and_going_on(chat: Chat, invited: Survey) -> None:
    await chat.send(BEGIN)
    await chat.tap("Lewati")
    await chat.tap("Sangat mudah")
    await chat.tap("Berhenti")
    assert invited.status == "stopped" and wording.STOPPED in chat.last.text
    await chat.tap("Lanjutkan survei")
    assert "Survei 3 dari 9" in chat.last.text
    assert await scores(chat.session, invited.id) == {"u1": None, "u2": 4}


async def test_an_answer_can_be_changed_from_an_older_message(chat: Chat, invited: Survey) -> None:
    await chat.send(BEGIN)
    first = chat.last.buttons
    await chat.tap("Tidak sesuai")
    await chat.tap("Mudah")
    await chat.send(first["Sesuai"])
    assert "Survei 3 dari 9" in chat.last.text
    assert await scores(chat.session, invited.id) == {"u1": 3, "u2": 3}


async def test_the_same_tap_twice_counts_once(chat: Chat, invited: Survey) -> None:
    await chat.send(BEGIN)
    payload = chat.last.buttons["Sesuai"]
    once = await chat.send(payload)
    again = await chat.send(payload, again=True)
    assert once.text == again.text
    assert await scores(chat.session, invited.id) == {"u1": 3}


async def test_a_question_in_between_is_answered_and_the_survey_stays(chat: Chat, invited: Survey) -> None:
    await chat.send(BEGIN)
    await chat.tap("Sesuai")
    said = await chat.say("biaya di kudus?", "ask_cost", {"office": "kudus", "service": "kudus-iui"})
    assert "tidak disebutkan" in said.text.lower() and said.sources
    await chat.say("lanjutkan survei", "guide_resume")
    assert "Survei 2 dari 9" in chat.last.text


async def test_praise_while_a_survey_is_open_offers_to_go_on(chat: Chat, invited: Survey) -> None:
    await chat.say("pelayanannya bagus", "survey_feedback")
    assert next(iter(chat.last.buttons)) == "Lanjutkan survei"


async def test_declining_and_praise_without_a_survey(chat: Chat, invited: Survey) -> None:
    await chat.send('/survey_feedback{"question":"decline"}')
    assert chat.last.text == wording.DECLINED and invited.status == "stopped"
    assert await scores(chat.session, invited.id) == {}


async def test_a_survey_closes_after_a_month(chat: Chat) -> None:
    await invited_to(chat.session, chat.conversation, 7, invited_at=datetime.now(UTC) - timedelta(days=31))
    assert (await chat.send(BEGIN)).text == wording.CLOSED
    assert (await chat.say("isi survei", "out_of_scope")).text == wording.CLOSED


async def test_nothing_said_is_thanked_and_changes_no_figure(chat: Chat, invited: Survey) -> None:
    await chat.send(BEGIN)
    for _ in range(9):
        await chat.tap("Lewati")
    assert chat.last.text == wording.NOTHING_SAID
    assert invited.status == "done" and invited.answered_at is None


async def test_a_forged_answer_is_not_kept(chat: Chat, invited: Survey) -> None:
    for answer in ("5", "0", "-1", "drop", ""):
        await chat.send(f'/survey_feedback{{"question":"u1","answer":"{answer}"}}')
    await chat.send('/survey_feedback{"question":"u99","answer":"3"}')
    assert await scores(chat.session, invited.id) == {}
    assert "Survei 1 dari 9" in chat.last.text


async def test_every_question_fits_a_list_of_whatsapp(chat: Chat, invited: Survey) -> None:
    await chat.send(BEGIN)
    for _ in range(9):
        buttons = [Button(title, payload) for title, payload in chat.last.buttons.items()]
        assert len(buttons) <= MAX_ITEMS and plan(chat.last.text, buttons) is not None
        await chat.tap("Lewati")


async def ask(chat: Chat, topic: str, now: datetime) -> Reply | None:
    return await helpful.ask(chat.session, chat.conversation, topic, "kudus-iui", now, Reply("Langkahnya tiga."))


async def test_helpful_is_asked_once_a_topic_and_day_and_never_twice_in_a_row(chat: Chat) -> None:
    now = datetime.now(UTC)
    asked = await ask(chat, "ask_procedure", now)
    assert asked is not None and asked.text.endswith(wording.HELPED)
    assert await ask(chat, "ask_cost", now + timedelta(minutes=5)) is None
    assert await ask(chat, "ask_procedure", now + timedelta(hours=2)) is None
    assert await ask(chat, "ask_cost", now + timedelta(hours=2)) is not None
    assert await ask(chat, "ask_procedure", now + timedelta(hours=25)) is not None


async def test_helpful_has_no_place_in_a_full_menu(chat: Chat) -> None:
    full = Reply("Pilih:", tuple(button(f"Pilihan {number}", "show_menu") for number in range(9)))
    assert await helpful.ask(chat.session, chat.conversation, "ask_cost", "", datetime.now(UTC), full) is None
    long = Reply("a" * 990)
    assert await helpful.ask(chat.session, chat.conversation, "ask_cost", "", datetime.now(UTC), long) is None


async def helped(chat: Chat) -> list[bool | None]:
    query = select(AnswerCheck.helpful).where(AnswerCheck.conversation_id == chat.conversation)
    return list(await chat.session.scalars(query.order_by(AnswerCheck.id)))


async def test_belum_leads_to_a_person_and_is_counted(chat: Chat) -> None:
    await chat.say("berapa lama?", "ask_duration", {"office": "magetan", "service": "magetan-perluasan"})
    assert chat.last.text.endswith(wording.HELPED)
    await chat.tap(wording.NO)
    assert await helped(chat) == [False]
    assert list(chat.last.buttons) == ["Bicara petugas", "Menu"]
    await chat.say("ya", "affirm")
    assert [reason for _, reason in chat.requests] != []


async def test_a_typed_yes_means_that_it_helped(chat: Chat) -> None:
    await chat.say("berapa lama?", "ask_duration", {"office": "magetan", "service": "magetan-perluasan"})
    await chat.say("ya", "affirm")
    assert await helped(chat) == [True] and chat.last.text == wording.GLAD


async def test_no_question_on_a_first_meeting_or_under_what_is_not_stated(chat: Chat) -> None:
    named = {"office": "magetan", "service": "magetan-perluasan"}
    await chat.say("berapa lama?", "ask_duration", named, first=True)
    assert wording.HELPED not in chat.last.text
    await chat.say("biaya?", "ask_cost", {"office": "kudus", "service": "kudus-iui"})
    assert "tidak disebutkan" in chat.last.text and wording.HELPED not in chat.last.text
    assert await helped(chat) == []


async def test_the_persons_copy_holds_what_they_answered(chat: Chat, invited: Survey) -> None:
    await chat.send(BEGIN)
    await chat.tap("Sesuai")
    await chat.say("berapa lama?", "ask_duration", {"office": "magetan", "service": "magetan-perluasan"})
    await chat.tap(wording.YES)
    copy = await gather(chat.session, chat.knowledge, chat.conversation, datetime.now(UTC), "Asia/Jakarta")
    rows = {section.id: section.rows for section in copy.sections}
    assert rows["survei"][0]["jawaban"] == "u1: 3"
    assert rows["jawaban_membantu"][0]["jawaban"] == "ya"
