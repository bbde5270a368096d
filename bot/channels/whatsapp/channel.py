"""WhatsApp, through Twilio."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import structlog
from fastapi import APIRouter, Request, Response
from starlette.datastructures import ImmutableMultiDict
from twilio.base.exceptions import TwilioException
from twilio.request_validator import SIGNATURE_HEADER
from twilio.rest import Client
from twilio.rest.content.v1.content import ContentList

from bot import metrics
from bot.channels.base import UNREAD, Ignored, PermanentSendError, Receive, Record, TemporarySendError
from bot.channels.menus import render_numbered
from bot.channels.quiet import quiet_libraries
from bot.channels.whatsapp.content import Content, Contents, ContentStore, plan, samples, variable
from bot.channels.whatsapp.errors import as_send_error, lookup, unreachable
from bot.channels.whatsapp.log import MessageLog
from bot.channels.whatsapp.signature import MultiForm, problem
from bot.channels.whatsapp.transport import TwilioBusyError, TwilioTransport
from bot.channels.whatsapp.updates import NAME, PREFIX, normal_address, receipt, translate
from bot.messages import Attachment, IncomingMessage, OutgoingFile, OutgoingMessage
from bot.refusals import refuse, watch
from bot.settings import Settings

log = structlog.get_logger(__name__)

WEBHOOK_PATH = "/webhooks/whatsapp"
STATUS_PATH = "/webhooks/whatsapp/status"
MAX_BODY = 1600
MAX_FIELDS = 300
RETRY_PAUSES = (0.3, 1.0, 2.0, 4.0)
"""Seconds; Twilio waits 15 and need not deliver again, so a short trouble is met here."""
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
_MESSAGE_SID = re.compile(r"(SM|MM)[0-9a-fA-F]{32}")
MEDIA_DOMAIN = ".twilio.com"
STORAGE_DOMAINS = (MEDIA_DOMAIN, ".twiliocdn.com", ".amazonaws.com")
"""Where Twilio sends on to for the bytes: https://www.twilio.com/docs/messaging/api/media-resource"""
MAX_REDIRECTS = 3
SID_GONE = frozenset({"21655", "20404"})  # the content was deleted at Twilio

MISDIRECTED = frozenset({"other account", "other sender"})
"""Signed by Twilio, but not for us: probably a setting of ours is wrong, and messages are lost."""

Handle = Callable[[Request, MultiForm], Awaitable[None]]


