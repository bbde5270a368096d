"""Answers that wait for an officer, and topics that a person answers."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select, text

from bot.complaints.models import Complaint
from bot.conversations.models import Conversation, Outgoing
from bot.conversations.people import Verdict
from bot.conversations.turn import take_turn
from bot.dialogue.client import Spoken, Understanding
from bot.handoff.answering.approval import Rules, add_rule, approve, end_rule, held, reject, rules
from bot.handoff.desk import BadInput, DeskError, NoConversation, NotAllowed
from bot.handoff.models import HeldAnswer
from bot.handoff.ownership.service import claim, request_person
from bot.handoff.people import OfficersDesk, watch
from tests.handoff.conftest import House
from tests.helpers.engine import StandInEngine
from tests.helpers.runtime import RecordingChannel, message, receive, rows


async def rule(house: House, act: str = "approve", topic: str = "", below: float | None = None) -> int:
    number: int = await house.does("sari", add_rule, act, topic, below)
    assert isinstance(house.runtime.people, OfficersDesk)
    house.runtime.people.rules.forget()
    return number


async def asks(house: House, words: str = "menu biaya") -> int:
    """The stand-in engine understands ask_cost with 0.9, and offers a button for "menu"."""
    conversation = await receive(house.runtime, message(words, words))
    await take_turn(house.runtime, conversation)
    return conversation


@pytest.mark.parametrize(
    ("topic", "below", "intent", "confidence", "fits"),
    [
        ("ask_cost", None, "ask_cost", 0.99, True),
        ("ask_cost", 0.8, "ask_cost", 0.9, False),
        ("ask_cost", 0.8, "ask_cost", 0.7, True),
        ("account_problem", None, "otp_not_received", 0.9, True),
        ("ask_cost", None, "ask_duration", 0.9, False),
        ("", 0.8, "ask_duration", 0.5, True),
        ("", 0.8, "ask_duration", 0.8, False),
        ("", 0.8, "nlu_fallback", 0.2, False),
        ("", 0.8, "greet", 0.5, False),
        ("out_of_scope", None, "nlu_fallback", 0.2, False),
        ("complaint", None, "talk_to_human", 0.2, False),
    ],
)
async def test_what_a_rule_holds_for(
    house: House, topic: str, below: float | None, intent: str, confidence: float, fits: bool
) -> None:
    number = await rule(house, "approve", topic, below)
    found = await Rules(house.runtime.database).verdict(Understanding(intent, confidence))
    assert found == (Verdict("approve", number) if fits else None)


async def test_without_rules_nothing_is_asked_of_the_database(house: House) -> None:
    desk = Rules(house.runtime.database)
    assert await desk.verdict(Spoken([], Understanding("ask_cost", 0.9))) is None
    desk._database = None  # type: ignore[assignment]
    assert await desk.verdict(Spoken([], Understanding("ask_cost", 0.9))) is None


async def test_rules_are_for_supervisors_and_make_sense(house: House) -> None:
    with pytest.raises(NotAllowed):
        await house.does("rina", add_rule, "approve", "ask_cost")
    for act, topic, below in (
        ("approve", "", None),
        ("approve", "harga_cabai", None),
        ("approve", "talk_to_human", None),
        ("forbid", "ask_cost", None),
        ("approve", "ask_cost", 1.5),
        ("approve", "", 0.0),
    ):
        with pytest.raises(BadInput):
            await house.does("sari", add_rule, act, topic, below)
    number = await rule(house, topic="ask_cost")
    assert [one.id for one in await house.asks(rules)] == [number]
    await house.does("sari", end_rule, number)
    assert await house.asks(rules) == []
    with pytest.raises(NoConversation):
        await house.does("sari", end_rule, number)


async def test_an_answer_waits_and_goes_out_after_a_yes(house: House, channel: RecordingChannel) -> None:
    await rule(house, topic="ask_cost")
    conversation = await asks(house)
    assert [one.text[:20] for one in channel.sent] == ["Pertanyaan Anda saya"], "told that it is being checked"
    (waiting,) = await house.asks(held, house.clock())
    assert (waiting.question, waiting.why) == ("menu biaya", "Topik Biaya menunggu persetujuan.")
    assert [one["text"] for one in waiting.bubbles] == ["jawaban: menu biaya"]
    assert 590 < waiting.left <= 601
    await receive(house.runtime, message("halo lagi?", "2"))
    await house.does("rina", approve, waiting.id)
    await take_turn(house.runtime, conversation)
    assert channel.sent[-1].text == "jawaban: menu biaya"
    assert [one.title for one in channel.sent[-1].buttons] == ["Biaya"]
    async with house.runtime.database.session() as session:
        menu = (await session.get_one(Conversation, conversation)).menu
    assert menu and menu["fresh"] and menu["text"] == "jawaban: menu biaya"
    with pytest.raises(DeskError, match="sudah diputuskan"):
        await house.does("budi", approve, waiting.id)


async def test_two_officers_decide_once(house: House, channel: RecordingChannel) -> None:
    await rule(house, topic="ask_cost")
    await asks(house)
    (waiting,) = await house.asks(held, house.clock())
    both = await asyncio.gather(
        house.does("rina", approve, waiting.id), house.does("budi", reject, waiting.id), return_exceptions=True
    )
    assert sum(isinstance(one, DeskError) for one in both) == 1


async def test_an_edited_answer_keeps_the_bots_own_words_unsent(house: House, channel: RecordingChannel) -> None:
    await rule(house, topic="ask_cost")
    conversation = await asks(house)
    (waiting,) = await house.asks(held, house.clock())
    number = waiting.bubbles[0]["id"]
    with pytest.raises(BadInput):
        await house.does("rina", approve, waiting.id, {number: "  "})
    await house.does("rina", approve, waiting.id, {number: "Biayanya tidak disebutkan."})
    await take_turn(house.runtime, conversation)
    assert channel.sent[-1].text == "Biayanya tidak disebutkan."
    said = [(one.text, one.status, one.officer_id) for one in await rows(house.runtime, Outgoing)]
    assert ("jawaban: menu biaya", "suppressed", None) in said
    assert said[-1] == ("Biayanya tidak disebutkan.", "sent", house.officers["rina"].id)
    async with house.runtime.database.session() as session:
        assert (await session.scalars(select(HeldAnswer.decision))).one() == "edited"


async def test_a_rejected_answer_is_never_sent(house: House, channel: RecordingChannel) -> None:
    await rule(house, topic="ask_cost")
    conversation = await asks(house)
    (waiting,) = await house.asks(held, house.clock(), conversation)
    assert await house.does("rina", reject, waiting.id) == conversation
    await house.does("rina", claim, conversation, step_in=True)
    await take_turn(house.runtime, conversation)
    assert "jawaban: menu biaya" not in [one.text for one in channel.sent]


async def test_once_an_officer_has_it_only_she_decides(house: House, channel: RecordingChannel) -> None:
    await rule(house, topic="ask_cost")
    conversation = await asks(house)
    (waiting,) = await house.asks(held, house.clock())
    await house.does("rina", claim, conversation, step_in=True)
    with pytest.raises(DeskError, match="petugas lain"):
        await house.does("budi", approve, waiting.id)
    await house.does("rina", approve, waiting.id)
    await take_turn(house.runtime, conversation)
    assert (await house.said(conversation))[-1] == ("officer", "jawaban: menu biaya")
    assert channel.sent[-1].text == "jawaban: menu biaya", "as hers, it is not suppressed"


async def test_after_its_time_a_person_is_asked(house: House, channel: RecordingChannel) -> None:
    await rule(house, topic="ask_cost")
    conversation = await asks(house)
    await watch(house.runtime)
    assert await house.owner(conversation) == "bot", "there is still time"
    async with house.runtime.database.session() as session:
        await session.execute(text("update held_answers set expires_at = now() - interval '1 second'"))
    await watch(house.runtime)
    await watch(house.runtime)
    await take_turn(house.runtime, conversation)
    assert await house.owner(conversation) == "queue"
    assert (await house.handoff(conversation)).kind == "topic"
    told = [one.text for one in channel.sent]
    assert len(told) == 2 and told[1].startswith("Maaf menunggu.") and "Anda urutan ke-1" in told[1]
    (waiting,) = [one for one in await rows(house.runtime, Outgoing) if one.text == "jawaban: menu biaya"]
    assert waiting.status == "suppressed"


async def test_a_topic_may_be_a_persons(house: House, channel: RecordingChannel) -> None:
    await rule(house, "hand_over", "ask_cost")
    await rule(house, "approve", "ask_cost")
    conversation = await asks(house)
    assert await house.owner(conversation) == "queue"
    (told,) = channel.sent
    assert told.text.startswith("Pertanyaan ini dijawab langsung oleh petugas")
    assert (await house.handoff(conversation)).reason == "Topik ini dijawab petugas: Biaya."
    assert [one.text for one in await rows(house.runtime, Outgoing)] == [told.text]


async def test_what_the_engine_handed_over_is_not_held(
    house: House, channel: RecordingChannel, engine: StandInEngine
) -> None:
    """An emergency's answer goes out at once, whatever the rules say."""
    await rule(house, topic="ask_cost")

    async def emergency(body: dict[str, str]) -> None:
        await house.asks(request_person, int(body["conversation"]), "DARURAT", kind="emergency")

    engine.before = emergency
    await asks(house)
    assert [one.text for one in channel.sent] == ["jawaban: menu biaya"]
    assert await house.asks(held, house.clock()) == []


@pytest.mark.parametrize("act", ["approve", "hand_over"])
async def test_what_is_said_to_a_report_is_no_question_to_the_staff(house: House, act: str) -> None:
    """A story that sounds like a question with a rule would else stand on the officers' list."""
    conversation = await receive(house.runtime, message("halo", "1"))
    async with house.runtime.database.session() as session:
        session.add(Complaint(conversation_id=conversation, step="story"))
    await rule(house, act, "ask_cost")
    await asks(house)
    async with house.runtime.database.session() as session:
        assert await held(session, house.clock()) == []
        assert (await session.get_one(Conversation, conversation)).owner == "bot"
