"""Providers that answer as no documentation says: a send ends as sent or as a SendError, and nothing is lost by it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from bot.channels.base import PermanentSendError, SendError, TemporarySendError
from bot.channels.telegram import check as telegram_check
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.whatsapp import check as whatsapp_check
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.messages import Attachment, OutgoingMessage
from tests.channels import test_telegram_updates as telegram_updates
from tests.channels.conftest import Inbox, Ledger, Shelf, settings
from tests.channels.test_whatsapp_updates import BUDI, MEDIA
from tests.helpers.until import until
from tests.peers.twilio_api import PUBLIC


def http(status: str, body: bytes = b"", *headers: str, length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


ODD: dict[str, tuple[bytes, str]] = {
    "refused with 200": (http("200 OK", b'{"ok": false, "error_code": 400, "description": "Bad Request: x"}'), "any"),
    "elsewhere": (http("302 Found", b"", "Location: http://127.0.0.1:1/"), "temporary"),
    "nothing": (http("204 No Content"), "any"),
    "not gzip": (http("200 OK", b"garbage", "Content-Encoding: gzip"), "any"),
    "cut off": (http("200 OK", b'{"ok": true, "resu', length=5000), "doubt"),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.2\r\n", "doubt"),
    "closed at once": (b"", "doubt"),
    "unknown refusal": (http("418 I'm a teapot", b"{}"), "error"),
    "HTML with 500": (http("500 Internal Server Error", b"<html>"), "temporary"),
    "HTML with 503": (http("503 Service Unavailable", b"<html>"), "temporary"),
    "HTML with 429": (http("429 Too Many Requests", b"<html>", "Retry-After: soon"), "temporary"),
    "a list": (http("200 OK", b"[1, 2]"), "any"),
    "another type": (http("200 OK", b'{"ok": true, "result": "sent", "sid": 7}'), "any"),
}


@asynccontextmanager
async def answering(
    *answers: bytes, by_method: dict[bytes, list[bytes]] | None = None, asked: list[bytes] | None = None
) -> AsyncIterator[str]:
    """A server that gives the calls these answers, the last one for ever; some methods have answers of their own.

    `asked` is filled with the methods that were called.
    """
    everything = list(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].rsplit(b"/", 1)[-1]
        if asked is not None:
            asked.append(method)
        coming = (by_method or {}).get(method, everything)
        writer.write(coming.pop(0) if len(coming) > 1 else coming[0])
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


@asynccontextmanager
async def channel_to(name: str, url: str) -> AsyncIterator[TelegramChannel | WhatsAppChannel]:
    channel: TelegramChannel | WhatsAppChannel
    if name == "telegram":
        channel = TelegramChannel(settings(telegram_api_url=url), Inbox(), receiving=False)
    else:
        channel = WhatsAppChannel(settings(twilio_api_url=url), Inbox(), Ledger(), Shelf())
    await channel.start()
    yield channel
    await channel.stop()


@pytest.mark.parametrize("name", ["telegram", "whatsapp"])
@pytest.mark.parametrize("kind", ODD)
async def test_a_send(name: str, kind: str) -> None:
    answer, meaning = ODD[kind]
    message = OutgoingMessage(7, name, "5120001" if name == "telegram" else BUDI, "Halo")
    raised: SendError | None = None
    async with answering(answer) as url, channel_to(name, url) as channel:
        try:
            async with asyncio.timeout(15):
                await channel.send(message)
        except SendError as error:
            raised = error
    if meaning == "any":
        return
    assert raised is not None
    if meaning == "doubt":
        assert isinstance(raised, TemporarySendError) and raised.unknown
    if meaning == "temporary":
        assert isinstance(raised, TemporarySendError)


@pytest.mark.parametrize("name", ["telegram", "whatsapp"])
@pytest.mark.parametrize("kind", ODD)
async def test_a_download(name: str, kind: str) -> None:
    """Nothing of this says that the file is gone, but what the provider says of it in so many words."""
    answer, meaning = ODD[kind]
    file = Attachment("photo", "foto" if name == "telegram" else MEDIA, media_type="image/jpeg")
    async with answering(answer) as url, channel_to(name, url) as channel:
        try:
            async with asyncio.timeout(15):
                await channel.fetch(file, 1000)
        except PermanentSendError:
            assert kind == "unknown refusal"
        except TemporarySendError:
            pass
        else:
            assert name == "whatsapp" and meaning == "any", "an answer with 200 is the file there"


PICTURE = b"\xff\xd8 a picture"
NOT_THE_FILE = {
    "nothing with 200": http("200 OK"),
    "a page": http("200 OK", b"<html>log in first</html>", "Content-Type: text/html; charset=utf-8"),
}


@pytest.mark.parametrize("kind", NOT_THE_FILE)
async def test_a_whatsapp_download_that_is_no_file_is_asked_for_again(kind: str) -> None:
    file = Attachment("photo", MEDIA, media_type="image/jpeg")
    async with answering(NOT_THE_FILE[kind]) as url, channel_to("whatsapp", url) as channel:
        with pytest.raises(TemporarySendError):
            await channel.fetch(file, 1000)


@pytest.mark.parametrize("given", [b"", PICTURE[:5]], ids=["nothing", "a part"])
async def test_a_telegram_download_shorter_than_it_should_be_is_asked_for_again(given: bytes) -> None:
    said = {
        "ok": True,
        "result": {"file_id": "f", "file_unique_id": "u", "file_size": len(PICTURE), "file_path": "p/1"},
    }
    answers = [http("200 OK", json.dumps(said).encode()), http("200 OK", given)]
    async with answering(*answers) as url, channel_to("telegram", url) as channel:
        with pytest.raises(TemporarySendError):
            await channel.fetch(Attachment("photo", "f"), 1000)
    answers[1] = http("200 OK", PICTURE)
    async with answering(*answers) as url, channel_to("telegram", url) as channel:
        assert await channel.fetch(Attachment("photo", "f"), 1000) == PICTURE


NO_UPDATES = {
    "no list": b'{"ok": true, "result": true}',
    "no result": b'{"ok": true}',
    "a list": b"[1, 2]",
    "strange updates": b'{"ok": true, "result": [1, "x", null, {"update_id": "y"}]}',
    "no JSON": b"<html>",
}


@pytest.mark.parametrize("kind", NO_UPDATES)
async def test_polling_outlives_any_answer(kind: str) -> None:
    taken = http("200 OK", b'{"ok": true, "result": true}')
    update = {"ok": True, "result": [telegram_updates.message(text="halo")]}
    odd = http("200 OK", NO_UPDATES[kind])
    inbox = Inbox()
    by_method = {b"getUpdates": [odd, odd, http("200 OK", json.dumps(update).encode()), odd]}
    async with answering(taken, by_method=by_method) as url:
        channel = TelegramChannel(settings(public_url="", telegram_api_url=url), inbox, poll_seconds=0, pause=0.01)
        await channel.start()
        async with asyncio.timeout(20):
            await inbox.arrived.wait()
        await channel.stop()
    assert [one.text for one in inbox.messages] == ["halo"]


@pytest.mark.parametrize("kind", NO_UPDATES)
async def test_the_watch_over_the_webhook_outlives_any_answer(kind: str) -> None:
    """What answers all calls with the same oddity is noticed, and later set right."""
    taken, odd = http("200 OK", b'{"ok": true, "result": true}'), http("200 OK", NO_UPDATES[kind])
    elsewhere = {"url": "https://elsewhere.example/hook", "has_custom_certificate": False, "pending_update_count": 0}
    told = http("200 OK", json.dumps({"ok": True, "result": elsewhere}).encode())
    asked: list[bytes] = []
    async with answering(taken, by_method={b"getWebhookInfo": [odd, odd, told]}, asked=asked) as url:
        channel = TelegramChannel(settings(telegram_api_url=url), Inbox(), watch_seconds=0.02, pause=0.01)
        await channel.start()

        async def set_again() -> bool:
            return asked.count(b"setWebhook") >= 2

        await until(set_again)
        await channel.stop()


@pytest.mark.parametrize("public_url", ["", PUBLIC])
@pytest.mark.parametrize("kind", NO_UPDATES)
async def test_doctor_says_of_any_answer_what_it_is(kind: str, public_url: str) -> None:
    async with answering(http("200 OK", NO_UPDATES[kind])) as url, httpx.AsyncClient() as client:
        wrong = settings(telegram_api_url=url, twilio_api_url=url, public_url=public_url)
        assert (await telegram_check.check(wrong, client)).verdict == "wrong"
        assert bool(await telegram_check.mend(wrong, client)) == bool(public_url)
        await whatsapp_check.check(wrong, client)
        assert await whatsapp_check.mend(wrong, client) != []


async def test_no_answer_of_telegrams_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """The library writes an answer that is no JSON into its error, with the words of the chat in it."""
    told = http("200 OK", b'{"ok": true, "result": {"chat": {"first_name": "Siti Contoh"}, "text": "surat saya"')
    async with answering(told) as url, channel_to("telegram", url) as channel:
        with suppress(SendError):
            await channel.send(OutgoingMessage(7, "telegram", "5120001", "Halo"))
    assert "Siti Contoh" not in caplog.text and "surat saya" not in caplog.text
