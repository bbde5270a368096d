"""Messages to Twilio: text, quick replies, lists, numbered menus, and what we make of refusals."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import Response

from bot.channels.base import PermanentSendError, TemporarySendError
from bot.channels.menus import HINT
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.content import REFUSED, plan
from bot.messages import Attachment, Button, OutgoingFile, OutgoingMessage
from tests.channels.conftest import Inbox, Ledger, Shelf, settings, whatsapp_to
from tests.channels.test_whatsapp_updates import BUDI, MEDIA
from tests.peers.twilio_api import ACCOUNT, PUBLIC, SENDER, TwilioApi, content_problems, error, filled

LANJUT, KEMBALI = Button("Lanjut", "/guide_next"), Button("Kembali", "/guide_back")
MENU = tuple(Button(f"Pilihan nomor {number}", f'/inform{{"topic":"t{number}"}}') for number in range(1, 11))
CALLBACK = f"{PUBLIC}/webhooks/whatsapp/status?message=12"


def outgoing(text: str = "Halo", *buttons: Button, window_open: bool = True, address: str = BUDI) -> OutgoingMessage:
    return OutgoingMessage(12, "whatsapp", address, text, buttons, window_open)


def content_of(twilio: TwilioApi) -> dict[str, Any]:
    """The last message's content as the person sees it: one that Twilio and WhatsApp take."""
    sent = twilio.messages[-1]
    made = twilio.contents[sent["ContentSid"]]
    shown: dict[str, Any] = made | {"types": filled(made["types"], json.loads(sent["ContentVariables"]))}
    assert content_problems(shown) == []
    return shown


async def test_a_text(whatsapp_channel: WhatsAppChannel, twilio: TwilioApi) -> None:
    assert (await whatsapp_channel.send(outgoing("Halo & selamat datang"))).startswith("SM")
    assert twilio.messages == [
        {"To": BUDI, "From": SENDER, "Body": "Halo & selamat datang", "StatusCallback": CALLBACK}
    ]


async def test_up_to_three_short_buttons_are_quick_replies(
    whatsapp_channel: WhatsAppChannel, twilio: TwilioApi
) -> None:
    await whatsapp_channel.send(outgoing("Langkah 3\nBuka situs.", LANJUT, KEMBALI))
    (sent,) = twilio.messages
    content = content_of(twilio)
    assert json.loads(sent["ContentVariables"])["1"] == "Langkah 3\nBuka situs."
    assert "Body" not in sent
    assert re.fullmatch(rf"{re.escape(CALLBACK)}&content=menu-[0-9a-f]{{32}}", sent["StatusCallback"])
    assert content["types"] == {
        "twilio/quick-reply": {
            "body": "Langkah 3\nBuka situs.",
            "actions": [
                {"type": "QUICK_REPLY", "title": "Lanjut", "id": "/guide_next"},
                {"type": "QUICK_REPLY", "title": "Kembali", "id": "/guide_back"},
            ],
        }
    }


@pytest.mark.parametrize("buttons", [MENU, MENU[:4], (Button("Judul 21 huruf panjang", "/a"),)])
async def test_more_or_longer_buttons_are_a_list(
    whatsapp_channel: WhatsAppChannel, twilio: TwilioApi, buttons: tuple[Button, ...]
) -> None:
    await whatsapp_channel.send(outgoing("Pilih:", *buttons))
    picker = content_of(twilio)["types"]["twilio/list-picker"]
    assert [(item["item"], item["id"]) for item in picker["items"]] == [(b.title, b.payload) for b in buttons]


async def test_a_menu_is_created_once_whatever_the_text(
    whatsapp_channel: WhatsAppChannel, twilio: TwilioApi, shelf: Shelf, inbox: Inbox, ledger: Ledger
) -> None:
    await whatsapp_channel.send(outgoing("Langkah 1", LANJUT, KEMBALI))
    await whatsapp_channel.send(outgoing("Langkah 2", LANJUT, KEMBALI))
    after_restart = whatsapp_to(twilio, inbox, ledger, shelf)
    await after_restart.send(outgoing("Langkah 3", LANJUT, KEMBALI))
    await after_restart.stop()
    assert len(twilio.contents) == 1
    assert list(shelf.sids.values()) == list(twilio.contents)
    await whatsapp_channel.send(
        outgoing("Langkah 4", KEMBALI, Button("PDU-7K3M-9XQ4", '/track_status{"number":"PDU"}'))
    )
    assert len(twilio.contents) == 1, "whatever the buttons: one for each shape"
    await whatsapp_channel.send(outgoing("Langkah 5", LANJUT))
    assert len(twilio.contents) == 2


