"""System, tone, wish and aspects, by the words that tell them. All patterns read plain words (spelling written out)."""

from __future__ import annotations

import re

from bot.hearing.heard import SystemName, Tone, Wish

_SYSTEMS: tuple[tuple[SystemName, re.Pattern[str]], ...] = (
    (
        "siinas",
        re.compile(r"\bs[iy]+nas\b|\be ?-?reporting\b|\be ?-?licensing\b|\bvsku\b|\bskpbki\b|\bkemenperin\b"),
    ),
    (
        "lapor",
        re.compile(
            r"\blapor ?!|\bsp4n\b|\blapor\.go\b|\btracking id\b|"
            r"\b(?:di|ke|lewat|aplikasi|beranda|server|situs|web|website|akun|sistem) lapor\b|"
            r"\blapor(?:nya)? (?:error|eror|down|gangguan|lemot|lag)\b|"
            r"\blaporan\w* .{0,40}\b(?:diteruskan|diarsipkan|disposisi|admin lapor)\b|\bpelapor\w*\b|\bterlapor\b|"
            r"\byang (?:saya|aku|kami|ku) ?(?:laporkan|laporin|lapor|adukan|aduin)\b|"
            r"\b(?:edit|hapus|ralat|cabut|tarik|batalkan)\w* (?:\w+ )?(?:aduan|pengaduan)\b"
        ),
    ),
    ("oss", re.compile(r"\boss\w*|\bnib\w*|\bhak akses\b|\bsertifikat standar\b|\bkbli\b|\blkpm\b|\bkkpr\b|\bpkkpr\b")),
    (
        "office",
        re.compile(
            r"\bdinas\w*|\bloket\w*|\bdpm\w*|\bptsp\b|\buptsa\b|\bkantor\w*|\bpetugas\w*|\bpegawai\w*|\bmpp\b|\bbupati\b|"
            r"\bwali ?kota\b|\bpemda\b|\bpemkot\b|\bpemkab\b"
        ),
    ),
)
_OTHERS = (
    ("Coretax", re.compile(r"\bcoretax\b|\bdjp online\b|\be ?-?faktur\b|\befin\b")),
    ("SIMBG", re.compile(r"\bsimbg\b")),
    ("INSW", re.compile(r"\binsw\b")),
    ("AHU", re.compile(r"\bahu\b")),
    (
        "Dukcapil",
        re.compile(
            r"\b(?:dis)?dukcapil\b|\bcapil\b|\bikd\b|\bsurat pindah\b|\bpindah domisili\b|\bkartu keluarga\b|"
            r"\bakt[ae] (?:ke)?(?:lahir|mati)\w*\b"
        ),
    ),
    ("SiCantik", re.compile(r"\bsi ?cantik\b")),
    ("SSW", re.compile(r"\bssw ?alfa\b|\bssw\b|\bsurabaya single window\b")),
    ("IPT", re.compile(r"\bipt\b|\bizin pemakaian tanah\b|\bsurat ijo\b")),
    ("JakEVO", re.compile(r"\bjak ?evo\b")),
    ("Prakerja", re.compile(r"\bpra ?kerja\b")),
    ("SIAPkerja", re.compile(r"\bsiap ?kerja\b|\bkartu kuning\b|\bak ?-?1\b")),
    (
        "Samsat",
        re.compile(
            r"\bsamsat\b|\bstnk\w*\b|\bbpkb\b|"
            r"\b(?:balik nama|pajak) (?:motor|mobil|kendaraan)\b"
        ),
    ),
    ("kepolisian", re.compile(r"\bskck\b|\bsim [abc]\d?\b")),
    ("imigrasi", re.compile(r"\bpaspor\b|\bimigrasi\b")),
    ("PLN", re.compile(r"\bpln\b|\btoken listrik\b")),
    ("PDAM", re.compile(r"\bpdam\b")),
    ("SWK", re.compile(r"\bswk\b")),
    ("SIKAP", re.compile(r"\bsikap\b(?! petugas)")),
    ("BPJS", re.compile(r"\bbpjs\b")),
    ("SIHALAL", re.compile(r"\bsi ?halal\b|\bptsp halal\b")),
    ("bank", re.compile(r"\bbank\b|\bbri\b|\bkur\b")),
    (
        "aplikasi daerah",
        re.compile(
            r"\b(?:aplikasi|app|web|website|situs|portal|akun) (?:milik |punya |dari )?(?:pemkot|pemkab|pemprov|pemda|"
            r"kota \w+|kabupaten \w+|provinsi \w+|desa|warga|kependudukan)\b"
        ),
    ),
)
_REPORTED = re.compile(
    r"\b(?:laporan|aduan|pengaduan|keluhan)(?:ku|nya)?\b(?=.{0,80}\b(?:belum|tidak|hilang|lenyap|raib|kapan|mana|verifikasi|"
    r"diverifikasi|kabar|ditanggapi|dibalas|dijawab|tindak lanjut|ditindaklanjuti|proses|diproses|status|ditutup|"
    r"selesai|minggu|bulan|hari)\b)|"
    r"\b(?:perkembangan|tindak lanjut|penanganan|kelanjutan|nasib)\b.{0,40}\b(?:laporan|aduan|pengaduan|keluhan)\b|"
    r"\b(?:lapor|mengadu)\b (?:\w+ ){0,2}(?:sudah|dari|sejak)\b.{0,60}\b(?:proses|status\w*|tanggapan|tindak lanjut)\b|"
    r"\b(?:aduan|pengaduan)(?:ku|nya)?\b.{0,80}\b(?:salah|keliru|nyasar|sampai|bersih|kosong|muncul|tampil|ubah|edit|betul\w*|"
    r"ralat|cabut)\b"
)
_OWN_REPORT = re.compile(
    r"\b(?:laporan|aduan|pengaduan|keluhan)(?:ku\b| (?:\w+ )?(?:saya|kami|aku|tadi|kemarin|minggu lalu|warga)"
    r"\b)|\b(?:lapor|mengadu|adukan)\w*\b.{0,40}\b(?:sudah|belum) (?:\w+ )?"
    r"(?:minggu|bulan|hari|ditanggapi|dibalas|kabar)\b|"
    r"\b(?:aduan|pengaduan)(?:ku|nya)?\b|"
    r"\blapor\b (?:\w+ ){0,2}(?:dari|sejak)\b|"
    r"\b(?:membuat|buat|bikin|mengirim|kirim) laporan\b.{0,40}\b(?:belum|tidak)\b.{0,20}"
    r"\b(?:di ?)?(?:verifikasi|tanggapi|balas|proses)\b"
)
_NO_NEWS = re.compile(
    r"\b(?:belum|tidak|durung|ora|alun|indak|tanpa) (?:ada |pernah |dapat |dikasih |juga )*"
    r"(?:kabar|respon\w*|jawaban|balasan|dikabari|dihubungi|ditanggapi|info\w*|kabare)\b"
)
_OF_LICENCES = re.compile(
    r"\b(?:ber|mem|pem)?(?:izin|usaha)\w*\b(?<!perizinan)|\b(?:otp|nik|npwp|oss|nib|kbli|siinas|lkpm|kkpr|pbg|imb|slf|amdal|"
    r"sppl|pirt|halal|umkm|industri|pabrik|verifikasi\w*|legalitas|unggah\w*|upload|aplod|"
    r"(?:ber)?jual\w*|(?:ber|pe)?dagang\w*|bisnis|toko|warung|kios|gerai|konter|agen|lapak|kafe|kursus|wajib|diminta|"
    r"(?:di)?lampir\w*|perlu(?: tidak)?\W*$|perlukah|atas nama|lahan|genset|"
    r"(?:buka|bikin|bangun|dirikan|punya) (?:jasa|kedai|bengkel|rumah makan|kafe|gudang|kantor|hotel|kos\w*))\b"
)
_UNSENT = re.compile(
    r"\b(?:kirim|mengirim|ngirim|dikirim|terkirim|kekirim|unggah|masukkan|input|buat|membuat|bikin|tulis)\w* "
    r"(?:\w+ )?(?:laporan|aduan|pengaduan)\w*\b.{0,40}\b(?:error|eror|galat|gagal|server|gangguan|loading|muter|"
    r"tidak (?:bisa|jalan|mau|terkirim))(?:nya)?\b|"
    r"\b(?:error|eror|galat|gagal|server|gangguan)\b.{0,40}\b(?:kirim|mengirim|ngirim|dikirim|buat|membuat|bikin) "
    r"(?:laporan|aduan|pengaduan)\w*\b|"
    r"\b(?:laporan|aduan|pengaduan)(?:ku|nya)?(?: \w+)? tidak (?:bisa )?(?:kirim|dikirim|terkirim|kekirim)\b"
)
"""A report that the system for reports does not take."""
_DATA_REPORT = re.compile(
    r"\b(?:produksi|industri|kegiatan|keuangan|pajak|realisasi|investasi|semester\w*|triwulan\w*|tahunan|karyawan|"
    r"tenaga kerja|berkala|usaha saya|perusahaan|pabrik|konsep|pernyataan)\b"
)
"""Words of a report that a company owes (SIINas, LKPM): no citizen's complaint."""

