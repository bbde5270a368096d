"""Twilio's side: the Content API, media, and the refusals that emulate does not know.

Follows the field names and limits of https://www.twilio.com/docs/content/content-api-resources. Messages are handed on
to `upstream` (emulate), a content's text rendered first, since emulate knows no contents; without an upstream they are
answered here.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections import deque
from typing import Any

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from twilio.request_validator import RequestValidator

ACCOUNT = "AC00000000000000000000000000000000"
TOKEN = "twilio_test_auth_token"
SENDER = "whatsapp:+14155238886"
PUBLIC = "https://pandu.example.go.id"


def error(status: int, code: int, message: str = "refused", **headers: str) -> Response:
    """A refusal as Twilio words it."""
    body = {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return JSONResponse(body, status, headers={name.replace("_", "-"): value for name, value in headers.items()})


def sign(url: str, form: dict[str, str], algorithm: str | None = None, secret: str = TOKEN) -> dict[str, str]:
    """The headers with which Twilio would post `form` to `url`."""
    headers = {"X-Twilio-Signature": RequestValidator(secret).compute_signature(url, form, algorithm)}
    if algorithm:
        headers["X-Twilio-Webhooks-Signature-Settings"] = f"key=webhooks_sharedkey_1,algorithm={algorithm}"
    return headers


class TwilioApi:
    """`failures` and the like hold responses to give instead, used up one a call; None: as usual."""

    def __init__(self, upstream: str = "") -> None:
        self.contents: dict[str, dict[str, Any]] = {}
        self.messages: list[dict[str, str]] = []
        self.media: dict[str, bytes] = {}
        self.failures: deque[Response | None] = deque()
        self.content_failures: deque[Response | None] = deque()
        self.media_failures: deque[Response | None] = deque()
        self.listed: list[dict[str, Any]] = []  # the message list, where there is no upstream
        self.app = FastAPI()
        self.app.add_api_route("/v1/Content/{sid}", self._delete_content, methods=["DELETE"])
        account = "/2010-04-01/Accounts/{account}"
        self.app.add_api_route("/v1/Content", self._create_content, methods=["POST"])
        self.app.add_api_route(f"{account}/Messages.json", self._create_message, methods=["POST"])
        self.app.add_api_route(f"{account}/Messages.json", self._list_messages, methods=["GET"])
        self.app.add_api_route(f"{account}/Messages/{{sid}}/Media/{{name}}", self._media, methods=["GET"])
        message = f"{account}/Messages/{{sid}}"
        self.app.add_api_route(f"{message}.json", self._delete_message, methods=["DELETE"])
        self.app.add_api_route(f"{message}/Media.json", self._list_media, methods=["GET"])
        self.app.add_api_route(f"{message}/Media/{{name}}.json", self._delete_media, methods=["DELETE"])
        self.app.add_api_route("/stored/{name}", self._stored, methods=["GET"])
        self.app.add_api_route("/v2/Indicators/Typing.json", self._typing, methods=["POST"])
        self.typed: list[dict[str, str]] = []
        self.kept: dict[str, list[str]] = {}  # messages that may be deleted: SID -> names of their media
        self._upstream = upstream

    async def _typing(self, request: Request) -> Response:
        """https://www.twilio.com/docs/whatsapp/api/typing-indicators-resource"""
        if not _authorised(request):
            return error(401, 20003, "Authenticate")
        form = {name: str(value) for name, value in (await request.form()).items()}
        if set(form) != {"channel", "messageId"} or form["channel"] != "whatsapp":
            return error(400, 20001, "Bad request")
        self.typed.append(form)
        if self.failures and (scripted := self.failures.popleft()) is not None:
            return scripted
        return JSONResponse({"success": True})

    async def _create_content(self, request: Request) -> Response:
        if not _authorised(request):
            return error(401, 20003, "Authenticate")
        if self.content_failures and (scripted := self.content_failures.popleft()) is not None:
            return scripted
        if request.headers.get("content-type") != "application/json":
            return error(415, 20415, "Unsupported Media Type")
        content = await request.json()
        wrong = content_problems(content)
        if wrong:
            return error(400, 20001, "; ".join(wrong))
        sid = "HX" + secrets.token_hex(16)
        self.contents[sid] = content
        now = "2026-11-22T00:00:00Z"
        return JSONResponse(
            content
            | {"sid": sid, "account_sid": ACCOUNT, "date_created": now, "date_updated": now}
            | {"url": f"https://content.twilio.com/v1/Content/{sid}", "links": {}},
            201,
        )

    async def _delete_content(self, sid: str, request: Request) -> Response:
        """https://www.twilio.com/docs/content/content-api-resources#delete-a-content-template"""
        if not _authorised(request):
            return error(401, 20003, "Authenticate")
        if self.content_failures and (scripted := self.content_failures.popleft()) is not None:
            return scripted
        return Response(status_code=204) if self.contents.pop(sid, None) else error(404, 20404, "Not found")

    async def _create_message(self, account: str, request: Request) -> Response:
        if not _authorised(request):
            return error(401, 20003, "Authenticate")
        form = {name: str(value) for name, value in (await request.form()).items()}
        self.messages.append(form)
        if self.failures and (scripted := self.failures.popleft()) is not None:
            return scripted
        rendered = dict(form)
        if "ContentSid" in form:
            content = self.contents.get(rendered.pop("ContentSid"))
            if content is None:
                return error(400, 21655, "The ContentSid is Invalid")
            rendered["Body"] = render(content, json.loads(rendered.pop("ContentVariables", "{}")))
        if not rendered.get("Body") and not rendered.get("MediaUrl"):
            return error(400, 21619, "A text message body or media urls must be specified.")
        if len(rendered.get("Body", "")) > 1600:
            return error(400, 21617, "The concatenated message body exceeds the 1600 character limit")
        if self._upstream:
            async with httpx.AsyncClient() as client:
                answer = await client.post(
                    f"{self._upstream}{request.url.path}",
                    data=rendered,
                    headers={"Authorization": request.headers["authorization"]},
                )
            return Response(answer.content, answer.status_code, media_type="application/json")
        body = {
            "sid": "SM" + secrets.token_hex(16),
            "status": "queued",
            "body": rendered.get("Body", ""),
            "to": form["To"],
        }
        return JSONResponse(body | {"from": form["From"], "account_sid": account, "error_code": None}, 201)

    async def _list_messages(self, request: Request) -> Response:
        """The message list is the upstream's, or `listed`."""
        if not _authorised(request):
            return error(401, 20003, "Authenticate")
        if self.failures and (scripted := self.failures.popleft()) is not None:
            return scripted
        if not self._upstream:
            return JSONResponse({"messages": self.listed, "page": 0, "page_size": 50, "next_page_uri": None})
        async with httpx.AsyncClient() as client:
            answer = await client.get(
                f"{self._upstream}{request.url.path}",
                params=dict(request.query_params),
                headers={"Authorization": request.headers["authorization"]},
            )
        return Response(answer.content, answer.status_code, media_type="application/json")

    async def _delete_message(self, sid: str, request: Request) -> Response:
        """https://www.twilio.com/docs/messaging/api/message-resource#delete-a-message-resource"""
        if not _authorised(request):
            return error(401, 20003, "Authenticate")
        if self.failures and (scripted := self.failures.popleft()) is not None:
            return scripted
        if self.kept.pop(sid, None) is None:
            return error(404, 20404, "The requested resource was not found")
        return Response(status_code=204)

    async def _list_media(self, sid: str, account: str, request: Request) -> Response:
        """https://www.twilio.com/docs/messaging/api/media-resource#read-multiple-media-resources"""
        if not _authorised(request):
            return error(401, 20003, "Authenticate")
        if self.media_failures and (scripted := self.media_failures.popleft()) is not None:
            return scripted
        if sid not in self.kept:
            return error(404, 20404, "The requested resource was not found")
        place = request.url.path.removesuffix(".json")
        listed = [
            {"sid": name, "parent_sid": sid, "account_sid": account, "content_type": "image/jpeg"}
            | {"uri": f"{place}/{name}.json"}
            for name in self.kept[sid]
        ]
        return JSONResponse({"media_list": listed, "page": 0, "page_size": 50, "next_page_uri": None})

    async def _delete_media(self, sid: str, name: str, request: Request) -> Response:
        if not _authorised(request):
            return error(401, 20003, "Authenticate")
        self.kept[sid].remove(name)
        self.media.pop(name, None)
        return Response(status_code=204)

    async def _media(self, request: Request, name: str) -> Response:
        if not _authorised(request):
            return error(401, 20003, "Authenticate")
        if name not in self.media:
            return error(404, 20404, "The requested resource was not found")
        return RedirectResponse(f"/stored/{name}", 307)

    async def _stored(self, name: str) -> Response:
        return Response(self.media[name], media_type="image/jpeg")


