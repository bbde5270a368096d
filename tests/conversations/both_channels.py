"""Two people on the real channels: what they send by webhook, and what the counterparts of both are told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from bot.channels.telegram.channel import SECRET_HEADER, TelegramChannel
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.stored import StoredContents
from bot.conversations import inbox, outbox, progress, turn
from bot.conversations.models import Conversation, Outgoing
from bot.conversations.runtime import Runtime
from bot.messages import Button, IncomingMessage
from tests.channels.conftest import SECRET, client_of, settings
from tests.channels.test_telegram_updates import CHAT, FILE, OURS, SRI
from tests.channels.test_whatsapp_updates import form as whatsapp_form
from tests.helpers.runtime import rows
from tests.peers.bot_api import ContractRequest, Telegram
from tests.peers.twilio_api import PUBLIC, TwilioApi, sign

BEGUN = 1_790_000_000  # the time of the first Telegram message; each is a minute later


@dataclass
class Chats:
    """Sri on Telegram, Budi on WhatsApp; what they send is stored, and answered when `answer` is called."""

    runtime: Runtime
    telegram: TelegramChannel
    whatsapp: WhatsAppChannel
    twilio: TwilioApi
    numbers: Any = field(default_factory=lambda: count(1))

    async def update(self, *, wait: bool = False, **content: Any) -> None:
        raw = {"update_id": 9000 + next(self.numbers), **content}
        async with client_of(self.telegram) as client:
            given = await client.post("/webhooks/telegram", json=raw, headers={SECRET_HEADER: SECRET})
        assert given.status_code == 200
        if not wait:
            await self.answer()

    async def write(self, message_id: int, text: str = "", *, wait: bool = False, **more: Any) -> None:
        said = {"text": text} if text else {}
        await self.update(message=telegram_message(message_id) | said | more, wait=wait)

    async def edit(self, message_id: int, text: str = "", *, wait: bool = False, **more: Any) -> None:
        edited = (
            telegram_message(message_id)
            | {"edit_date": BEGUN + 60 * message_id + 30}
            | ({"text": text} if text else {})
        )
        await self.update(edited_message=edited | more, wait=wait)

    async def react(self, message_id: int, new: str, old: str = "") -> None:
        signs = [[{"type": "emoji", "emoji": sign} for sign in some] for some in (new, old)]
        reaction = {"chat": CHAT, "message_id": message_id, "user": SRI, "date": BEGUN + 9000}
        await self.update(message_reaction=reaction | {"new_reaction": signs[0], "old_reaction": signs[1]})

    async def post(self, *, wait: bool = False, path: str = "/webhooks/whatsapp", **fields: str) -> None:
        sid = f"SM{next(self.numbers):032x}"
        filled = whatsapp_form(**({"MessageSid": sid, "SmsMessageSid": sid, "SmsSid": sid} | fields))
        async with client_of(self.whatsapp) as client:
            given = await client.post(path, data=filled, headers=sign(PUBLIC + path, filled))
        assert given.status_code == 200
        if not wait:
            await self.answer()

    async def answer(self) -> None:
        for row in await rows(self.runtime, Conversation):
            await turn.take_turn(self.runtime, row.id)

    async def say(self, text: str, buttons: tuple[Button, ...] = ()) -> Any:
        """The bot says something to the only person; returns the message."""
        (person,) = await rows(self.runtime, Conversation)
        async with self.runtime.database.session() as session:
            await outbox.put(session, person.id, text, "bot", buttons)
        await outbox.deliver(self.runtime, person.id)
        return (await rows(self.runtime, Outgoing))[-1]

    async def said(self) -> list[str]:
        return [row.text for row in await rows(self.runtime, Outgoing)]


def telegram_message(message_id: int) -> dict[str, Any]:
    return {"message_id": message_id, "from": SRI, "chat": CHAT, "date": BEGUN + 60 * message_id}


def ours(row: Any) -> dict[str, Any]:
    """A message of ours, as Telegram shows it in a reply."""
    return {**OURS, "message_id": int(row.provider_id), "text": row.text}


def photo(name: str, group: str = "") -> dict[str, Any]:
    picture = {"photo": [FILE | {"file_id": name, "width": 90, "height": 90}]}
    return picture | ({"media_group_id": group} if group else {})


def storing(runtime: Runtime) -> Callable[[IncomingMessage], Awaitable[bool]]:
    async def receive(message: IncomingMessage) -> bool:
        return await inbox.store(runtime, message) is not None

    return receive


async def whatsapp_of(runtime: Runtime, twilio: TwilioApi) -> WhatsAppChannel:
    """The real channel, started on `twilio`; what comes is stored."""

    async def record(receipt: Any) -> None:
        await progress.record(runtime, receipt)

    client = httpx.AsyncClient(transport=httpx.ASGITransport(twilio.app))
    chosen = settings(twilio_api_url="http://twilio.local")
    channel = WhatsAppChannel(chosen, storing(runtime), record, StoredContents(runtime.database), client=client)
    await channel.start()
    runtime.add_channel(channel)
    return channel


async def telegram_of(runtime: Runtime) -> TelegramChannel:
    """The real channel, started on our Bot API; what comes is stored."""

    channel = TelegramChannel(settings(), storing(runtime), receiving=False, request=ContractRequest(Telegram()))
    await channel.start()
    runtime.add_channel(channel)
    return channel


@asynccontextmanager
async def both(runtime: Runtime) -> AsyncIterator[Chats]:
    twilio = TwilioApi()
    telegram, whatsapp = await telegram_of(runtime), await whatsapp_of(runtime, twilio)
    for channel in (telegram, whatsapp):
        runtime.paces[channel.name].seconds_per_chat = 0
    yield Chats(runtime, telegram, whatsapp, twilio)
    await telegram.stop()
    await whatsapp.stop()
