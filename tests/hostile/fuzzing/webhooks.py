"""Targets behind the web application: webhooks with right and wrong signatures, and the office's interface.

The application is the real one on a real database; only the network is left out. Nothing is sent and nobody answers:
what is stored waits for a worker that never comes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import httpx
from pydantic import SecretStr
from twilio.request_validator import RequestValidator

from bot.app import at_work, build_runtime, create_app
from bot.applications import keys
from bot.applications.posting import register_of
from bot.settings import Settings
from bot.web import doorway
from tests.hostile.fuzzing import odd
from tests.hostile.fuzzing.console import Console, console
from tests.hostile.fuzzing.targets import Target

PUBLIC = "https://pandu.example.go.id"
NOWHERE = "http://127.0.0.1:9"
ACCOUNT, SENDER = "AC" + "0" * 32, "whatsapp:+14155238886"
AUTH, SECRET, ENGINE = "auth-of-the-fuzzer", "secret-of-the-fuzzer", "engine-of-the-fuzzer"
FINE = frozenset({200, 201, 400, 401, 403, 404, 405, 409, 413, 415, 422})

Call = tuple[str, str, bytes, dict[str, str]]
"""Method, address, body, headers."""

_CHAT = {"id": 70001, "type": "private", "first_name": "Siti", "username": "siti_contoh"}
_SENDER = {"id": 70001, "is_bot": False, "first_name": "Siti", "last_name": "Contoh", "language_code": "id"}
_MESSAGE: dict[str, Any] = {"message_id": 11, "date": 1790000000, "chat": _CHAT, "from": _SENDER}
_FILE = {"file_id": "AgAC", "file_unique_id": "u1", "file_size": 1000}
_SENT = _MESSAGE | {"text": "Pilih", "reply_markup": {"inline_keyboard": [[{"text": "Ya", "callback_data": "m5:0"}]]}}
_TAP = {"id": "77", "from": _SENDER, "chat_instance": "1", "data": "m5:0", "message": _SENT}
UPDATES: tuple[dict[str, Any], ...] = (
    {"message": _MESSAGE | {"text": "berapa biaya izin di kudus?"}},
    {"message": _MESSAGE | {"text": "/start KLAIM-7K3M-9XQ4-ACDE"}},
    {"message": _MESSAGE | {"photo": [_FILE | {"width": 90, "height": 60}], "caption": "ini NIK 3374012345670001"}},
    {"message": _MESSAGE | {"document": _FILE | {"file_name": "../../x.pdf", "mime_type": "application/pdf"}}},
    {"message": _MESSAGE | {"voice": _FILE | {"duration": 3}}},
    {"message": _MESSAGE | {"location": {"latitude": -6.8, "longitude": 110.8}}},
    {"message": _MESSAGE | {"contact": {"phone_number": "+62812", "first_name": "Budi"}}},
    {"message": _MESSAGE | {"text": "ya", "reply_to_message": _MESSAGE | {"text": "x"}}},
    {"callback_query": _TAP},
    {"my_chat_member": {"chat": _CHAT, "from": _SENDER, "date": 1}},
)
_MEDIA = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1"
FORM = {
    "SmsMessageSid": "",
    "NumMedia": "0",
    "ProfileName": "Siti Contoh",
    "WaId": "6281234567890",
    "Body": "berapa lama izin di magetan?",
    "To": SENDER,
    "From": "whatsapp:+6281234567890",
    "AccountSid": ACCOUNT,
    "ApiVersion": "2010-04-01",
}
FORMS = (
    FORM,
    FORM | {"NumMedia": "1", "MediaUrl0": _MEDIA, "MediaContentType0": "image/jpeg", "Body": ""},
    FORM | {"ButtonPayload": '/ask_cost{"service":"kudus-iui"}', "ButtonText": "Biaya"},
    FORM | {"ListId": "/show_menu", "ListTitle": "Menu", "OriginalRepliedMessageSid": "SM" + "1" * 32},
    FORM | {"Latitude": "-6.8", "Longitude": "110.8"},
)
APPLICATION = {
    "service": "magetan-perluasan",
    "reference": "A/1",
    "applicant": "Budi",
    "received_on": "2026-11-02",
    "phones": ["0812-3456-7890"],
    "stage": "",
}


class Web:
    """Calls the application; `statuses` counts what it answered."""

    def __init__(self, client: httpx.AsyncClient, key: str, console: Console) -> None:
        self.client = client
        self.key = key
        self.console = console
        self.statuses: Counter[int] = Counter()

    async def call(self, call: Call) -> None:
        method, address, body, headers = call
        answer = await self.client.request(method, address, content=body, headers=headers)
        self.statuses[answer.status_code] += 1
        assert answer.status_code in FINE, answer.status_code

    def targets(self) -> list[Target]:
        return [
            Target("Telegram updates", 230, telegram_case, self.call),
            Target("WhatsApp forms", 170, whatsapp_case, self.call),
            Target("WhatsApp receipts", 50, receipt_case, self.call),
            Target("office's interface", 30, self._api_case, self.call),
            Target("engine's calls", 20, action_case, self.call),
            self.console.target(),
        ]

    def _api_case(self, source: Random) -> Call:
        right = APPLICATION | {"reference": f"A/{source.randrange(10**9)}"}
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"}
        if source.randrange(10) == 0:
            headers["Authorization"] = "Bearer pdk_" + "x" * source.randrange(120)
        return "POST", "/api/v1/applications", _json(source, right), headers


@asynccontextmanager
async def attacked(database_url: str, folder: Path) -> AsyncIterator[Web]:
    """The application on a migrated database, with both channels; `folder` is its data folder. Its door stands open:
    who forges as much as these cases would wait (tests/web/test_doorway.py)."""
    share, doorway.SHARE = doorway.SHARE, 100.0
    try:
        async with _attacked(database_url, folder) as web:
            yield web
    finally:
        doorway.SHARE = share


@asynccontextmanager
async def _attacked(database_url: str, folder: Path) -> AsyncIterator[Web]:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        data_dir=folder,
        public_url=PUBLIC,
        telegram_token=SecretStr("7000000001:AAfuzz-token-for-nobody-only-0000000000"),
        telegram_secret=SecretStr(SECRET),
        telegram_api_url=NOWHERE,
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=SecretStr(AUTH),
        twilio_api_url=NOWHERE,
        whatsapp_sender=SENDER,
        engine_token=SecretStr(ENGINE),
        refusal_alarm=10**9,
    )
    runtime = build_runtime(settings, database_url, NOWHERE, ENGINE, receiving=False)
    app = create_app(settings, runtime)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with at_work(runtime), httpx.AsyncClient(transport=transport, base_url=PUBLIC) as client:
        async with runtime.database.session() as session:
            key = await keys.make(register_of(runtime, session), "fuzzer")
        desk = await console(app, runtime.database, PUBLIC)
        try:
            yield Web(client, key, desk)
        finally:
            await desk.client.aclose()
            await runtime.database.close()


def telegram_case(source: Random) -> Call:
    right = {"update_id": source.randrange(2**40)} | source.choice(UPDATES)
    secret = SECRET if source.randrange(20) else source.choice(["", "x", SECRET[:-1], SECRET + "\xe9"])
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret, "Content-Type": "application/json"}
    return "POST", "/webhooks/telegram", _json(source, right), _latin(headers)


def whatsapp_case(source: Random) -> Call:
    form = source.choice(FORMS) | {"MessageSid": f"SM{source.randrange(16**32):032x}"}
    return _signed(source, "/webhooks/whatsapp", form)


def receipt_case(source: Random) -> Call:
    form = {
        "MessageSid": "SM" + "0" * 32,
        "MessageStatus": source.choice(["sent", "read", "failed", "undelivered", "x"]),
    }
    form |= {"ErrorCode": source.choice(["", "63016", "21610", "x" * 50, "99999999999"])} if source.randrange(2) else {}
    message = odd.text(source, "12") if source.randrange(2) else str(source.randrange(10**6))
    query = urlencode({"message": message, "content": odd.text(source, "abc")}, errors="replace")
    return _signed(source, f"/webhooks/whatsapp/status?{query}", form)


def action_case(source: Random) -> Call:
    right = {"next_action": "action_unknown", "tracker": {"sender_id": "1", "slots": {}}, "domain": {}}
    token = ENGINE if source.randrange(10) else "x"
    return "POST", f"/actions?token={token}", _json(source, right), {"Content-Type": "application/json"}


def _signed(source: Random, path: str, form: dict[str, str]) -> Call:
    """A spoiled form as Twilio would sign it; one of twenty with something wrong about the signature."""
    for _ in range(source.randrange(4)):
        name = source.choice([*form, "Extra", "ButtonPayload", "MediaUrl0", "NumMedia"])
        made = odd.value(source)
        form[name] = (made if isinstance(made, str) else str(made)).encode("utf-8", "replace").decode()
    body = urlencode(form).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    algorithm = source.choice([None, None, "HMAC_SHA256"])
    headers["X-Twilio-Signature"] = RequestValidator(AUTH).compute_signature(PUBLIC + path, form, algorithm)
    if algorithm:
        headers["X-Twilio-Webhooks-Signature-Settings"] = f"key=k,algorithm={algorithm}"
    wrong = source.randrange(60)
    if wrong == 0:
        body = odd.data(source, body)
    elif wrong == 1:
        headers["X-Twilio-Signature"] = odd.text(source, "c2FsYWg=")
    elif wrong == 2:
        headers["X-Twilio-Webhooks-Signature-Settings"] = odd.text(source, "key=k,algorithm=HMAC_SHA256")
    return "POST", path, body, _latin(headers)


def _json(source: Random, right: Any) -> bytes:
    """The value spoiled in its tree or in its bytes; one of ten stays right."""
    kind = source.randrange(10)
    if kind == 0:
        return json.dumps(right).encode()
    if kind == 1:
        return odd.data(source, json.dumps(right).encode())
    return json.dumps(odd.tree(source, right)).encode()


def _latin(headers: dict[str, str]) -> dict[str, str]:
    """As much of the values as a header can carry."""
    return {
        name: "".join(sign for sign in value if sign.isprintable() and sign < "\x7f") for name, value in headers.items()
    }
