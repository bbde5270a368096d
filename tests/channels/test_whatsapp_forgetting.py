"""Forgetting at Twilio: what it keeps of a message goes when that is asked for."""

from __future__ import annotations

import pytest

from bot.channels.base import Forgets, TemporarySendError
from bot.channels.whatsapp.channel import WhatsAppChannel
from tests.peers.twilio_api import TwilioApi, error

SID, FILE = "SM" + "1" * 32, "ME" + "2" * 32


async def test_a_message_goes_with_its_files(whatsapp_channel: WhatsAppChannel, twilio: TwilioApi) -> None:
    assert isinstance(whatsapp_channel, Forgets)
    twilio.kept[SID], twilio.media[FILE] = [FILE], b"wajah"
    await whatsapp_channel.forget(SID, media=True)
    assert (twilio.kept, twilio.media) == ({}, {})
    await whatsapp_channel.forget(SID, media=True)  # Twilio has it no longer: as wanted


async def test_a_message_still_on_its_way_is_asked_for_again(
    whatsapp_channel: WhatsAppChannel, twilio: TwilioApi
) -> None:
    """Twilio deletes no message that it has not sent yet."""
    twilio.kept[SID] = []
    for refusal in (
        error(409, 20009, "Resource not complete"),
        error(503, 20503),
        error(429, 20429),
        error(401, 20003),
    ):
        twilio.failures.append(refusal)
        with pytest.raises(TemporarySendError):
            await whatsapp_channel.forget(SID, media=False)
    assert SID in twilio.kept
