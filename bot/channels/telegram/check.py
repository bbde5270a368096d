"""The questions of `pandu doctor` to Telegram, and what it mends there."""

from __future__ import annotations

import httpx

from bot.channels.base import UNREAD
from bot.channels.telegram.channel import UPDATES, WEBHOOK_PATH, webhook_secret
from bot.finding import Finding
from bot.settings import Settings


async def check(settings: Settings, client: httpx.AsyncClient) -> Finding:
    """Whether the token is taken, and messages come in the way that the settings want."""
    if not settings.telegram_on:
        return Finding("telegram", "note", "off", "To connect a bot: a token from @BotFather as PANDU_TELEGRAM_TOKEN.")
    base = f"{settings.telegram_api_url.rstrip('/')}/bot{settings.telegram_token.get_secret_value()}"
    try:
        me = (await client.get(f"{base}/getMe")).json()
        if not me.get("ok"):
            advice = "Ask @BotFather for the token and set PANDU_TELEGRAM_TOKEN."
            return Finding("telegram", "wrong", f"the token is refused ({me.get('description', '?')})", advice)
        hook = dict((await client.get(f"{base}/getWebhookInfo")).json().get("result", {}))
        name = f"@{me['result'].get('username', '?')}"
    except httpx.HTTPError as error:
        advice = "Check the way to the internet, and PANDU_TELEGRAM_API_URL."
        return Finding("telegram", "wrong", f"Telegram is not reachable ({type(error).__name__})", advice)
    except UNREAD:
        advice = "Something between answers in its place: check the way to the internet, and PANDU_TELEGRAM_API_URL."
        return Finding("telegram", "wrong", "what answers is not Telegram", advice)
    if settings.public_url and hook.get("last_error_message"):
        advice = "Telegram cannot deliver to PANDU_PUBLIC_URL: check its certificate and that /webhooks is passed on."
        return Finding("telegram", "wrong", f"{name}: {hook['last_error_message']}", advice)
    if settings.public_url and not hook.get("url"):
        advice = "It is set at the start: make run, or pandu doctor --fix."
        return Finding("telegram", "wrong", f"{name}: no webhook is set", advice)
    if settings.public_url and hook.get("url") != f"{settings.public_url}{WEBHOOK_PATH}":
        advice = "Another program has this token, or had it: pandu doctor --fix sets the webhook again."
        return Finding("telegram", "wrong", f"{name}: the webhook leads elsewhere", advice)
    if not settings.public_url and hook.get("url"):
        return Finding("telegram", "note", f"{name}: another webhook is set", "Polling removes it at the start.")
    waiting = hook.get("pending_update_count", 0)
    return Finding("telegram", "ok", f"{name}, {'webhook' if settings.public_url else 'polling'}, {waiting} waiting")


async def mend(settings: Settings, client: httpx.AsyncClient) -> list[str]:
    """Sets the webhook again where it leads elsewhere, or nowhere."""
    try:
        return await _webhook(settings, client)
    except (httpx.HTTPError, *UNREAD) as error:
        return [f"the Telegram webhook could not be looked at ({type(error).__name__})"]


async def _webhook(settings: Settings, client: httpx.AsyncClient) -> list[str]:
    if not (settings.telegram_on and settings.public_url):
        return []
    base = f"{settings.telegram_api_url}/bot{settings.telegram_token.get_secret_value()}"
    wanted = f"{settings.public_url}{WEBHOOK_PATH}"
    present = (await client.get(f"{base}/getWebhookInfo")).json()
    if not present.get("ok") or present["result"].get("url") == wanted:
        return []
    fields = {"url": wanted, "secret_token": webhook_secret(settings), "allowed_updates": UPDATES}
    answer = (await client.post(f"{base}/setWebhook", json=fields)).json()
    if answer.get("ok"):
        return [f"the Telegram webhook leads to {wanted} again"]
    return [f"Telegram does not set the webhook: {answer.get('description', '?')}"]
