"""`pandu doctor --fix` mends what is safe, once, and says what is left to do."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram.channel import UPDATES, webhook_secret
from bot.channels.whatsapp.check import TEMPLATES
from bot.commands.work import doctor, doctor_safety
from bot.commands.work.doctor_fix import mend
from bot.finding import Finding
from bot.settings import Settings
from tests.channels.conftest import settings as channel_settings
from tests.peers.bot_api import TOKEN, problems
from tests.processes.test_chat_and_doctor import Site, by_subject, site

__all__ = ["site"]
OURS = "https://pandu.example.go.id/webhooks/telegram"
BOT = f"/bot{TOKEN}"


def made(site: Site, **more: Any) -> Settings:
    return channel_settings(**({"telegram_api_url": site.url, "twilio_api_url": site.url} | more))


def only_telegram(site: Site, **more: Any) -> Settings:
    return made(site, twilio_account_sid="", whatsapp_sender="", **more)


@pytest.mark.parametrize("present", ["", "https://elsewhere.example/hook"])
async def test_the_webhook_is_set_again(site: Site, present: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def unasked(*_: Any) -> Finding:
        return Finding("address", "note", "no test leaves this machine")

    monkeypatch.setattr(doctor, "_webhook", unasked)
    monkeypatch.setattr(doctor_safety, "CHECKS", ())
    site.routes = {
        f"GET {BOT}/getMe": (200, {"ok": True, "result": {"username": "pandu_bot"}}),
        f"GET {BOT}/getWebhookInfo": (200, {"ok": True, "result": {"url": present}}),
        f"POST {BOT}/setWebhook": (200, {"ok": True, "result": True}),
    }
    settings = only_telegram(site)
    found = by_subject(await doctor.examine(settings))
    assert found["telegram"].verdict == "wrong" and "--fix" in found["telegram"].advice
    assert await mend(settings) == [f"the Telegram webhook leads to {OURS} again"]
    (fields,) = [body for key, body in site.calls if key.endswith("setWebhook")]
    assert fields == {"url": OURS, "secret_token": webhook_secret(settings), "allowed_updates": UPDATES}
    assert problems("setWebhook", fields) == []


async def test_what_is_right_is_left_alone(site: Site) -> None:
    site.routes = {f"GET {BOT}/getWebhookInfo": (200, {"ok": True, "result": {"url": OURS}})}
    assert await mend(only_telegram(site)) == []
    assert not any(key.startswith("POST") for key, _ in site.calls)


async def test_missing_templates_are_made_once_and_handed_in(site: Site) -> None:
    sid = "HX" + "1" * 32
    known = [
        {"friendly_name": TEMPLATES[0].name, "language": "en", "sid": "HX" + "5" * 32},  # of the office's own
        {"friendly_name": TEMPLATES[1].name, "language": "id", "sid": "HX" + "2" * 32},
        {"friendly_name": TEMPLATES[1].name, "language": "en", "sid": "HX" + "6" * 32},
    ]
    site.routes = {
        "GET /v1/Content": (200, {"contents": known}),
        "POST /v1/Content": (201, {"sid": sid}),
        f"POST /v1/Content/{sid}/ApprovalRequests/whatsapp": (201, {"status": "received"}),
    }
    news, reply = await mend(made(site, telegram_token=""))
    assert f"PANDU_WHATSAPP_NEWS_TEMPLATE={sid}" in news and "handed in for approval" in news
    assert "PANDU_WHATSAPP_REPLY_TEMPLATE=HX2222" in reply and "is there" in reply
    posted = [body for key, body in site.calls if key == "POST /v1/Content"]
    assert [one["friendly_name"] for one in posted] == [TEMPLATES[0].name]
    asked = next(body for key, body in site.calls if key.endswith("ApprovalRequests/whatsapp"))
    assert asked == {"name": TEMPLATES[0].name, "category": "UTILITY"}


async def test_configured_templates_are_left_alone(site: Site) -> None:
    own = {"whatsapp_news_template": "HX" + "3" * 32, "whatsapp_reply_template": "HX" + "4" * 32}
    assert await mend(made(site, telegram_token="", **own)) == []
    assert site.calls == []


@pytest.mark.parametrize("template", TEMPLATES, ids=[one.name for one in TEMPLATES])
def test_a_template_is_one_that_whatsapp_approves(template: Any) -> None:
    """Lower-case name; no variable first, last or beside another; a sample for each."""
    assert template.name.replace("_", "").isalpha() and template.name.islower()
    assert not template.body.startswith("{{") and not template.body.endswith("}}") and "}}{{" not in template.body
    assert all(f"{{{{{name}}}}}" in template.body for name in template.samples)


async def test_who_is_away_is_said(site: Site) -> None:
    away = made(site, telegram_api_url="http://127.0.0.1:9")
    said = await mend(away.model_copy(update={"twilio_api_url": "http://127.0.0.1:9"}))
    assert [line.split(" (")[1] for line in said] == ["ConnectError)", "ConnectError)"]
