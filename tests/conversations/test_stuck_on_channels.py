"""Trouble that advice does not end, over several turns and through the real channels: what the person's phone shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from actions import ActionServices, build_executor, wording
from actions.driven import Driven
from bot.channels.telegram.channel import SECRET_HEADER
from bot.conversations import turn
from bot.conversations.models import Incoming, Outgoing
from bot.conversations.runtime import Runtime
from bot.dialogue.client import Spoken, Understanding
from bot.knowledge.load import get_knowledge
from bot.messages import Button, Reply
from bot.settings import Settings
from tests.channels import test_telegram_updates as telegram_updates
from tests.channels.conftest import SECRET, client_of
from tests.channels.test_whatsapp_updates import form
from tests.conversations.both_channels import telegram_of, whatsapp_of
from tests.helpers.runtime import rows
from tests.peers.twilio_api import PUBLIC, TwilioApi, sign

SAID = {
    "nib saya masih draf terus di oss": "nib_stuck_draft",
    "sudah saya lakukan semua, tetap tidak terbit": "nib_stuck_draft",
    "masih sama saja, tidak berubah": "nlu_fallback",
    "belum ada hasil juga": "nlu_fallback",
}
"""A talk, and what the engine takes each message for."""


@dataclass
class Acting:
    """An engine that understands what SAID says, and whose actions are the real ones."""

    runtime: Runtime
    asked: list[str] = field(default_factory=list)
    talks: dict[int, Driven] = field(default_factory=dict)

    async def turn(self, conversation: int, *, text: str = "", **_: Any) -> Spoken:
        services = ActionServices(get_knowledge(), Settings(_env_file=None), self.runtime.database.session, self._ask)  # type: ignore[call-arg]
        talk = self.talks.setdefault(conversation, Driven(build_executor(services), conversation))
        said = await talk.turn(text, {"intent": SAID[text], "confidence": 0.9})
        replies = [
            Reply(one["text"], tuple(Button(tap["title"], tap["payload"]) for tap in one["buttons"])) for one in said
        ]
        return Spoken(replies, Understanding(SAID[text], 0.9))

    async def _ask(self, _: Any, __: int, reason: str, **___: Any) -> None:
        self.asked.append(reason)

    async def close(self) -> None: ...


@pytest.fixture
def acting(runtime: Runtime) -> Acting:
    acting = Acting(runtime)
    runtime.engine = acting  # type: ignore[assignment]
    return acting


async def answered(runtime: Runtime) -> list[str]:
    """Every stored message has its turn; the texts that went out so far."""
    for row in await rows(runtime, Incoming):
        if row.handled_at is None:
            await turn.take_turn(runtime, row.conversation_id)
    return [one.text for one in await rows(runtime, Outgoing)]


def check(sent: list[str], acting: Acting) -> None:
    """First what to do, then the text for the help desk, then a person and the level above, then the person."""
    first, last, person, handed = sent[-4:]
    assert "draf" in first.lower()
    assert last != first and "Bantuan OSS" in last
    assert person.startswith(wording.STUCK) and "kontak@oss.go.id" in person
    assert handed.startswith(wording.STILL_STUCK) and len(acting.asked) == 1
    assert len({*sent}) == len(sent), "nothing is said twice"


async def test_on_telegram(runtime: Runtime, acting: Acting) -> None:
    channel = await telegram_of(runtime)
    headers = {SECRET_HEADER: SECRET}
    sent: list[str] = []
    async with client_of(channel) as client:
        for number, text in enumerate(SAID):
            update = telegram_updates.message(text=text, message_id=40 + number) | {"update_id": 9001 + number}
            assert (await client.post("/webhooks/telegram", json=update, headers=headers)).status_code == 200
            sent = await answered(runtime)
    await channel.stop()
    check(sent, acting)


async def test_on_whatsapp(runtime: Runtime, acting: Acting) -> None:
    channel = await whatsapp_of(runtime, TwilioApi())
    sent: list[str] = []
    for number, text in enumerate(SAID):
        sid = f"SM{number:032x}"
        fields = form(Body=text, MessageSid=sid, SmsMessageSid=sid)
        path = "/webhooks/whatsapp"
        async with client_of(channel) as client:
            assert (await client.post(path, data=fields, headers=sign(PUBLIC + path, fields))).status_code == 200
        sent = await answered(runtime)
    await channel.stop()
    check(sent, acting)
