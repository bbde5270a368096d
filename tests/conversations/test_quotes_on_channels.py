"""A reply to one of our messages, through the real channels: what it quotes reaches the engine."""

from __future__ import annotations

from bot.channels.telegram.channel import SECRET_HEADER
from bot.conversations import turn
from bot.conversations.models import Incoming, Outgoing
from bot.conversations.runtime import Runtime
from tests.channels import test_telegram_updates as telegram_updates
from tests.channels.conftest import SECRET, client_of
from tests.channels.test_whatsapp_updates import form
from tests.conversations.both_channels import telegram_of, whatsapp_of
from tests.helpers.engine import StandInEngine
from tests.helpers.runtime import rows
from tests.peers.twilio_api import PUBLIC, TwilioApi, sign


async def answered(runtime: Runtime) -> None:
    """Every stored message has its turn."""
    for row in await rows(runtime, Incoming):
        if row.handled_at is None:
            await turn.take_turn(runtime, row.conversation_id)


async def test_on_telegram(runtime: Runtime, engine: StandInEngine) -> None:
    channel = await telegram_of(runtime)
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


async def test_on_whatsapp(runtime: Runtime, engine: StandInEngine) -> None:
    channel = await whatsapp_of(runtime, TwilioApi())

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
