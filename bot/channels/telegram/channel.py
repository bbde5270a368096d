"""Telegram, through python-telegram-bot. Receives by webhook when there is a public URL, by polling otherwise."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog
from fastapi import APIRouter, Request, Response
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    Update,
)
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest, HTTPXRequest

from bot import metrics
from bot.channels.base import UNREAD as ODD
from bot.channels.base import Ignored, OfficeGroups, PermanentSendError, Receive, TemporarySendError
from bot.channels.menus import render_numbered
from bot.channels.quiet import quiet_libraries
from bot.channels.telegram.errors import TOKEN_PAUSE, UNREAD, as_send_error, seconds, understood, wants_plain_text
from bot.channels.telegram.groups import PATIENCE as GROUP_PATIENCE
from bot.channels.telegram.groups import GroupsHere
from bot.channels.telegram.introduction import introduce
from bot.channels.telegram.polling import LONGEST_PAUSE, Poller
from bot.channels.telegram.updates import NAME, callback_data, parse, translate
from bot.messages import Attachment, Button, OutgoingFile, OutgoingMessage
from bot.refusals import refuse
from bot.settings import Settings

log = structlog.get_logger(__name__)

WEBHOOK_PATH = "/webhooks/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  a header's name
UPDATES = ["message", "edited_message", "callback_query", "my_chat_member", "message_reaction"]
POLL_SECONDS = 25
WATCH_SECONDS = 300.0  # between two looks whether the webhook is still ours
TAKEN_OVER = "webhook taken over"
CHOSEN = "✓ "
SHORT_TITLE = 14  # characters; two such buttons share a row on a small phone


class _Bot(Bot):
    """Adds updates as plain JSON: one that the library cannot read must not hide the others of its batch."""

    async def raw_updates(self, offset: int, timeout: int) -> list[dict[str, Any]]:
        fields = {"offset": offset, "timeout": timeout, "allowed_updates": UPDATES}
        result = await understood(self._post("getUpdates", fields, read_timeout=timeout + 10))
        if not isinstance(result, list):
            raise TelegramError(UNREAD)
        return [raw for raw in result if isinstance(raw, dict)]


def webhook_secret(settings: Settings) -> str:
    """The webhook's secret: the configured one, or one derived from the token, the same in every process."""
    configured = settings.telegram_secret.get_secret_value()
    token = settings.telegram_token.get_secret_value()
    return configured or hmac.new(token.encode(), b"pandu telegram webhook", hashlib.sha256).hexdigest()


def keyboard(message_id: int, buttons: tuple[Button, ...]) -> InlineKeyboardMarkup | None:
    """Short titles two a row, long ones alone; None without buttons."""
    rows: list[list[InlineKeyboardButton]] = []
    for choice, button in enumerate(buttons):
        cell = InlineKeyboardButton(button.title, callback_data=callback_data(message_id, choice))
        previous = rows[-1] if rows else []
        if len(previous) == 1 and max(len(previous[0].text), len(cell.text)) <= SHORT_TITLE:
            previous.append(cell)
        else:
            rows.append([cell])
    return InlineKeyboardMarkup(rows) if rows else None


