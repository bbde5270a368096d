"""`pandu doctor --fix`: what can be mended where that is safe. Nothing is deleted, and doing it twice does it once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from bot.channels.telegram.channel import UPDATES, WEBHOOK_PATH, webhook_secret
from bot.settings import Settings

CONTENT_API = "https://content.twilio.com"
TIMEOUT = 15.0  # seconds for each call
PAGE = 500  # contents looked through for one that is there already


@dataclass(frozen=True, slots=True)
class Template:
    """A message that WhatsApp must approve before it may go out after 24 hours; its text is Indonesian."""

    setting: str
    name: str
    body: str
    samples: dict[str, str]


TEMPLATES = (
    Template(
        "whatsapp_news_template",
        "pandu_kabar_permohonan",
        "Kabar permohonan izin Anda nomor {{1}}: {{2}}. Balas pesan ini untuk melihat rinciannya.",
        {"1": "PDU-0000-0000", "2": "Pemeriksaan kelengkapan"},
    ),
    Template(
        "whatsapp_reply_template",
        "pandu_jawaban_petugas",
        "Petugas {{1}} menjawab pertanyaan Anda: {{2}} Balas pesan ini untuk melanjutkan percakapan.",
        {"1": "Dewi", "2": "Berkas Anda sudah lengkap."},
    ),
)


async def mend(settings: Settings) -> list[str]:
    """One English line for each thing that was mended, or could not be."""
    async with httpx.AsyncClient(timeout=TIMEOUT) as client:
        said = []
        try:
            said += await _webhook(settings, client)
        except (httpx.HTTPError, ValueError) as error:
            said.append(f"the Telegram webhook could not be looked at ({type(error).__name__})")
        try:
            said += await _templates(settings, client)
        except (httpx.HTTPError, ValueError) as error:
            said.append(f"templates could not be made at Twilio ({type(error).__name__})")
    return said


async def _webhook(settings: Settings, client: httpx.AsyncClient) -> list[str]:
    """Sets the webhook again where it leads elsewhere, or nowhere."""
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


async def _templates(settings: Settings, client: httpx.AsyncClient) -> list[str]:
    """Makes the templates that are not configured, and hands them in for approval."""
    missing = [one for one in TEMPLATES if not getattr(settings, one.setting)]
    if not settings.whatsapp_on or not missing:
        return []
    client.auth = (settings.twilio_account_sid, settings.twilio_auth_token.get_secret_value())
    base = f"{settings.twilio_api_url or CONTENT_API}/v1/Content"
    listed = await client.get(base, params={"PageSize": PAGE})
    if listed.status_code != 200:
        return [f"Twilio does not list its contents ({listed.status_code})"]
    present = {one.get("friendly_name"): one.get("sid") for one in listed.json().get("contents", ())}
    return [await _template(client, base, one, present.get(one.name)) for one in missing]


async def _template(client: httpx.AsyncClient, base: str, template: Template, sid: str | None) -> str:
    setting = f"PANDU_{template.setting.upper()}"
    if sid:
        return f"the template {template.name} is there: put {setting}={sid} into .env once WhatsApp has approved it"
    wanted: dict[str, Any] = {
        "friendly_name": template.name,
        "language": "id",
        "variables": template.samples,
        "types": {"twilio/text": {"body": template.body}},
    }
    made = await client.post(base, json=wanted)
    if made.status_code != 201:
        return f"Twilio does not make the template {template.name} ({made.status_code})"
    sid = made.json()["sid"]
    approval = {"name": template.name, "category": "UTILITY"}
    handed_in = await client.post(f"{base}/{sid}/ApprovalRequests/whatsapp", json=approval)
    approved = "handed in for approval" if handed_in.status_code in (200, 201) else "hand it in for approval by hand"
    return f"made the template {template.name} ({approved}): put {setting}={sid} into .env once it is approved"