_PRAISE = re.compile(
    r"\b(?:terima ?kasih|makasih|bagus|mantap|keren|hebat|membantu|memuaskan|puas|alhamdulillah|mudah|cepat sekali|"
    r"ramah|top|(?:dua|empat|kasih|beri|acung\w*|\d) jempol|^jempol|jempol$|"
    r"sukses terus|matur nuwun|mempermudah|memudahkan|gampang|praktis)\b"
)
_HOW = re.compile(r"\b(?:bagaimana|cara|berapa|dimana)\b")
_RESOLVED = re.compile(
    r"\b(?:langsung|akhirnya|alhamdulillah|sekarang)\b[^?]{0,60}\b(?:kembali|beres|selesai|dibereskan|diselesaikan|terbit|"
    r"lancar|jadi|ditanggapi|ditindaklanjuti|diperbaiki)\b(?!.*\b(?:tapi|tetapi|namun|cuma|sayang\w*|mohon|tolong)\b)"
    r".*\b(?:terima ?kasih|makasih|matur nuwun)\b[^?]*$"
)
"""A trouble that is over, told with thanks at the end."""
_TROUBLED = re.compile(
    r"\b(?:tidak|belum|gagal|error|salah|kesalahan|hilang|macet|mandek|stuck|lambat|lemot|lelet|ribet|susah|sulit|"
    r"ditolak|lupa|loading|maintenance|crash|nutup|melulu|mulu|"
    r"muter|kapan|kenapa|padahal|tetap|terus saja|ora|ndak|indak|alun|durung)\b"
)
_BUT = re.compile(r"\b(?:tapi|tetapi|namun|cuma|sayang(?:nya)?|saking|malah)\b")
"""After praise a complaint follows, or the praise is none."""
_NOT_TROUBLED = re.compile(
    r"\b(?:tidak|tanpa|anti|bebas) (?:pakai |perlu |usah )?"
    r"(?:ribet|susah|sulit|repot|lama|error|macet|capek|cape|lelah|antre|antri|bertele tele|berbelit\w*)\b"
)
_ANGRY = re.compile(
    r"\b(?:parah|payah|kecewa|bobrok|brengsek|goblok|tolol|bego|kampret|sialan|bangsat|busuk|sampah|"
    r"(?:tidak|kurang) (?:becus|profesional|jelas)|emosi|marah|kesal|kesel|jengkel|muak|geram|ngawur|percuma|"
    r"makan gaji buta|aplikasi (?:jelek|buruk)|bikin (?:kesal|emosi))\b"
)
LAUGHS = re.compile("[🤣😂😆🙄😒🤡]")
_LAUGHED_AT = 2
"""Laughing faces that mock; one may be shyness."""
_THANKS = re.compile(r"\b(?:terima ?kasih|makasih|alhamdulillah|matur nuwun)\b")
_TIRED = re.compile(r"\b(?:capek|cape|lelah|bosan|bolak balik|dipingpong|dioper|berbulan bulan|lama sekali|kesuwen)\b")
_DESPERATE = re.compile(
    r"\b(?:tolong (?:banget|sekali|saya)|mohon (?:bantuan|sekali)|bingung|putus asa|stres\w*|nangis|menangis|pusing|"
    r"terancam|mendesak|darurat|deadline|harus (?:besok|hari ini)|sudah tidak tahu)\b"
)
_UNHELPED = re.compile(
    r"\b(?:tetap|masih|malah|kok) (?:saja |juga |sama |terus |tidak |belum )*"
    r"(?:tidak|belum|gagal|ditolak|error|begitu|begini|macet|kosong|diam|sama)\b|"
    r"\b(?:tidak|belum) (?:juga |ada )?"
    r"(?:membantu|mempan|berhasil|berubah|ngaruh|ngefek|berpengaruh|perubahan|hasil\w*)\b|"
    r"\bbelum (?:\w+ )?juga\b|\bsama saja\b|\bsudah\b.{0,40}\b(?:tapi|tetap|tidak|gagal)\b|"
    r"\b(?:semua|semuanya|itu|yang tadi) (?:itu |langkah )?(?:sudah|telah)\b|"
    r"\bsudah (?:saya |aku |kami |tak |semua |di)*(?:coba|lakukan|jalankan|ikuti|kerjakan)\w*\b"
)
"""Words of somebody whom an answer did not help."""
_PERSON = re.compile(
    r"\b(?:bicara|ngomong|ngobrol|hubungkan|sambungkan|minta|mau|panggil\w*|ketemu)\b.{0,25}"
    r"\b(?:petugas|orang|manusia|admin|operator|cs|customer service)\b"
)
_STATUS = re.compile(
    r"\b(?:status|sampai mana|sampai di mana|sudah (?:terbit|jadi|selesai|keluar) (?:belum|apa belum)|progres\w*|"
    r"perkembangan|tekan endi)\b"
)
_REPORT = re.compile(
    r"\b(?:mau|ingin|pengen|pingin|tak|akan|tolong)\b.{0,15}\b(?:lapor(?:kan|in)?|adukan|aduin|mengadu|komplain)\b|"
    r"\b(?:buat|bikin|tulis|susun)(?:kan|in)? (?:laporan|pengaduan|aduan)\b"
)