class TelegramChannel:
    """`receive` is the inbox; `receiving=False` in a process that only sends; `request` replaces the HTTP client."""

    name = NAME
    has_provider = True
    max_text = 3800  # of 4,096, so that the numbered text that replaces a refused keyboard fits too
    messages_per_second = 30.0
    seconds_per_chat = 1.0

    def __init__(
        self,
        settings: Settings,
        receive: Receive,
        *,
        receiving: bool = True,
        request: BaseRequest | None = None,
        poll_seconds: int = POLL_SECONDS,
        pause: float = 1.0,
        watch_seconds: float = WATCH_SECONDS,
        groups: OfficeGroups | None = None,
        group_patience: float = GROUP_PATIENCE,
    ) -> None:
        token = settings.telegram_token.get_secret_value()
        api = settings.telegram_api_url.rstrip("/")
        quiet_libraries("telegram", silent="telegram.request")
        sending = request or HTTPXRequest(connection_pool_size=64, read_timeout=20, pool_timeout=20, connect_timeout=10)
        polling = request or HTTPXRequest(connection_pool_size=2, connect_timeout=10)
        self._requests = [sending] if request else [sending, polling]
        self._bot = _Bot(token, f"{api}/bot", f"{api}/file/bot", request=sending, get_updates_request=polling)
        self._bot_id = token.partition(":")[0]
        self._receive = receive
        self._receiving = receiving
        self._secret = webhook_secret(settings)
        self._public_url = settings.public_url.rstrip("/")
        self._pause = pause
        self._watch_seconds = watch_seconds
        self._tasks: set[asyncio.Task[None]] = set()
        self._groups = GroupsHere(self._bot, groups, group_patience)
        self._problem = ""
        self._poller = Poller(
            lambda offset: self._bot.raw_updates(offset, poll_seconds), self._handle, self._bot.delete_webhook, pause
        )

    @property
    def mode(self) -> str:
        """How messages come in: "webhook" or "polling"."""
        return "webhook" if self._public_url else "polling"

    @property
    def problem(self) -> str:
        """The name of the error that at present keeps messages from coming in; empty when there is none."""
        return self._problem or self._poller.problem

    async def start(self) -> None:
        """Returns at once; reaching Telegram goes on in the background until it succeeds."""
        for request in self._requests:
            await request.initialize()
        if self._receiving:
            self._spawn(self._listen())

    async def stop(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for request in self._requests:
            await request.shutdown()

    async def send(self, message: OutgoingMessage) -> str:
        """Telegram's message id. A refusal of keyboard or formatting is met with a plain numbered text, once."""
        chat = _chat_id(message.address)
        if message.file is not None:
            return await self._send_file(chat, message.file, message.text)
        try:
            try:
                return await _taken(self._send_text(chat, message.text, keyboard(message.id, message.buttons)))
            except TelegramError as error:
                if not wants_plain_text(error):
                    raise
                log.warning("telegram refused a message, sending it plain", message_id=message.id)
                plain = render_numbered(message.text, message.buttons)
                return await _taken(self._send_text(chat, plain, None))
        except TelegramError as error:
            raise as_send_error(error) from None

    async def announce(self, address: str, text: str) -> str:
        """Into an office's group; a group that became a supergroup has another address from then on."""
        try:
            try:
                await _taken(self._send_text(_chat_id(address), text, None))
            except ChatMigrated as moved:
                await _taken(self._send_text(moved.new_chat_id, text, None))
                return str(moved.new_chat_id)
        except TelegramError as error:
            raise as_send_error(error) from None
        return address

    async def typing(self, address: str, message: str = "") -> None:
        """Shows "typing…". A courtesy: failures are of no consequence."""
        try:
            await understood(self._bot.send_chat_action(_chat_id(address), ChatAction.TYPING))
        except (TelegramError, PermanentSendError) as error:
            log.debug("could not show typing", error=type(error).__name__)

    async def fetch(self, attachment: Attachment, limit: int) -> bytes:
        """The file's bytes; PermanentSendError "too_big" above `limit` bytes. Telegram itself gives at most 20 MB."""
        _check_size(attachment.size, limit)
        try:
            file = await self._bot.get_file(attachment.reference)
            _check_size(file.file_size, limit)
            if not (file.file_path or "").startswith(f"{self._bot.base_file_url}/"):
                # the library reads a path that exists on this machine as a local file
                raise PermanentSendError("bad_file_path", "Alamat lampiran bukan milik Telegram.")
            content = bytes(await file.download_as_bytearray())
        except TelegramError as error:
            raise as_send_error(error) from None
        except ODD:  # JSON, but not the documented file
            raise TemporarySendError("bad_answer", "Jawaban Telegram tidak dapat dibaca.") from None
        _check_size(len(content), limit)
        if len(content) < (file.file_size or 1):  # cut off on the way, or nothing at all: no file is empty there
            raise TemporarySendError("bad_answer", "Berkas dari Telegram belum lengkap.")
        return content

    def router(self) -> APIRouter:
        """POST /webhooks/telegram: 200 taken or ignored, 400 no JSON object, 403 wrong secret, 503 not stored."""

        async def webhook(request: Request) -> Response:
            given = request.headers.get(SECRET_HEADER, "")
            if not hmac.compare_digest(given.encode(), self._secret.encode()):
                refuse(NAME, "wrong secret" if given else "missing secret")
                return Response(status_code=403)
            try:
                raw = json.loads(await request.body())
            except (ValueError, RecursionError):
                raw = None
            if not isinstance(raw, dict):
                refuse(NAME, "malformed")
                return Response(status_code=400)
            try:
                await self._handle(raw)
            except Exception as error:  # not stored: Telegram delivers it again
                log.error("could not store an update", error=type(error).__name__)
                return Response(status_code=503)
            return Response()

        router = APIRouter()
        router.add_route(WEBHOOK_PATH, webhook, ["POST"])
        return router

    async def _handle(self, raw: dict[str, Any]) -> None:
        """Stores what the update says. Raises only when the inbox does."""
        update = parse(raw, self._bot)
        message = update if isinstance(update, Ignored) else translate(update, self._bot_id)
        if isinstance(message, Ignored):
            metrics.ignored.labels(NAME, message.reason).inc()
            log.info("telegram update ignored", reason=message.reason)
        else:
            await self._receive(message)
        if isinstance(update, Update):
            if update.callback_query is not None:
                self._spawn(self._acknowledge(update))
            if (seen := self._groups.seen(update)) is not None:
                self._spawn(seen)

    async def _acknowledge(self, update: Update) -> None:
        """Stops the button's spinner and marks the choice, so that the person sees what was tapped. Best effort."""
        query = update.callback_query
        if query is None:
            return
        try:
            await understood(self._bot.answer_callback_query(query.id))
        except TelegramError as error:  # too old, or Telegram is away
            log.debug("could not answer a callback", error=type(error).__name__)
        menu = query.message
        marked = _marked(menu.reply_markup, query.data) if isinstance(menu, Message) else None
        if marked is None or menu is None or menu.chat is None:  # no menu, or one without its documented parts
            return
        try:
            await understood(self._bot.edit_message_reply_markup(menu.chat.id, menu.message_id, reply_markup=marked))
        except TelegramError as error:  # unchanged, deleted, or Telegram is away
            log.debug("could not mark a choice", error=type(error).__name__)

    async def _send_text(self, chat: int, text: str, markup: InlineKeyboardMarkup | None) -> Message:
        return await self._bot.send_message(
            chat, text, reply_markup=markup, link_preview_options=LinkPreviewOptions(is_disabled=True)
        )

    async def _send_file(self, chat: int, file: OutgoingFile, caption: str) -> str:
        """A picture that Telegram does not take as a photo (too long or too wide) goes as a document."""
        try:
            content = await asyncio.to_thread(file.path.read_bytes)
        except OSError:
            raise PermanentSendError("file_gone", "Berkas tidak ada lagi di server.") from None
        data = InputFile(content, filename=file.filename)
        try:
            if file.kind == "photo":
                try:
                    return await _taken(self._bot.send_photo(chat, data, caption=caption or None))
                except BadRequest as error:
                    if not wants_plain_text(error):
                        raise
                    log.warning("telegram refused a photo, sending it as a document")
            return await _taken(self._bot.send_document(chat, data, caption=caption or None))
        except TelegramError as error:
            raise as_send_error(error) from None

    async def _listen(self) -> None:
        if self._public_url:
            await self._until_done(self._set_webhook)
        else:
            await self._until_done(self._bot.delete_webhook)
        log.info("telegram is ready", mode=self.mode)
        self._spawn(self._until_done(lambda: introduce(self._bot), messages=False))
        if self._public_url:
            self._spawn(self._watch())
        if not self._public_url:
            await self._poller.run()

    async def _set_webhook(self) -> None:
        await self._bot.set_webhook(
            f"{self._public_url}{WEBHOOK_PATH}", secret_token=self._secret, allowed_updates=UPDATES
        )

    async def _watch(self) -> None:
        """Looks now and then whether messages still come here: the webhook may be taken over, the token revoked."""
        while True:
            await asyncio.sleep(self._watch_seconds)
            await self._look()

    async def _look(self) -> None:
        try:
            info = await understood(self._bot.get_webhook_info())
            if info.url == f"{self._public_url}{WEBHOOK_PATH}":
                self._problem = ""
                return
            self._problem = TAKEN_OVER
            log.error("the telegram webhook was taken over, setting it again")
            await self._set_webhook()
            self._problem = ""
        except TelegramError as error:
            self._problem = self._problem or type(error).__name__
            log.error("telegram does not answer as it should", error=type(error).__name__)

    async def _until_done(self, action: Callable[[], Awaitable[Any]], *, messages: bool = True) -> None:
        """Repeats a call until Telegram takes it; an unreachable Telegram never keeps Pandu from starting.

        `messages`: whether they come in only when it is done, so that its trouble is theirs.
        """
        delay = self._pause
        while True:
            try:
                await understood(action())
            except TelegramError as error:
                name = type(error).__name__
                if name != self._problem:
                    log.warning("telegram does not answer as it should, trying again", error=name)
                self._problem = name if messages else self._problem
                wait = seconds(error) if isinstance(error, RetryAfter) else delay
                await asyncio.sleep(TOKEN_PAUSE if isinstance(error, InvalidToken) else wait)
                delay = min(delay * 2, LONGEST_PAUSE)
            else:
                self._problem = "" if messages else self._problem
                return

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _taken(call: Awaitable[Message]) -> str:
    """The id of what was sent; empty when Telegram took it (2xx) and its answer cannot be read: it is sent.

    Raises TelegramError.
    """
    try:
        sent = await understood(call)
    except TelegramError as error:
        if error.message != UNREAD:
            raise
        log.warning("telegram took a message, its answer cannot be read")
        return ""
    return str(sent.message_id)


def _chat_id(address: str) -> int:
    try:
        return int(address)
    except ValueError:
        raise PermanentSendError("bad_address", "Alamat Telegram tidak sah.") from None


def _check_size(size: int | None, limit: int) -> None:
    if size is not None and size > limit:
        raise PermanentSendError("too_big", "Berkas melebihi ukuran yang diterima.")


def _marked(markup: InlineKeyboardMarkup | None, data: str | None) -> InlineKeyboardMarkup | None:
    """The keyboard with a tick on the tapped button only; None when nothing would change."""
    if markup is None or not all(isinstance(cell.text, str) for row in markup.inline_keyboard for cell in row):
        return None
    rows = [
        [
            InlineKeyboardButton(
                (CHOSEN if cell.callback_data == data else "") + cell.text.removeprefix(CHOSEN),
                callback_data=cell.callback_data,
            )
            for cell in row
        ]
        for row in markup.inline_keyboard
    ]
    changed = InlineKeyboardMarkup(rows)
    return None if changed == markup else changed
