"""The names that offices give the components of a standard, and where one stands in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from rapidfuzz.distance import DamerauLevenshtein

from bot.standards.words import is_word

TITLE, OFFICE, DECREE = "title", "office", "decree"
HEAD_COMPONENTS = (TITLE, OFFICE, DECREE)

# Alternatives are parted by |, a part that may be missing ends with |.
_NAMES: dict[str, tuple[str, ...]] = {
    "requirements": (
        "persyaratan|syarat pelayanan|layanan|permohonan|pengajuan|izin|perizinan|pemohon|umum|",
        "persyaratan|syarat administrasi|administratif|teknis",
        "persyaratan|syarat dan kelengkapan|",
        "kelengkapan berkas|dokumen|persyaratan",
        "dokumen persyaratan|yang_diperlukan",
    ),
    "procedures": (
        "sistem mekanisme dan| prosedur pelayanan|layanan|",
        "sistem dan| mekanisme| dan| prosedur pelayanan|layanan|",
        "mekanisme dan| prosedur pelayanan|layanan|",
        "mekanisme|prosedur pelayanan|layanan|permohonan|perizinan|",
        "alur dan| mekanisme|prosedur|proses| pelayanan|layanan|permohonan|perizinan|",
        "alur pelaksanaan pelayanan|layanan|",
        "tata cara pelayanan|layanan|permohonan|",
        "langkah langkah",
    ),
    "duration": (
        "jangka waktu penyelesaian|pelayanan|layanan|proses| pelayanan|layanan|",
        "waktu penyelesaian|pelayanan|layanan|proses| pelayanan|layanan|",
        "lama|batas waktu| penyelesaian|pelayanan|layanan|proses|pengurusan",
        "durasi pelayanan|layanan|waktu|penyelesaian|",
        "standar waktu pelayanan|",
    ),
    "cost": (
        "biaya dan|atau| tarif| pelayanan|layanan|",
        "tarif dan|atau| biaya| pelayanan|layanan|",
        "biaya|tarif dan| retribusi|administrasi|perizinan|izin",
        "besaran| retribusi",
        "besaran biaya|tarif",
    ),
    "product": (
        "produk pelayanan|layanan|spesifik|perizinan|",
        "jenis produk pelayanan|layanan|",
        "produk|hasil pelayanan|layanan|akhir|produk",
        "hasil|keluaran",
    ),
    "complaints": (
        "penanganan|pengelolaan| pengaduan saran| dan|/| masukan|apresiasi|kritik| pelayanan|layanan|",
        "penanganan|pengelolaan pengaduan pelayanan|layanan|masyarakat|",
        "pengaduan saran dan| kritik|masukan|apresiasi",
        "layanan|sarana|saluran|kanal|unit|media|kontak|tempat|loket|mekanisme|informasi pengaduan",
        "pengaduan pelayanan|layanan|masyarakat|",
    ),
    "legal_basis": (
        "dasar|landasan hukum pelayanan|layanan|",
        "dasar|landasan peraturan",
        "peraturan perundang undangan",
    ),
    TITLE: (
        "jenis|nama pelayanan|layanan|izin|perizinan|sop|standar_pelayanan",
        "jenis|nama pelayanan|layanan perizinan|publik",
        "judul sop|pelayanan|layanan|",
    ),
    OFFICE: (
        "nama| satuan|unit kerja|pelayanan|organisasi|penyelenggara|pengelola",
        "nama| instansi|opd|skpd|penyelenggara|dinas|lembaga|organisasi",
        "perangkat daerah",
        "instansi|unit|opd penyelenggara|pelaksana|penanggung_jawab",
    ),
    DECREE: ("no|nomor sk|keputusan|surat_keputusan", "lampiran no|nomor", "nomor|no dokumen"),
}
_OTHER = (
    "sarana prasarana| dan|atau| atau| fasilitas|",
    "sarana dan prasarana pelayanan|",
    "prasarana dan| sarana",
    "fasilitas pelayanan|",
    "kompetensi pelaksana|petugas|sdm pelayanan|",
    "kualifikasi pelaksana|petugas",
    "pengawasan internal|atasan|langsung",
    "jumlah pelaksana|petugas|personil",
    "jaminan pelayanan|layanan|",
    "jaminan keamanan dan| keselamatan| pelayanan|",
    "evaluasi kinerja pelaksana|pelayanan|petugas|",
    "evaluasi pelaksanaan| kinerja pelaksana|",
    "masa berlaku izin|sertifikat|",
    "jam pelayanan|layanan|kerja|operasional|buka",
    "jadwal|hari pelayanan|layanan",
    "maklumat pelayanan|",
    "keterkaitan",
    "peralatan|perlengkapan dan| perlengkapan|",
    "peringatan",
    "pencatatan dan| pendataan",
    "pelaksana",
    "pengguna|sasaran pelayanan|layanan",
    "keterangan",
    "pengertian|definisi",
    "ruang lingkup",
    "visi dan misi",
    "motto pelayanan|",
    "janji layanan|pelayanan",
)
_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN = re.compile(r"[\s,/&.()\-\u2013]*")
_AMPERSAND = re.compile(r"\s{0,9}&\s{0,9}")
WRAP_LINES = 4


@dataclass(frozen=True)
class Name:
    component: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class FoundLabel:
    """A label in lines of text: `rests` is what follows it on each of the lines that it covers."""

    component: str
    label: str
    rests: tuple[str, ...]
    words: int

    @property
    def rest(self) -> str:
        return self.rests[0]


@lru_cache
def _by_letter() -> dict[str, tuple[Name, ...]]:
    """All names by their first letter, the longest first."""
    found = [Name(component, words) for component, rows in _NAMES.items() for row in rows for words in _expand(row)]
    found += [Name("other", words) for row in _OTHER for words in _expand(row)]
    names = dict.fromkeys(sorted(found, key=lambda name: -len(name.words)))
    letters = {name.words[0][0] for name in names}
    return {letter: tuple(name for name in names if name.words[0][0] == letter) for letter in letters}


def _expand(row: str) -> list[tuple[str, ...]]:
    choices = [part.split("|") for part in row.split(" ")]
    combined = (tuple(word for choice in way for word in choice.split("_") if word) for way in product(*choices))
    return [words for words in combined if words]


def same_word(printed: str, wanted: str) -> bool:
    """Equal, or one letter off in a long word that is no word itself: scanning and typing errors."""
    printed = printed.lower()
    if printed == wanted:
        return True
    if len(wanted) < 6 or abs(len(printed) - len(wanted)) > 1 or is_word(printed):  # "pengajuan" is not "pengaduan"
        return False
    return DamerauLevenshtein.distance(printed, wanted) == 1


def find_at_start(lines: list[str], *, wraps: bool = False) -> FoundLabel | None:
    """The longest label at the start of the first line; with `wraps` it may go on at the start of the next lines."""
    best: FoundLabel | None = None
    for name in _by_letter().get(lines[0][:1].lower(), ()) if lines else ():
        if best is not None and len(name.words) <= best.words:
            break
        found = _match(name, lines, wraps=wraps)
        if found is not None:
            best = found
    return best


def _match(name: Name, lines: list[str], *, wraps: bool) -> FoundLabel | None:
    rests: list[str] = []
    printed: list[str] = []
    rest = lines[0] if lines else ""
    at = 0
    for word in name.words:
        taken = _take(rest, word, first=not printed)
        while taken is None:
            if not wraps or not printed or len(rests) + 1 >= min(len(lines), WRAP_LINES):
                return None
            rests.append(rest)
            at += 1
            rest = lines[at]
            if rest.strip():
                taken = _take(rest, word, first=True)
                if taken is None:
                    return None
        piece, rest = taken
        printed.append(piece)
    rests.append(rest)
    if rest[:1].isalpha():
        return None
    label = " ".join(printed) if len(rests) > 1 else lines[0][: len(lines[0]) - len(rest)].rstrip(" :,(")
    return FoundLabel(name.component, label, tuple(rests), len(name.words))


def _take(text: str, word: str, *, first: bool) -> tuple[str, str] | None:
    between = "" if first else (_BETWEEN.match(text) or [""])[0]
    if word in ("dan", "atau") and "&" in between:
        return "&", _AMPERSAND.sub("", text[len(between.split("&")[0]) :], count=1)
    found = _WORD.match(text, len(between))
    if found is None or not same_word(found[0], word):
        return None
    return found[0], text[found.end() :]


def label_of(text: str) -> FoundLabel | None:
    """The label that a whole cell or line is, with or without a colon."""
    cleaned = text.strip().strip(":;.-\u2013 ")
    found = find_at_start([cleaned])
    return found if found is not None and not found.rest.strip(" :.,()*-") else None