_ASPECTS = (
    ("duration", re.compile(r"\blama\b|\bkapan\b|\bcepat\b|\bcepet\b|\b\d+ (?:hari|menit|minggu|bulan)\b")),
    ("cost", re.compile(r"\b(?:bayar|gratis)\b")),
    ("who", re.compile(r"\bsiapa\b")),
    ("next", re.compile(r"\bsesudah\b|\bterus\b|\blanjut\w*\b")),
    ("before", re.compile(r"\bsebelum\b")),
    ("where", re.compile(r"\bdimana\b|\bmenu\b|\btombol\b")),
    ("how-many", re.compile(r"\bberapa\b|\bjumlah\b|\bukuran\b")),
    ("must", re.compile(r"\bwajib\b")),
    ("may", re.compile(r"\bboleh\b")),
    ("requirement", re.compile(r"\bsyarat\b|\bberkas\b|\bsiap\w*\b")),
    ("procedure", re.compile(r"\blangkah\b|\burus\b|\bprosedur\b")),
    ("legal", re.compile(r"\b(?:dasar hukum|aturan|peraturan|pasal|undang|perda|permen\w*|pp)\b")),
    ("contact", re.compile(r"\b(?:hubungi|telepon|email|wa|whatsapp|alamat|facebook|instagram|situs)\b")),
    ("product", re.compile(r"\b(?:hasil\w*|produk\w*|dapat apa)\b")),
    (
        "compare",
        re.compile(
            r"\bbeda\b|\bbanding\w*\b|\bl[eu]b?w?ih (?:cepat|cepet|murah|lama|mudah|gampang)\b|\bbanyakan mana\b|"
            r"\benak(?:an|nya)? mana\b|\b(?:barang|hal) (?:yang )?sama\b|\bsama atau (?:beda|tidak)\b|\b(?:versus|vs)\b"
        ),
    ),
    ("list", re.compile(r"\bapa saja\b|\bsemua\b|\bdaftar lengkap\b|\blengkapnya\b|\bopo wae\b|\bsajo\b")),
)