async def test_nothing_of_anybody_stays_in_a_content(whatsapp_channel: WhatsAppChannel, twilio: TwilioApi) -> None:
    secret = Button("PDU-7K3M-9XQ4", '/track_status{"number":"PDU-7K3M-9XQ4"}')
    await whatsapp_channel.send(outgoing("Permohonan Bu Rina", secret))
    await whatsapp_channel.send(outgoing("Permohonan Bu Rina", secret, *MENU[:5]))
    kept = json.dumps(twilio.contents)
    assert len(twilio.contents) == 2
    assert not any(word in kept for word in ("PDU", "Rina", "track_status", MENU[0].title, MENU[0].payload))


async def test_what_earlier_versions_left_at_twilio_is_deleted(
    whatsapp_channel: WhatsAppChannel, twilio: TwilioApi, shelf: Shelf
) -> None:
    await whatsapp_channel.send(outgoing("Langkah 1", LANJUT))
    present = dict(shelf.sids)
    old = {f"pandu-{number:032d}": f"HX{number:032d}" for number in range(3)}
    shelf.sids |= old | {"menu-over": f"{REFUSED}1", "menu-still": f"{REFUSED}99999999999"}
    twilio.contents |= {sid: {} for sid in list(old.values())[:2]} | {old["pandu-" + "0" * 32]: {"types": {}}}
    twilio.contents[list(old.values())[1]] = {"types": {}}
    twilio.content_failures.append(error(503, 20503))
    assert await whatsapp_channel.tidy() == 3, "the one that Twilio does not delete now stays, the unknown one is gone"
    assert await whatsapp_channel.tidy() == 1
    assert shelf.sids == present | {"menu-still": f"{REFUSED}99999999999"}
    assert list(twilio.contents) == list(present.values())


NUMBERED = f"Pilih:\n\n1. Lanjut\n2. Kembali\n{HINT}"


@pytest.mark.parametrize(
    ("message", "body"),
    [
        (outgoing("Pilih:", LANJUT, KEMBALI, window_open=False), NUMBERED),
        (outgoing("Pilih:", *MENU, Button("Sebelas", "/s")), "11. Sebelas"),
        (outgoing("Pilih:", Button("Judul yang lebih dari dua puluh empat", "/a")), "1. Judul yang"),
        (outgoing("Pilih:", Button("Lanjut", "/a"), Button("Lanjut", "/b")), "2. Lanjut"),
        (outgoing("Isi {{1}}", LANJUT), "1. Lanjut"),
        (outgoing("x" * 1025, LANJUT), "1. Lanjut"),
        (outgoing("", LANJUT), "1. Lanjut"),
        (outgoing("Pilih:", Button("Panjang", "/" + "a" * 200)), "1. Panjang"),
    ],
)
async def test_what_whatsapp_cannot_show_is_a_numbered_text(
    whatsapp_channel: WhatsAppChannel, twilio: TwilioApi, message: OutgoingMessage, body: str
) -> None:
    await whatsapp_channel.send(message)
    assert body in twilio.messages[0]["Body"]
    assert twilio.messages[0]["Body"].endswith(HINT)
    assert twilio.contents == {}


async def test_the_longest_text_still_fits_with_the_longest_menu(
    whatsapp_channel: WhatsAppChannel, twilio: TwilioApi
) -> None:
    menu = [Button(f"{number:02} judul dua empat huruf"[:24], f"/{number}") for number in range(10)]
    await whatsapp_channel.send(outgoing("x" * whatsapp_channel.max_text, *menu))
    assert len(twilio.messages[0]["Body"]) <= 1600


async def test_a_text_that_cannot_fit_is_refused_here(whatsapp_channel: WhatsAppChannel, twilio: TwilioApi) -> None:
    with pytest.raises(PermanentSendError, match="too_long"):
        await whatsapp_channel.send(outgoing("x" * 1601))
    assert twilio.messages == []


@pytest.mark.parametrize("refusal", [error(400, 20001), error(500, 20500), error(429, 20429), Response("<html>")])
async def test_a_menu_that_cannot_be_created_goes_as_text_and_is_not_tried_every_time(
    whatsapp_channel: WhatsAppChannel, twilio: TwilioApi, refusal: Response
) -> None:
    twilio.content_failures.append(refusal)
    for _ in range(2):
        await whatsapp_channel.send(outgoing("Pilih:", LANJUT, KEMBALI))
    assert [message["Body"] for message in twilio.messages] == [NUMBERED, NUMBERED]
    assert twilio.contents == {}


