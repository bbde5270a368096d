"""Odd orders of people and providers, through both real channels: their webhooks in, their counterparts out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import text

from bot.conversations import missed, wording
from bot.conversations.models import Conversation, Incoming, Outgoing, StoredFile
from bot.conversations.runtime import Runtime
from bot.messages import Button
from tests.channels.test_telegram_updates import SRI
from tests.channels.test_whatsapp_updates import BUDI, MEDIA
from tests.conversations.both_channels import BEGUN, Chats, both, ours, photo, telegram_message
from tests.helpers.engine import StandInEngine
from tests.helpers.runtime import rows
from tests.peers.twilio_api import PUBLIC, SENDER

_OLDER = text("update incoming_messages set received_at = received_at - interval '3 seconds'")
_AWAY_SINCE = text("""
insert into lookbacks (channel, looked_until) values ('whatsapp', now() - interval '12 hours')
on conflict (channel) do update set looked_until = excluded.looked_until
""")
_GONE = text("delete from outgoing_messages")
NEW = (Button("Biaya", "/ask_cost"), Button("Syarat", "/ask_requirements"))
OLD = (Button("Kudus", "/choose_kudus"), Button("Magetan", "/choose_magetan"))


@pytest.fixture
async def chats(runtime: Runtime) -> AsyncIterator[Chats]:
    async with both(runtime) as found:
        yield found


# Edits


async def test_an_edited_number_chooses_nothing_of_a_later_menu(chats: Chats, engine: StandInEngine) -> None:
    await chats.write(1, "halo")
    await chats.say("Di mana?", OLD)
    await chats.write(2, "1")
    assert engine.calls[-1]["payload"] == "/choose_kudus"
    await chats.say("Apa yang ditanyakan?", NEW)
    await chats.edit(2, "2")
    assert [call.get("payload") for call in engine.calls[1:]] == ["/choose_kudus"]
    assert (await chats.said())[-1] == wording.STALE_MENU


async def test_a_number_edited_before_it_was_read_chooses(chats: Chats, engine: StandInEngine) -> None:
    await chats.write(1, "halo")
    await chats.say("Di mana?", OLD)
    await chats.write(2, "1", wait=True)
    await chats.edit(2, "2")
    assert [call.get("payload") for call in engine.calls[1:]] == ["/choose_magetan"]


async def test_an_edit_into_a_thumb_is_a_thumb(chats: Chats, engine: StandInEngine) -> None:
    await chats.write(1, "halo")
    await chats.say("Kirim laporan ini?", (Button("Ya, kirim", "/affirm"),))
    await chats.edit(1, "👍")
    assert engine.calls[-1]["payload"] == "/affirm"


async def test_an_edit_that_overtakes_its_original_is_answered_alone(chats: Chats, engine: StandInEngine) -> None:
    """Telegram's server keeps edits and new messages in queues of their own: one may wait for its repetition."""
    await chats.write(1, "halo")
    await chats.edit(2, "syarat magetan")
    await chats.edit(2, "Syarat Magetan?")
    await chats.write(2, "syarat kuduz")
    assert [call["text"] for call in engine.calls] == ["halo", "syarat magetan"]
    await chats.edit(2, "syarat pariaman")
    await chats.write(3, "syarat kudus")
    assert [call["text"] for call in engine.calls[2:]] == ["syarat pariaman", "syarat kudus"]
    late = (await rows(chats.runtime, Incoming))[3]
    assert (late.text, late.outcome) == ("syarat kuduz", "noted"), "nothing that was sent vanishes"


async def test_an_edit_that_overtakes_its_original_before_the_answer_too(chats: Chats, engine: StandInEngine) -> None:
    await chats.edit(2, "syarat magetan", wait=True)
    await chats.write(2, "syarat kuduz", wait=True)
    await chats.answer()
    assert [call["text"] for call in engine.calls] == ["syarat magetan"]


async def test_a_new_bot_counts_its_messages_anew(chats: Chats, engine: StandInEngine) -> None:
    await chats.write(5, "halo")
    again = telegram_message(5) | {"text": "apa kabar", "date": BEGUN + 100_000}
    await chats.update(message=again)
    assert [call["text"] for call in engine.calls] == ["halo", "apa kabar"]


