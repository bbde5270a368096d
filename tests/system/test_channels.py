"""An applicant on Telegram and on WhatsApp, through the whole running system and the providers' counterparts."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.helpers.leaks import leaks
from tests.helpers.system import Running, free_port, start, wait_until_ready
from tests.helpers.until import until
from tests.peers.bot_api import TOKEN as BOT_TOKEN
from tests.peers.bot_api import BotApiServer, failure
from tests.peers.serving import serving
from tests.peers.twilio_api import ACCOUNT, SENDER, sign
from tests.peers.twilio_api import TOKEN as TWILIO_TOKEN
from tests.peers.twilio_chain import Chain, twilio_chain

SRI = {"id": 5120077, "is_bot": False, "first_name": "Sri", "last_name": "Wahyuni", "language_code": "id"}
CHAT = {"id": 5120077, "type": "private", "first_name": "Sri"}
NIK, MAIL = "3374012345670001", "sri.wahyuni@contoh.id"
BUDI = "whatsapp:+6281200000077"
numbers = itertools.count(7000)


@asynccontextmanager
async def running_with(folder: Path, **settings: str) -> AsyncIterator[Running]:
    running = start(folder, **settings)
    try:
        await asyncio.to_thread(wait_until_ready, running)
        yield running
    finally:
        await asyncio.to_thread(running.stop)


@asynccontextmanager
async def released(telegram: BotApiServer) -> AsyncIterator[None]:
    """A waiting getUpdates is let go at the end, so that the counterpart stops at once."""
    try:
        yield
    finally:
        telegram.release()


def written(text: str) -> dict[str, Any]:
    number = next(numbers)
    message = {"message_id": number, "from": SRI, "chat": CHAT, "date": 1790000000, "text": text}
    return {"update_id": number, "message": message}


def tapped(data: str) -> dict[str, Any]:
    number = next(numbers)
    ours = {"message_id": 1, "chat": CHAT, "date": 1790000000, "text": "…"}
    query = {"id": str(number), "from": SRI, "chat_instance": "-1", "message": ours, "data": data}
    return {"update_id": number, "callback_query": query}


def buttons_of(call: dict[str, Any]) -> dict[str, str]:
    rows = (call.get("reply_markup") or {}).get("inline_keyboard", [])
    return {cell["text"]: cell["callback_data"] for row in rows for cell in row}


async def answer_with(telegram: BotApiServer, words: str) -> dict[str, Any]:
    async def found() -> dict[str, Any] | None:
        return next((call for call in telegram.made("sendMessage") if words.lower() in call["text"].lower()), None)

    call = await until(found)
    assert call is not None
    return call


async def test_a_chat_on_telegram_by_polling(test_folder: Path) -> None:
    telegram = BotApiServer()
    async with serving(telegram.app) as api:
        settings = {"TELEGRAM_TOKEN": BOT_TOKEN, "TELEGRAM_API_URL": api, "LOG_LEVEL": "debug"}
        async with released(telegram), running_with(test_folder / "telegram", **settings) as running:
            telegram.push(written("/start"))
            await answer_with(telegram, "Saya bukan OSS")
            assert buttons_of(await answer_with(telegram, "Apa yang bisa saya bantu"))
            telegram.push(written("syarat izin perluasan di magetan"))
            asked = await answer_with(telegram, "Scan akta pendirian")
            assert "Sumber: Standar Pelayanan Magetan" in asked["text"]
            data = buttons_of(asked)["Berkas dibawa/diunggah?"]
            assert len(data.encode()) <= 64
            telegram.push(tapped(data))
            await answer_with(telegram, "dibawa ke kantor atau diunggah")
            assert telegram.made("answerCallbackQuery")
            repeated = written("biayanya?")
            telegram.push(repeated, repeated)
            await answer_with(telegram, "Tidak dikenakan biaya")
            telegram.failures["sendMessage"].extend([failure(429, "slow", retry_after=1), failure(500, "oops")])
            telegram.push(written(f"makasih, NIK saya {NIK}, otp 482913, {MAIL}"))

            async def thanked() -> bool:
                return "makasih" not in str(telegram.pending) and len(telegram.made("sendMessage")) >= 5

            await until(thanked)
            costs = [call for call in telegram.made("sendMessage") if "tidak dikenakan biaya" in call["text"].lower()]
            assert len(costs) == 1
            assert leaks(running, BOT_TOKEN, "Wahyuni", str(SRI["id"]), NIK, "482913", MAIL) == []


async def test_a_chat_on_whatsapp_with_signed_webhooks(test_folder: Path, tmp_path: Path) -> None:
    port = str(free_port())
    public = f"http://127.0.0.1:{port}"
    async with twilio_chain(public, tmp_path) as chain:
        settings = {
            "PORT": port,
            "PUBLIC_URL": public,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TWILIO_TOKEN,
            "TWILIO_API_URL": chain.url,
            "WHATSAPP_SENDER": SENDER,
            "LOG_LEVEL": "debug",
        }
        async with running_with(test_folder / "whatsapp", **settings) as running:
            await _chat_on_whatsapp(chain, running, public)


async def _chat_on_whatsapp(chain: Chain, running: Running, public: str) -> None:
    async def answer(words: str) -> dict[str, Any]:
        async def found() -> dict[str, Any] | None:
            sent = [message for message in await chain.sent() if message["to"] == BUDI]
            return next((message for message in sent if words.lower() in message["body"].lower()), None)

        message = await until(found)
        assert message is not None
        return message

    await chain.inbound(BUDI, "berapa biaya izin perluasan di magetan?")
    cost = await answer("Tidak dikenakan biaya")
    assert chain.api.contents, "buttons travel through the Content API"
    async with httpx.AsyncClient(timeout=60) as client:
        url = f"{public}/webhooks/whatsapp"
        form = {
            "MessageSid": "SM" + "1" * 32,
            "AccountSid": ACCOUNT,
            "From": BUDI,
            "To": SENDER,
            "Body": "Lama proses",
            "NumMedia": "0",
        }
        copies = [client.post(url, data=form, headers=sign(url, form)) for _ in range(10)]
        assert {response.status_code for response in await asyncio.gather(*copies)} == {200}
        assert (await client.post(url, data=form, headers=sign(url, form | {"Body": "x"}))).status_code == 403
        assert (await client.post(url, data=form)).status_code == 403
        await answer("5 hari, dihitung")
        form |= {"MessageSid": "SM" + "2" * 32, "Body": f"makasih ya, NIK saya {NIK}, otp 482913, {MAIL}"}
        assert (await client.post(url, data=form, headers=sign(url, form))).status_code == 200

        async def thanked() -> bool:
            return len([message for message in await chain.sent() if message["to"] == BUDI]) >= 4

        await until(thanked)
        bodies = [message["body"] for message in await chain.sent() if message["to"] == BUDI]
        assert sum("5 hari, dihitung" in body for body in bodies) == 1
        await chain.status(cost["sid"], "delivered")
        metrics = (await client.get(f"{public}/metrics")).text
        assert re.search(r'pandu_refused_total\{[^}]*where="whatsapp"', metrics)
        assert 'pandu_sent_total{channel="receipt",result="delivered"}' in metrics
    assert leaks(running, TWILIO_TOKEN, "81200000077", NIK, "482913", MAIL) == []
