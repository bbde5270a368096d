"""Messages of applicants, delivered to the real webhooks as Telegram and Twilio do.

Telegram delivers a chat's updates one after the other and repeats one that got no 2xx until it does
(https://core.telegram.org/bots/api#setwebhook). Twilio tries once more when no connection could be made, and then gives
up (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides: rc=1, rp=ct, 15 s in all).
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from benchmarks.chaos.ledger import Chat, Said
from benchmarks.chaos.peers import Telegram, Twilio, media_path
from tests.peers.twilio_api import ACCOUNT, SENDER, sign

COPIES, REPEATS = 0.03, 0.03  # shares of webhooks that come several times at once, and again later


@dataclass
class Post:
    """The providers' delivery to Pandu's public address, with copies and repeats, and what came of it."""

    client: aiohttp.ClientSession
    public: str
    telegram: Telegram
    twilio: Twilio
    chance: random.Random
    deliveries: int = 0
    given_up: int = 0
    refused: int = 0  # answers that are neither 200 nor 5xx
    unavailable: int = 0  # no connection, broken off, or 5xx
    milliseconds: list[float] = field(default_factory=list)
    _updates: Any = field(default_factory=lambda: itertools.count(500_000))
    _later: set[asyncio.Task[Any]] = field(default_factory=set)

    async def deliver(self, chat: Chat, said: Said) -> None:
        """Returns when the provider is done with it."""
        await (self._telegram(chat, said) if chat.channel == "telegram" else self._whatsapp(chat, said))

    async def _telegram(self, chat: Chat, said: Said) -> None:
        person = {"id": int(chat.address), "is_bot": False, "first_name": "Warga", "language_code": "id"}
        number = next(self._updates)
        update = {
            "update_id": number,
            "message": {
                **{"message_id": number, "from": person, "date": int(time.time()), **_telegram_content(said)},
                "chat": {"id": int(chat.address), "type": "private", "first_name": "Warga"},
            },
        }
        wait = 0.2
        while not await self._ring(said, lambda: self._post_update(update)):
            await asyncio.sleep(wait * self.chance.uniform(0.7, 1.3))
            wait = min(wait * 2, 5.0)

    async def _whatsapp(self, chat: Chat, said: Said) -> None:
        sid = "SM" + f"{self.chance.getrandbits(128):032x}"
        form = {
            **{"MessageSid": sid, "SmsMessageSid": sid, "AccountSid": ACCOUNT, "From": chat.address, "To": SENDER},
            **{"Body": said.question, "NumMedia": "0", "ProfileName": "Warga", "WaId": chat.address[-13:]},
        }
        if said.file is not None:
            form["NumMedia"], form["MediaContentType0"] = "1", said.file.media_type
            form["MediaUrl0"] = f"https://api.twilio.com{media_path(sid, said.file)}"
        self.twilio.keep(sid, "inbound", chat.address, SENDER, said.question, said.file)
        if not await self._ring(said, lambda: self._post_form(form)):
            self.given_up += 1

    async def _ring(self, said: Said, post: Any) -> bool:
        """One delivery, now and then in several copies at once; True when one of them got its 200."""
        copies = self.chance.choice((2, 3)) if self.chance.random() < COPIES else 1
        taken = any(await asyncio.gather(*(post() for _ in range(copies))))
        if taken:
            said.acknowledged = said.acknowledged or time.monotonic()
            if self.chance.random() < REPEATS:
                task = asyncio.create_task(self._again(post))
                self._later.add(task)
                task.add_done_callback(self._later.discard)
        return taken

    async def _again(self, post: Any) -> None:
        await asyncio.sleep(self.chance.uniform(0.1, 5))
        await post()

    async def _post_update(self, update: dict[str, Any]) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.telegram.secret}
        with suppress(aiohttp.ClientError, TimeoutError, OSError):
            return await self._post(self.telegram.webhook, json=update, headers=headers)
        self.unavailable += 1
        return False

    async def _post_form(self, form: dict[str, str]) -> bool:
        url = f"{self.public}/webhooks/whatsapp"
        for _ in range(2):
            try:
                return await self._post(url, data=form, headers=sign(url, form))
            except aiohttp.ClientConnectorError:
                self.unavailable += 1
            except (aiohttp.ClientError, TimeoutError, OSError):
                self.unavailable += 1
                return False
        return False

    async def _post(self, url: str, **what: Any) -> bool:
        self.deliveries += 1
        begin = time.perf_counter()
        async with self.client.post(url, **what) as answer:
            await answer.read()
        self.milliseconds.append((time.perf_counter() - begin) * 1000)
        if answer.status >= 500:
            self.unavailable += 1
        elif answer.status != 200:
            self.refused += 1
        return answer.status == 200


def _telegram_content(said: Said) -> dict[str, Any]:
    file = said.file
    if file is None:
        return {"text": said.question}
    item = {"file_id": file.reference, "file_unique_id": file.reference[-12:], "file_size": len(file.content)}
    words = {"caption": said.question} if said.question else {}
    if file.kind == "photo":
        return {"photo": [item | {"width": 800, "height": 600}], **words}
    return {"document": item | {"file_name": "surat.pdf", "mime_type": file.media_type}, **words}
