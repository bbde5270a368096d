"""Twilio's forms, as Twilio sends them, and what becomes of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Ignored, Receipt
from bot.channels.whatsapp.errors import ERRORS
from bot.channels.whatsapp.kind import WhatsApp
from bot.channels.whatsapp.updates import normal_address, receipt, translate
from bot.messages import Attachment, IncomingMessage
from tests.channels.conftest import settings
from tests.peers.twilio_api import ACCOUNT, SENDER

BUDI = "whatsapp:+6281200000001"
SID = "SM0123456789abcdef0123456789abcdef"
OURS = "MM0123456789abcdef0123456789abcdef"
MEDIA = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1"


def form(**changes: str) -> dict[str, str]:
    """What comes with every message, and `changes`; a value of "-" takes a field away."""
    fields = {
        "SmsMessageSid": SID,
        "NumMedia": "0",
        "ProfileName": "Budi Santoso",
        "MessageType": "text",
        "SmsSid": SID,
        "WaId": "6281200000001",
        "SmsStatus": "received",
        "Body": "",
        "To": SENDER,
        "NumSegments": "1",
        "ReferralNumMedia": "0",
        "MessageSid": SID,
        "AccountSid": ACCOUNT,
        "ChannelMetadata": '{"type":"whatsapp","data":{"context":{"ProfileName":"Budi Santoso"}}}',
        "From": BUDI,
        "ApiVersion": "2010-04-01",
    }
    return {name: value for name, value in (fields | changes).items() if value != "-"}


def media(media_type: str, **changes: str) -> dict[str, str]:
    return form(NumMedia="1", MediaUrl0=MEDIA, MediaContentType0=media_type, **changes)


def told(kind: str, **more: object) -> IncomingMessage:
    return IncomingMessage("whatsapp", BUDI, SID, kind, **({"profile_name": "Budi Santoso"} | more))  # type: ignore[arg-type]


def attached(kind: str, media_type: str) -> tuple[Attachment, ...]:
    return (Attachment(kind, MEDIA, media_type=media_type),)  # type: ignore[arg-type]


MESSAGES: list[tuple[str, dict[str, str], IncomingMessage]] = [
    (
        "a thumb under our message",
        form(MessageType="reaction", Body="👍", OriginalRepliedMessageSid=OURS),
        told("reaction", text="👍", reply_to=OURS),
    ),
    ("forwarded", form(Body="transfer segera", Forwarded="true"), told("text", text="transfer segera", forwarded=True)),
    (
        "forwarded often",
        form(Body="transfer segera", FrequentlyForwarded="true"),
        told("text", text="transfer segera", forwarded=True),
    ),
    ("opted out at Twilio", form(Body="STOP", OptOutType="STOP"), told("text", text="STOP", wish="stop")),
    ("opted in at Twilio", form(Body="START", OptOutType="START"), told("text", text="START", wish="start")),
    ("asked Twilio for help", form(Body="HELP", OptOutType="HELP"), told("text", text="HELP")),
    (
        "a document's own name is no question",
        media("application/pdf", Body="Akta pendirian 2024.pdf"),
        told("document", attachments=(Attachment("document", MEDIA, "Akta pendirian 2024.pdf", "application/pdf"),)),
    ),
    ("text", form(Body="Berapa biayanya?"), told("text", text="Berapa biayanya?")),
    (
        "quick reply",
        form(
            MessageType="button",
            Body="Lanjut",
            ButtonText="Lanjut",
            ButtonPayload="/guide_next",
            OriginalRepliedMessageSid=OURS,
            OriginalRepliedMessageSender=SENDER,
        ),
        told("payload", text="Lanjut", payload="/guide_next", reply_to=OURS),
    ),
    (
        "list",
        form(
            MessageType="interactive",
            Body="Kab. Kudus",
            ListId='/inform{"office":"kudus"}',
            ListTitle="Kab. Kudus",
            ListDescription="Pilihan 1 dari 4",
            OriginalRepliedMessageSid=OURS,
        ),
        told("payload", text="Kab. Kudus", payload='/inform{"office":"kudus"}', reply_to=OURS),
    ),
    (
        "button of a template that carries no payload of ours",
        form(MessageType="button", ButtonText="Ya", ButtonPayload="Ya", Body=""),
        told("text", text="Ya"),
    ),
    ("a payload typed by hand is text", form(Body="/ask_cost"), told("text", text="/ask_cost")),
    (
        "an answer to a message",
        form(Body="yang ini", OriginalRepliedMessageSid=OURS),
        told("text", text="yang ini", reply_to=OURS),
    ),
    (
        "photo with caption",
        media("image/jpeg", Body="KTP", MessageType="image"),
        told("photo", text="KTP", attachments=attached("photo", "image/jpeg")),
    ),
    ("sticker", media("image/webp"), told("sticker", attachments=attached("sticker", "image/webp"))),
    ("voice", media("audio/ogg; codecs=opus"), told("voice", attachments=attached("voice", "audio/ogg"))),
    ("video", media("video/mp4"), told("video", attachments=attached("video", "video/mp4"))),
    ("document", media("application/pdf"), told("document", attachments=attached("document", "application/pdf"))),
    ("text file", media("text/plain"), told("document", attachments=attached("document", "text/plain"))),
    (
        "contact",
        media("text/vcard", MessageType="contacts"),
        told("contact", attachments=attached("contact", "text/vcard")),
    ),
    ("media of no type", media("-"), told("document", attachments=attached("document", ""))),
    ("location", form(Latitude="-6.80", Longitude="110.84", Label="Pabrik"), told("location")),
    ("what Twilio cannot pass on", form(MessageType="unsupported"), told("other")),
    ("no profile name", form(Body="halo", ProfileName="-"), told("text", text="halo", profile_name="")),
    ("strange number of media", form(Body="halo", NumMedia="banyak"), told("text", text="halo")),
    ("negative number of media", form(Body="halo", NumMedia="-1"), told("text", text="halo")),
    ("media that is not there", form(Body="halo", NumMedia="3"), told("text", text="halo")),
    ("control characters", form(Body="a\x00b\u202e"), told("text", text="a\x00b\u202e")),
    ("a shell of a form", {"MessageSid": SID, "From": BUDI, "Body": "x"}, told("text", text="x", profile_name="")),
    ("fields from the future", form(Body="halo", Telepathy="1"), told("text", text="halo")),
]

IGNORED: list[tuple[str, dict[str, str], str]] = [
    ("nothing", {}, "no message sid"),
    ("odd sid", form(MessageSid="SM1", Body="x"), "no message sid"),
    ("an SMS", form(From="+6281200000001", Body="x"), "not from whatsapp"),
    ("no number", form(From="whatsapp:", Body="x"), "not from whatsapp"),
    ("endless number", form(From="whatsapp:+" + "6" * 300, Body="x"), "not from whatsapp"),
    ("another account", form(AccountSid="AC" + "1" * 32, Body="x"), "other account"),
    ("another of our senders", form(To="whatsapp:+628999", Body="x"), "other sender"),
    ("a reaction taken away", form(MessageType="reaction", Body=""), "reaction"),
]


@pytest.mark.parametrize(("fields", "expected"), [row[1:] for row in MESSAGES], ids=[row[0] for row in MESSAGES])
def test_a_form_becomes_a_message(fields: dict[str, str], expected: IncomingMessage) -> None:
    assert translate(fields, ACCOUNT, SENDER) == expected


@pytest.mark.parametrize(("fields", "reason"), [row[1:] for row in IGNORED], ids=[row[0] for row in IGNORED])
def test_a_form_that_is_no_message_is_ignored_with_a_reason(fields: dict[str, str], reason: str) -> None:
    assert translate(fields, ACCOUNT, SENDER) == Ignored(reason)


def test_a_payload_longer_than_we_ever_send_is_not_believed() -> None:
    told = translate(form(ButtonPayload="/" + "a" * 200, ButtonText="Lanjut"), ACCOUNT, SENDER)
    assert isinstance(told, IncomingMessage)
    assert (told.kind, told.payload, told.text) == ("text", "", "Lanjut")


@given(
    st.dictionaries(
        st.sampled_from(sorted(form(NumMedia="2", MediaUrl0="", MediaContentType0="", ListId="", ButtonPayload=""))),
        st.text(max_size=20),
    )
)
def test_no_form_is_an_error(changes: dict[str, str]) -> None:
    assert isinstance(translate(form(**changes), ACCOUNT, SENDER), IncomingMessage | Ignored)


def status(said: str, **changes: str) -> dict[str, str]:
    return {
        "MessageSid": SID,
        "SmsSid": SID,
        "MessageStatus": said,
        "SmsStatus": said,
        "To": BUDI,
        "From": SENDER,
    } | changes


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("read", "read"),
        ("undelivered", "failed"),
        ("failed", "failed"),
        ("canceled", "failed"),
    ],
)
def test_a_status_becomes_a_receipt(said: str, ours: str) -> None:
    told = receipt(status(said), "12")
    assert isinstance(told, Receipt)
    assert (told.message_id, told.status, told.provider_id, told.retry) == (12, ours, SID, False)
    assert bool(told.explanation) == (ours == "failed")


@pytest.mark.parametrize(
    ("code", "retry", "part"),
    [
        ("63016", False, "24 jam"),
        ("63018", True, "Batas kirim"),
        ("63003", False, "tidak aktif"),
        ("63024", False, "tidak dapat menerima"),
        ("63007", True, "pengirim"),
        ("21610", False, "STOP"),
        ("21211", False, "tidak sah"),
        ("63032", False, "membatasi"),
        ("63015", False, "sandbox"),
        ("30001", True, "Antrean"),
        ("30008", True, "tanpa alasan"),
        ("63012", True, "terganggu"),
        ("63010", True, "Twilio sedang terganggu"),
        ("63020", True, "tim teknis"),
        ("63027", True, "tim teknis"),
        ("63051", True, "dikunci Meta. Hubungi tim teknis"),
        ("63112", True, "tim teknis"),
        ("30500", True, "terganggu"),
        ("21611", True, "Batas kirim"),
        ("63049", False, "marketing"),
        ("99999", False, "menolak"),
        ("", False, "menolak"),
    ],
)
def test_a_failure_is_explained_to_officers(code: str, retry: bool, part: str) -> None:
    told = receipt(status("undelivered", ErrorCode=code), "12")
    assert isinstance(told, Receipt)
    assert (told.error_code, told.retry) == (code, retry)
    assert part in told.explanation


def test_every_code_has_its_kind_its_sentence_and_its_wait() -> None:
    for code, meaning in ERRORS.items():
        assert meaning.explanation.endswith("."), code
        assert meaning.temporary == (meaning.kind in ("transient", "setup", "limit")), code
        assert bool(meaning.advice) == (meaning.kind == "setup"), code
        told = receipt(status("failed", ErrorCode=code), "12")
        assert isinstance(told, Receipt)
        assert (told.retry, told.retry_after) == (meaning.temporary, meaning.retry_after), code
        if meaning.kind == "setup":
            assert "tim teknis" in meaning.explanation and (meaning.retry_after or 0) >= 60, code


@pytest.mark.parametrize(
    ("fields", "message_id", "reason"),
    [
        (status("queued"), "12", "not yet sent"),
        (status("sending"), "12", "not yet sent"),
        (status("dreaming"), "12", "unknown status"),
        ({}, "12", "unknown status"),
        (status("sent"), "", "no message id"),
        (status("sent"), "12; drop table", "no message id"),
        (status("sent"), "-1", "no message id"),
        (status("sent"), "٣", "no message id"),
        (status("sent"), "9" * 40, "no message id"),
    ],
)
def test_a_status_that_says_nothing_is_ignored(fields: dict[str, str], message_id: str, reason: str) -> None:
    assert receipt(fields, message_id) == Ignored(reason)


@pytest.mark.parametrize("written", [SENDER, "+14155238886", "+1 415-523-8886", " whatsapp:+1 (415) 523 8886 "])
def test_the_sender_may_be_written_in_several_ways(written: str) -> None:
    assert normal_address(written) == SENDER


@pytest.mark.parametrize("count", ["1" * 5_000, "٣", "-1", "1e3", "\x00", "1 "])
def test_a_number_of_media_that_is_none_counts_as_none(count: str) -> None:
    read = translate(form(Body="halo", NumMedia=count, MediaUrl0=MEDIA), ACCOUNT, SENDER)
    assert isinstance(read, IncomingMessage) and read.attachments == ()


def test_a_receipt_keeps_only_what_can_be_stored() -> None:
    said = receipt({"MessageSid": "\x00", "MessageStatus": "failed", "ErrorCode": "63016\x00"}, "7")
    assert isinstance(said, Receipt) and (said.provider_id, said.error_code) == ("", "")


@pytest.mark.parametrize("written", ["+1 415-523-8886", "whatsapp:+14155238886", "whatsapp: +1 (415) 523 8886"])
def test_the_link_into_the_chat_opens_however_the_sender_is_written(written: str) -> None:
    link = WhatsApp().chat_link(settings(whatsapp_sender=written), "KLAIM-7K3M 1")
    assert link == "https://wa.me/14155238886?text=KLAIM-7K3M%201"
