"""The providers as Pandu meets them: a Bot API server and Twilio's REST API that answer, refuse and stall.

Leaner than the counterparts of the tests (`tests/peers`), whose contracts they check every call against, so that they
carry some hundred calls a second. The Twilio one stands for: creating messages and contents, the message list with its
filters (https://www.twilio.com/docs/messaging/api/message-resource), status callbacks in any order, 429 and 5xx.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import aiohttp
from aiohttp import web

from benchmarks.chaos.files import SentFile
from benchmarks.chaos.gate import SILENT, Gate
from benchmarks.chaos.ledger import Ledger
from tests.peers.bot_api import BOT, failure, problems
from tests.peers.bot_api import TOKEN as BOT_TOKEN
from tests.peers.twilio_api import ACCOUNT, TOKEN, content_problems, render, sign

MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
MEDIA = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{{sid}}/Media"
_CALLBACKS = ("sent", "delivered", "read")
_BASIC = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()


@dataclass(frozen=True, slots=True)
class Weather:
    """Shares of calls that are refused, and how long an answer takes (seconds, shortest and longest)."""

    busy: float = 0.01
    broken: float = 0.01
    answer: tuple[float, float] = (0.005, 0.06)
    slow: float = 0.01
    slow_answer: tuple[float, float] = (0.5, 2.0)


class Provider:
    """What both share: weather, ledger, and a server on a free port of 127.0.0.1 (or `host`)."""

    def __init__(self, ledger: Ledger, weather: Weather, seed: int, host: str = "127.0.0.1") -> None:
        self.ledger = ledger
        self.weather = weather
        self.calm = True
        self.chance = random.Random(seed)
        self.refused = 0
        self.host = host
        self.url = ""
        self.contract: list[str] = []  # what broke the provider's contract
        self.gate = Gate(self.is_file, self.is_send, seed)

    @staticmethod
    def is_file(path: str) -> bool:
        """Whether this is a download."""
        raise NotImplementedError

    @staticmethod
    def is_send(request: web.Request) -> bool:
        """Whether this call sends a message."""
        raise NotImplementedError

    def refusal(self) -> str:
        """ "busy", "broken" or ""."""
        if self.calm:
            return ""
        roll = self.chance.random()
        kind = (
            "busy" if roll < self.weather.busy else "broken" if roll < self.weather.busy + self.weather.broken else ""
        )
        self.refused += bool(kind)
        return kind

    async def linger(self) -> None:
        slow = not self.calm and self.chance.random() < self.weather.slow
        await asyncio.sleep(self.chance.uniform(*(self.weather.slow_answer if slow else self.weather.answer)))

    async def accept(self, channel: str, address: str, text: str, name: str) -> None:
        """Taken for good; then the answer travels back."""
        self.ledger.heard(channel, address, text, name)
        if self.gate.calls == SILENT:
            self.gate.taken.add((address, self.ledger.key(text)))
        await self.linger()

    @asynccontextmanager
    async def serving(self, app: web.Application) -> AsyncIterator[None]:
        runner = web.AppRunner(app, access_log=None, handler_cancellation=False)
        await runner.setup()
        self.url = await self.gate.open(runner, self.host)
        try:
            yield
        finally:
            await runner.cleanup()


class Telegram(Provider):
    """A Bot API server with a webhook. Our bubbles' ids count up."""

    webhook = ""
    secret = ""
    _ids = itertools.count(1000)

    @staticmethod
    def is_file(path: str) -> bool:
        return path.startswith("/file/")

    @staticmethod
    def is_send(request: web.Request) -> bool:
        return request.path.endswith("/sendMessage")

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        app = web.Application(middlewares=[self.gate.guard])
        app.router.add_route("*", f"/bot{BOT_TOKEN}/{{method}}", self._call)
        app.router.add_get(f"/file/bot{BOT_TOKEN}/files/{{name}}", self._file)
        async with self.serving(app):
            yield

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        fields = {name: _decoded(name, str(value)) for name, value in (await request.post()).items()}
        if wrong := problems(method, fields):
            self.contract += wrong
            status, body = failure(400, "Bad Request: " + "; ".join(wrong))
            return web.json_response(body, status=status)
        if method == "setWebhook":
            self.webhook, self.secret = fields["url"], fields.get("secret_token", "")
        if method == "getFile":
            return self._get_file(fields["file_id"])
        if method != "sendMessage":
            return web.json_response({"ok": True, "result": BOT if method == "getMe" else True})
        match self.refusal():
            case "busy":
                status, body = failure(429, "Too Many Requests: retry after 1", retry_after=1)
                return web.json_response(body, status=status)
            case "broken":
                return web.Response(status=502, text="<html>502 Bad Gateway</html>", content_type="text/html")
        number = next(self._ids)
        await self.accept("telegram", str(fields["chat_id"]), fields["text"], f"T{number}")
        chat = {"id": int(fields["chat_id"]), "type": "private", "first_name": "Warga"}
        result = {"message_id": number, "date": 1790000000, "chat": chat, "text": fields["text"]}
        return web.json_response({"ok": True, "result": result})

    def _get_file(self, name: str) -> web.Response:
        size = len(self.ledger.files.sent[name].content)
        result = {"file_id": name, "file_unique_id": "u", "file_size": size, "file_path": f"files/{name}"}
        return web.json_response({"ok": True, "result": result})

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.ledger.files.give(request.match_info["name"]))