def system_of(text: str, plain: str) -> tuple[SystemName, str]:
    """Whose affair the words are, and the name of a system that is none of ours."""
    if _LAPOR.search(text) and not text.isupper():
        return "lapor", ""
    other = next(iter(other_systems(plain)), "")
    own: SystemName = next((name for name, pattern in _SYSTEMS if pattern.search(plain)), "")
    if own in ("", "office") and _is_report(plain):
        return "lapor", other
    if own == "office" and other not in ("", "bank"):
        return "other", other
    return own or ("other" if other else ""), other


def hears_nothing(plain: str) -> bool:
    """Whether plain words are of somebody who waits and gets no news."""
    return bool(_NO_NEWS.search(plain))


def is_of_licences(plain: str) -> bool:
    """Whether plain words name anything of a business or its licences, whatever else they name."""
    return bool(_OF_LICENCES.search(plain))


def other_systems(plain: str) -> list[str]:
    """The names of the systems in plain words that are none of ours."""
    return [name for name, pattern in _OTHERS if pattern.search(plain)]


def _is_report(plain: str) -> bool:
    """Whether a citizen's own report to the authorities is spoken of, without the name of where it was sent."""
    told = _UNSENT.search(plain) or (_REPORTED.search(plain) and _OWN_REPORT.search(plain))
    return bool(told) and not _DATA_REPORT.search(plain)


