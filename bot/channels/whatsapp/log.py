"""Twilio's own list of messages: what it has taken from us, and what people wrote while nobody answered its webhook.

Twilio tries a webhook that finds nobody once more and then gives up
(https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides), but keeps the message:
https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Collection
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import structlog
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from bot.channels.base import UNREAD, Ignored, SendError, TemporarySendError
from bot.channels.menus import render_numbered
from bot.channels.whatsapp.content import variable
from bot.channels.whatsapp.errors import as_send_error, unreachable
from bot.channels.whatsapp.transport import TwilioBusyError
from bot.channels.whatsapp.updates import MAX_MEDIA, translate
from bot.messages import IncomingMessage, OutgoingMessage

log = structlog.get_logger(__name__)

NEWEST = 50  # messages to one person that are looked at
MOST = 5000  # messages fetched in one look
PAGE = 1000  # Twilio's largest
MEDIA_HOST = "https://api.twilio.com"
_UNKNOWN = frozenset({"20404", "404"})  # Twilio's codes for a message that it does not have
_SPACE = re.compile(r"\s+")


class MessageLog:
    """The list as `sender` ("whatsapp:+…") of `account` sees it. All methods raise SendError."""

    def __init__(self, client: Client, account: str, sender: str) -> None:
        self._client = client
        self._account = account
        self._sender = sender

    async def find_sent(self, message: OutgoingMessage, since: datetime, known: Collection[str]) -> str | None:
        """The SID of `message` when Twilio took it after `since` under none of the SIDs `known`.

        Asked without a date: one that is still in Twilio's queue has no date of sending yet.
        """
        listed = await self._list(NEWEST, to=message.address, from_=self._sender)
        return next(
            (
                str(one.sid)
                for one in listed
                if one.sid not in known and _made(one) >= since and _shows(_plain(one.body or ""), message)
            ),
            None,
        )

    async def missed(self, since: datetime, until: datetime) -> list[IncomingMessage]:
        """What people wrote between these times, oldest first. A tapped button arrives as its title."""
        listed = await self._list(MOST, to=self._sender, date_sent_after=since.astimezone(UTC))
        found = []
        for one in sorted(listed, key=_made):
            if one.direction == "inbound" and since <= _made(one) < until:
                try:
                    message = translate(await self._form(one), self._account, self._sender)
                except UNREAD as error:  # this one is not as documented; the others are
                    log.error("a missed message cannot be read", reason=type(error).__name__)
                    continue
                if not isinstance(message, Ignored):
                    found.append(replace(message, sent_at=_made(one)))
        return found

    async def forget(self, sid: str, *, media: bool) -> None:
        """Deletes a message with its files; one that Twilio does not know (any more) is no error.

        https://www.twilio.com/docs/messaging/api/message-resource#delete-a-message-resource
        """
        message = self._client.messages(sid)
        try:
            if media:
                for file in await self._asked(message.media.list_async(limit=MAX_MEDIA)):
                    await self._asked(message.media(file.sid).delete_async())
            await self._asked(message.delete_async())
        except SendError as error:
            if error.code not in _UNKNOWN:
                raise

    async def delete_content(self, sid: str) -> bool:
        """Whether Twilio keeps this content no longer; one that it will not delete now stays for the next time."""
        try:
            await self._asked(self._client.content.v1.contents(sid).delete_async())
        except SendError as error:
            return error.code in _UNKNOWN
        return True

    async def _list(self, limit: int, **filters: Any) -> list[Any]:
        listed = self._client.messages.list_async(limit=limit, page_size=min(limit, PAGE), **filters)
        found: list[Any] = await self._asked(listed)
        return found

    async def _asked(self, call: Awaitable[Any]) -> Any:
        """What Twilio answers. Raises SendError."""
        try:
            return await call
        except TwilioBusyError as error:
            raise as_send_error(429 if error.status == 429 else None, error.status, error.retry_after) from None
        except TwilioException as error:
            answer = error.args[-1] if error.args else None  # a page that was refused carries Twilio's answer only
            status = getattr(answer, "status_code", getattr(error, "status", 0))
            raise as_send_error(getattr(error, "code", None), status) from None
        except httpx.HTTPError as error:
            raise unreachable(error) from None
        except UNREAD:
            raise TemporarySendError("bad_answer", "Jawaban Twilio tidak dapat dibaca.") from None

    async def _media(self, sid: str) -> list[Any]:
        """Files of a message; of one that Twilio has deleted none, so that it does not hold up all others."""
        try:
            found: list[Any] = await self._asked(self._client.messages(sid).media.list_async(limit=MAX_MEDIA))
        except SendError as error:
            if error.code not in _UNKNOWN:
                raise
            log.warning("the files of a missed message are not at twilio any more")
            return []
        return found

    async def _form(self, one: Any) -> dict[str, str]:
        """A listed message as the webhook would have brought it."""
        form = {"MessageSid": one.sid, "From": one.from_, "To": one.to, "Body": one.body or "", "NumMedia": "0"}
        if int(one.num_media or 0):
            media = await self._media(one.sid)
            form["NumMedia"] = str(len(media))
            for place, file in enumerate(media):
                form[f"MediaUrl{place}"] = f"{MEDIA_HOST}{file.uri.removesuffix('.json')}"
                form[f"MediaContentType{place}"] = file.content_type
        return form


def _made(one: Any) -> datetime:
    """When Twilio got the message."""
    made: datetime | None = one.date_created or one.date_sent
    return made.replace(tzinfo=UTC) if made and made.tzinfo is None else made or datetime.min.replace(tzinfo=UTC)


def _shows(body: str, message: OutgoingMessage) -> bool:
    """Whether the message may stand so in the list: with native buttons the text alone, else with the numbered menu;
    as a template, whose words are Twilio's, with all of its values.
    """
    texts = (message.text, variable(message.text), render_numbered(message.text, message.buttons))
    values = [_plain(value) for name, value in (message.template or {}).items() if name != "template"]
    return body in {_plain(one) for one in texts} or (bool(values) and all(value in body for value in values))


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
