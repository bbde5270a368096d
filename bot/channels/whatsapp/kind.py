"""WhatsApp as a kind of channel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.channels.base import Channel
from bot.channels.kind import ChannelKind, Wires
from bot.finding import Finding
from bot.settings import Settings

if TYPE_CHECKING:
    import httpx

_ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")
_CONTENT = re.compile(r"HX[0-9a-fA-F]{32}")
_NUMBER = re.compile(r"(?:whatsapp:)?\s*\+[1-9][\d\s().-]{6,24}")
ADVICE = {
    "wrong signature": (
        "Messages may be lost. PANDU_TWILIO_AUTH_TOKEN must be the account's primary auth token, "
        "and PANDU_PUBLIC_URL the address in Twilio's console, letter by letter."
    ),
    "signed for another address": (
        "Messages are lost. Twilio calls another address than PANDU_PUBLIC_URL: make both the same, letter by letter."
    ),
    "unknown algorithm": "Messages may be lost. Twilio signs in a new way: update Pandu.",
    "other account": "Messages are lost. PANDU_TWILIO_ACCOUNT_SID is not the account that is called.",
    "other sender": "Messages are lost. PANDU_WHATSAPP_SENDER is not the number people write to.",
}


class WhatsApp(ChannelKind):
    """A sender of Twilio's."""

    name = "whatsapp"
    title = "WhatsApp"
    tone = "good"
    address_called = "nomor WhatsApp"
    caller = "Twilio"
    addresses = ("twilio_api_url",)
    carriers = "WhatsApp (melalui Twilio)"
    number_prefix = "whatsapp:"
    window = timedelta(hours=24)  # https://www.twilio.com/docs/whatsapp/key-concepts#the-24-hour-window
    template_text = 900  # of 1,024 for the whole template
    takes_pages = False  # https://www.twilio.com/docs/whatsapp/guidance-whatsapp-media-messages
    libraries = ("twilio",)
    advice = ADVICE

    def is_on(self, settings: Settings) -> bool:
        return settings.whatsapp_on

    def connect(self, wires: Wires) -> Channel:
        from bot.channels.whatsapp.channel import WhatsAppChannel
        from bot.channels.whatsapp.stored import StoredContents

        return WhatsAppChannel(wires.settings, wires.receive, wires.record, StoredContents(wires.database))

    def problems(self, settings: Settings) -> Iterator[str]:
        account, sender = settings.twilio_account_sid, settings.whatsapp_sender
        token = settings.twilio_auth_token.get_secret_value()
        parts = {"PANDU_TWILIO_ACCOUNT_SID": account, "PANDU_TWILIO_AUTH_TOKEN": token, "PANDU_WHATSAPP_SENDER": sender}
        missing = [name for name, value in parts.items() if not value]
        if missing and len(missing) < len(parts):
            yield f"WhatsApp is configured in part: {', '.join(missing)} is missing."
        if account and not _ACCOUNT.fullmatch(account):
            yield "PANDU_TWILIO_ACCOUNT_SID must be AC and 32 digits or letters a-f (Twilio's console, first page)."
        if sender:
            yield from _sender(sender)
        for name in ("whatsapp_news_template", "whatsapp_reply_template"):
            if getattr(settings, name) and not _CONTENT.fullmatch(getattr(settings, name)):
                yield f"PANDU_{name.upper()} must be a Content SID: HX and 32 digits or letters a-f."

    def how(self, settings: Settings) -> str:
        if not settings.whatsapp_on:
            return "off (set PANDU_TWILIO_ACCOUNT_SID, PANDU_TWILIO_AUTH_TOKEN and PANDU_WHATSAPP_SENDER)"
        if not settings.public_url:
            return "on, but PANDU_PUBLIC_URL is empty"
        return f"on, webhook at {settings.public_url}/webhooks/whatsapp"

    def takes_files(self, settings: Settings) -> bool:
        return bool(settings.public_url)  # Twilio fetches them from us

    def number_of(self, address: str) -> str:
        """Who has taken a user name may write from an id without a number (whatsapp:ID.1349…)."""
        number = super().number_of(address)
        return number if number.startswith("+") else ""

    def chat_link(self, settings: Settings, text: str) -> str:
        digits = re.sub(r"\D", "", settings.whatsapp_sender)
        return f"https://wa.me/{digits}?text={quote(text)}"

    def template(self, settings: Settings, use: str) -> str:
        return {"news": settings.whatsapp_news_template, "reply": settings.whatsapp_reply_template}.get(use, "")

    def template_setting(self, use: str) -> str:
        return f"PANDU_WHATSAPP_{use.upper()}_TEMPLATE"

    def to_do(self, code: str) -> str:
        from bot.channels.whatsapp.errors import ASK_TWILIO, lookup

        meaning = lookup(code, int(code) if re.fullmatch(r"[1-5]\d\d", code) else 0)
        return meaning.advice or (ASK_TWILIO if meaning.kind == "setup" else "")

    async def check(self, settings: Settings, client: httpx.AsyncClient) -> Finding:
        from bot.channels.whatsapp.check import check

        return await check(settings, client)

    async def mend(self, settings: Settings, client: httpx.AsyncClient) -> list[str]:
        from bot.channels.whatsapp.check import mend

        return await mend(settings, client)


def _sender(sender: str) -> Iterator[str]:
    if sender.upper().startswith("MG"):
        yield "PANDU_WHATSAPP_SENDER must be a number: Messaging Services (MG…) are not supported; name its sender."
    elif "," in sender or ";" in sender:
        yield "PANDU_WHATSAPP_SENDER must be one number: run one Pandu for each sender, with its own data folder."
    elif sender.casefold().startswith("join "):
        yield "PANDU_WHATSAPP_SENDER is the sandbox's number (whatsapp:+14155238886), not its join code."
    elif not _NUMBER.fullmatch(sender):
        yield f"PANDU_WHATSAPP_SENDER must be a number with country code (whatsapp:+14155238886), not {sender!r}."