@pytest.mark.parametrize("code", [21656, 63013, 63021, 92005])
async def test_a_menu_that_is_refused_at_sending_goes_as_text_for_a_day(
    whatsapp_channel: WhatsAppChannel, twilio: TwilioApi, shelf: Shelf, code: int
) -> None:
    twilio.failures.append(error(400, code))
    assert await whatsapp_channel.send(outgoing("Pilih:", LANJUT, KEMBALI))
    await whatsapp_channel.send(outgoing("Pilih:", LANJUT, KEMBALI))
    assert [message.get("Body") for message in twilio.messages] == [None, NUMBERED, NUMBERED]
    (key,) = [one for one in shelf.sids if one.startswith("menu-")]
    await whatsapp_channel.send(outgoing("Pilih:", KEMBALI, LANJUT))
    assert "ContentSid" in twilio.messages[-1], "other menus of the same shape are not refused"
    shelf.sids[key] = f"{REFUSED}{int(time.time()) - 1}"  # the day is over
    await whatsapp_channel.send(outgoing("Pilih:", LANJUT, KEMBALI))
    assert "ContentSid" in twilio.messages[-1]


async def test_a_menu_that_was_deleted_at_twilio_is_created_anew(
    whatsapp_channel: WhatsAppChannel, twilio: TwilioApi, shelf: Shelf
) -> None:
    await whatsapp_channel.send(outgoing("Pilih:", LANJUT))
    twilio.contents.clear()
    assert await whatsapp_channel.send(outgoing("Pilih:", LANJUT))
    assert list(shelf.sids.values()) == list(twilio.contents)
    assert twilio.messages[-1]["ContentSid"] in twilio.contents


@pytest.mark.parametrize(
    ("answer", "code", "temporary", "retry_after"),
    [
        (error(400, 63016), "63016", False, None),
        (error(400, 63003), "63003", False, None),
        (error(400, 21211), "21211", False, None),
        (error(400, 21610), "21610", False, None),
        (error(400, 63007), "63007", True, 60),
        (error(400, 12345), "12345", False, None),
        (error(400, 63018), "63018", True, 60),
        (error(429, 20429), "429", True, 5),
        (error(429, 20429, Retry_After="9"), "429", True, 9),
        (error(429, 20429, Retry_After="Wed, 21 Oct 2026 07:28:00 GMT"), "429", True, 5),
        (error(401, 20003), "20003", True, 60),
        (error(500, 20500), "20500", True, None),
        (error(503, 20503), "503", True, None),
        (Response("gateway", 502), "502", True, None),
        (Response("<html>", 200), "bad_answer", True, None),
    ],
)
async def test_refusals(
    whatsapp_channel: WhatsAppChannel,
    twilio: TwilioApi,
    answer: Response,
    code: str,
    temporary: bool,
    retry_after: float | None,
) -> None:
    twilio.failures.append(answer)
    with pytest.raises(TemporarySendError if temporary else PermanentSendError) as refused:
        await whatsapp_channel.send(outgoing())
    assert (refused.value.code, refused.value.retry_after) == (code, retry_after)
    assert refused.value.explanation.endswith(".")


async def test_a_refusal_that_is_not_the_menus_fault_is_not_sent_twice(
    whatsapp_channel: WhatsAppChannel, twilio: TwilioApi
) -> None:
    twilio.failures.append(error(400, 63016))
    with pytest.raises(PermanentSendError, match="63016"):
        await whatsapp_channel.send(outgoing("Pilih:", LANJUT))
    assert len(twilio.messages) == 1


async def test_an_unreachable_twilio_is_a_passing_trouble(inbox: Inbox, ledger: Ledger, shelf: Shelf) -> None:
    channel = WhatsAppChannel(settings(twilio_api_url="http://127.0.0.1:9"), inbox, ledger, shelf)
    with pytest.raises(TemporarySendError, match="network"):
        await channel.send(outgoing("Pilih:", LANJUT))
    with pytest.raises(TemporarySendError, match="network"):
        await channel.fetch(Attachment("photo", MEDIA), 10)
    await channel.stop()


async def test_without_a_public_address_no_callback_is_asked_for(
    twilio: TwilioApi, inbox: Inbox, ledger: Ledger, shelf: Shelf
) -> None:
    channel = whatsapp_to(twilio, inbox, ledger, shelf, public_url="")
    await channel.send(outgoing())
    await channel.stop()
    assert "StatusCallback" not in twilio.messages[0]


