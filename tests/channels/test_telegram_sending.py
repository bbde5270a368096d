"""Messages to Telegram, held to the Bot API's contract, and what we make of its refusals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.base import PermanentSendError, TemporarySendError
from bot.channels.menus import HINT
from bot.channels.telegram.channel import TelegramChannel, keyboard
from bot.messages import Attachment, Button, OutgoingFile, OutgoingMessage
from tests.channels.conftest import Inbox, settings
from tests.peers.bot_api import BotApiServer, ContractRequest, Telegram, failure, problems
from tests.peers.serving import serving

LANJUT, KEMBALI = Button("Lanjut", "/guide_next"), Button("Kembali", "/guide_back")
LONG = Button("Persyaratan dokumen izin", "/ask_requirements")


def outgoing(text: str = "Halo", *buttons: Button, address: str = "5120001") -> OutgoingMessage:
    return OutgoingMessage(12, "telegram", address, text, buttons)


async def test_a_text_goes_out_plain_and_without_link_preview(
    telegram_channel: TelegramChannel, telegram: Telegram
) -> None:
    text = "<b>NIB</b> *1* _2_ https://oss.go.id"
    assert await telegram_channel.send(outgoing(text)) == "501"
    assert telegram.made("sendMessage") == [
        {"chat_id": 5120001, "text": text, "link_preview_options": {"is_disabled": True}}
    ]


async def test_buttons_carry_our_message_id_and_their_place(
    telegram_channel: TelegramChannel, telegram: Telegram
) -> None:
    await telegram_channel.send(outgoing("Langkah 3 dari 12", LANJUT, KEMBALI, LONG))
    assert telegram.made("sendMessage")[0]["reply_markup"]["inline_keyboard"] == [
        [{"text": "Lanjut", "callback_data": "m12:0"}, {"text": "Kembali", "callback_data": "m12:1"}],
        [{"text": LONG.title, "callback_data": "m12:2"}],
    ]


def test_long_titles_stand_alone() -> None:
    rows = keyboard(1, (LONG, LANJUT, LONG, LANJUT, KEMBALI, LANJUT))
    assert rows is not None
    assert [len(row) for row in rows.inline_keyboard] == [1, 1, 1, 2, 1]
    assert keyboard(1, ()) is None


@pytest.mark.parametrize(
    ("answer", "code", "temporary", "retry_after"),
    [
        (failure(429, "Too Many Requests: retry after 7", retry_after=7), "429", True, 7),
        (failure(403, "Forbidden: bot was blocked by the user"), "403", False, None),
        (failure(403, "Forbidden: user is deactivated"), "403", False, None),
        (failure(400, "Bad Request: chat not found"), "chat_not_found", False, None),
        (failure(400, "Bad Request: message is too long"), "too_long", False, None),
        (failure(400, "Bad Request: x", migrate_to_chat_id=-100), "migrated", False, None),
        (failure(401, "Unauthorized"), "401", True, 60),
        (failure(500, "Internal Server Error"), "network", True, None),
        (failure(502, "Bad Gateway"), "network", True, None),
    ],
)
async def test_refusals(
    telegram_channel: TelegramChannel,
    telegram: Telegram,
    answer: Any,
    code: str,
    temporary: bool,
    retry_after: float | None,
) -> None:
    telegram.failures["sendMessage"].append(answer)
    with pytest.raises(TemporarySendError if temporary else PermanentSendError) as refused:
        await telegram_channel.send(outgoing("Halo", LANJUT))
    assert (refused.value.code, refused.value.retry_after) == (code, retry_after)
    assert refused.value.explanation.endswith(".")
    assert len(telegram.made("sendMessage")) == 1


@pytest.mark.parametrize(
    "description",
    [
        "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 12",
        "Bad Request: BUTTON_DATA_INVALID",
        "Bad Request: can't parse reply keyboard markup JSON object",
    ],
)
async def test_a_refused_format_goes_out_plain_with_its_choices(
    telegram_channel: TelegramChannel, telegram: Telegram, description: str
) -> None:
    telegram.failures["sendMessage"].append(failure(400, description))
    assert await telegram_channel.send(outgoing("Pilih:", LANJUT, KEMBALI))
    assert telegram.made("sendMessage")[1] == {
        "chat_id": 5120001,
        "text": f"Pilih:\n\n1. Lanjut\n2. Kembali\n{HINT}",
        "link_preview_options": {"is_disabled": True},
    }


async def test_a_format_refused_twice_is_given_up(telegram_channel: TelegramChannel, telegram: Telegram) -> None:
    telegram.failures["sendMessage"].extend([failure(400, "Bad Request: odd"), failure(400, "Bad Request: odd")])
    with pytest.raises(PermanentSendError, match="400"):
        await telegram_channel.send(outgoing())
    assert len(telegram.made("sendMessage")) == 2


async def test_an_address_that_is_no_chat_is_refused_at_once(
    telegram_channel: TelegramChannel, telegram: Telegram
) -> None:
    with pytest.raises(PermanentSendError, match="bad_address"):
        await telegram_channel.send(outgoing(address="whatsapp:+62812"))
    assert telegram.calls == []


async def test_typing_is_shown_and_never_fails(telegram_channel: TelegramChannel, telegram: Telegram) -> None:
    telegram.failures["sendChatAction"].extend([None, failure(500, "away")])
    await telegram_channel.typing("5120001")
    await telegram_channel.typing("5120001")
    await telegram_channel.typing("bukan angka")
    assert telegram.made("sendChatAction") == [{"chat_id": 5120001, "action": "typing"}] * 2


async def test_a_file_is_fetched_up_to_the_limit(telegram_channel: TelegramChannel, telegram: Telegram) -> None:
    telegram.files["foto"] = b"x" * 1000
    assert await telegram_channel.fetch(Attachment("photo", "foto"), 1000) == b"x" * 1000
    with pytest.raises(PermanentSendError, match="too_big"):
        await telegram_channel.fetch(Attachment("photo", "foto"), 999)
    with pytest.raises(PermanentSendError, match="too_big"):
        await telegram_channel.fetch(Attachment("photo", "tak pernah diminta", size=5000), 999)
    telegram.failures["getFile"].append(failure(400, "Bad Request: file is too big"))
    with pytest.raises(PermanentSendError, match="too_big"):
        await telegram_channel.fetch(Attachment("photo", "foto"), 1000)


@pytest.mark.parametrize(
    "refusal",
    [
        failure(400, "Bad Request: wrong file_id or the file is temporarily unavailable"),
        failure(429, "Too Many Requests: retry after 8", retry_after=8),
        failure(504, "Gateway Timeout"),
    ],
)
async def test_a_file_that_is_not_there_now_is_asked_for_again(
    telegram_channel: TelegramChannel, telegram: Telegram, refusal: tuple[int, dict[str, Any]]
) -> None:
    telegram.files["foto"] = b"isi"
    telegram.failures["getFile"].append(refusal)
    with pytest.raises(TemporarySendError):
        await telegram_channel.fetch(Attachment("photo", "foto"), 1000)
    assert await telegram_channel.fetch(Attachment("photo", "foto"), 1000) == b"isi"


@pytest.mark.parametrize(
    "answer", [b"<html>ok</html>", b"", b"[]", b'{"ok": true}', b'{"ok": true, "result": {"x": 1}}']
)
@pytest.mark.parametrize("what", ["text", "file"])
async def test_a_yes_that_cannot_be_read_is_a_yes(
    inbox: Inbox, telegram: Telegram, answer: bytes, what: str, tmp_path: Path
) -> None:
    """Trying again would send the same message once more."""

    class Garbled(ContractRequest):
        async def do_request(self, *arguments: Any, **more: Any) -> tuple[int, bytes]:
            await super().do_request(*arguments, **more)
            return 200, answer

    channel = TelegramChannel(settings(), inbox, receiving=False, request=Garbled(telegram))
    sending = outgoing("Pilih:", LANJUT)
    if what == "file":
        (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
        sending = replace(sending, file=OutgoingFile(tmp_path / "a.pdf", "a.pdf", "application/pdf", "document"))
    await channel.start()
    assert await channel.send(sending) == ""
    assert len(telegram.calls) == 1
    await channel.stop()


@pytest.mark.parametrize(
    ("cause", "unknown"),
    [
        (httpx.ReadTimeout("slow"), True),
        (httpx.RemoteProtocolError("cut"), True),
        (httpx.ConnectError("away"), False),
        (httpx.ConnectTimeout("away"), False),
        (httpx.PoolTimeout("busy"), False),
    ],
)
async def test_a_call_without_an_answer_may_have_been_taken(
    inbox: Inbox, cause: httpx.HTTPError, unknown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise cause

    monkeypatch.setattr(httpx.AsyncClient, "request", fail)
    channel = TelegramChannel(settings(telegram_api_url="http://127.0.0.1:9"), inbox, receiving=False)
    await channel.start()
    with pytest.raises(TemporarySendError) as refused:
        await channel.send(outgoing())
    assert refused.value.unknown is unknown
    await channel.stop()


async def test_over_real_http(inbox: Inbox) -> None:
    server = BotApiServer()
    server.files["foto"] = b"\xff\xd8isi"
    server.failures["sendMessage"].append(failure(429, "Too Many Requests", retry_after=3))
    async with serving(server.app) as url:
        channel = TelegramChannel(settings(telegram_api_url=url), inbox, receiving=False)
        await channel.start()
        with pytest.raises(TemporarySendError) as refused:
            await channel.send(outgoing())
        assert refused.value.retry_after == 3
        assert await channel.send(outgoing("Pilih:", LANJUT)) == "501"
        assert await channel.fetch(Attachment("photo", "foto"), 100) == b"\xff\xd8isi"
    with pytest.raises(TemporarySendError, match="network"):  # the server is gone: connection refused
        await channel.send(outgoing())
    await channel.stop()


def test_the_contract_bites() -> None:
    assert problems("sendMessage", {"chat_id": 1, "text": "a"}) == []
    assert problems("sendMessage", {"chat_id": 1}) == ["sendMessage: missing text", "message text is empty or too long"]
    assert problems("sendMessage", {"chat_id": 1, "text": "a", "txt": "b"}) == ["sendMessage: unknown field txt"]
    assert problems("sendMessage", {"chat_id": 1.5, "text": "a"})
    assert problems("sendMesage", {}) == ["unknown method sendMesage"]
    assert problems(
        "sendMessage",
        {"chat_id": 1, "text": "a", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "m" * 65}]]}},
    ) == ["BUTTON_DATA_INVALID"]


async def test_files_go_out_as_photo_or_document(
    telegram_channel: TelegramChannel, telegram: Telegram, tmp_path: Path
) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"isi")
    document = OutgoingFile(path, "surat.pdf", "application/pdf", "document")
    assert await telegram_channel.send(replace(outgoing(""), file=document)) == "501"
    assert telegram.made("sendDocument")[0]["chat_id"] == 5120001
    photo = OutgoingFile(path, "peta.png", "image/png", "photo")
    assert await telegram_channel.send(replace(outgoing("Peta"), file=photo)) == "502"
    assert telegram.made("sendPhoto")[0]["caption"] == "Peta"
    assert telegram.uploads == {"surat.pdf": b"isi", "peta.png": b"isi"}


async def test_a_picture_that_is_no_photo_for_telegram_goes_as_a_document(
    telegram_channel: TelegramChannel, telegram: Telegram, tmp_path: Path
) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"isi")
    telegram.failures["sendPhoto"].append(failure(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"))
    photo = OutgoingFile(path, "panjang.png", "image/png", "photo")
    await telegram_channel.send(replace(outgoing(""), file=photo))
    assert len(telegram.made("sendDocument")) == 1
    telegram.failures["sendPhoto"].append(failure(403, "Forbidden: bot was blocked by the user"))
    with pytest.raises(PermanentSendError, match="403"):
        await telegram_channel.send(replace(outgoing(""), file=photo))
    path.unlink()
    with pytest.raises(PermanentSendError, match="file_gone"):
        await telegram_channel.send(replace(outgoing(""), file=photo))
