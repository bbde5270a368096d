"""A reply to one of our messages, through the real channels: what it quotes reaches the engine."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.channels.telegram.channel import SECRET_HEADER, TelegramChannel
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.stored import StoredContents
from bot.conversations import inbox, progress, turn
from bot.conversations.models import Incoming, Outgoing
from bot.conversations.runtime import Runtime
from bot.messages import IncomingMessage
from tests.channels import test_telegram_updates as telegram_updates
from tests.channels.conftest import SECRET, client_of, settings
from tests.channels.test_whatsapp_updates import form
from tests.helpers.engine import StandInEngine
from tests.helpers.runtime import rows
from tests.peers.bot_api import ContractRequest, Telegram
from tests.peers.twilio_api import PUBLIC, TwilioApi, sign


@pytest.fixture
def receive(runtime: Runtime) -> Any:
    async def receive(message: IncomingMessage) -> bool:
        return await inbox.store(runtime, message) is not None

    return receive


async def answered(runtime: Runtime) -> None:
    """Every stored message has its turn."""
    for row in await rows(runtime, Incoming):
        if row.handled_at is None:
            await turn.take_turn(runtime, row.conversation_id)


async def test_on_telegram(runtime: Runtime, engine: StandInEngine, receive: Any) -> None:
    channel = TelegramChannel(settings(), receive, receiving=False, request=ContractRequest(Telegram()))
    await channel.start()
    runtime.add_channel(channel)
    headers = {SECRET_HEADER: SECRET}
    async with client_of(channel) as client:
        first = telegram_updates.message(text="berapa biayanya?")
        assert (await client.post("/webhooks/telegram", json=first, headers=headers)).status_code == 200
        await answered(runtime)
        (ours,) = await rows(runtime, Outgoing)
        answer = {**telegram_updates.OURS, "message_id": int(ours.provider_id), "text": "jawaban: …"}
        second = telegram_updates.message(text="yang ini benar?", reply_to_message=answer) | {"update_id": 9002}
        assert (await client.post("/webhooks/telegram", json=second, headers=headers)).status_code == 200
        await answered(runtime)
    await channel.stop()
    assert engine.calls[-1]["metadata"]["quoted"] == "jawaban: berapa biayanya?"
    assert (await rows(runtime, Incoming))[-1].quotes == ours.id


async def test_on_whatsapp(runtime: Runtime, engine: StandInEngine, receive: Any) -> None:
    twilio = TwilioApi()

    async def record(receipt: Any) -> None:
        await progress.record(runtime, receipt)

    channel = WhatsAppChannel(
        settings(twilio_api_url="http://twilio.local"),
        receive,
        record,
        StoredContents(runtime.database),
        client=httpx.AsyncClient(transport=httpx.ASGITransport(twilio.app)),
    )
    await channel.start()
    runtime.add_channel(channel)

    async def post(fields: dict[str, str]) -> None:
        path = "/webhooks/whatsapp"
        async with client_of(channel) as client:
            assert (await client.post(path, data=fields, headers=sign(PUBLIC + path, fields))).status_code == 200
        await answered(runtime)

    await post(form(Body="berapa biayanya?"))
    (ours,) = await rows(runtime, Outgoing)
    other = "SM" + "2" * 32
    await post(
        form(Body="yang ini benar?", MessageSid=other, SmsMessageSid=other, OriginalRepliedMessageSid=ours.provider_id)
    )
    await channel.stop()
    assert engine.calls[-1]["metadata"]["quoted"] == "jawaban: berapa biayanya?"
    assert (await rows(runtime, Incoming))[-1].quotes == ours.id
