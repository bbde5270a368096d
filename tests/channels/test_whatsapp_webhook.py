"""The WhatsApp webhooks: only what Twilio signed for our public address is read."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from bot.channels.base import Receipt
from bot.channels.whatsapp.channel import WhatsAppChannel
from tests.channels.conftest import Inbox, Ledger, Shelf, client_of, settings
from tests.channels.test_whatsapp_updates import BUDI, SID, form, status
from tests.peers.twilio_api import PUBLIC, TOKEN, sign

PATH, STATUS = "/webhooks/whatsapp", "/webhooks/whatsapp/status"
FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}


def count(name: str, reason: str) -> float:
    return (
        REGISTRY.get_sample_value(
            f"pandu_{name}_total", {("where" if name == "refused" else "channel"): "whatsapp", "reason": reason}
        )
        or 0.0
    )


async def post(
    channel: WhatsAppChannel, path: str, fields: dict[str, str] | bytes, headers: dict[str, str] | None = None
) -> int:
    """Posts as Twilio does; signed for the public address unless `headers` are given."""
    if headers is None:
        assert isinstance(fields, dict)
        headers = sign(PUBLIC + path, fields)
    body = fields if isinstance(fields, bytes) else urlencode(fields).encode()
    async with client_of(channel) as client:
        answer = await client.post(path, content=body, headers=FORM_TYPE | headers)
    if answer.status_code == 200:
        assert answer.headers["content-type"].startswith("text/xml")
        assert answer.text.endswith("<Response/>")
    return answer.status_code


async def test_a_signed_message_is_stored_and_a_replay_changes_nothing(
    whatsapp_channel: WhatsAppChannel, inbox: Inbox
) -> None:
    fields = form(Body="Berapa biayanya? é 😀 &=+%")
    headers = sign(PUBLIC + PATH, fields)
    assert [await post(whatsapp_channel, PATH, fields, headers) for _ in range(3)] == [200, 200, 200]
    assert [(message.text, message.provider_id) for message in inbox.messages] == [(fields["Body"], SID)]


GOOD = form(Body="halo")


@pytest.mark.parametrize(
    ("headers", "fields", "reason"),
    [
        ({}, GOOD, "missing signature"),
        ({"X-Twilio-Signature": ""}, GOOD, "missing signature"),
        ({"X-Twilio-Signature": "c2FsYWg="}, GOOD, "wrong signature"),
        (sign(PUBLIC + PATH, GOOD, secret="lain"), GOOD, "wrong signature"),
        (
            sign("http://pandu.local" + PATH, GOOD),
            GOOD,
            "signed for another address",
        ),  # where we listen, not where Twilio called
        (sign("https://jahat.example" + PATH, GOOD), GOOD, "wrong signature"),
        (sign(PUBLIC + STATUS, GOOD), GOOD, "wrong signature"),
        (sign(PUBLIC + PATH, GOOD), GOOD | {"Body": "lain"}, "wrong signature"),
        (sign(PUBLIC + PATH, GOOD), GOOD | {"Extra": "1"}, "wrong signature"),
        (sign(PUBLIC + PATH, GOOD), {k: v for k, v in GOOD.items() if k != "WaId"}, "wrong signature"),
        (sign(PUBLIC + PATH, GOOD, "HMAC_SHA256", secret="lain"), GOOD, "wrong signature"),
        (
            sign(PUBLIC + PATH, GOOD) | {"X-Twilio-Webhooks-Signature-Settings": "algorithm=none"},
            GOOD,
            "unknown algorithm",
        ),
    ],
)
async def test_anything_else_is_refused_and_counted(
    whatsapp_channel: WhatsAppChannel, inbox: Inbox, headers: dict[str, str], fields: dict[str, str], reason: str
) -> None:
    before = count("refused", reason)
    assert await post(whatsapp_channel, PATH, fields, headers) == 403
    assert inbox.messages == []
    assert count("refused", reason) == before + 1


async def test_the_forwarded_host_is_not_believed(whatsapp_channel: WhatsAppChannel, inbox: Inbox) -> None:
    headers = sign("https://jahat.example" + PATH, GOOD) | {
        "Host": "jahat.example",
        "X-Forwarded-Host": "jahat.example",
    }
    assert await post(whatsapp_channel, PATH, GOOD, headers) == 403
    assert inbox.messages == []


async def test_both_signature_algorithms_and_a_port_in_the_address(inbox: Inbox, ledger: Ledger, shelf: Shelf) -> None:
    channel = WhatsAppChannel(settings(), inbox, ledger, shelf, shared_key_secret="kunci-bersama")
    for headers in (
        sign(PUBLIC + PATH, GOOD, "HMAC_SHA256"),
        sign(PUBLIC + PATH, GOOD, "HMAC_SHA256", secret="kunci-bersama"),
        sign(PUBLIC + ":443" + PATH, GOOD),
    ):
        assert await post(channel, PATH, GOOD, headers) == 200
    await channel.stop()


async def test_without_a_public_address_the_local_one_is_signed(inbox: Inbox, ledger: Ledger, shelf: Shelf) -> None:
    channel = WhatsAppChannel(settings(public_url="", port=8123), inbox, ledger, shelf)
    assert await post(channel, PATH, GOOD, sign("http://127.0.0.1:8123" + PATH, GOOD)) == 200
    await channel.stop()


async def test_without_a_token_nothing_can_be_signed(inbox: Inbox, ledger: Ledger, shelf: Shelf) -> None:
    channel = WhatsAppChannel(settings(twilio_auth_token=""), inbox, ledger, shelf)
    assert await post(channel, PATH, GOOD, sign(PUBLIC + PATH, GOOD, secret="")) == 403
    await channel.stop()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"Body=%ff%fe", None),
        (b"Body=\xff\xfe", None),
        (b"&".join(b"a%d=1" % number for number in range(400)), None),
        (b'{"Body": "halo"}', "application/json"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"Body=halo", "text/plain"),
        (b"Body=halo", ""),
    ],
)
async def test_what_is_no_form_is_refused(
    whatsapp_channel: WhatsAppChannel, inbox: Inbox, body: bytes, content_type: str | None
) -> None:
    headers = {"X-Twilio-Signature": "x"} | ({} if content_type is None else {"Content-Type": content_type})
    before = count("refused", "malformed")
    assert await post(whatsapp_channel, PATH, body, headers) == 400
    assert inbox.messages == []
    assert count("refused", "malformed") == before + 1


async def test_odd_forms_that_are_signed_are_survived(whatsapp_channel: WhatsAppChannel, inbox: Inbox) -> None:
    assert await post(whatsapp_channel, PATH, {}, sign(PUBLIC + PATH, {})) == 200
    assert await post(whatsapp_channel, PATH, {"": "", "a": ""}, sign(PUBLIC + PATH, {"": "", "a": ""})) == 200
    assert inbox.messages == []
    long = form(Body="x" * 20_000)
    assert await post(whatsapp_channel, PATH, long) == 200
    assert len(inbox.messages[0].text) == 20_000


async def test_an_address_with_an_odd_query_is_survived(whatsapp_channel: WhatsAppChannel) -> None:
    async with client_of(whatsapp_channel) as client:
        answer = await client.post(f"{PATH}?a=%ff[x]&b=é", content=b"", headers=FORM_TYPE | {"X-Twilio-Signature": "x"})
    assert answer.status_code == 403


async def test_a_short_trouble_of_the_database_is_not_noticed(
    whatsapp_channel: WhatsAppChannel, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.whatsapp.channel.RETRY_PAUSES", (0.0, 0.0))
    inbox.broken = 2
    assert await post(whatsapp_channel, PATH, GOOD) == 200
    assert len(inbox.messages) == 1


async def test_what_cannot_be_stored_is_asked_for_again(
    whatsapp_channel: WhatsAppChannel, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.whatsapp.channel.RETRY_PAUSES", (0.0, 0.0))
    inbox.broken = 3
    assert await post(whatsapp_channel, PATH, GOOD) == 503
    assert await post(whatsapp_channel, PATH, GOOD) == 200
    assert len(inbox.messages) == 1


async def test_a_status_reaches_the_ledger_with_our_own_id(whatsapp_channel: WhatsAppChannel, ledger: Ledger) -> None:
    assert await post(whatsapp_channel, f"{STATUS}?message=12", status("delivered")) == 200
    assert await post(whatsapp_channel, f"{STATUS}?message=12", status("undelivered", ErrorCode="63016")) == 200
    assert [(told.message_id, told.status, told.error_code) for told in ledger.receipts] == [
        (12, "delivered", ""),
        (12, "failed", "63016"),
    ]
    assert "24 jam" in ledger.receipts[1].explanation


async def test_the_id_in_the_address_is_signed_too(whatsapp_channel: WhatsAppChannel, ledger: Ledger) -> None:
    headers = sign(f"{PUBLIC}{STATUS}?message=12", status("delivered"))
    assert await post(whatsapp_channel, f"{STATUS}?message=13", status("delivered"), headers) == 403
    assert await post(whatsapp_channel, STATUS, status("delivered"), headers) == 403
    assert ledger.receipts == []


async def test_a_menu_that_whatsapp_refused_later_goes_out_as_text_next_time(
    whatsapp_channel: WhatsAppChannel, ledger: Ledger, shelf: Shelf
) -> None:
    path = f"{STATUS}?message=12&content=pandu-abc"
    assert await post(whatsapp_channel, path, status("failed", ErrorCode="63016")) == 200
    assert shelf.sids == {}
    assert await post(whatsapp_channel, path, status("failed", ErrorCode="63013")) == 200
    assert shelf.sids["pandu-abc"].startswith("refused until ")
    assert [told.retry for told in ledger.receipts] == [False, True]
    assert isinstance(ledger.receipts[1], Receipt)


async def test_nothing_personal_is_logged(whatsapp_channel: WhatsAppChannel, inbox: Inbox) -> None:
    inbox.broken = 1
    fields = form(Body="NIK saya 3319xxxx")
    with capture_logs() as logs:
        await post(whatsapp_channel, PATH, fields)
        await post(whatsapp_channel, PATH, fields | {"MessageType": "reaction", "Body": ""})
        await post(whatsapp_channel, f"{STATUS}?message=x", status("sent"))
    assert len(logs) >= 3
    written = json.dumps(logs)
    assert not any(secret in written for secret in ("3319", "Budi", BUDI[-8:], TOKEN))