async def test_an_address_of_another_channel_is_refused_at_once(
    whatsapp_channel: WhatsAppChannel, twilio: TwilioApi
) -> None:
    with pytest.raises(PermanentSendError, match="bad_address"):
        await whatsapp_channel.send(outgoing(address="5120001"))
    await whatsapp_channel.typing(BUDI)
    assert twilio.messages == []


def test_a_menus_key_depends_on_the_buttons_only() -> None:
    one, other = plan("Langkah 1", (LANJUT,)), plan("Langkah 2", (LANJUT,))
    assert one is not None and other is not None
    assert one.key == other.key
    third = plan("Langkah 1", (KEMBALI,))
    assert third is not None and third.key != one.key and third.shape == one.shape
    assert ACCOUNT not in str(one)


async def test_news_after_24_hours_go_as_the_approved_template(
    whatsapp_channel: WhatsAppChannel, twilio: TwilioApi
) -> None:
    news = OutgoingMessage(12, "whatsapp", BUDI, "Kabar", (LANJUT,), False, {"1": "PDU-7K3M-9XQ4", "2": "Perbaikan"})
    with pytest.raises(PermanentSendError) as refused:
        await whatsapp_channel.send(news)
    assert refused.value.code == "no_template" and "Lewat 24 jam" in refused.value.explanation
    whatsapp_channel._templates["news"] = "HX" + "1" * 32
    twilio.contents["HX" + "1" * 32] = {
        "friendly_name": "kabar",
        "types": {"twilio/text": {"body": "Permohonan {{1}}: {{2}}"}},
    }
    await whatsapp_channel.send(news)
    sent = twilio.messages[-1]
    assert sent["ContentSid"] == "HX" + "1" * 32 and "Body" not in sent
    assert json.loads(sent["ContentVariables"]) == {"1": "PDU-7K3M-9XQ4", "2": "Perbaikan"}
    within = OutgoingMessage(13, "whatsapp", BUDI, "Kabar", (), True, {"1": "x", "2": "y"})
    await whatsapp_channel.send(within)
    assert twilio.messages[-1]["Body"] == "Kabar"


async def test_an_officers_reply_after_24_hours_has_a_template_of_its_own(
    whatsapp_channel: WhatsAppChannel, twilio: TwilioApi
) -> None:
    values = {"template": "reply", "1": "Rina", "2": "Berkas Anda lengkap."}
    late = OutgoingMessage(12, "whatsapp", BUDI, "Berkas Anda lengkap.", (), False, values)
    with pytest.raises(PermanentSendError, match="PANDU_WHATSAPP_REPLY_TEMPLATE"):
        await whatsapp_channel.send(late)
    whatsapp_channel._templates["reply"] = "HX" + "2" * 32
    twilio.contents["HX" + "2" * 32] = {"types": {"twilio/text": {"body": "Petugas {{1}}: {{2}}"}}}
    await whatsapp_channel.send(late)
    assert json.loads(twilio.messages[-1]["ContentVariables"]) == {"1": "Rina", "2": "Berkas Anda lengkap."}


async def test_a_file_goes_out_as_an_address_that_twilio_fetches(
    whatsapp_channel: WhatsAppChannel, twilio: TwilioApi
) -> None:
    file = OutgoingFile(Path("x.pdf"), "surat.pdf", "application/pdf", "document", f"{PUBLIC}/files/abc")
    assert await whatsapp_channel.send(OutgoingMessage(12, "whatsapp", BUDI, "", file=file))
    assert twilio.messages[-1]["MediaUrl"] == f"{PUBLIC}/files/abc" and "Body" not in twilio.messages[-1]
    hidden = replace(file, url="")
    with pytest.raises(PermanentSendError, match="PANDU_PUBLIC_URL"):
        await whatsapp_channel.send(OutgoingMessage(12, "whatsapp", BUDI, "", file=hidden))


async def test_typing_is_shown_for_the_message_that_is_answered(
    whatsapp_channel: WhatsAppChannel, twilio: TwilioApi
) -> None:
    sid = "SM" + "a" * 32
    await whatsapp_channel.typing(BUDI, sid)
    assert twilio.typed == [{"channel": "whatsapp", "messageId": sid}]
    twilio.failures.extend([error(400, 20001), error(503, 20503)])
    await whatsapp_channel.typing(BUDI, sid)
    await whatsapp_channel.typing(BUDI, sid)
    await whatsapp_channel.typing(BUDI)
    await whatsapp_channel.typing(BUDI, "bukan-sid")
    assert len(twilio.typed) == 3
