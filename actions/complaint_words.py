"""Words by which people steer a report; all are compared with text that `bot.complaints.language.plain` made."""

from __future__ import annotations

import re

CANCEL = re.compile(
    r"(?:batal(?:kan)?|hapus|gagalkan)(?: saja)?(?: laporan(?:nya)?| pengaduan(?:nya)?)?|tidak jadi(?: lapor)?"
)
PAUSE = re.compile(
    r"(?:lanjut(?:kan)? )?nanti(?: saja| dulu| lagi)?|simpan(?: dulu| saja)?|tunda(?: dulu)?|"
    r"berhenti(?: dulu)?|stop|jeda"
)
RESUME = re.compile(r"(?:lanjut(?:kan)?|terus(?:kan)?|buka)(?: (?:laporan|lapor|pengaduan|aduan)(?:nya| saya| tadi)?)?")
RESUME_REPORT = re.compile(
    r"(?:lanjut(?:kan)?|terus(?:kan)?|buka) (?:laporan|lapor|pengaduan|aduan)(?:nya| saya| tadi)*"
)
DONE = re.compile(
    r"(?:sudah )?selesai|(?:sudah )?cukup|sudah|sudah semua|itu saja|lanjut|tidak ada(?: lagi)?|sudah itu saja"
)
BACK = re.compile(r"(?:kembali|mundur|sebelumnya|ulang pertanyaan)")
CHANGE = re.compile(r"(?:ubah|ganti|edit|koreksi|perbaiki|ralat)(?: (?:jawaban|laporan|bagian))?(?: ([\w/ ]+))?")
PREVIEW = re.compile(r"(?:lihat|tampilkan|cek) (?:laporan|draf|draft)(?:nya)?|pratinjau|preview")
LIST = re.compile(
    r"(?:cek|lihat|status|bagaimana|sampai mana|kabar|pantau|perkembangan|laporan)\b.*"
    r"\b(?:laporan|aduan|pengaduan)(?:nya)?(?: (?:saya|ku|kami))\b.*|laporan saya|status laporan(?: saya)?|laporanku"
)
WRITE = re.compile(
    r"(?:saya )?(?:mau |ingin |tolong )*(?:buat(?:kan)?|tulis|susun|bikin) (?:laporan|pengaduan|aduan|keluhan)"
    r"(?: (?:pengaduan|aduan|keluhan))?(?: baru)?"
)
UNSOLVED = re.compile(r"(?:masih )?belum (?:selesai|beres|tuntas)(?: juga)?")
PERSON = re.compile(
    r"(?:bicara |hubungi |panggil |minta |mau |ke |dengan )*(?:petugas|orang|manusia|admin|operator|cs)"
)
WORDS = {"kata saya": "story", "isi": "story", "kronologi": "story", "tanggal": "when", "lokasi": "place"}
