"""A chat through tg-auto-test, a Telegram that nobody here wrote: typing, formatting, tapping, files.

It drives a python-telegram-bot `Application`; ours hands each update to the webhook and waits until it is answered. Two
things are done for it: all its messages are dated 1970, which Telegram's are not, and it has no keyboard that changes.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from telegram import Bot, Update
from telegram.ext import Application, ApplicationBuilder, TypeHandler
from tg_auto_test.test_utils.serverless_telegram_client import ServerlessTelegramClient

from bot.app import at_work, build_runtime, create_app
from bot.channels.telegram.channel import SECRET_HEADER, TelegramChannel
from bot.channels.telegram.introduction import introduce
from bot.conversations import inbox, wording
from bot.conversations.models import Conversation, StoredFile
from bot.conversations.runtime import Runtime
from bot.messages import IncomingMessage
from tests.conversations.test_walked import QUESTION
from tests.handoff.samples import PDF, picture
from tests.helpers.engine import TOKEN, StandInEngine
from tests.helpers.runtime import rows, working
from tests.helpers.until import until
from tests.hostile.conftest import SECRET, settings


@dataclass
class Chat:
    """One person before Pandu, and Pandu."""

    client: ServerlessTelegramClient
    runtime: Runtime
    engine: StandInEngine

    def calls(self, method: str) -> list[dict[str, str]]:
        return [call.parameters for call in self.client._api_calls if call.api_method == method]


@pytest.fixture
async def chat(runtime: Runtime, database_url: str, tmp_path: Path) -> AsyncIterator[Chat]:
    engine = StandInEngine()
    await engine.start()
    chosen = settings(tmp_path).model_copy(
        update={"twilio_account_sid": "", "telegram_api_url": "https://api.telegram.org"}
    )
    whole = build_runtime(chosen, database_url, engine.url, TOKEN, receiving=False)

    async def receive(incoming: IncomingMessage) -> bool:
        return await inbox.store(whole, incoming) is not None

    async def answered() -> bool:
        found = await whole.database.run(_OPEN)
        return not found[0].waiting

    async def handed_over(update: Update, _: Any) -> None:
        raw = json.loads(update.to_json())
        if "message" in raw:
            raw["message"]["date"] = int(time.time())
        given = await web.post("/webhooks/telegram", json=raw, headers={SECRET_HEADER: SECRET})
        assert given.status_code == 200, given.text
        await until(answered)

    def application(
        builder: ApplicationBuilder[Any, Any, Any, Any, Any, Any],
    ) -> Application[Any, Any, Any, Any, Any, Any]:
        made = builder.build()
        made.add_handler(TypeHandler(Update, handed_over))
        return made

    client = ServerlessTelegramClient(build_application=application)
    request = client._request
    request._handlers["editMessageReplyMarkup"] = request._handle_ack
    whole.channels["telegram"] = TelegramChannel(chosen, receive, receiving=False, request=request)
    app = create_app(whole.settings, whole)
    web = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pandu.test")

    async with at_work(whole), web, working(whole):
        await client.connect()
        yield Chat(client, whole, engine)
        await client.disconnect()
    await whole.database.close()
    await engine.stop()


_OPEN = text("""
select (select count(*) from incoming_messages where handled_at is null)
    + (select count(*) from stored_files where path = '' and error = '')
    + (select count(*) from outgoing_messages where status in ('pending', 'sending')) as waiting
""")


async def heard(talk: Any) -> list[Any]:
    """All bubbles of the answer."""
    found = [await talk.get_response(timeout=20)]
    with suppress(RuntimeError, TimeoutError):
        while True:
            found.append(await talk.get_response(timeout=0.1))
    return found


async def test_a_question_is_answered_and_a_menu_tapped(chat: Chat) -> None:
    async with chat.client.conversation("pandu") as talk:
        await talk.send_message(f"**{QUESTION}** 🙏")
        introduction, answer = await heard(talk)
        assert "Pandu" in introduction.text
        assert answer.text == f"jawaban: {QUESTION} 🙏", "as the person saw it, without the signs of the formatting"
        await talk.send_message("menu")
        (menu,) = await heard(talk)
        assert [[button.text for button in row] for row in menu.buttons] == [["Biaya"]]
        await menu.click(data=menu.buttons[0][0].data)
        assert "/ask_cost" in (await talk.get_response(timeout=20)).text
    assert chat.engine.calls[-1]["payload"] == '/ask_cost{"service":"kudus-iui"}'
    assert len(chat.calls("answerCallbackQuery")) == 1
    assert not any("parse_mode" in call for call in chat.calls("sendMessage"))


async def test_a_number_of_a_menu_that_is_over_shows_it_again(chat: Chat) -> None:
    async with chat.client.conversation("pandu") as talk:
        for words in ("menu", "apa itu OSS?"):
            await talk.send_message(words)
            await heard(talk)
        await talk.send_message("yang **nomor 1**")
        (again,) = await heard(talk)
        assert again.text == wording.STALE_MENU
        await again.click(data=again.buttons[0][0].data)
        assert "/ask_cost" in (await talk.get_response(timeout=20)).text
        await talk.send_message("👍")
        assert (await heard(talk))[-1].text == wording.THANKED.text
    assert [call.get("payload") or call["text"] for call in chat.engine.calls[:2]] == ["menu", "apa itu OSS?"]


async def test_a_photo_and_its_question_are_one_message_and_the_photo_is_kept(chat: Chat) -> None:
    photo = picture("JPEG")
    async with chat.client.conversation("pandu") as talk:
        await talk.send_file(photo, caption="berapa __lama__ izinnya?")
        *_, answer = await heard(talk)
    assert answer.text.startswith("Foto Anda") and answer.text.endswith("jawaban: berapa lama izinnya?")
    assert await kept(chat) == [photo]


async def test_a_document_without_words_is_kept(chat: Chat) -> None:
    async with chat.client.conversation("pandu") as talk:
        await talk.send_file(PDF, force_document=True)
        *_, word = await heard(talk)
    assert word.text.startswith("Dokumen Anda")
    assert await kept(chat) == [PDF]


async def kept(chat: Chat) -> list[bytes]:
    folder = chat.runtime.settings.files_dir
    return [(folder / one.path).read_bytes() for one in await rows(chat.runtime, StoredFile)]


async def test_stop_and_start(chat: Chat) -> None:
    async with chat.client.conversation("pandu") as talk:
        await talk.send_message("berapa biayanya?")
        await heard(talk)
        await talk.send_message("STOP")
        assert "START" in (await heard(talk))[-1].text
        assert (await rows(chat.runtime, Conversation))[0].no_news != ""
        await talk.send_message("berapa lama?")
        assert (await heard(talk))[-1].text == "jawaban: berapa lama?"
        await talk.send_message("START")
        await heard(talk)
        assert (await rows(chat.runtime, Conversation))[0].no_news == ""


async def test_it_introduces_itself(chat: Chat) -> None:
    """Its commands are listed without regard to language there: the last ones, in English, stay."""
    for method in ("setMyDescription", "setMyShortDescription"):
        chat.client._request._handlers[method] = chat.client._request._handle_ack
    await introduce(Bot("123:ABC", request=chat.client._request))
    state = await chat.client._get_bot_state()
    assert state["menu_button_type"] == "commands"
    assert [one["command"] for one in state["commands"]] == ["start", "menu", "bantuan", "status", "berhenti"]
    assert len(chat.calls("setMyDescription")[0]["description"]) <= 512
