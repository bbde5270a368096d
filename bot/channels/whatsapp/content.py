"""Menus as Twilio contents: quick replies and list pickers, created once and remembered.

A content holds the buttons; the text travels as variable "1". So nothing that an applicant is told stays at Twilio, and
few contents are needed: one for each set of buttons. https://www.twilio.com/docs/content/twilio-quick-reply,
https://www.twilio.com/docs/content/twiliolist-picker, https://www.twilio.com/docs/content/using-variables-with-content-api
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import httpx
import structlog
from twilio.base.exceptions import TwilioException

from bot.channels.whatsapp.transport import TwilioBusyError
from bot.messages import Button

log = structlog.get_logger(__name__)

MAX_BODY = 1024
MAX_QUICK_REPLIES = 3  # in a session, without approval
MAX_QUICK_TITLE = 20
MAX_ITEMS = 10
MAX_ITEM_TITLE = 24
MAX_ID = 200
OPEN_LIST = "Lihat pilihan"
REFUSED = "refused until "  # followed by a Unix time; kept instead of a SID when WhatsApp will not show this menu
REFUSED_FOR = 24 * 3600.0  # seconds
PAUSE_AFTER_FAILURE = 300.0  # seconds in which a content that could not be created is not tried again


class ContentStore(Protocol):
    """Remembers the SID of each content by its key, across restarts and for all processes."""

    async def get(self, key: str) -> str | None: ...

    async def put(self, key: str, sid: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Content:
    """`types` as the Content API wants them; `key` names exactly this content, also at Twilio (friendly_name)."""

    key: str
    types: dict[str, Any]


def plan(text: str, buttons: Sequence[Button]) -> Content | None:
    """The content that shows these buttons, or None when only a numbered text menu can."""
    titles = [button.title for button in buttons]
    if (
        not buttons
        or len(buttons) > MAX_ITEMS
        or not 0 < len(variable(text)) <= MAX_BODY
        or "{{" in "".join([text, *titles, *(button.payload for button in buttons)])
        or len(set(titles)) < len(titles)
        or len({button.payload for button in buttons}) < len(buttons)
        or not all(title.strip() and len(title) <= MAX_ITEM_TITLE for title in titles)
        or not all(0 < len(button.payload) <= MAX_ID for button in buttons)
    ):
        return None
    quick = len(buttons) <= MAX_QUICK_REPLIES and all(len(title) <= MAX_QUICK_TITLE for title in titles)
    types = _quick_reply(buttons) if quick else _list_picker(buttons)
    digest = hashlib.sha256(json.dumps(types, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return Content(f"pandu-{digest[:32]}", types)


def variable(text: str) -> str:
    """`text` as the value of a variable: more than four spaces in a row are refused (63013)."""
    return re.sub(r" {5,}", "    ", text.strip())


def _quick_reply(buttons: Sequence[Button]) -> dict[str, Any]:
    actions = [{"type": "QUICK_REPLY", "title": button.title, "id": button.payload} for button in buttons]
    return {"twilio/quick-reply": {"body": "{{1}}", "actions": actions}}


def _list_picker(buttons: Sequence[Button]) -> dict[str, Any]:
    items = [
        {"item": button.title, "id": button.payload, "description": f"Pilihan {number} dari {len(buttons)}"}
        for number, button in enumerate(buttons, start=1)
    ]
    return {"twilio/list-picker": {"body": "{{1}}", "button": OPEN_LIST, "items": items}}


class Contents:
    """Finds or creates the content of a menu. `create` posts one to Twilio and returns its SID."""

    def __init__(self, store: ContentStore, create: Callable[[Content], Awaitable[str]]) -> None:
        self._store = store
        self._create = create
        self._lock = asyncio.Lock()
        self._failed: dict[str, float] = {}

    async def sid(self, content: Content) -> str | None:
        """The content's SID; None when it cannot be had now, and the menu must be sent as text."""
        known = await self._known(content)
        if known is not None:
            return known or None
        if self._failed.get(content.key, 0.0) > time.monotonic():
            return None
        async with self._lock:  # one creation at a time: the next one in line will mostly find it done
            known = await self._known(content)
            return (known or None) if known is not None else await self._created(content)

    async def forget(self, content: Content) -> str | None:
        """For a SID that Twilio no longer knows: creates the content anew."""
        async with self._lock:
            return await self._created(content)

    async def refuse(self, key: str) -> None:
        """For a day this menu is sent as text."""
        await self._store.put(key, f"{REFUSED}{int(time.time() + REFUSED_FOR)}")

    async def _known(self, content: Content) -> str | None:
        """The SID; "" while the menu is refused; None when it has to be created."""
        kept = await self._store.get(content.key)
        if kept and kept.startswith(REFUSED):
            return "" if float(kept.removeprefix(REFUSED)) > time.time() else None
        return kept or None

    async def _created(self, content: Content) -> str | None:
        try:
            sid = await self._create(content)
        except (TwilioException, TwilioBusyError, httpx.HTTPError, ValueError) as error:
            code = getattr(error, "code", None) or getattr(error, "status", None)
            log.warning("could not create a WhatsApp menu, using text", error=type(error).__name__, code=code)
            self._failed[content.key] = time.monotonic() + PAUSE_AFTER_FAILURE
            return None
        await self._store.put(content.key, sid)
        return sid