async def test_a_wish_that_is_put_right_is_not_heard_twice(chats: Chats) -> None:
    await chats.write(1, "jangan kirim pesan lagi")
    await chats.write(2, "START")
    await chats.edit(1, "Jangan kirim pesan lagi!")
    assert await chats.said() == [wording.NO_NEWS.text, wording.NEWS_AGAIN.text]
    assert (await rows(chats.runtime, Conversation))[0].no_news == ""
    await chats.edit(2, "stop ya")
    assert (await rows(chats.runtime, Conversation))[0].no_news == "asked"


# Albums


async def test_the_caption_of_the_second_item_is_answered_once_and_its_edit_too(
    chats: Chats, engine: StandInEngine
) -> None:
    for number in (1, 2, 3):
        caption = {"caption": "biaya kuduz?"} if number == 2 else {}
        await chats.write(number, wait=True, **photo(f"f{number}", "album"), **caption)
    await chats.runtime.database.run(_OLDER)
    await chats.answer()
    assert [call["text"] for call in engine.calls] == ["biaya kuduz?"]
    await chats.edit(2, **photo("f2", "album"), caption="biaya magetan?")
    await chats.edit(2, **photo("f2", "album"), caption="Biaya Magetan")
    await chats.edit(2, **photo("f2", "album"))
    assert [call["text"] for call in engine.calls] == ["biaya kuduz?", "biaya magetan?"]
    assert len(await chats.said()) == 2 and len(await rows(chats.runtime, StoredFile)) == 3


async def test_a_caption_edited_before_the_album_was_read_is_the_one_that_is_answered(
    chats: Chats, engine: StandInEngine
) -> None:
    await chats.write(1, wait=True, **photo("f1", "album"))
    await chats.write(2, wait=True, **photo("f2", "album"), caption="biaya kuduz?")
    await chats.edit(2, wait=True, **photo("f2", "album"), caption="biaya magetan?")
    await chats.runtime.database.run(_OLDER)
    await chats.answer()
    assert [call["text"] for call in engine.calls] == ["biaya magetan?"]
    assert len(await rows(chats.runtime, StoredFile)) == 2


async def test_photos_on_whatsapp_with_words_under_one_of_them(chats: Chats, engine: StandInEngine) -> None:
    picture = {"NumMedia": "1", "MediaUrl0": MEDIA, "MediaContentType0": "image/jpeg", "MessageType": "image"}
    await chats.post(**picture)
    await chats.post(**picture, Body="berapa biayanya?")
    await chats.post(**picture)
    first, second = await chats.said()
    assert first == wording.MEDIA["photo"].text and second.endswith("jawaban: berapa biayanya?")
    assert len(await rows(chats.runtime, StoredFile)) == 3


# Quotes and numbers


async def test_a_number_under_an_older_menu_chooses_from_that_one(chats: Chats, engine: StandInEngine) -> None:
    await chats.write(1, "halo")
    older = await chats.say("Di mana?", OLD)
    await chats.say("Apa yang ditanyakan?", NEW)
    await chats.write(2, "2", reply_to_message=ours(older))
    assert engine.calls[-1]["payload"] == "/choose_magetan"


@pytest.mark.parametrize("words", ["2", "no 2", "yang kedua", "2️⃣", "nomor dua"])
async def test_a_stale_number_never_chooses_however_it_is_written(
    chats: Chats, engine: StandInEngine, words: str
) -> None:
    await chats.write(1, "halo")
    await chats.say("Di mana?", OLD)
    await chats.write(2, "apa itu OSS")  # the answer has no menu
    await chats.write(3, words)
    assert (await chats.said())[-1] == wording.STALE_MENU and len(engine.calls) == 2
    await chats.write(4, words)
    assert engine.calls[-1]["payload"] == "/choose_magetan"


async def test_words_for_numbers_without_a_menu_are_words(chats: Chats, engine: StandInEngine) -> None:
    await chats.write(1, "pertama")
    assert engine.calls[-1]["text"] == "pertama"


async def test_a_quoted_message_of_ours_that_is_gone_from_here_is_quoted_as_the_provider_shows_it(
    chats: Chats, engine: StandInEngine
) -> None:
    await chats.write(1, "halo")
    menu = await chats.say("Di mana?", OLD)
    await chats.runtime.database.run(_GONE)
    await chats.write(2, "yang ini berapa", reply_to_message=ours(menu))
    assert engine.calls[-1]["metadata"]["quoted"] == "Di mana?"
    await chats.react(int(menu.provider_id), "👍")
    assert len(engine.calls) == 2


