"""Telegram's side: the contract of its methods, a request class that holds us to it, and a local Bot API server."""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict, deque
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from telegram.request import BaseRequest, RequestData

METHODS: dict[str, Any] = json.loads(Path(__file__).with_name("telegram_bot_api.json").read_text())["methods"]
SCALARS = {"Integer": int, "String": str, "Boolean": bool, "Float": (int, float)}
BOT = {"id": 7000000001, "is_bot": True, "first_name": "Pandu", "username": "PanduUjiBot"}
TOKEN = "7000000001:AAtest-token-for-local-servers-only0000"


def problems(method: str, fields: dict[str, Any]) -> list[str]:
    """What Telegram would say against a call: unknown method, unknown or missing fields, wrong types, limits."""
    if method not in METHODS:
        return [f"unknown method {method}"]
    known = {field["name"]: field for field in METHODS[method]["fields"]}
    found = [f"{method}: unknown field {name}" for name in fields if name not in known]
    found += [f"{method}: missing {name}" for name, field in known.items() if field["required"] and name not in fields]
    for name, value in fields.items():
        if name in known and not _fits(value, known[name]["types"]):
            found.append(f"{method}: {name} is {type(value).__name__}, not {known[name]['types']}")
    return found + _limits(method, fields)


def _fits(value: Any, types: list[str]) -> bool:
    for kind in types:
        if kind.startswith("Array of "):
            if isinstance(value, list):
                return True
        elif kind in SCALARS:
            if isinstance(value, SCALARS[kind]) and (kind == "Boolean" or not isinstance(value, bool)):
                return True
        elif isinstance(value, dict):
            return True
    return False


def _limits(method: str, fields: dict[str, Any]) -> list[str]:
    found = []
    if method == "sendMessage" and not 1 <= len(fields.get("text", "").strip()) <= 4096:
        found.append("message text is empty or too long")
    markup = fields.get("reply_markup") or {}
    buttons = [button for row in markup.get("inline_keyboard", []) for button in row]
    if not all(1 <= len(button.get("callback_data", "").encode()) <= 64 and button.get("text") for button in buttons):
        found.append("BUTTON_DATA_INVALID")
    if method == "setWebhook" and not re.fullmatch(r"[\w-]{1,256}", fields.get("secret_token", "x")):
        found.append("secret token contains unallowed characters")
    if not all(_is_command(command) for command in fields.get("commands", [])):
        found.append("BOT_COMMAND_INVALID")
    return found


def _is_command(command: dict[str, str]) -> bool:
    return bool(re.fullmatch(r"[a-z0-9_]{1,32}", command["command"])) and 1 <= len(command["description"]) <= 256


def failure(code: int, description: str, **parameters: Any) -> tuple[int, dict[str, Any]]:
    """An answer as Telegram gives it when it refuses."""
    body = {"ok": False, "error_code": code, "description": description}
    return code, body | ({"parameters": parameters} if parameters else {})