def _decoded(name: str, value: str) -> Any:
    """A form value as its type: all but texts travel as JSON."""
    if name in ("text", "url", "secret_token", "callback_query_id", "parse_mode", "file_id"):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


class Twilio(Provider):
    """Messages (both directions) by SID, newest last; contents; callbacks as background tasks."""

    def __init__(self, ledger: Ledger, weather: Weather, seed: int, host: str = "127.0.0.1") -> None:
        super().__init__(ledger, weather, seed, host)
        self.messages: dict[str, dict[str, Any]] = {}
        self.contents: dict[str, dict[str, Any]] = {}
        self.looks = 0  # message lists asked for
        self._callbacks: set[asyncio.Task[None]] = set()
        self._client: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        app = web.Application(middlewares=[self.gate.guard])
        app.router.add_post(MESSAGES, self._create)
        app.router.add_get(f"{MEDIA}.json", self._media_list)
        app.router.add_get(f"{MEDIA}/{{name}}", self._media)
        app.router.add_get("/stored/{name}", self._stored)
        app.router.add_get(MESSAGES, self._list)
        app.router.add_post("/v1/Content", self._content)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15)) as self._client, self.serving(app):
            try:
                yield
            finally:
                for task in self._callbacks:
                    task.cancel()

    @staticmethod
    def is_file(path: str) -> bool:
        return "/Media" in path or path.startswith("/stored/")

    @staticmethod
    def is_send(request: web.Request) -> bool:
        return request.method == "POST" and request.path == MESSAGES

    def keep(
        self, sid: str, direction: str, sender: str, to: str, body: str, file: SentFile | None = None
    ) -> dict[str, Any]:
        """A message as Twilio lists it. `date_sent` of ours is set when it leaves the queue, as there."""
        now = datetime.now(UTC)
        made = format_datetime(now)
        kept = {
            **{"sid": sid, "account_sid": ACCOUNT, "api_version": "2010-04-01", "body": body, "direction": direction},
            **{"from": sender, "to": to, "status": "received" if direction == "inbound" else "queued"},
            **{
                "date_created": made,
                "date_updated": made,
                "date_sent": made,
                "error_code": None,
                "error_message": None,
            },
            **{
                "num_media": str(int(file is not None)),
                "num_segments": "1",
                "price": None,
                "price_unit": "USD",
                "messaging_service_sid": None,
            },
            **{"uri": f"{MESSAGES.removesuffix('.json')}/{sid}.json", "subresource_uris": {}, "at": now},
            "file": file,
        }
        self.messages[sid] = kept
        return kept

    async def _create(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        if request.headers.get("Authorization") != _BASIC:
            return _error(401, 20003)
        match self.refusal():
            case "busy":
                return _error(429, 20429, {"Retry-After": "1"})
            case "broken":
                return web.Response(status=self.chance.choice((500, 502, 503)), text="upstream error")
        if "ContentSid" in form:
            content = self.contents.get(form["ContentSid"])
            if content is None:
                return _error(400, 21655)
            form["Body"] = render(content, json.loads(form.get("ContentVariables", "{}")))
        if not 1 <= len(form.get("Body", "")) <= 1600:
            self.contract.append("body of a message")
            return _error(400, 21617 if form.get("Body") else 21619)
        sid = "SM" + f"{self.chance.getrandbits(128):032x}"
        kept = self.keep(sid, "outbound-api", form["From"], form["To"], form["Body"])
        if form.get("StatusCallback"):
            task = asyncio.create_task(self._report(form["StatusCallback"], sid, form["To"], form["From"]))
            self._callbacks.add(task)
            task.add_done_callback(self._callbacks.discard)
        await self.accept("whatsapp", form["To"], form["Body"], sid)
        return web.json_response(_shown(kept), status=201)

    async def _report(self, url: str, sid: str, to: str, sender: str) -> None:
        """What became of it, in any order, sometimes only part of it, and before we have answered."""
        statuses = list(_CALLBACKS[: self.chance.randint(1, 3)])
        self.chance.shuffle(statuses)
        for status in statuses:
            await asyncio.sleep(self.chance.uniform(0, 0.6))
            form = {"MessageSid": sid, "MessageStatus": status, "AccountSid": ACCOUNT, "To": to, "From": sender}
            for _ in range(2):  # https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides: rc=1, rp=ct
                try:
                    assert self._client is not None
                    async with self._client.post(url, data=form, headers=sign(url, form)):
                        break
                except aiohttp.ClientConnectorError:
                    continue
                except (aiohttp.ClientError, TimeoutError, OSError):
                    break

    async def _list(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != _BASIC:
            return _error(401, 20003)
        self.looks += 1
        asked = request.query
        found = [one for one in reversed(self.messages.values()) if _matches(one, asked)]
        size, page = int(asked.get("PageSize", 50)), int(asked.get("Page", 0))
        if size > 1000:
            self.contract.append("page size of a list")
        part = found[page * size : (page + 1) * size]
        more = (page + 1) * size < len(found)
        following = request.rel_url.update_query({"Page": str(page + 1)}) if more else None
        return web.json_response(
            {
                "messages": [_shown(one) for one in part],
                **{"page": page, "page_size": size, "start": page * size, "end": page * size + len(part) - 1},
                **{"uri": str(request.rel_url), "first_page_uri": MESSAGES, "previous_page_uri": None},
                "next_page_uri": str(following) if following else None,
            }
        )

    async def _media_list(self, request: web.Request) -> web.Response:
        """https://www.twilio.com/docs/messaging/api/media-resource#read-multiple-media-resources"""
        sid = request.match_info["sid"]
        file: SentFile | None = self.messages[sid]["file"]
        listed = [_media_of(sid, file)] if file else []
        return web.json_response({"media_list": listed, "page": 0, "page_size": 50, "next_page_uri": None})

    async def _media(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != _BASIC:
            return _error(401, 20003)
        return web.Response(status=307, headers={"Location": f"/stored/{request.match_info['name']}"})

    async def _stored(self, request: web.Request) -> web.Response:
        return web.Response(body=self.ledger.files.give(request.match_info["name"]))

    async def _content(self, request: web.Request) -> web.Response:
        content = await request.json()
        if wrong := content_problems(content):
            self.contract += wrong
            return _error(400, 20001)
        sid = "HX" + f"{self.chance.getrandbits(128):032x}"
        self.contents[sid] = content
        return web.json_response(content | {"sid": sid, "account_sid": ACCOUNT, "url": "", "links": {}}, status=201)


def _shown(message: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name not in ("at", "file")}


def media_path(sid: str, file: SentFile) -> str:
    return f"{MEDIA.format(sid=sid)}/{file.reference}"


def _media_of(sid: str, file: SentFile) -> dict[str, Any]:
    return {
        **{"sid": file.reference, "parent_sid": sid, "account_sid": ACCOUNT, "content_type": file.media_type},
        **{"date_created": None, "date_updated": None, "uri": f"{media_path(sid, file)}.json"},
    }


def _matches(message: dict[str, Any], asked: Any) -> bool:
    for name, field_name in (("To", "to"), ("From", "from")):
        if name in asked and message[field_name] != asked[name]:
            return False
    at: datetime = message["at"]
    if "DateSent>" in asked and at + timedelta(seconds=1) < datetime.fromisoformat(asked["DateSent>"]):
        return False
    return not ("DateSent<" in asked and at > datetime.fromisoformat(asked["DateSent<"]))


def _error(status: int, code: int, headers: dict[str, str] | None = None) -> web.Response:
    body = {"code": code, "message": "refused", "more_info": "", "status": status}
    return web.json_response(body, status=status, headers=headers)