class WhatsAppChannel:
    """`receive` is the inbox, `record` the receipts, `contents` remembers menus created at Twilio.

    `client` replaces the HTTP client (tests); `shared_key_secret` is needed only where webhooks are signed with a
    Twilio SharedKey instead of the account's auth token.
    """

    name = NAME
    has_provider = True
    max_text = 1250  # of 1,600, so that a numbered menu fits below the text
    seconds_per_chat = 1.0

    def __init__(
        self,
        settings: Settings,
        receive: Receive,
        record: Record,
        contents: ContentStore,
        *,
        client: httpx.AsyncClient | None = None,
        shared_key_secret: str = "",
    ) -> None:
        self.messages_per_second = settings.whatsapp_rate
        self._account = settings.twilio_account_sid
        self._token = settings.twilio_auth_token.get_secret_value()
        self._sender = normal_address(settings.whatsapp_sender)
        self._templates = {"news": settings.whatsapp_news_template, "reply": settings.whatsapp_reply_template}
        self._public_url = settings.public_url.rstrip("/")
        self._local_url = settings.local_url
        self._secrets = [secret for secret in (self._token, shared_key_secret) if secret]
        self._receive = receive
        self._record = record
        quiet_libraries("twilio")
        self._http = TwilioTransport(settings.twilio_api_url, client)
        self._twilio = Client(self._account, self._token, http_client=self._http)
        self._contents = Contents(contents, self._create_content)
        self._log = MessageLog(self._twilio, self._account, self._sender)

    async def start(self) -> None:
        """Nothing to do: Twilio calls us."""

    async def stop(self) -> None:
        await self._http.close()

    async def typing(self, address: str, message: str = "") -> None:
        """Shows "typing…" for up to 25 s and marks `message` as read. A courtesy: failures are of no consequence.

        https://www.twilio.com/docs/whatsapp/api/typing-indicators-resource (public beta)
        """
        if not _MESSAGE_SID.fullmatch(message):
            return
        try:
            await self._twilio.messaging.v2.typing_indicator.create_async(channel=NAME, message_id=message)
        except (TwilioException, TwilioBusyError, httpx.HTTPError, *UNREAD) as error:
            log.debug("could not show typing", error=type(error).__name__)

    async def send(self, message: OutgoingMessage) -> str:
        """Twilio's message SID. Buttons as quick replies or a list where WhatsApp takes them, else numbered text."""
        if not message.address.startswith(PREFIX):
            raise PermanentSendError("bad_address", "Alamat WhatsApp tidak sah.")
        if message.template and not message.window_open:
            return await self._send_template(message, message.template)
        if message.file is not None:
            return await self._send_file(message, message.file)
        content = plan(message.text, message.buttons) if message.window_open else None
        if content is not None:
            sent = await self._send_menu(message, content)
            if sent:
                return sent
        body = render_numbered(message.text, message.buttons)
        if len(body) > MAX_BODY:
            raise PermanentSendError("too_long", lookup("21617").explanation)
        return await self._create_message(message, "", body=body)

    async def find_sent(self, message: OutgoingMessage, since: datetime, known: Collection[str]) -> str | None:
        """The SID of a broken-off send, when it is in Twilio's message list."""
        return await self._log.find_sent(message, since, known)

    async def missed(self, since: datetime, until: datetime) -> list[IncomingMessage]:
        """What people wrote between these times, from Twilio's message list."""
        return await self._log.missed(since, until)

    async def forget(self, provider_id: str, *, media: bool) -> None:
        """Twilio keeps this message no longer."""
        await self._log.forget(provider_id, media=media)

    async def tidy(self) -> int:
        """Contents of no use are deleted at Twilio; returns how many."""
        return await self._contents.tidy(self._log.delete_content)

    async def fetch(self, attachment: Attachment, limit: int) -> bytes:
        """The media's bytes; PermanentSendError "too_big" above `limit` bytes."""
        url = attachment.reference
        if not self._http.api_url and not _is_media(url, self._account):
            raise PermanentSendError("bad_media_url", "Alamat lampiran bukan milik Twilio.")
        try:
            for _ in range(MAX_REDIRECTS + 1):
                content, url = await self._read(url, limit, attachment.media_type)
                if not url:
                    return content
        except httpx.HTTPError as error:
            raise unreachable(error) from None
        raise TemporarySendError("bad_media_url", "Alamat lampiran berpindah terus.")

    async def _read(self, url: str, limit: int, media_type: str) -> tuple[bytes, str]:
        """The content, or the address that Twilio redirects to. Only Twilio's own hosts get our credentials."""
        url = self._http.here(url)
        ours = url.startswith(f"{self._http.api_url}/") if self._http.api_url else is_host(url, (MEDIA_DOMAIN,))
        auth = (self._account, self._token) if ours else None
        content = bytearray()
        async with self._http.client.stream("GET", url, auth=auth, follow_redirects=False) as answer:
            if answer.has_redirect_location:
                target = str(answer.url.join(answer.headers["Location"]))
                if not self._http.api_url and not is_host(target, STORAGE_DOMAINS):  # a portal between us and Twilio
                    raise TemporarySendError("bad_media_url", "Alamat lampiran bukan milik Twilio.")
                return b"", target
            if answer.status_code == 404:  # for a while after the webhook; https://help.twilio.com: "Intermittent 404
                raise TemporarySendError(
                    "404", "Lampiran belum tersedia di Twilio."
                )  # Errors When Accessing Media URLs"
            if answer.status_code == 410:
                raise PermanentSendError("410", "Lampiran sudah tidak tersedia di Twilio.")
            if answer.status_code < 400 and answer.status_code != 200:
                raise TemporarySendError(str(answer.status_code), "Jawaban Twilio tidak dapat dibaca.")
            if answer.status_code != 200:
                raise as_send_error(answer.status_code, answer.status_code)
            if answer.headers.get("Content-Type", "").startswith("text/html") and media_type != "text/html":
                raise TemporarySendError(
                    "bad_answer", "Jawaban Twilio tidak dapat dibaca."
                )  # a page of something between
            async for part in answer.aiter_bytes():
                content += part
                if len(content) > limit:
                    raise PermanentSendError("too_big", "Berkas melebihi ukuran yang diterima.")
        if not content:  # no file is empty there
            raise TemporarySendError("bad_answer", "Jawaban Twilio tidak dapat dibaca.")
        return bytes(content), ""

    def router(self) -> APIRouter:
        """The two webhooks: 200 taken or ignored, 400 no form, 403 wrong signature, 503 not stored."""

        async def incoming(request: Request) -> Response:
            return await self._webhook(request, WEBHOOK_PATH, self._on_message)

        async def status(request: Request) -> Response:
            return await self._webhook(request, STATUS_PATH, self._on_status)

        router = APIRouter()
        router.add_route(WEBHOOK_PATH, incoming, ["POST"])
        router.add_route(STATUS_PATH, status, ["POST"])
        return router

    async def _webhook(self, request: Request, path: str, handle: Handle) -> Response:
        signature = request.headers.get(SIGNATURE_HEADER, "")
        if not signature:
            return _refused(403, "missing signature")
        form = _form(request.headers.get("content-type", ""), await request.body())
        if form is None:
            return _refused(400, "malformed")
        wrong = problem(request, form, signature, self._public_url or self._local_url, self._secrets)
        if wrong:
            return _refused(403, wrong)
        for pause in (*RETRY_PAUSES, None):
            try:
                await handle(request, form)
                break
            except Exception as error:
                log.warning("could not store a webhook", path=path, error=type(error).__name__, last=pause is None)
            if pause is None:
                return Response(status_code=503)
            await asyncio.sleep(pause)
        return Response(EMPTY_TWIML, media_type="text/xml")

    async def _on_message(self, request: Request, form: MultiForm) -> None:
        message = translate(form, self._account, self._sender)
        if isinstance(message, Ignored):
            _ignored(message)
        else:
            await self._receive(message)

    async def _on_status(self, request: Request, form: MultiForm) -> None:
        said = receipt(form, request.query_params.get("message", ""))
        if isinstance(said, Ignored):
            _ignored(said)
            return
        key = request.query_params.get("content", "")
        if said.status == "failed" and key and lookup(said.error_code).content:
            await self._contents.refuse(key)
            said = replace(said, retry=True, retry_after=0.0)  # it will go out as text
        await self._record(said)

    async def _send_menu(self, message: OutgoingMessage, content: Content) -> str | None:
        """The SID, or None when the menu must go as text; other refusals are raised."""
        sid = await self._contents.sid(content)
        for renewed in (False, True):
            if sid is None:
                return None
            variables = json.dumps(content.values, ensure_ascii=False)
            try:
                return await self._create_message(message, content.key, content_sid=sid, content_variables=variables)
            except (PermanentSendError, TemporarySendError) as error:
                if error.code in SID_GONE and not renewed:
                    sid = await self._contents.forget(content)
                    continue
                if not lookup(error.code).content:
                    raise
                log.warning("WhatsApp refused a menu, sending it as text", code=error.code, message_id=message.id)
                await self._contents.refuse(content.key)
                return None
        return None

    async def _send_file(self, message: OutgoingMessage, file: OutgoingFile) -> str:
        """Twilio fetches the file from a signed address of ours that expires."""
        if not file.url:
            raise PermanentSendError("no_public_url", "Berkas tidak dapat dikirim: PANDU_PUBLIC_URL belum diatur.")
        return await self._create_message(
            message, "", media_url=[file.url], **({"body": message.text} if message.text else {})
        )

    async def _send_template(self, message: OutgoingMessage, values: dict[str, str]) -> str:
        """News when 24 hours have passed: WhatsApp takes only a template that it has approved."""
        named = values.get("template", "news")
        sid = self._templates.get(named, "")
        if not sid:
            setting = f"PANDU_WHATSAPP_{named.upper()}_TEMPLATE"
            raise PermanentSendError("no_template", f"Lewat 24 jam; templat ({setting}) belum ada.")
        variables = {name: variable(value) for name, value in values.items() if name != "template"}
        content = json.dumps(variables, ensure_ascii=False)
        return await self._create_message(message, "", content_sid=sid, content_variables=content)

    async def _create_message(self, message: OutgoingMessage, content_key: str, **fields: Any) -> str:
        if self._public_url:
            query = {"message": message.id, **({"content": content_key} if content_key else {})}
            fields["status_callback"] = f"{self._public_url}{STATUS_PATH}?{urlencode(query)}"
        try:
            created = await self._twilio.messages.create_async(to=message.address, from_=self._sender, **fields)
        except TwilioBusyError as error:
            raise as_send_error(429 if error.status == 429 else None, error.status, error.retry_after) from None
        except TwilioException as error:
            raise as_send_error(getattr(error, "code", None), getattr(error, "status", 0)) from None
        except httpx.HTTPError as error:
            raise unreachable(error) from None
        except UNREAD:  # something between us and Twilio
            raise TemporarySendError("bad_answer", "Jawaban Twilio tidak dapat dibaca.", unknown=True) from None
        if not created.sid:
            raise TemporarySendError("bad_answer", "Jawaban Twilio tidak dapat dibaca.", unknown=True)
        return str(created.sid)

    async def _create_content(self, content: Content) -> str:
        wanted = {
            "friendly_name": content.shape,
            "language": "id",
            "variables": samples(content),
            "types": content.types,
        }
        created = await self._twilio.content.v1.contents.create_async(ContentList.ContentCreateRequest(wanted))
        return str(created.sid)


