"""An inbox and a ledger of receipts that remember, and both channels with their counterparts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest
from fastapi import FastAPI

from bot.channels.base import Receipt
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.messages import IncomingMessage
from bot.settings import Settings
from tests.peers.bot_api import TOKEN as TELEGRAM_TOKEN
from tests.peers.bot_api import ContractRequest, Telegram
from tests.peers.twilio_api import ACCOUNT, PUBLIC, SENDER, TOKEN, TwilioApi

SECRET = "rahasia-webhook_1"


@dataclass
class Inbox:
    """Takes a message once; `broken` many times it fails first, or always for ids in `poison`."""

    messages: list[IncomingMessage] = field(default_factory=list)
    broken: int = 0
    poison: set[str] = field(default_factory=set)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, message: IncomingMessage) -> bool:
        if self.broken:
            self.broken -= 1
            raise ConnectionError("database away")
        if message.provider_id in self.poison:
            raise ValueError("cannot be stored")
        if any(known.provider_id == message.provider_id for known in self.messages):
            return False
        self.messages.append(message)
        self.arrived.set()
        return True


@dataclass
class Ledger:
    receipts: list[Receipt] = field(default_factory=list)

    async def __call__(self, receipt: Receipt) -> None:
        self.receipts.append(receipt)


@dataclass
class Shelf:
    """A content store in memory."""

    sids: dict[str, str] = field(default_factory=dict)

    async def get(self, key: str) -> str | None:
        return self.sids.get(key)

    async def put(self, key: str, sid: str) -> None:
        self.sids[key] = sid

    async def others(self, prefix: str) -> list[tuple[str, str]]:
        return [(key, sid) for key, sid in self.sids.items() if not key.startswith(prefix)]

    async def drop(self, key: str) -> None:
        self.sids.pop(key, None)


def settings(**changes: object) -> Settings:
    """Both channels configured, reachable at PUBLIC."""
    values: dict[str, object] = {
        "public_url": PUBLIC,
        "telegram_token": TELEGRAM_TOKEN,
        "telegram_secret": SECRET,
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": TOKEN,
        "whatsapp_sender": SENDER,
    }
    return Settings(_env_file=None, **(values | changes))  # type: ignore[arg-type]


def client_of(*channels: TelegramChannel | WhatsAppChannel) -> httpx.AsyncClient:
    """An in-process client of an app that has the channels' routes."""
    app = FastAPI()
    for channel in channels:
        app.include_router(channel.router())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pandu.local")


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


@pytest.fixture
async def telegram_channel(inbox: Inbox, telegram: Telegram) -> AsyncIterator[TelegramChannel]:
    """With a public URL, but not listening."""
    channel = TelegramChannel(settings(), inbox, receiving=False, request=ContractRequest(telegram))
    await channel.start()
    yield channel
    await channel.stop()


@pytest.fixture
def twilio() -> TwilioApi:
    return TwilioApi()


def whatsapp_to(twilio: TwilioApi, inbox: Inbox, ledger: Ledger, shelf: Shelf, **changes: object) -> WhatsAppChannel:
    """A channel that reaches `twilio` in process (tests/channels/test_whatsapp_peers.py does over the network)."""
    client = httpx.AsyncClient(transport=httpx.ASGITransport(twilio.app))
    return WhatsAppChannel(
        settings(twilio_api_url="http://twilio.local", **changes), inbox, ledger, shelf, client=client
    )


@pytest.fixture
async def whatsapp_channel(
    inbox: Inbox, ledger: Ledger, shelf: Shelf, twilio: TwilioApi
) -> AsyncIterator[WhatsAppChannel]:
    channel = whatsapp_to(twilio, inbox, ledger, shelf)
    await channel.start()
    yield channel
    await channel.stop()