_LAPOR = re.compile(r"\bLAPOR\b|\blaporan lapor\b|\b(?:admin|akun|resmi|app?s?) lapor\b")


def tone_of(text: str, plain: str) -> Tone:
    """How it was said. Praise with a trouble in it is no praise (it is answered as a trouble, and thanked)."""
    letters = [one for one in text if one.isalpha()]
    shouted = len(letters) > 15 and sum(one.isupper() for one in letters) > 0.6 * len(letters)
    plain = _NOT_TROUBLED.sub(" ", plain)
    if is_over(plain):
        return "praising"
    if _ANGRY.search(plain) or shouted or "!!" in text or _mocks(text, plain):
        return "angry"
    if _TIRED.search(plain):
        return "tired"
    if _DESPERATE.search(plain):
        return "desperate"
    praised = _PRAISE.search(plain) and not any(one.search(plain) for one in (_TROUBLED, _HOW, _BUT))
    return "praising" if praised else "calm"


def is_over(plain: str) -> bool:
    """Whether plain words tell of a trouble that is over, with thanks at the end."""
    return bool(_RESOLVED.search(plain))


def unhelped_in(plain: str) -> bool:
    """Whether plain words say that what was advised was done, or did not help."""
    return bool(_UNHELPED.search(plain))


def _mocks(text: str, plain: str) -> bool:
    """Whether several faces laugh at something, and nothing is thanked for."""
    return len(LAUGHS.findall(text)) >= _LAUGHED_AT and not _THANKS.search(plain)


def wish_of(plain: str, tone: Tone, intent: str) -> Wish:
    """What the person wants done."""
    if intent == "talk_to_human" or _PERSON.search(plain):
        return "person"
    if _REPORT.search(plain):
        return "report"
    if _STATUS.search(plain):
        return "status"
    if tone == "praising":
        return "praise"
    if _TROUBLED.search(_NOT_TROUBLED.sub(" ", plain)):
        return "mend"
    return "vent" if tone in ("angry", "tired") else "know"


def aspects_of(plain: str, joined_keys: str) -> frozenset[str]:
    """What about the subject is asked (keys see synonyms, plain words see the rest)."""
    return frozenset(name for name, pattern in _ASPECTS if pattern.search(joined_keys) or pattern.search(plain))