class Telegram:
    """What both counterparts share: it records calls, answers plausibly, and fails when told to.

    `failures[method]` holds (status, body) pairs, or None for an answer as usual, used up one a call.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.failures: defaultdict[str, deque[tuple[int, dict[str, Any]] | None]] = defaultdict(deque)
        self.webhook: dict[str, Any] = {}
        self.files: dict[str, bytes] = {}
        self.uploads: dict[str, bytes] = {}  # what was sent, by file name
        self.message_id = 500

    def made(self, method: str) -> list[dict[str, Any]]:
        """The fields of every call to `method` so far."""
        return [fields for name, fields in self.calls if name == method]

    def answer(self, method: str, fields: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.calls.append((method, fields))
        refused = problems(method, fields)
        if refused:
            return failure(400, "Bad Request: " + "; ".join(refused))
        scripted = self.failures[method].popleft() if self.failures[method] else None
        return scripted or (200, {"ok": True, "result": self._result(method, fields)})

    def _result(self, method: str, fields: dict[str, Any]) -> Any:
        if method == "getMe":
            return BOT
        if method in ("sendMessage", "sendPhoto", "sendDocument", "editMessageReplyMarkup"):
            self.message_id += 1
            chat = {"id": int(fields["chat_id"]), "type": "private", "first_name": "Warga"}
            return {"message_id": self.message_id, "date": 1790000000, "chat": chat, "text": fields.get("text", "")}
        if method == "getFile":
            content = self.files[fields["file_id"]]
            name = fields["file_id"]
            return {"file_id": name, "file_unique_id": "u", "file_size": len(content), "file_path": f"files/{name}"}
        if method == "getWebhookInfo":
            return {"url": self.webhook.get("url", ""), "has_custom_certificate": False, "pending_update_count": 0}
        if method == "setWebhook":
            self.webhook = fields
        if method == "deleteWebhook":
            self.webhook = {}
        return True


class ContractRequest(BaseRequest):
    """Stands in for the HTTP client; fails the call when it breaks Telegram's contract, and never opens a socket."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram
        self.open = False

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        self.open = True

    async def shutdown(self) -> None:
        self.open = False

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        if method == "GET":
            return 200, self.telegram.files[name]
        fields = json.loads(json.dumps(request_data.parameters if request_data else {}))
        for field, (filename, content, _) in ((request_data and request_data.multipart_data) or {}).items():
            self.telegram.uploads[filename] = content
            fields.setdefault(field, filename)
        assert problems(name, fields) == []
        status, body = self.telegram.answer(name, fields)
        return status, json.dumps(body).encode()


class BotApiServer(Telegram):
    """A Bot API server: `app` answers at /bot<token>/<method>; updates go out by polling or to the webhook."""

    def __init__(self, token: str = TOKEN) -> None:
        super().__init__()
        self.token = token
        self.pending: list[dict[str, Any]] = []
        self.offsets: list[int] = []
        self._arrived = asyncio.Event()
        self.app = FastAPI()
        self.app.add_api_route("/bot{token}/{method}", self._call, methods=["GET", "POST"])
        self.app.add_api_route("/file/bot{token}/files/{name}", self._file, methods=["GET"])

    def push(self, *updates: dict[str, Any]) -> None:
        """Updates wait for getUpdates until an offset confirms them."""
        self.pending.extend(updates)
        self._arrived.set()

    def release(self) -> None:
        """Ends a waiting getUpdates, so that the server can stop at once."""
        self._arrived.set()

    async def deliver(self, update: dict[str, Any], client: httpx.AsyncClient) -> int:
        """Posts an update to the webhook that was set, with its secret; returns the status."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")}
        return (await client.post(self.webhook["url"], json=update, headers=headers)).status_code

    async def _call(self, token: str, method: str, request: Request) -> Response:
        if token != self.token:
            return JSONResponse(*reversed(failure(401, "Unauthorized")))
        form = await request.form()
        fields = {name: _decoded(method, name, str(value)) for name, value in form.items()}
        status, body = self.answer(method, fields)
        if method == "getUpdates" and status == 200:
            status, body = await self._updates(fields)
        return JSONResponse(body, status)

    async def _updates(self, fields: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if self.webhook:
            return failure(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = fields.get("offset", 0)
        self.offsets.append(offset)
        self.pending = [update for update in self.pending if update["update_id"] >= offset]
        if not self.pending:
            self._arrived.clear()
            try:
                async with asyncio.timeout(fields.get("timeout", 0)):
                    await self._arrived.wait()
            except TimeoutError:
                pass
        return 200, {"ok": True, "result": self.pending[:100]}

    async def _file(self, token: str, name: str) -> Response:
        return Response(self.files[name], media_type="application/octet-stream")


def _decoded(method: str, name: str, value: str) -> Any:
    """A form value as its documented type: all but strings travel as JSON."""
    types = next((f["types"] for f in METHODS.get(method, {"fields": []})["fields"] if f["name"] == name), ["String"])
    if types == ["String"]:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