async def test_words_quoted_from_another_chat_are_what_it_is_about(chats: Chats, engine: StandInEngine) -> None:
    """Telegram's "reply in another chat"."""
    quoted = {"text": "Bayar Rp 500.000 agar izin terbit", "position": 0, "is_manual": True}
    origin = {"type": "hidden_user", "sender_user_name": "Calo", "date": BEGUN}
    await chats.write(1, "ini benar?", external_reply={"origin": origin}, quote=quoted)
    assert engine.calls[-1]["metadata"]["quoted"] == quoted["text"]


# Reactions


async def test_a_thumb_agrees_to_our_newest_question_only(chats: Chats, engine: StandInEngine) -> None:
    await chats.write(1, "halo")
    asked = await chats.say("Kirim laporan ini?", (Button("Ya, kirim", "/affirm"),))
    await chats.react(1, "👍")  # their own message
    await chats.react(88_001, "👍")  # one that is not known here
    assert len(engine.calls) == 1
    await chats.react(int(asked.provider_id), "👍")
    assert engine.calls[-1]["payload"] == "/affirm"


async def test_a_typed_thumb_under_an_older_message_agrees_to_nothing(chats: Chats, engine: StandInEngine) -> None:
    await chats.write(1, "halo")
    older = await chats.say("Biayanya Rp 0.")
    asked = await chats.say("Kirim laporan ini?", (Button("Ya, kirim", "/affirm"),))
    await chats.write(2, "👍", reply_to_message=ours(older))
    await chats.write(3, "👍", reply_to_message=telegram_message(1) | {"text": "halo"})
    assert len(engine.calls) == 1 and (await chats.said())[-1] == wording.THANKED.text
    await chats.write(4, "👍", reply_to_message=ours(asked))
    assert len(engine.calls) == 1, "meanwhile we have said other things"


async def test_only_what_was_added_is_a_sign(chats: Chats, engine: StandInEngine) -> None:
    await chats.write(1, "halo")
    asked = await chats.say("Kirim laporan ini?", (Button("Ya, kirim", "/affirm"),))
    number = int(asked.provider_id)
    await chats.react(number, "👍", old="👍❤")  # the heart is taken away
    await chats.react(number, "👍🙏", old="👍")
    await chats.react(number, "", old="👍🙏")
    assert len(engine.calls) == 1
    await chats.react(number, "🙏👍", old="🙏")
    assert engine.calls[-1]["payload"] == "/affirm"


async def test_a_reaction_on_whatsapp_under_what_is_not_ours(chats: Chats, engine: StandInEngine) -> None:
    await chats.post(Body="halo")
    asked = await chats.say("Kirim laporan ini?", (Button("Ya, kirim", "/affirm"),))
    await chats.post(MessageType="reaction", Body="👍", OriginalRepliedMessageSid="SM" + "e" * 32)
    await chats.post(MessageType="reaction", Body="👍")
    await chats.post(MessageType="reaction", OriginalRepliedMessageSid=asked.provider_id)
    assert len(engine.calls) == 1
    await chats.post(MessageType="reaction", Body="👍🏽", OriginalRepliedMessageSid=asked.provider_id)
    assert engine.calls[-1]["payload"] == "/affirm"


# Forwards


@pytest.mark.parametrize(
    "origin",
    [
        {"type": "hidden_user", "sender_user_name": "Admin OSS"},
        {"type": "user", "sender_user": SRI},
        {"type": "channel", "chat": {"id": -100, "type": "channel", "title": "Info"}, "message_id": 3},
    ],
)
async def test_somebody_elses_stop_is_no_wish(chats: Chats, engine: StandInEngine, origin: dict[str, Any]) -> None:
    await chats.write(1, "jangan kirim pesan lagi", forward_origin=origin | {"date": 1})
    assert (await rows(chats.runtime, Conversation))[0].no_news == ""
    assert engine.calls[-1]["metadata"]["forwarded"] is True


async def test_what_twilio_took_for_a_stop_is_one(chats: Chats) -> None:
    await chats.post(Body="STOP", OptOutType="STOP", Forwarded="true")
    assert (await rows(chats.runtime, Conversation))[0].no_news == "asked"


