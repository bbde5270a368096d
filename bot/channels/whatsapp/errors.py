"""Twilio's error codes: is another try worth it, and what an officer is told.

https://www.twilio.com/docs/api/errors and https://www.twilio.com/docs/whatsapp/tutorial/error-codes
"""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import structlog

from bot.channels.base import PermanentSendError, SendError, TemporarySendError

log = structlog.get_logger(__name__)

_RATE = "Batas kirim nomor ini tercapai."
_CONTENT = "Menu atau isi pesan ditolak WhatsApp."
_SETUP = "Pengaturan Twilio tidak sah. Hubungi tim teknis."
_AWAY = "Layanan Twilio sedang terganggu."


@dataclass(frozen=True, slots=True)
class ProviderError:
    """`content`: the menu was refused; the same text may go out as a numbered menu."""

    explanation: str
    temporary: bool = False
    retry_after: float | None = None  # seconds
    content: bool = False


UNKNOWN = ProviderError("WhatsApp menolak pesan ini.")

ERRORS: dict[str, ProviderError] = {
    # The person
    "21211": ProviderError("Nomor tujuan tidak sah."),
    "21610": ProviderError("Warga memilih STOP. Jangan kirim lagi."),
    "63003": ProviderError("Nomor tidak aktif di WhatsApp."),
    "63014": ProviderError("Warga memblokir atau berhenti. Jangan kirim lagi."),
    "63015": ProviderError("Nomor ini belum bergabung ke sandbox Twilio."),
    "63016": ProviderError("Sudah lewat 24 jam sejak pesan terakhir warga. Kirim templat atau tunggu warga menulis."),
    "63024": ProviderError("Penerima tidak dapat menerima pesan ini."),
    "63032": ProviderError("WhatsApp membatasi pengiriman ke pengguna ini."),
    "63049": ProviderError("Ditahan Meta (kategori marketing). Ubah templat ke utility."),
    # The content
    "21617": ProviderError("Pesan lebih panjang dari 1.600 karakter."),
    "21619": ProviderError(_CONTENT, content=True),
    "21654": ProviderError(_CONTENT, content=True),
    "21655": ProviderError(_CONTENT, content=True),
    "21656": ProviderError(_CONTENT, content=True),
    "35127": ProviderError(_CONTENT, content=True),
    "63005": ProviderError(_CONTENT, content=True),
    "63013": ProviderError("Isi melanggar aturan kanal.", content=True),
    "63021": ProviderError("Isi atau lampiran tidak didukung.", content=True),
    "92005": ProviderError(_CONTENT, content=True),
    # Rates
    "429": ProviderError(_RATE, temporary=True, retry_after=5),
    "20429": ProviderError(_RATE, temporary=True, retry_after=5),
    "63017": ProviderError(_RATE, temporary=True, retry_after=10),
    "63018": ProviderError(_RATE, temporary=True, retry_after=60),
    "20009": ProviderError("Twilio belum selesai dengan pesan ini.", temporary=True, retry_after=60),
    "63038": ProviderError("Batas kirim harian akun Twilio tercapai.", temporary=True, retry_after=3600),
    # The office's own set-up: kept and tried again, so that nothing is lost while it is mended
    "20003": ProviderError("Kredensial Twilio ditolak. Hubungi tim teknis.", temporary=True, retry_after=60),
    "20404": ProviderError(_SETUP, temporary=True, retry_after=60),
    "21608": ProviderError("Akun Twilio masih uji coba: nomor ini belum diverifikasi."),
    "63007": ProviderError("Nomor pengirim WhatsApp belum terpasang di Twilio."),
}


def lookup(code: str | int | None, status: int = 0) -> ProviderError:
    """What a code means; `status` is the HTTP status, which decides where the code is unknown."""
    known = ERRORS.get(str(code))
    if known is not None:
        return known
    if status in (401, 403, 404):
        return ERRORS["20003"] if status == 401 else ProviderError(_SETUP, temporary=True, retry_after=60)
    return ProviderError(_AWAY, temporary=True) if status >= 500 else UNKNOWN


def as_send_error(code: str | int | None, status: int = 0, retry_after: float | None = None) -> SendError:
    meaning = lookup(code, status)
    kind = TemporarySendError if meaning.temporary else PermanentSendError
    wait = retry_after if retry_after is not None else meaning.retry_after
    broken = status >= 500 and status != 503  # Twilio broke in the middle: it may have taken the message
    return kind(str(code or status), meaning.explanation, wait, unknown=broken)


def unreachable(error: httpx.HTTPError) -> SendError:
    """A broken connection as ours. Where none came about, nothing was taken for certain."""
    log.warning("twilio is unreachable", error=type(error).__name__)
    never = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    return TemporarySendError("network", "Twilio sedang tidak dapat dihubungi.", unknown=not never)
