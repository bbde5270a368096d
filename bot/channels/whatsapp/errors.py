"""Twilio's error codes: is another try worth it, and what an officer is told.

https://www.twilio.com/docs/api/errors and https://www.twilio.com/docs/whatsapp/tutorial/error-codes. Where Twilio
words a code elsewhere, its line says where:
[score] "Twilio Health Score for Messaging", its list of internal and provider errors;
[faq] https://www.twilio.com/docs/whatsapp/best-practices-and-faqs, "Troubleshooting WhatsApp error codes".
"""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import structlog

from bot.channels.base import WAITING_KINDS, Kind, PermanentSendError, SendError, TemporarySendError

log = structlog.get_logger(__name__)

ASK_TWILIO = "Twilio refuses our calls: compare the settings with its console."
SETUP_PAUSE = 60.0  # seconds; what is mended by a person
_RATE = "Batas kirim nomor ini tercapai."
_CONTENT = "Menu atau isi pesan ditolak WhatsApp."
_SETUP = "Pengaturan Twilio atau WhatsApp bermasalah. Hubungi tim teknis."
_AWAY = "Layanan Twilio sedang terganggu."
_AWAY_WHATSAPP = "Layanan WhatsApp sedang terganggu."


@dataclass(frozen=True, slots=True)
class ProviderError:
    """What one code means. `advice`: for the technician, in English."""

    kind: Kind
    explanation: str
    retry_after: float | None = None  # seconds
    advice: str = ""

    @property
    def temporary(self) -> bool:
        """Kept and tried again: also while the set-up is mended, so that nothing is lost meanwhile."""
        return self.kind in WAITING_KINDS

    @property
    def content(self) -> bool:
        """The menu was refused; the same text may go out as a numbered menu."""
        return self.kind == "content"


NOT_TWILIO = frozenset({*range(300, 400), 407, 408, 425})
"""HTTP statuses that tell of something between us and Twilio, and nothing of the message."""
UNKNOWN = ProviderError("final", "WhatsApp menolak pesan ini.")


def _setup(explanation: str, advice: str) -> ProviderError:
    return ProviderError("setup", f"{explanation} Hubungi tim teknis.", SETUP_PAUSE, advice)


