"""Texts for applicants about their applications. Facts of a procedure come from knowledge/, never from here."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.all import numbered_title

HEAD = "Permohonan {number}\n{service}\nMenurut catatan kantor, terakhir diubah {changed}."
STAGE = "Tahap: {title}. {text}"
REASON = "Keterangan petugas: {reason}"
WAITS = "Menunggu: {who}, sejak {since} ({days})."
ENDED = "Selesai pada {since}."
TODO = "Yang perlu Anda lakukan: {todo}"
NOTHING_TODO = "Yang perlu Anda lakukan sekarang: tidak ada, tinggal menunggu."

PROMISE = "Janji standar: {promise}"
NOT_STATED = "Lama proses: tidak disebutkan dalam standar pelayanan ini, jadi tidak ada batas yang bisa saya sebut."
NOT_STARTED = "Waktunya belum mulai dihitung."
RUNNING = "Dihitung sejak {started}: sudah {elapsed} dari {promised} hari, batasnya {due}."
LAST_DAY = "Dihitung sejak {started}: hari ini hari terakhir dari {promised} hari."
PAUSED = "Sudah terpakai {elapsed} dari {promised} hari; sekarang hitungannya berhenti."
OVER = (
    "Maaf, janji itu sudah terlewati {over} hari kerja: batasnya {due}, dan permohonan ini belum selesai. "
    "Anda bisa bicara dengan petugas atau membuat pengaduan; data permohonan ini ikut disertakan."
)
OVER_PAUSED = "Sudah terpakai {elapsed} dari {promised} hari, jadi janji itu sudah terlewati."
START_UNKNOWN = "Awal hitungan tidak tercatat; sebenarnya bisa sudah lebih lama."
ENDED_IN = "Terpakai {elapsed} dari {promised} hari."

LIST = "Ada {count} permohonan yang terhubung dengan chat ini. Pilih yang ingin dilihat:"
LIST_LINE = "{number}: {service}, {stage}"
HISTORY = "Riwayat permohonan {number}:"
HISTORY_LINE = "• {day}: {title}"
CORRECTED = " (perbaikan catatan: {reason})"
COUNTING = "Cara menghitung waktu permohonan {number}:"
COUNTING_NONE = "Standar layanan ini tidak menyebut lama proses, jadi tidak ada yang dihitung."
CLOSED_DAYS = "Hari tutup kantor yang dicatat petugas juga tidak dihitung."

NO_APPLICATION = (
    "Saya belum menemukan permohonan yang terhubung dengan chat ini. Kirim kode klaim dari tanda terima Anda "
    "(berawalan KLAIM-), sekali saja; setelah itu saya bisa menunjukkan statusnya di sini. Kalau tidak punya tanda "
    "terima, mintalah ke petugas, atau periksa akun OSS Anda (oss.go.id)."
)
REFUSED = (
    "Nomor atau kode itu tidak dapat saya buka dari chat ini. Permohonan hanya ditunjukkan kepada pemiliknya: lewat "
    f"nomor {numbered_title()} yang tercatat di kantor, atau dengan kode klaim dari tanda terima (berawalan KLAIM-, "
    "berlaku sekali). Minta kode baru ke petugas bila perlu."
)
PAUSE = (
    "Sudah beberapa kali salah, jadi demi keamanan pemeriksaan nomor dan kode berhenti dulu di chat ini. Coba lagi "
    "sekitar satu jam lagi, atau bicara dengan petugas."
)
BUSY = (
    "Kode klaim sedang tidak bisa dibuat atau diperiksa: terlalu banyak yang diminta saat ini. Kirim lagi pesan Anda "
    "beberapa menit lagi."
)
MISTYPED = (
    "Nomor atau kode itu tampaknya salah ketik. Nomor permohonan berbentuk PDU-XXXX-XXXX, kode klaim "
    "KLAIM-XXXX-XXXX-XXXX; setelah awalannya tidak ada angka 0 dan 1 maupun huruf B, I, L, O, Q, S, U, Z. "
    "Coba periksa lagi."
)
UNREADABLE = "Catatan permohonan {number} perlu diperiksa petugas dulu; saya belum bisa menunjukkannya."
LINKED = "Berhasil. Permohonan ini sekarang terhubung dengan chat ini, dan kabarnya saya kirim ke sini."
LINKED_MORE = "Berhasil. {count} permohonan sekarang terhubung dengan chat ini, dan kabarnya saya kirim ke sini."
CHANNEL_CODE = (
    "Buka Pandu di chat Anda yang lain, lalu kirim kode ini dari sana:\n\n{code}\n\nBerlaku 30 menit dan hanya sekali. "
    "Jangan berikan kepada orang lain: siapa pun yang mengirimnya bisa melihat permohonan Anda."
)
OWN_CODE = "Kode ini untuk chat Anda yang lain, dan masih berlaku: kirim dari sana, bukan dari chat ini."
MUTED = "Baik, kabar otomatis soal permohonan tidak lagi dikirim ke chat ini. Anda tetap bisa bertanya kapan saja."
UNMUTED = "Baik, kabar soal permohonan Anda akan dikirim lagi ke chat ini."

NEWS = "Kabar permohonan {number}\n{service}"
NEWS_CORRECTION = "Catatan permohonan Anda dibetulkan oleh petugas."
REMINDER = (
    "Pengingat: permohonan {number} ({service}) sudah {days} hari kerja menunggu Anda. Selama itu waktu layanan tidak "
    "dihitung."
)
NEWS_END = "Untuk berhenti menerima kabar, tulis “berhenti notifikasi”."

RECEIPT = "Tanda terima permohonan {number}"
RECEIPT_SENT = (
    "Tanda terima permohonan {number} saya kirim sebagai berkas PDF. Kode klaim di dalamnya bisa Anda pakai di chat "
    "Anda yang lain; jangan berikan kepada orang lain."
)
RECEIPT_NOT_HERE = (
    "Berkas belum bisa dikirim lewat chat ini. Nomor permohonan Anda {number}; mintalah tanda terimanya ke petugas."
)
RECEIPT_WHICH = "Tanda terima permohonan yang mana?"
B_RECEIPT = "Tanda terima"
B_HISTORY = "Riwayat"
B_COUNTING = "Cara dihitung"
B_REPAIR = "Cara memperbaiki"
B_SILENT = "Instansi tak menjawab"
B_LIST = "Permohonan lain"
B_CHANNEL = "Hubungkan chat lain"
B_UNMUTE = "Aktifkan kabar"
B_STATUS = "Lihat status"
B_COMPLAINT = "Buat pengaduan"

ASKED_ABOUT = "Permohonan {number}: {service}, tahap {stage}"
ASKED_SINCE = " sejak {since}"
ASKED_OVER = "; janji {promised} hari terlewati {over} hari kerja (batas {due})"


def working_days(count: int) -> str:
    return f"{count} hari kerja" if count else "hari ini"


def sentences(parts: Sequence[str]) -> str:
    return " ".join(part for part in parts if part)