def is_host(url: str, domains: tuple[str, ...]) -> bool:
    """Whether `url` is https, on the usual port, without a user, at a host of one of `domains` (".example.com")."""
    try:
        address = urlsplit(url)
        usual = address.port in (None, 443) and address.username is None
    except ValueError:  # no port number, or half an IPv6 address
        return False
    host = f".{(address.hostname or '').lower()}"
    return address.scheme == "https" and usual and any(host.endswith(domain) for domain in domains)


def _is_media(url: str, account: str) -> bool:
    """Whether `url` is a file of our own account: anything else signed for us would be fetched with our credentials."""
    return is_host(url, (MEDIA_DOMAIN,)) and urlsplit(url).path.startswith(f"/2010-04-01/Accounts/{account}/Messages/")


def _form(content_type: str, body: bytes) -> MultiForm | None:
    """The fields of a url-encoded body; None when it is none."""
    if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        return None
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError:  # too many fields, or bytes that are no text
        return None
    return ImmutableMultiDict(pairs)


def _refused(status: int, reason: str) -> Response:
    refuse(NAME, reason)
    return Response(status_code=status)


def _ignored(ignored: Ignored) -> None:
    metrics.ignored.labels(NAME, ignored.reason).inc()
    if ignored.reason in MISDIRECTED:
        watch(NAME, ignored.reason)
    log.info("whatsapp webhook ignored", reason=ignored.reason)