async def test_a_forwarded_rich_message_is_read(chats: Chats, engine: StandInEngine) -> None:
    blocks = [
        {"type": "heading", "text": "Biaya izin", "size": 1},
        {"type": "paragraph", "text": ["Transfer ", {"type": "bold", "text": "Rp 500.000"}, " hari ini"]},
        {"type": "list", "items": [{"label": "1", "blocks": [{"type": "paragraph", "text": "ke rekening ini"}]}]},
    ]
    await chats.write(
        1, rich_message={"blocks": blocks}, forward_origin={"type": "user", "sender_user": SRI, "date": 1}
    )
    assert engine.calls[-1]["text"] == "Biaya izin\nTransfer Rp 500.000 hari ini\nke rekening ini"
    assert engine.calls[-1]["metadata"]["forwarded"] is True


# Receipts


@pytest.mark.parametrize("order", [*permutations(("sent", "delivered", "read", "undelivered"))])
async def test_callbacks_in_any_order_end_alike(chats: Chats, order: tuple[str, ...]) -> None:
    await chats.post(Body="halo")
    (ours,) = await rows(chats.runtime, Outgoing)
    for status in order * 2:
        code = {"ErrorCode": "63024"} if status == "undelivered" else {}
        path = f"/webhooks/whatsapp/status?message={ours.id}"
        await chats.post(path=path, MessageStatus=status, SmsStatus=status, MessageSid=ours.provider_id, **code)
    (ours,) = await rows(chats.runtime, Outgoing)
    assert (ours.status, ours.error_code) == ("read", "63024")


# The window


async def hours_since(chats: Chats) -> float:
    """Since the last message of the only person, as the window counts."""
    (person,) = await rows(chats.runtime, Conversation)
    return round((datetime.now(UTC) - person.last_incoming_at).total_seconds() / 3600, 1)


async def test_the_window_runs_from_the_messages_own_time_whichever_way_it_comes(chats: Chats) -> None:
    first, second = "SM" + "a" * 32, "SM" + "b" * 32
    await chats.post(Body="halo", MessageSid=first, SmsMessageSid=first, SmsSid=first)
    await chats.runtime.database.run(text("update conversations set last_incoming_at = now() - interval '23 hours'"))
    again = {"ErrorCode": "11200", "ErrorUrl": f"{PUBLIC}/webhooks/whatsapp"}  # by the fallback address
    await chats.post(Body="halo", MessageSid=first, SmsMessageSid=first, SmsSid=first, **again)
    (ours,) = await rows(chats.runtime, Outgoing)
    await chats.post(path=f"/webhooks/whatsapp/status?message={ours.id}", MessageStatus="read", MessageSid=first)
    assert await hours_since(chats) == 23.0
    made = format_datetime(datetime.now(UTC) - timedelta(hours=5))
    found = {"sid": second, "from": BUDI, "to": SENDER, "body": "masih di sana?", "direction": "inbound"}
    chats.twilio.listed = [found | {"num_media": "0", "date_created": made, "date_sent": made, "status": "received"}]
    await chats.runtime.database.run(_AWAY_SINCE)
    assert await missed.fetch_missed(chats.runtime) == 1
    assert await hours_since(chats) == 5.0
    await chats.post(Body="masih di sana?", MessageSid=second, SmsMessageSid=second, SmsSid=second)  # it came after all
    assert await hours_since(chats) == 5.0 and len(await rows(chats.runtime, Incoming)) == 2


# Senders


async def test_what_was_meant_for_another_number_of_the_messaging_service_is_not_ours(chats: Chats) -> None:
    service = {"MessagingServiceSid": "MG" + "1" * 32}
    await chats.post(Body="halo", To="whatsapp:+14155550000", **service)
    assert await rows(chats.runtime, Incoming) == []
    await chats.post(Body="halo", **service)
    assert await chats.said() == ["jawaban: halo"]


async def test_somebody_with_a_user_name_and_no_number_is_answered(chats: Chats) -> None:
    """https://www.twilio.com/en-us/changelog/whatsapp-bsuid-format-in-conversations-and-webhook-fields"""
    nobody = {"From": "whatsapp:ID.13491208655302741918", "WaId": "-", "ExternalUserIdentifier": "ID.1349"}
    await chats.post(Body="halo", **nobody)
    (sent,) = await rows(chats.runtime, Outgoing)
    assert sent.status == "sent" and (await rows(chats.runtime, Conversation))[0].address == nobody["From"]
