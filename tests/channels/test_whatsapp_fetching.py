"""Files that Twilio holds, and messages that it lists: fetched, missed, and those whose answer was lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.base import PermanentSendError, TemporarySendError
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.messages import Attachment, OutgoingMessage
from tests.channels.conftest import Inbox, Ledger, Shelf, settings
from tests.channels.test_whatsapp_updates import BUDI, MEDIA
from tests.peers.twilio_api import SENDER, TwilioApi, error


async def test_media_are_fetched_up_to_the_limit(whatsapp_channel: WhatsAppChannel, twilio: TwilioApi) -> None:
    twilio.media["ME1"] = b"\xff\xd8" + b"x" * 998
    photo = Attachment("photo", MEDIA, media_type="image/jpeg")
    assert await whatsapp_channel.fetch(photo, 1000) == twilio.media["ME1"]
    with pytest.raises(PermanentSendError, match="too_big"):
        await whatsapp_channel.fetch(photo, 999)


async def test_media_that_are_not_there_yet_are_asked_for_again(
    whatsapp_channel: WhatsAppChannel, twilio: TwilioApi
) -> None:
    """Twilio's webhook may come before its file (help.twilio.com: "Intermittent 404 Errors When Accessing Media")."""
    photo = Attachment("photo", MEDIA, media_type="image/jpeg")
    with pytest.raises(TemporarySendError, match="404"):
        await whatsapp_channel.fetch(photo, 1000)
    twilio.media["ME1"] = b"\xff\xd8"
    assert await whatsapp_channel.fetch(photo, 1000) == b"\xff\xd8"


def listed(sid: str, body: str, media: int, minute: int) -> dict[str, object]:
    """A message of a person in Twilio's list."""
    made = f"Sun, 29 Nov 2026 10:{minute:02}:00 +0000"
    return {
        **{"sid": sid, "from": BUDI, "to": SENDER, "body": body, "direction": "inbound", "num_media": str(media)},
        **{"date_created": made, "date_sent": made, "date_updated": made, "status": "received"},
    }


async def test_a_missed_message_brings_its_files_and_one_without_them_holds_up_nobody(
    whatsapp_channel: WhatsAppChannel, twilio: TwilioApi
) -> None:
    first, second, third = ("SM" + digit * 32 for digit in "123")
    twilio.listed = [listed(third, "tiga", 0, 3), listed(second, "dua", 1, 2), listed(first, "satu", 1, 1)]
    twilio.kept[second] = ["ME1"]  # the first one's are gone
    twilio.media["ME1"] = b"\xff\xd8"
    hour = datetime(2026, 11, 29, 10, tzinfo=UTC)
    twilio.listed += [listed("SM" + "4" * 32, "aneh", 0, 4) | odd for odd in ({"num_media": "x"}, {"from": None})]
    missed = await whatsapp_channel.missed(hour, hour + timedelta(hours=1))
    assert [(one.text, one.kind) for one in missed] == [("satu", "text"), ("dua", "photo"), ("tiga", "text")]
    assert await whatsapp_channel.fetch(missed[1].attachments[0], 1000) == b"\xff\xd8"
    twilio.media_failures.extend([None, error(503, 20503)])
    with pytest.raises(TemporarySendError):
        await whatsapp_channel.missed(hour, hour + timedelta(hours=1))


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest",
        "https://twilio.com.jahat.example/x",
        "http://api.twilio.com/x",
        "file:///etc/passwd",
        "",
    ],
)
async def test_media_are_fetched_from_twilio_only(inbox: Inbox, ledger: Ledger, shelf: Shelf, address: str) -> None:
    channel = WhatsAppChannel(settings(), inbox, ledger, shelf)
    with pytest.raises(PermanentSendError, match="bad_media_url"):
        await channel.fetch(Attachment("photo", address), 10)
    await channel.stop()


@pytest.mark.parametrize("name", ["news", "reply"])
async def test_a_template_whose_answer_was_lost_is_found_by_its_values(
    whatsapp_channel: WhatsAppChannel, twilio: TwilioApi, name: str
) -> None:
    """Its words stand at Twilio, so they are not the message's own."""
    values = {"1": "PDU-2611-0007", "2": "Verifikasi  teknis"} | ({"template": "reply"} if name == "reply" else {})
    sent = OutgoingMessage(9, "whatsapp", BUDI, "Kabar permohonan …", window_open=False, template=values)
    other, found = "SM" + "1" * 32, "SM" + "2" * 32
    twilio.listed = [listed(other, "Kabar permohonan izin Anda nomor PDU-2611-0007: Selesai. Balas.", 0, 1)]
    since = datetime(2026, 1, 1, tzinfo=UTC)
    assert await whatsapp_channel.find_sent(sent, since, set()) is None
    twilio.listed += [listed(found, "Kabar permohonan izin Anda nomor PDU-2611-0007: Verifikasi teknis. Balas.", 0, 2)]
    assert await whatsapp_channel.find_sent(sent, since, set()) == found
    assert await whatsapp_channel.find_sent(sent, since, {found}) is None
