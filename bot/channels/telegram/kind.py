"""Telegram as a kind of channel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.channels.base import Channel
from bot.channels.kind import ChannelKind, Wires
from bot.finding import Finding
from bot.settings import Settings

if TYPE_CHECKING:
    import httpx

_TOKEN = re.compile(r"\d{1,20}:[\w-]{20,}")
_SECRET = re.compile(r"[\w-]{1,256}")
_PORTS = (443, 80, 88, 8443)  # https://core.telegram.org/bots/api#setwebhook
_USERNAME = re.compile(r"\w{5,32}")
ADVICE = {
    "wrong secret": (
        "Messages may be lost. Start Pandu again, so that the webhook gets the present secret; "
        "all web processes need the same PANDU_TELEGRAM_TOKEN and PANDU_TELEGRAM_SECRET."
    ),
}


class Telegram(ChannelKind):
    """A bot of @BotFather."""

    name = "telegram"
    title = "Telegram"
    icon = "send"
    tone = "calm"
    address_called = "nomor obrolan (chat ID) Telegram Anda"
    caller = "Telegram"
    without_address = "Telegram works by polling"
    addresses = ("telegram_api_url",)
    carriers = "Telegram"
    libraries = ("telegram",)
    groups = True
    advice = ADVICE

    def is_on(self, settings: Settings) -> bool:
        return settings.telegram_on

    def connect(self, wires: Wires) -> Channel:
        from bot.channels.telegram.channel import TelegramChannel

        return TelegramChannel(wires.settings, wires.receive, receiving=wires.receiving, groups=wires.groups)

    def problems(self, settings: Settings) -> Iterator[str]:
        token, secret = settings.telegram_token.get_secret_value(), settings.telegram_secret.get_secret_value()
        if token and not _TOKEN.fullmatch(token):
            yield "PANDU_TELEGRAM_TOKEN must look like 7000000001:AA… (from @BotFather, without blanks or quotes)."
        if secret and not _SECRET.fullmatch(secret):
            yield "PANDU_TELEGRAM_SECRET may hold 1 to 256 of A-Z, a-z, 0-9, _ and - only."
        if token and settings.telegram_api_url == Settings.model_fields["telegram_api_url"].default:
            yield from _port(settings.public_url)
        if settings.telegram_username and not _USERNAME.fullmatch(settings.telegram_username):
            yield "PANDU_TELEGRAM_USERNAME is the bot's user name without @ and without t.me/."

    def how(self, settings: Settings) -> str:
        if not settings.telegram_on:
            return "off (set PANDU_TELEGRAM_TOKEN to connect a bot)"
        return f"on, webhook at {settings.public_url}" if settings.public_url else "on, polling"

    def chat_link(self, settings: Settings, text: str) -> str:
        name = settings.telegram_username.removeprefix("@")
        return f"https://t.me/{name}?start={text}" if name else ""

    def group_link(self, settings: Settings, code: str) -> str:
        name = settings.telegram_username.removeprefix("@")
        return f"https://t.me/{name}?startgroup={code}" if name else ""

    def to_do(self, code: str) -> str:
        from bot.channels.telegram.errors import SETUP

        return SETUP.get(code, "")

    async def check(self, settings: Settings, client: httpx.AsyncClient) -> Finding:
        from bot.channels.telegram.check import check

        return await check(settings, client)

    async def mend(self, settings: Settings, client: httpx.AsyncClient) -> list[str]:
        from bot.channels.telegram.check import mend

        return await mend(settings, client)


def _port(public_url: str) -> Iterator[str]:
    try:
        port = urlsplit(public_url).port
    except ValueError:  # told as no address
        return
    if port is not None and public_url.startswith("https://") and port not in _PORTS:
        yield f"PANDU_PUBLIC_URL has port {port}, and Telegram calls none but 443, 80, 88 and 8443."
