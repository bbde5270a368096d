"""An officer's helps: the packet, canned replies, suggested answers."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.applications.service import NewApplication, Register, add
from bot.conversations.models import Outgoing
from bot.handoff.answering.canned import filled, listed, remove, save
from bot.handoff.answering.suggestions import suggestions
from bot.handoff.desk import BadInput, NoConversation
from bot.handoff.ownership.service import request_person
from bot.handoff.reading.packet import masked, packet
from bot.knowledge.load import get_knowledge
from tests.handoff.conftest import House
from tests.helpers.engine import StandInEngine

KNOWLEDGE = get_knowledge()


@pytest.mark.parametrize(
    ("address", "shown"),
    [("whatsapp:+628123451234", "+62•••1234"), ("+628123451234", "+62•••1234"), ("5120001", ""), ("siti", "")],
)
def test_numbers_are_masked(address: str, shown: str) -> None:
    assert masked(address) == shown


async def test_of_somebody_unknown_all_is_missing(house: House) -> None:
    conversation = await house.applicant(name="")
    found = await house.asks(packet, KNOWLEDGE, conversation)
    assert [title for title, _ in found.lines] == ["Siapa", "Layanan", "Ditanyakan", "Jawaban Pandu", "Belum ada"]
    assert found.who == "Nama belum diketahui, recording"
    assert found.about == "Belum diketahui."
    assert found.missing == "Nama pemohon, daerah atau kantor, layanan yang dimaksud, nomor permohonan"
    with pytest.raises(NoConversation):
        await house.asks(packet, KNOWLEDGE, conversation + 1000)


async def test_the_five_lines(house: House) -> None:
    conversation = await house.applicant("whatsapp", "whatsapp:+6281211112222")
    await house.wrote(conversation, "halo", understood={"intent": "greet"})
    asked = await house.wrote(conversation, "berapa biayanya?", understood={"intent": "ask_cost"})
    await house.wrote(conversation, "bleh", understood={"intent": "nlu_fallback"})
    async with house.runtime.database.session() as session:
        sources = [{"document": "SOP Kudus", "clause": "A"}]
        session.add(Outgoing(conversation_id=conversation, in_reply_to=asked, text="x", sources=sources))
        added = await add(Register(session, KNOWLEDGE), NewApplication("kudus-iui", phones=("081211112222",)), "test")
    await house.asks(request_person, conversation, "minta petugas", service="kudus-iui")
    try:
        found = await house.asks(packet, KNOWLEDGE, conversation)
        assert found.who == "Siti, WhatsApp, +62•••2222"
        assert KNOWLEDGE.services["kudus-iui"].title in found.about and added.application.number in found.about
        assert found.asked == "“berapa biayanya?”; “bleh”"
        assert found.tried == "Dijawab soal: Biaya. Sumber: SOP Kudus. 1 pertanyaan tidak dipahami."
        assert found.missing == "Tidak ada yang kurang."
        assert "81211112222" not in str(found.lines)
    finally:
        async with house.runtime.database.session() as session:
            await session.execute(text("set local pandu.erasing = 'on'"))
            await session.execute(text("delete from applications"))


async def test_a_long_talk_with_officers_does_not_undo_what_was_tried(house: House) -> None:
    conversation = await house.applicant()
    await house.wrote(conversation, "berapa biayanya?", understood={"intent": "ask_cost"})
    for number in range(40):
        await house.wrote(conversation, f"kata petugas nomor {number}", outcome="for_officer")
    found = await house.asks(packet, KNOWLEDGE, conversation)
    assert found.tried == "Dijawab soal: Biaya."


async def test_what_the_bot_remembers_counts(house: House) -> None:
    conversation = await house.applicant()
    state = '{"events": [{"event": "slot", "name": "service", "value": "magetan-perluasan"}]}'
    async with house.runtime.database.session() as session:
        await session.execute(
            text("insert into rasa_trackers (sender_id, state) values (:id, cast(:state as jsonb))"),
            {"id": str(conversation), "state": state},
        )
    found = await house.asks(packet, KNOWLEDGE, conversation)
    assert "Magetan" in found.about


async def test_canned_replies_are_filled_from_the_case(house: House) -> None:
    words = "Yth. {nama}, {layanan} di {kantor}: nomor {nomor_permohonan}. Salam, {petugas}"
    await house.does("sari", save, None, "Salam", words, source="SOP Kudus")
    other = await house.does("sari", save, None, "Khusus Magetan", "Halo", office="magetan")
    conversation = await house.applicant()
    await house.asks(request_person, conversation, "minta petugas", office="kudus", service="kudus-iui")
    (found,) = await house.does("rina", filled, KNOWLEDGE, conversation)
    service = KNOWLEDGE.services["kudus-iui"]
    office = KNOWLEDGE.offices["kudus"].name
    assert found.text == f"Yth. Siti, {service.title} di {office}: nomor {{nomor_permohonan}}. Salam, Rina"
    assert (found.missing, found.source) == (("nomor_permohonan",), "SOP Kudus")
    assert [one.title for one in await house.asks(listed)] == ["Khusus Magetan", "Salam"]
    await house.does("sari", remove, other)
    assert [one.title for one in await house.asks(listed)] == ["Salam"]


async def test_a_name_with_braces_fills_nothing_else(house: House) -> None:
    await house.does("sari", save, None, "Salam", "Yth. {nama}")
    conversation = await house.applicant(name="{petugas}")
    assert [one.text for one in await house.does("rina", filled, KNOWLEDGE, conversation)] == ["Yth. {petugas}"]


@pytest.mark.parametrize(
    ("title", "words"), [("", "isi"), ("Judul", " "), ("Judul", "{alamat}"), ("t" * 81, "isi"), ("Judul", "x" * 4001)]
)
async def test_canned_replies_that_cannot_be(house: House, title: str, words: str) -> None:
    with pytest.raises(BadInput):
        await house.does("sari", save, None, title, words)


async def test_titles_are_unique(house: House) -> None:
    number = await house.does("sari", save, None, "Salam", "a")
    with pytest.raises(BadInput, match="sudah dipakai"):
        await house.does("sari", save, None, "Salam", "b")
    await house.does("sari", save, number, "Salam", "b")


async def test_suggestions_come_from_knowledge_with_their_source(house: House, engine: StandInEngine) -> None:
    conversation = await house.applicant()
    await house.asks(request_person, conversation, "minta petugas", office="kudus", service="kudus-iui")
    question = "dokumennya apa saja dan berapa lama?"
    await house.wrote(conversation, question, outcome="for_officer")
    await house.wrote(conversation, "halo?", outcome="for_officer")
    engine.meanings[question] = {
        "intent": "ask_requirements",
        "confidence": 0.6,
        "entities": [],
        "ranking": [
            {"name": "ask_requirements", "confidence": 0.6},
            {"name": "ask_duration", "confidence": 0.3},
            {"name": "greet", "confidence": 0.1},
            {"name": "ask_cost", "confidence": 0.01},
        ],
    }
    found = await house.does("rina", suggestions, KNOWLEDGE, conversation)
    assert [one.title for one in found] == ["Syarat", "Lama proses"]
    assert all(one.source and "Kudus" in one.source for one in found)
    engine.status = 503
    assert await house.does("rina", suggestions, KNOWLEDGE, conversation) == []


async def test_an_engine_that_is_away_leaves_what_was_understood_before(house: House, engine: StandInEngine) -> None:
    conversation = await house.applicant()
    await house.asks(request_person, conversation, "minta petugas", office="kudus", service="kudus-iui")
    await house.wrote(conversation, "syaratnya?", understood={"intent": "ask_requirements", "confidence": 0.9})
    engine.status = 503
    (found,) = await house.does("rina", suggestions, KNOWLEDGE, conversation)
    assert found.title == "Syarat" and found.text
