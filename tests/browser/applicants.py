"""Applicants on the channels' real interfaces: what they write and tap, and what reaches their phones."""

from __future__ import annotations

import itertools
import json
import uuid
from typing import Any, Protocol

import httpx

from tests.helpers.until import until
from tests.peers.bot_api import BotApiServer
from tests.peers.twilio_api import ACCOUNT, SENDER, filled, sign
from tests.peers.twilio_chain import Chain

PATIENCE = 20.0  # seconds; the real engine may be busy with other tests


class Phone(Protocol):
    """`heard` grows by every bubble; `keys` are the choices under the newest one that has any."""

    heard: list[str]
    keys: list[str]

    async def write(self, text: str) -> None: ...

    async def tap(self, title: str) -> None: ...

    async def look(self) -> None: ...


async def told(phone: Phone, *words: str, after: int) -> str:
    """All that came since bubble `after`, once every one of `words` is in it; without words, once there are choices."""

    async def found() -> str:
        await phone.look()
        text = "\n".join(phone.heard[after:])
        settled = bool(words) or bool(phone.keys)
        return text if settled and all(one.lower() in text.lower() for one in words) else ""

    try:
        return await until(found, PATIENCE)
    except AssertionError:
        raise AssertionError(f"{words} did not come; what came: {phone.heard[after:]}, {phone.keys}") from None


async def ask(phone: Phone, text: str, *words: str) -> str:
    """Writes, and waits for an answer with all of `words`."""
    after = len(phone.heard)
    phone.keys = []
    await phone.write(text)
    return await told(phone, *words, after=after)


async def choose(phone: Phone, title: str, *words: str) -> str:
    """Taps the choice that begins so, and waits for an answer with all of `words`."""
    chosen = next((key for key in phone.keys if key.startswith(title)), None)
    assert chosen, f"no choice {title!r} among {phone.keys}; heard {phone.heard[-3:]}"
    after = len(phone.heard)
    phone.keys = []
    await phone.tap(chosen)
    return await told(phone, *words, after=after)


class OnTelegram:
    def __init__(self, api: BotApiServer) -> None:
        self.api = api
        self.heard: list[str] = []
        self.keys: list[str] = []
        self._taps: dict[str, str] = {}
        self._numbers = itertools.count(9000)
        self._who = {"id": 5120088, "is_bot": False, "first_name": "Wulan", "language_code": "id"}
        self._chat = {"id": 5120088, "type": "private", "first_name": "Wulan"}

    async def write(self, text: str) -> None:
        number = next(self._numbers)
        message = {"message_id": number, "from": self._who, "chat": self._chat, "date": 1790000000, "text": text}
        await self._post({"update_id": number, "message": message})

    async def tap(self, title: str) -> None:
        number = next(self._numbers)
        ours = {"message_id": 1, "chat": self._chat, "date": 1790000000, "text": "…"}
        query = {"id": str(number), "from": self._who, "chat_instance": "-1", "message": ours}
        await self._post({"update_id": number, "callback_query": query | {"data": self._taps[title]}})

    async def _post(self, update: dict[str, Any]) -> None:
        async with httpx.AsyncClient(timeout=60) as client:
            assert await self.api.deliver(update, client) == 200

    async def look(self) -> None:
        sent = [call for call in self.api.made("sendMessage") if call["chat_id"] == self._chat["id"]]
        for call in sent[len(self.heard) :]:
            self.heard.append(call["text"])
            rows = (call.get("reply_markup") or {}).get("inline_keyboard", [])
            if taps := {cell["text"]: cell["callback_data"] for row in rows for cell in row}:
                self._taps, self.keys = taps, list(taps)


class OnWhatsApp:
    """`webhook` is Pandu's own; a tap is posted there as Twilio does, what is written goes through emulate."""

    def __init__(self, chain: Chain, webhook: str, sender: str) -> None:
        self.chain = chain
        self.webhook = webhook
        self.sender = sender
        self.heard: list[str] = []
        self.keys: list[str] = []
        self._taps: dict[str, str] = {}

    async def write(self, text: str) -> None:
        await self.chain.inbound(self.sender, text)

    async def tap(self, title: str) -> None:
        form = {
            "MessageSid": f"SM{uuid.uuid4().hex}",
            "AccountSid": ACCOUNT,
            "From": self.sender,
            "To": SENDER,
            "Body": title,
            "ButtonPayload": self._taps[title],
            "ButtonText": title,
            "NumMedia": "0",
        }
        async with httpx.AsyncClient(timeout=60) as client:
            answer = await client.post(self.webhook, data=form, headers=sign(self.webhook, form))
        assert answer.status_code == 200

    async def look(self) -> None:
        mine = [form for form in self.chain.api.messages if form["To"] == self.sender]
        for form in mine[len(self.heard) :]:
            if "ContentSid" not in form:
                self.heard.append(form["Body"])
                continue
            variables = json.loads(form.get("ContentVariables", "{}"))
            (menu,) = self.chain.api.contents[form["ContentSid"]]["types"].values()
            self.heard.append(filled(menu["body"], variables))
            options = filled(menu.get("actions") or menu["items"], variables)
            self._taps = {one.get("title") or one["item"]: one["id"] for one in options}
            self.keys = list(self._taps)
