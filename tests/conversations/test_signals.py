"""Wishes about news, blocks, quotes, edits, forwards, signs: what people say besides questions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.channels.base import PermanentSendError, Receipt
from bot.conversations import inbox, outbox, progress, signals, stop_words, turn, wording
from bot.conversations.models import Conversation, Incoming, Outgoing, StoredFile
from bot.conversations.runtime import Runtime
from bot.messages import Attachment, Button
from tests.helpers.engine import StandInEngine
from tests.helpers.runtime import RecordingChannel, message, receive, rows, set_owner


@pytest.fixture(autouse=True)
def roomy(channel: RecordingChannel) -> None:
    channel.max_text = 1000


async def the_person(runtime: Runtime) -> Any:
    (row,) = await rows(runtime, Conversation)
    return row


# News and surveys

STOPS = [
    "STOP",
    "stop.",
    "unsubscribe",
    "Unsubscribe please",
    "berhenti berlangganan",
    "mau berhenti berlangganan ya",
    "jangan kirim pesan lagi",
    "tolong jangan kirim pesan lagi ke saya",
    "jangan kirimi saya pesan lagi",
    "stop kirim kabar",
    "tidak usah kirim survei lagi",
    "jangan hubungi saya lagi",
    "don't send me messages anymore",
    "Stop 🙏",
    "Jangan kirim pesan lagi ya 🙏🙏",
    "jgn krm pesan lagi",
    "saya ingin berhenti langganan kabar",
    "gak mau terima kabar lagi",
    "tolong hentikan pesan ini",
    "matikan notifikasinya",
    "saya tidak mau dihubungi lagi",
    "stop ya",
    "tolong stop dulu pak",
    "🛑",
    "ga usah kirim2 lagi",
    "cukup, jangan kirim info lagi",
    "mohon jangan kirim pesan lagi ke nomor ini",
    "jangan kirim apa-apa lagi",
    "gak mau nerima pesan lagi",
    "gimana cara berhenti berlangganan?",
    "nggak usah kasih kabar lagi",
    "ojo ngirim pesan maneh",
    "keluar dari langganan",
    "hapus nomor saya dari daftar kiriman",
    "sudah, jangan kabari lagi",
    "mboten usah kirim pesen malih",
    "ojo kirim kabar neh",
    "jan kirim pasan ka ambo juo lai",
    "usah kirim kabar lai",
    "berhenti kirim",
    "hentikan",
    "ＳＴＯＰ",
    "stoooop",
    "no more messages please",
    "please remove me from your list",
    "cancel subscription",
]
KEEP = ["jangan berhenti kirim kabar", "jgn matikan notifikasi ya", "ojo stop kabar", "jangan batalkan langganan"]
QUESTIONS = [
    "mau berhenti berlangganan internet",
    "kenapa nib saya stop di verifikasi?",
    "jangan kirim berkas ke mana kalau salah?",
    "izin saya berhenti di verifikator",
    "berhenti usaha, apa yang dilaporkan?",
    "kabar izin saya bagaimana",
    "stop produksi itu dilaporkan ke siapa",
    "stop?? kenapa",
    "tidak perlu kirim berkas asli?",
    "saya tidak mau info yang salah, berapa biayanya",
    "saya tidak mau pesan",
    "tidak perlu informasi itu",
    "gak usah info itu",
    "tidak perlu survei?",
    "jangan kirim dulu",
    "batal pesan",
    "tidak usah, terima kasih",
    "saya mau berhenti",
    "sampun kirim pesan",
    "jangan dihentikan",
    "usah bawa berkas asli?",
]


@pytest.mark.parametrize("words", STOPS)
async def test_who_wants_no_news_gets_none(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine, words: str
) -> None:
    await receive(runtime, message(words, "1"))
    assert (await the_person(runtime)).no_news == "asked"
    assert [sent.text for sent in channel.sent] == [wording.NO_NEWS.text]
    await receive(runtime, message("berapa biaya izin industri?", "2"))
    assert channel.sent[-1].text.startswith("jawaban:"), "one's own questions are answered"
    await receive(runtime, message("START", "3"))
    assert (await the_person(runtime)).no_news == ""
    assert channel.sent[-1].text == wording.NEWS_AGAIN.text
    assert len(engine.calls) == 1


@pytest.mark.parametrize("words", KEEP)
async def test_who_asks_not_to_stop_gets_news(runtime: Runtime, words: str) -> None:
    await receive(runtime, message(words, "1"))
    assert (await the_person(runtime)).no_news == ""
    await receive(runtime, message("unsubscribe", "2"))
    await receive(runtime, message(words, "3"))
    assert (await the_person(runtime)).no_news == ""


@pytest.mark.parametrize("words", QUESTIONS)
async def test_a_question_is_no_wish_about_news(runtime: Runtime, engine: StandInEngine, words: str) -> None:
    await receive(runtime, message(words))
    assert (await the_person(runtime)).no_news == "" and len(engine.calls) == 1


def test_no_words_take_long_to_read() -> None:
    begun = datetime.now(UTC)
    for words in ("tolong " * 14, "jangan kirim saya " * 5, "ya, " * 25, "stop kirim pesan" + " lagi ya" * 10):
        stop_words.said(words)
    assert datetime.now(UTC) - begun < timedelta(seconds=1)


async def test_a_bare_stop_ends_what_is_under_way_first(runtime: Runtime, engine: StandInEngine) -> None:
    conversation = await receive(runtime, message("halo", "1"))
    await runtime.database.run(
        text("insert into guide_progress (conversation_id, service, procedure) values (:id, 's', 'p')"),
        {"id": conversation},
    )
    await receive(runtime, message("stop", "2"))
    assert (await the_person(runtime)).no_news == "" and len(engine.calls) == 2
    await receive(runtime, message("berhenti berlangganan", "3"))
    assert (await the_person(runtime)).no_news == "asked"


async def test_what_twilio_understood_as_stop_is_noted_and_not_answered_twice(
    runtime: Runtime, channel: RecordingChannel
) -> None:
    await receive(runtime, message("STOP", "1", wish="stop"))
    assert (await the_person(runtime)).no_news == "asked" and channel.sent == []
    await receive(runtime, message("START", "2", wish="start"))
    assert (await the_person(runtime)).no_news == "" and channel.sent == []


async def test_a_block_is_noted_and_an_unblock_brings_news_back(runtime: Runtime, channel: RecordingChannel) -> None:
    await receive(runtime, message("halo", "1"))
    await receive(runtime, message("", "2", kind="left"))
    assert (await the_person(runtime)).no_news == "blocked"
    await receive(runtime, message("", "3", kind="back"))
    assert (await the_person(runtime)).no_news == "" and len(channel.sent) == 1
    await receive(runtime, message("unsubscribe", "4"))
    await receive(runtime, message("", "5", kind="left"))
    await receive(runtime, message("", "6", kind="back"))
    assert (await the_person(runtime)).no_news == "asked", "who asked for none still gets none"


async def test_a_telegram_start_brings_news_back_and_is_answered(runtime: Runtime, engine: StandInEngine) -> None:
    await receive(runtime, message("unsubscribe", "1"))
    await receive(runtime, message("/start", "2", kind="payload", payload="/start"))
    assert (await the_person(runtime)).no_news == "" and engine.calls[-1]["payload"] == "/start"


async def test_an_officer_has_the_conversation_and_stop_still_holds(runtime: Runtime) -> None:
    await receive(runtime, message("halo", "1"))
    await set_owner(runtime, "officer")
    await receive(runtime, message("jangan kirim pesan lagi", "2"))
    assert (await the_person(runtime)).no_news == "asked"


@pytest.mark.parametrize("later", [False, True])
async def test_what_the_provider_says_of_a_block_is_noted(
    runtime: Runtime, channel: RecordingChannel, later: bool
) -> None:
    if later:
        await receive(runtime, message())
        (row,) = await rows(runtime, Outgoing)
        await progress.record(runtime, Receipt(row.id, "failed", row.provider_id, "63014", "Diblokir."))
    else:
        channel.failures = [PermanentSendError("21610", "Memilih STOP.")]
        await receive(runtime, message())
    assert (await the_person(runtime)).no_news == "blocked"


# The window


async def test_the_window_moves_only_with_a_messages_own_time(runtime: Runtime) -> None:
    now = datetime.now(UTC)
    old = now - timedelta(hours=20)
    await receive(runtime, message("satu", "1", sent_at=old))
    assert abs((await the_person(runtime)).last_incoming_at - old) < timedelta(seconds=1), "fetched late"
    without_time = message("dua", "2")
    await receive(runtime, without_time)
    await runtime.database.run(text("update conversations set last_incoming_at = now() - interval '20 hours'"))
    assert await inbox.store(runtime, without_time) is None
    assert (await the_person(runtime)).last_incoming_at < now - timedelta(hours=19), "delivered again"
    await receive(runtime, message("tiga", "3", sent_at=now - timedelta(hours=5)))
    await receive(runtime, message("empat", "4", sent_at=now - timedelta(hours=30)))
    last = (await the_person(runtime)).last_incoming_at
    assert abs(last - (now - timedelta(hours=5))) < timedelta(seconds=1), "never backwards"
    await receive(runtime, message("lima", "5", sent_at=now + timedelta(hours=3)))
    assert (await the_person(runtime)).last_incoming_at <= datetime.now(UTC), "never into the future"


# Quotes


async def test_what_is_quoted_reaches_the_engine(runtime: Runtime, engine: StandInEngine) -> None:
    """Our own words where the message is ours, else as the provider told them."""
    await receive(runtime, message("berapa biayanya", "1"))
    (ours,) = await rows(runtime, Outgoing)
    await receive(runtime, message("ini benar?", "2", reply_to=ours.provider_id, quoted="potongan"))
    await receive(runtime, message("yang ini?", "3", reply_to="unknown", quoted="Biaya Rp 0"))
    await receive(runtime, message("maksudnya?", "4", reply_to="update-1"))
    await receive(runtime, message("halo", "5"))
    said = [call["metadata"].get("quoted") for call in engine.calls]
    assert said == [None, "jawaban: berapa biayanya", "Biaya Rp 0", "berapa biayanya", None]


async def test_another_persons_message_is_not_quoted(runtime: Runtime, engine: StandInEngine) -> None:
    await receive(runtime, message("rahasia", "1", address="ani"))
    (hers,) = await rows(runtime, Outgoing)
    await receive(runtime, message("ini?", "2", reply_to=hers.provider_id))
    await receive(runtime, message("ini?", "3", reply_to="update-1"))
    assert [call["metadata"].get("quoted") for call in engine.calls] == [None, None, None]


async def test_a_secret_in_a_quote_is_not_kept(runtime: Runtime) -> None:
    await receive(runtime, message("ini?", "1", reply_to="x", quoted="OTP saya 482913"))
    (row,) = await rows(runtime, Incoming)
    assert "482913" not in row.quoted


# Edits


async def test_an_edited_question_is_answered(runtime: Runtime, channel: RecordingChannel) -> None:
    await receive(runtime, message("syarat izin di kuduz", "1", ref="31"))
    await receive(runtime, message("syarat izin di magetan", "2", edits="31"))
    assert [sent.text for sent in channel.sent] == ["jawaban: syarat izin di kuduz", "jawaban: syarat izin di magetan"]
    first, second = await rows(runtime, Incoming)
    assert second.edits == first.id and first.text == "syarat izin di kuduz"


async def test_an_edit_that_changes_no_word_is_only_kept(runtime: Runtime, channel: RecordingChannel) -> None:
    await receive(runtime, message("syarat izin di kudus", "1", ref="31"))
    await receive(runtime, message("Syarat izin di Kudus?", "2", edits="31"))
    assert len(channel.sent) == 1 and len(await rows(runtime, Incoming)) == 2


async def test_an_edit_before_the_answer_is_answered_instead(runtime: Runtime, engine: StandInEngine) -> None:
    await inbox.store(runtime, message("syarat kuduz", "1", ref="31"))
    stored = await inbox.store(runtime, message("syarat magetan", "2", edits="31"))
    assert stored is not None
    await turn.take_turn(runtime, stored[1])
    assert [call["text"] for call in engine.calls] == ["syarat magetan"]


async def test_an_edit_of_no_word_before_the_answer_is_answered(runtime: Runtime, engine: StandInEngine) -> None:
    await inbox.store(runtime, message("syarat kudus", "1", ref="31"))
    stored = await inbox.store(runtime, message("Syarat Kudus?", "2", edits="31"))
    assert stored is not None
    await turn.take_turn(runtime, stored[1])
    assert [call["text"] for call in engine.calls] == ["Syarat Kudus?"]
    await receive(runtime, message("Syarat, Kudus?", "3", edits="31"))
    assert len(engine.calls) == 1


async def test_a_photo_that_replaces_another_is_kept_and_the_same_one_is_not_kept_twice(
    runtime: Runtime, channel: RecordingChannel
) -> None:
    first, second = (Attachment("photo", f"file-{number}", "", "image/jpeg", 5) for number in "12")
    await receive(runtime, message("syarat kudus", "1", ref="31", kind="photo", attachments=(first,)))
    await receive(runtime, message("syarat magetan", "2", edits="31", kind="photo", attachments=(first,)))
    assert [sent.text.count("Foto Anda sampai") for sent in channel.sent] == [1, 0]
    await receive(runtime, message("syarat magetan", "3", edits="31", kind="photo", attachments=(second,)))
    await receive(runtime, message("", "4", edits="31", kind="photo", attachments=(second,)))
    assert [one.reference for one in await rows(runtime, StoredFile)] == ["file-1", "file-2"]
    assert len(channel.sent) == 3


async def test_with_an_officer_an_edit_is_only_kept(runtime: Runtime, engine: StandInEngine) -> None:
    await receive(runtime, message("satu", "1", ref="31"))
    await set_owner(runtime, "officer")
    await receive(runtime, message("dua", "2", edits="31"))
    assert len(engine.calls) == 1


# Forwards, signs, digits


async def test_a_forward_is_known_as_such(runtime: Runtime, engine: StandInEngine) -> None:
    await receive(runtime, message("transfer 500rb", "1", forwarded=True))
    await receive(runtime, message("transfer 500rb", "2"))
    assert [call["metadata"].get("forwarded") for call in engine.calls] == [True, None]


@pytest.mark.parametrize("kind", ["text", "reaction"])
@pytest.mark.parametrize("words", ["👍", "👍🏽", "👌 ", "✅"])
async def test_a_thumb_is_a_yes_where_one_was_asked_for(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine, kind: str, words: str
) -> None:
    conversation = await receive(runtime, message("halo", "1"))
    async with runtime.database.session() as session:
        await outbox.put(session, conversation, "Kirim laporan ini?", "bot", (Button("Ya, kirim", "/affirm"),))
    await outbox.deliver(runtime, conversation)
    asked = (await rows(runtime, Outgoing))[-1]
    await receive(runtime, message(words, "2", kind=kind, reply_to=asked.provider_id if kind == "reaction" else ""))
    assert engine.calls[-1]["payload"] == "/affirm"


async def test_a_question_without_buttons_hears_the_yes_too(runtime: Runtime, engine: StandInEngine) -> None:
    conversation = await receive(runtime, message("halo", "1"))
    async with runtime.database.session() as session:
        await outbox.put(session, conversation, "Mau saya pandu?\n\nSumber: dokumen", "bot")
    await receive(runtime, message("👍", "2"))
    assert engine.calls[-1]["text"] == signals.YES


async def test_a_thumb_under_an_older_message_agrees_to_nothing(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine
) -> None:
    conversation = await receive(runtime, message("halo", "1"))
    (older,) = await rows(runtime, Outgoing)
    async with runtime.database.session() as session:
        await outbox.put(session, conversation, "Kirim laporan ini?", "bot", (Button("Ya, kirim", "/affirm"),))
    await receive(runtime, message("👍", "2", kind="reaction", reply_to=older.provider_id))
    assert len(engine.calls) == 1


async def test_elsewhere_a_sign_is_a_thank_you(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine
) -> None:
    await receive(runtime, message("halo", "1"))
    await receive(runtime, message("🙏🙏", "2"))
    assert channel.sent[-1].text == wording.THANKED.text
    await receive(runtime, message("❤️", "3", kind="reaction"))
    assert len(channel.sent) == 2 and len(engine.calls) == 1, "a reaction needs no answer"


@pytest.mark.parametrize(("step", "narrates"), [("story", True), ("place", True), ("files", False)])
async def test_digits_in_a_narrative_belong_to_it(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine, step: str, narrates: bool
) -> None:
    conversation = await receive(runtime, message("menu", "1"))
    await runtime.database.run(
        text("insert into complaints (conversation_id, status, step) values (:id, 'drafting', :step)"),
        {"id": conversation, "step": step},
    )
    await receive(runtime, message("1", "2"))
    assert (engine.calls[-1].get("text") == "1") is narrates
