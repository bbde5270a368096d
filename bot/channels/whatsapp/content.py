"""Menus as Twilio contents: quick replies and list pickers, created once and remembered.

A content is a mere shape, such as "three quick replies": text, titles and payloads travel as variables. So nothing that
an applicant is told or may choose (an application's number, say) stays there, and thirteen contents are enough. What
earlier versions left at Twilio, one content for each set of buttons, is deleted by and by. https://www.twilio.com/docs/content/twilio-quick-reply,
https://www.twilio.com/docs/content/twiliolist-picker, https://www.twilio.com/docs/content/using-variables-with-content-api

Twilio's table says of `actions` (titles and ids) that variables are supported; it was read, not seen at Twilio. A shape
that Twilio or WhatsApp refuses goes out as a numbered text.
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
SHAPES = "pandu-menu1-"  # begins the names of shapes; another number when what they are made of changes
MOST_AT_ONCE = 20  # contents deleted in one run
OPEN_LIST = "Lihat pilihan"
REFUSED = "refused until "  # followed by a Unix time; kept instead of a SID when WhatsApp will not show this menu
REFUSED_FOR = 24 * 3600.0  # seconds
PAUSE_AFTER_FAILURE = 300.0  # seconds in which a content that could not be created is not tried again


class ContentStore(Protocol):
    """Remembers the SID of each content by its key, across restarts and for all processes."""

    async def get(self, key: str) -> str | None: ...

    async def put(self, key: str, sid: str) -> None: ...

    async def others(self, prefix: str) -> list[tuple[str, str]]:
        """All whose key does not begin so."""
        ...

    async def drop(self, key: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Content:
    """A menu: `types` of its `shape` as the Content API wants them, and what fills it.

    `shape` names the content at Twilio (friendly_name); `key` exactly this menu, here alone: who is refused one menu is
    not refused the others of its shape.
    """

    key: str
    shape: str
    types: dict[str, Any]
    values: dict[str, str]


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
    types = _quick_reply(len(buttons)) if quick else _list_picker(len(buttons))
    filled = [part for button in buttons for part in (button.title, button.payload)]
    digest = hashlib.sha256(json.dumps([quick, filled], ensure_ascii=False).encode()).hexdigest()
    values = {str(place): part for place, part in enumerate(filled, start=2)}
    shape = f"{SHAPES}{'quick' if quick else 'list'}-{len(buttons)}"
    return Content(f"menu-{digest[:32]}", shape, types, {"1": variable(text), **values})


def variable(text: str) -> str:
    """`text` as the value of a variable: more than four spaces in a row are refused (63013)."""
    return re.sub(r" {5,}", "    ", text.strip())


def samples(content: Content) -> dict[str, str]:
    """Values that Twilio wants with a shape, of nobody."""
    return {name: "Pandu" if name == "1" else f"Pilihan {name}" for name in content.values}


def _quick_reply(count: int) -> dict[str, Any]:
    actions = [{"type": "QUICK_REPLY", "title": title, "id": payload} for title, payload in _places(count)]
    return {"twilio/quick-reply": {"body": "{{1}}", "actions": actions}}


def _list_picker(count: int) -> dict[str, Any]:
    items = [
        {"item": title, "id": payload, "description": f"Pilihan {number} dari {count}"}
        for number, (title, payload) in enumerate(_places(count), start=1)
    ]
    return {"twilio/list-picker": {"body": "{{1}}", "button": OPEN_LIST, "items": items}}


def _places(count: int) -> list[tuple[str, str]]:
    """The variables of each button's title and payload."""
    return [(f"{{{{{2 * place}}}}}", f"{{{{{2 * place + 1}}}}}") for place in range(1, count + 1)]


class Contents:
    """Finds or creates the content of a menu. `create` posts one to Twilio and returns its SID."""

    def __init__(self, store: ContentStore, create: Callable[[Content], Awaitable[str]]) -> None:
        self._store = store
        self._create = create
        self._lock = asyncio.Lock()
        self._failed: dict[str, float] = {}

    async def sid(self, content: Content) -> str | None:
        """The SID of the content's shape; None when it cannot be had now, and the menu must be sent as text."""
        if await self._refused(content.key):
            return None
        if known := await self._store.get(content.shape):
            return known
        if self._failed.get(content.shape, 0.0) > time.monotonic():
            return None
        async with self._lock:  # one creation at a time: the next one in line will mostly find it done
            return await self._store.get(content.shape) or await self._created(content)

    async def forget(self, content: Content) -> str | None:
        """For a SID that Twilio no longer knows: creates the shape anew."""
        async with self._lock:
            return await self._created(content)

    async def refuse(self, key: str) -> None:
        """For a day this menu is sent as text."""
        await self._store.put(key, f"{REFUSED}{int(time.time() + REFUSED_FOR)}")

    async def tidy(self, delete: Callable[[str], Awaitable[bool]]) -> int:
        """Deletes what is of no use: contents of earlier versions, at Twilio too (`delete`, of a SID: whether it is
        gone), and refusals that are over. Returns how many went; the rest goes the next time."""
        gone = 0
        for key, kept in (await self._store.others(SHAPES))[:MOST_AT_ONCE]:
            over = _is_over(kept) if kept.startswith(REFUSED) else await delete(kept)
            if over:
                await self._store.drop(key)
                gone += 1
        return gone

    async def _refused(self, key: str) -> bool:
        kept = await self._store.get(key)
        return bool(kept) and str(kept).startswith(REFUSED) and not _is_over(str(kept))

    async def _created(self, content: Content) -> str | None:
        try:
            sid = await self._create(content)
        except (TwilioException, TwilioBusyError, httpx.HTTPError, ValueError) as error:
            code = getattr(error, "code", None) or getattr(error, "status", None)
            log.warning("could not create a WhatsApp menu, using text", error=type(error).__name__, code=code)
            self._failed[content.shape] = time.monotonic() + PAUSE_AFTER_FAILURE
            return None
        await self._store.put(content.shape, sid)
        return sid


def _is_over(refusal: str) -> bool:
    return float(refusal.removeprefix(REFUSED)) <= time.time()
