"""Telegram's refusals and their meaning: try again, never again, or send it plainer."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import timedelta

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channels.base import UNREAD as ODD
from bot.channels.base import PermanentSendError, SendError, TemporarySendError

TOKEN_PAUSE = 60.0  # seconds; a wrong token is mended by a person
SETUP = {"401": "Telegram refuses PANDU_TELEGRAM_TOKEN: get the present one from @BotFather (/token)."}
"""Codes that are the office's own set-up, with what the technician has to do."""
UNREAD = "Invalid server response"  # what the library says of an answer that is no JSON
_AWAY = "file is temporarily unavailable"
"""Of "wrong file_id or the file is temporarily unavailable", which passes: tdlib/telegram-bot-api, issue 32."""
# Parts of BadRequest texts (there are no codes) that a plainer message would not cure.
_FINAL = {
    "chat not found": ("chat_not_found", "Obrolan Telegram tidak ditemukan: warga belum pernah menulis ke bot ini."),
    "peer_id_invalid": ("chat_not_found", "Obrolan Telegram tidak ditemukan: warga belum pernah menulis ke bot ini."),
    "user not found": ("user_not_found", "Akun Telegram warga tidak ditemukan."),
    "not enough rights": ("no_rights", "Bot tidak berhak menulis di obrolan ini."),
    "have no rights": ("no_rights", "Bot tidak berhak menulis di obrolan ini."),
    "message is too long": ("too_long", "Pesan terlalu panjang untuk Telegram."),
    "file is too big": ("too_big", "Berkas terlalu besar untuk diunduh."),
    "invalid file_id": ("file_gone", "Berkas sudah tidak tersedia di Telegram."),
}


async def understood[T](call: Awaitable[T]) -> T:
    """What Telegram answers. Raises TelegramError, also over JSON that is not what is documented: whatever waits for
    an answer in the background must outlive every one.
    """
    try:
        return await call
    except ODD as error:
        raise TelegramError(UNREAD) from error


def wants_plain_text(error: TelegramError) -> bool:
    """Whether the same text without keyboard and formatting may still be taken."""
    return isinstance(error, BadRequest) and _final(error) is None


def seconds(error: RetryAfter) -> float:
    """How long Telegram asks us to wait; its type depends on an environment variable of the library."""
    value = error.retry_after
    return value.total_seconds() if isinstance(value, timedelta) else float(value)


def as_send_error(error: TelegramError) -> SendError:
    """The library's error as ours. (BadRequest and TimedOut are both kinds of NetworkError there.)"""
    match error:
        case RetryAfter():
            return TemporarySendError("429", "Telegram meminta jeda pengiriman.", retry_after=seconds(error))
        case Forbidden():
            return PermanentSendError("403", "Warga memblokir bot atau akunnya sudah tidak aktif.")
        case ChatMigrated():
            return PermanentSendError("migrated", "Obrolan berpindah ke grup lain; bot hanya melayani obrolan pribadi.")
        case InvalidToken():
            return TemporarySendError("401", "Token bot Telegram ditolak. Hubungi tim teknis.", retry_after=TOKEN_PAUSE)
        case BadRequest() if _AWAY in error.message.lower():
            return TemporarySendError("file_away", "Berkas belum dapat diambil dari Telegram.")
        case BadRequest():
            code, explanation = _final(error) or ("400", "Telegram menolak isi pesan ini.")
            return PermanentSendError(code, explanation)
        case _:
            return TemporarySendError(
                "network", "Telegram sedang tidak dapat dihubungi.", unknown=_may_have_taken(error)
            )


def _may_have_taken(error: TelegramError) -> bool:
    """Whether the call reached Telegram and only its answer did not come."""
    cause = error.__cause__
    never = httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout
    return isinstance(cause, httpx.HTTPError) and not isinstance(cause, never)


def _final(error: BadRequest) -> tuple[str, str] | None:
    text = error.message.lower()
    return next((meaning for part, meaning in _FINAL.items() if part in text), None)
