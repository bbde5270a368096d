"""Settings that a start would accept and that would break later: each is refused with one line on what to write."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values

from bot.settings import Settings

PREFIX = "PANDU_"
OTHERS = ("PANDU_TEST", "PANDU_BENCH")
"""Names that tests and benchmarks read, not we."""
_TOKEN = re.compile(r"\d{1,20}:[\w-]{20,}")
_SECRET = re.compile(r"[\w-]{1,256}")
_ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")
_CONTENT = re.compile(r"HX[0-9a-fA-F]{32}")
_NUMBER = re.compile(r"(?:whatsapp:)?\s*\+[1-9][\d\s().-]{6,24}")
_USERNAME = re.compile(r"\w{5,32}")


def written(file: Path = Path(".env")) -> set[str]:
    """The names of our settings that stand in the environment or in `.env`."""
    names = {*os.environ, *(dotenv_values(file) if file.is_file() else {})}
    return {name.upper() for name in names if name.upper().startswith(PREFIX)}


def problems(settings: Settings, names: Iterable[str] = ()) -> list[str]:
    """One English sentence a wrong setting; none when a start may go on."""
    checks = (_unknown(names), _addresses(settings), _place(settings), _telegram(settings), _whatsapp(settings))
    return [problem for check in checks for problem in check]


def _unknown(names: Iterable[str]) -> Iterator[str]:
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    for name in sorted(set(names) - known):
        if name.startswith(OTHERS):
            continue
        near = difflib.get_close_matches(name, known, 1, 0.6)
        meant = f" Did you mean {near[0]}?" if near else ""
        yield f"{name} is no setting of Pandu.{meant} docs/reference.md lists all."


def _addresses(settings: Settings) -> Iterator[str]:
    if settings.public_url:
        yield from _public(settings)
    for name in ("telegram_api_url", "twilio_api_url", "actions_url"):
        value = getattr(settings, name)
        if value and not _is_address(value):
            yield f"{PREFIX}{name.upper()} must be an address such as https://example.org, not {value!r}."
    for value in settings.engine_urls:
        if not _is_address(value):
            yield f"PANDU_ENGINE_URL must hold addresses such as http://10.0.0.5:5005, not {value!r}."


def _public(settings: Settings) -> Iterator[str]:
    value = settings.public_url
    if not _is_address(value):
        yield f"PANDU_PUBLIC_URL must be an address such as https://pandu.example.go.id, not {value!r}."
        return
    parts = urlsplit(value)
    if parts.query or parts.fragment or parts.username:
        yield "PANDU_PUBLIC_URL must be a bare address, without user, ? or #."
    if parts.scheme == "https" or _is_own(parts.hostname or ""):
        return
    if settings.telegram_on or settings.whatsapp_on:
        yield f"PANDU_PUBLIC_URL must begin with https:// (Telegram and Twilio call nothing else), not {value!r}."


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0 and " " not in value
    except ValueError:  # a port that is none, or half an IPv6 address
        return False


def _is_own(host: str) -> bool:
    """This machine: for tests and tunnels."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _place(settings: Settings) -> Iterator[str]:
    try:
        ZoneInfo(settings.timezone)
    except (ValueError, OSError, KeyError):
        yield f"PANDU_TIMEZONE must be Asia/Jakarta, Asia/Makassar or Asia/Jayapura, not {settings.timezone!r}."
    if settings.office:
        yield from _office(settings.office)


def _office(office: str) -> Iterator[str]:
    from bot.knowledge.load import get_knowledge

    known = sorted(one.id for one in get_knowledge().offices.values() if not one.national)
    if office not in known:
        yield f"PANDU_OFFICE must be one of {', '.join(known)} (knowledge/offices), not {office!r}."


def _telegram(settings: Settings) -> Iterator[str]:
    token, secret = settings.telegram_token.get_secret_value(), settings.telegram_secret.get_secret_value()
    if token and not _TOKEN.fullmatch(token):
        yield "PANDU_TELEGRAM_TOKEN must look like 7000000001:AA… (from @BotFather, without blanks or quotes)."
    if secret and not _SECRET.fullmatch(secret):
        yield "PANDU_TELEGRAM_SECRET may hold 1 to 256 of A-Z, a-z, 0-9, _ and - only."
    if settings.telegram_username and not _USERNAME.fullmatch(settings.telegram_username):
        yield "PANDU_TELEGRAM_USERNAME is the bot's user name without @ and without t.me/."


def _whatsapp(settings: Settings) -> Iterator[str]:
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
            yield f"{PREFIX}{name.upper()} must be a Content SID: HX and 32 digits or letters a-f."


def _sender(sender: str) -> Iterator[str]:
    if sender.upper().startswith("MG"):
        yield "PANDU_WHATSAPP_SENDER must be a number: Messaging Services (MG…) are not supported; name its sender."
    elif "," in sender or ";" in sender:
        yield "PANDU_WHATSAPP_SENDER must be one number: run one Pandu for each sender, with its own data folder."
    elif sender.casefold().startswith("join "):
        yield "PANDU_WHATSAPP_SENDER is the sandbox's number (whatsapp:+14155238886), not its join code."
    elif not _NUMBER.fullmatch(sender):
        yield f"PANDU_WHATSAPP_SENDER must be a number with country code (whatsapp:+14155238886), not {sender!r}."