def content_problems(content: dict[str, Any]) -> list[str]:
    """What Twilio and WhatsApp would refuse in a content that is sent within a session."""
    found = [f"unknown field {name}" for name in content.keys() - {"friendly_name", "language", "variables", "types"}]
    if content.get("language") != "id":
        found.append("language")
    for kind, fields in content.get("types", {"": {}}).items():
        if kind == "twilio/quick-reply":
            options = [(action.get("title", ""), action.get("id", "")) for action in fields["actions"]]
            known, most, longest = {"body", "actions"}, 3, 20
            if any(action.get("type") != "QUICK_REPLY" for action in fields["actions"]):
                found.append("action type")
        elif kind == "twilio/list-picker":
            options = [(item.get("item", ""), item.get("id", "")) for item in fields["items"]]
            known, most, longest = {"body", "button", "items"}, 10, 24
            if not 1 <= len(fields.get("button", "")) <= 20:
                found.append("button")
            if any(not 1 <= len(item.get("description", "")) <= 72 for item in fields["items"]):
                found.append("description")
        else:
            return [*found, f"unknown type {kind}"]
        found += [f"unknown field {name}" for name in fields.keys() - known]
        if not 1 <= len(fields.get("body", "")) <= 1024:
            found.append("body")
        if not 1 <= len(options) <= most or len({title for title, _ in options}) < len(options):
            found.append("number of options")
        if any(not 1 <= len(title) <= longest or not 1 <= len(id_) <= 200 for title, id_ in options):
            found.append("length of an option")
    return found


def render(content: dict[str, Any], variables: dict[str, str]) -> str:
    """The text that the person sees above the buttons."""
    (fields,) = content["types"].values()
    return str(filled(fields["body"], variables))


def filled(part: Any, variables: dict[str, str]) -> Any:
    """A part of a content with its variables' values."""
    if isinstance(part, dict):
        return {name: filled(value, variables) for name, value in part.items()}
    if isinstance(part, list):
        return [filled(value, variables) for value in part]
    return re.sub(r"\{\{(\d+)\}\}", lambda found: variables[found[1]], part)


def _authorised(request: Request) -> bool:
    expected = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    return request.headers.get("authorization") == expected
