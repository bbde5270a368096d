"""The questions of `pandu doctor` to Twilio, and the templates that it hands in there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from bot.channels.base import UNREAD
from bot.finding import Finding
from bot.settings import Settings

CONTENT_API = "https://content.twilio.com"
LANGUAGE = "id"
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


async def check(settings: Settings, client: httpx.AsyncClient) -> Finding:
    """Whether the settings are whole, Twilio takes them, and messages can come in."""
    sid, token = settings.twilio_account_sid, settings.twilio_auth_token.get_secret_value()
    if not settings.whatsapp_on:
        if sid or token or settings.whatsapp_sender:
            advice = "Set PANDU_TWILIO_ACCOUNT_SID, PANDU_TWILIO_AUTH_TOKEN and PANDU_WHATSAPP_SENDER, all three."
            return Finding("whatsapp", "wrong", "configured in part", advice)
        return Finding("whatsapp", "note", "off")
    base = (settings.twilio_api_url or "https://api.twilio.com").rstrip("/")
    try:
        answer = await client.get(f"{base}/2010-04-01/Accounts/{sid}.json", auth=(sid, token))
    except httpx.HTTPError as error:
        advice = "Check the way to the internet, and PANDU_TWILIO_API_URL."
        return Finding("whatsapp", "wrong", f"Twilio is not reachable ({type(error).__name__})", advice)
    if answer.status_code != 200:
        advice = "Copy account SID and auth token from the Twilio console again."
        return Finding("whatsapp", "wrong", f"Twilio refuses them ({answer.status_code})", advice)
    if not settings.public_url:
        advice = "WhatsApp messages come only by webhook: set PANDU_PUBLIC_URL."
        return Finding("whatsapp", "wrong", "no public address", advice)
    return Finding("whatsapp", "ok", f"{settings.whatsapp_sender}, account accepted")


async def mend(settings: Settings, client: httpx.AsyncClient) -> list[str]:
    """Templates that are missing; none is made twice."""
    try:
        return await _templates(settings, client)
    except (httpx.HTTPError, *UNREAD) as error:
        return [f"templates could not be made at Twilio ({type(error).__name__})"]


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
    # A content has one language; the office may have others under the same name.
    ours = [one for one in listed.json().get("contents", ()) if one.get("language") == LANGUAGE]
    present = {one.get("friendly_name"): one.get("sid") for one in ours}
    return [await _template(client, base, one, present.get(one.name)) for one in missing]


async def _template(client: httpx.AsyncClient, base: str, template: Template, sid: str | None) -> str:
    setting = f"PANDU_{template.setting.upper()}"
    if sid:
        return f"the template {template.name} is there: put {setting}={sid} into .env once WhatsApp has approved it"
    wanted: dict[str, Any] = {
        "friendly_name": template.name,
        "language": LANGUAGE,
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