ERRORS: dict[str, ProviderError] = {
    # The person
    "21211": ProviderError("person", "Nomor tujuan tidak sah."),
    "21610": ProviderError("person", "Warga memilih STOP. Jangan kirim lagi."),
    "21614": ProviderError("person", "Nomor tujuan bukan nomor ponsel."),
    "63003": ProviderError("person", "Nomor tidak aktif di WhatsApp."),
    "63014": ProviderError("person", "Warga memblokir atau berhenti. Jangan kirim lagi."),
    "63015": ProviderError("person", "Nomor ini belum bergabung ke sandbox Twilio."),
    "63024": ProviderError("person", "Nomor ini tidak dapat menerima pesan WhatsApp."),
    "63029": ProviderError("person", "WhatsApp warga tidak dapat menampilkan templat ini (aplikasinya mungkin lama)."),
    "63033": ProviderError("person", "Warga memblokir nomor ini. Jangan kirim lagi."),
    # The message
    "63016": ProviderError(
        "final", "Sudah lewat 24 jam sejak pesan terakhir warga. Kirim templat atau tunggu warga menulis."
    ),
    "63031": ProviderError("final", "Pengirim dan penerima sama."),
    "21617": ProviderError("final", "Pesan lebih panjang dari 1.600 karakter."),
    "21619": ProviderError("content", _CONTENT),
    "21654": ProviderError("content", _CONTENT),
    "21655": ProviderError("content", _CONTENT),
    "21656": ProviderError("content", _CONTENT),
    "21658": ProviderError("content", _CONTENT),  # a variable above 1,600 characters
    "35127": ProviderError("content", _CONTENT),
    "63005": ProviderError("content", _CONTENT),
    "63006": ProviderError("content", _CONTENT),
    "63013": ProviderError("content", "Isi melanggar aturan kanal."),
    "63021": ProviderError("content", "Isi atau lampiran tidak didukung."),
    "63030": ProviderError("content", _CONTENT),
    "92005": ProviderError("content", _CONTENT),
    "63019": ProviderError("final", "Lampiran tidak dapat diambil WhatsApp dari alamat kami."),
    # It passes
    "30001": ProviderError("transient", "Antrean Twilio penuh.", 60),
    "30008": ProviderError("transient", "Pesan gagal terkirim tanpa alasan yang jelas.", 60),
    "30017": ProviderError("transient", "Jaringan sedang padat.", 60),
    "63009": ProviderError("transient", _AWAY_WHATSAPP, 60),
    "63010": ProviderError("transient", _AWAY, 60),  # [score]: an internal error of Twilio's platform
    "63011": ProviderError("transient", _AWAY_WHATSAPP, 60),
    "63012": ProviderError("transient", _AWAY_WHATSAPP, 60),
    "63023": ProviderError("transient", _AWAY_WHATSAPP, 60),
    "30410": ProviderError("transient", _AWAY_WHATSAPP, 60),  # [score]: provider timeout
    "30500": ProviderError("transient", _AWAY, 60),  # "Try sending the message again"
    "20009": ProviderError("transient", "Twilio belum selesai dengan pesan ini.", 60),
    "20500": ProviderError("transient", _AWAY),
    "20503": ProviderError("transient", _AWAY),
    # Limits
    "429": ProviderError("limit", _RATE, 5),
    "20429": ProviderError("limit", _RATE, 5),
    "21611": ProviderError("limit", _RATE, 60),  # [score]: too many messages wait at Twilio already
    "63017": ProviderError("limit", _RATE, 10),
    "63018": ProviderError("limit", _RATE, 60),
    "63038": ProviderError("limit", "Batas kirim harian akun Twilio tercapai.", 3600),
    # Meta's choice for this person; another try of the same is refused, too
    "63032": ProviderError("final", "WhatsApp membatasi pengiriman ke pengguna ini."),
    "63049": ProviderError("final", "Ditahan Meta (batas pesan marketing untuk warga ini). Ubah templat ke utility."),
    # The office's own set-up
    "20003": _setup(
        "Kredensial Twilio ditolak.", "Twilio refuses PANDU_TWILIO_ACCOUNT_SID or PANDU_TWILIO_AUTH_TOKEN."
    ),
    "20404": _setup(
        _SETUP.partition(".")[0] + ".", "Twilio does not know the account or sender: compare the settings."
    ),
    "21408": _setup("Akun Twilio tidak boleh mengirim ke negara ini.", "Allow the region in Twilio's geo permissions."),
    "21606": _setup("Nomor pengirim tidak sah di Twilio.", "PANDU_WHATSAPP_SENDER is no sender of this account."),
    "21608": ProviderError("person", "Akun Twilio masih uji coba: nomor ini belum diverifikasi."),
    "30002": _setup("Akun Twilio dibekukan.", "The Twilio account is suspended: see its console."),
    "63001": _setup("WhatsApp menolak kredensial pengirim.", "Reconnect the WhatsApp sender in Twilio's console."),
    "63002": _setup("Nomor pengirim tidak dikenal WhatsApp.", "PANDU_WHATSAPP_SENDER is not registered at WhatsApp."),
    "63007": _setup(
        "Nomor pengirim WhatsApp belum terpasang di Twilio.", "PANDU_WHATSAPP_SENDER is no WhatsApp sender."
    ),
    "63008": _setup("Kanal WhatsApp di Twilio salah diatur.", "Check the WhatsApp sender in Twilio's console."),
    "63020": _setup(  # [faq]: Twilio's invitation not accepted; its table: WhatsApp's 402, payment
        "Akun bisnis WhatsApp (Meta) bermasalah.",
        "In Meta Business Manager: accept Twilio's invitation, look at payment and restrictions.",
    ),
    "63022": _setup("Nama pengirim WhatsApp belum disetujui.", "Meta has not approved the sender's display name."),
    "63027": _setup("Templat WhatsApp tidak ada untuk bahasa ini.", "Create the template again: pandu doctor --fix."),
    "63028": _setup("Isian templat WhatsApp tidak cocok.", "The template must have {{1}} and {{2}}: docs/channels.md."),
    "63040": _setup("Templat WhatsApp ditolak Meta.", "Change the template and submit it again."),
    "63041": _setup(
        "Templat WhatsApp dihentikan sementara oleh Meta.", "The template is paused: see WhatsApp Manager."
    ),
    "63042": _setup("Templat WhatsApp dimatikan Meta.", "The template is disabled: make another one."),
    "63112": _setup(  # https://www.twilio.com/docs/api/errors/63112: disabled by Meta, or its verification is pending
        "Akun WhatsApp kantor dinonaktifkan atau belum diverifikasi Meta.",
        "Meta has disabled the WhatsApp Business account, or its verification is pending: see Meta Business Manager.",
    ),
    "63051": _setup(  # [faq]: mostly after some 30 days without a message; an earlier wording says "integrity policy"
        "Nomor pengirim WhatsApp dikunci Meta.",
        "Register the sender again (self-sign-up or Senders API); if Meta names a breach, ask Twilio to appeal.",
    ),
}
"""After a failed delivery these come by status callback, too."""


def lookup(code: str | int | None, status: int = 0) -> ProviderError:
    """What a code means; `status` is the HTTP status, which decides where the code is unknown."""
    known = ERRORS.get(str(code))
    if known is not None:
        return known
    if status == 401:
        return ERRORS["20003"]
    if status in (403, 404):
        return ProviderError("setup", _SETUP, SETUP_PAUSE, ASK_TWILIO)
    return ProviderError("transient", _AWAY) if status >= 500 or status in NOT_TWILIO else UNKNOWN


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
