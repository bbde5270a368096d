"""Problems of `pandu knowledge check` in the words of officers, with the field that they are about."""

from __future__ import annotations

import re
from collections.abc import Callable

_FIELDS = {
    "label": "Nama tombol",
    "title": "Judul",
    "name": "Nama kantor",
    "region": "Daerah",
    "aliases": "Nama lain",
    "requirements": "Persyaratan",
    "procedures": "Alur",
    "duration": "Jangka waktu",
    "cost": "Biaya",
    "product": "Hasil layanan",
    "legal_basis": "Dasar hukum",
    "complaints": "Pengaduan",
    "contacts": "Kontak",
    "kind": "Jenis layanan",
    "short": "Nama dokumen",
    "id": "Nama",
}
_Say = Callable[[re.Match[str]], str]
_RULES: tuple[tuple[re.Pattern[str], _Say], ...] = (
    (re.compile(r"at most (\d+) characters"), lambda found: f"paling banyak {found[1]} huruf; persingkat kalimatnya."),
    (re.compile(r"at least 1 item"), lambda _: "belum ada isinya; sebuah layanan perlu paling sedikit satu alur."),
    (re.compile(r"text and remark have more than (\d+)"), lambda found: f"lebih dari {found[1]} huruf; persingkat."),
    (
        re.compile(r"printed: '(.{1,400}?)' does not occur"),
        lambda found: f"kata \u201c{found[1][:80]}\u201d tidak ada di dokumen.",
    ),
    (
        re.compile(r"(?<!\S)(\S+) does not occur in"),
        lambda found: f"\u201c{found[1]}\u201d tidak ada di dokumen; salin huruf demi huruf.",
    ),
    (
        re.compile(r"the name '(.{1,400}?)' also points to (\S+)"),
        lambda found: f"nama \u201c{found[1]}\u201d sudah dipakai di {found[2]}.",
    ),
    (
        re.compile(r"'(.{1,400}?)' is formatting"),
        lambda found: f"tanda {found[1]} mengacaukan tampilan WhatsApp; hapus.",
    ),
    (re.compile(r"there is no office (\S*)"), lambda _: "pilih kantornya, atau isi nama kantor baru."),
    (
        re.compile(r"is not what '(.{1,400}?)' says"),
        lambda found: f"angkanya tidak sesuai dengan \u201c{found[1]}\u201d.",
    ),
    (re.compile(r"[Ss]tring should match pattern"), lambda _: "hanya huruf kecil, angka, dan tanda hubung."),
    (re.compile(r"Field required|valid string"), lambda _: "belum diisi."),
)


def in_indonesian(problem: str) -> str:
    """ "Persyaratan no. 3: …"; what no rule knows is told as it is."""
    for pattern, say in _RULES:
        if found := pattern.search(problem):
            return f"{_place(problem[: found.start()])}: {say(found)}"
    return problem


def _place(before: str) -> str:
    parts = re.findall(r"[a-z_]+|\d+", before)
    named = [_FIELDS[part] for part in parts if part in _FIELDS]
    numbers = [int(part) + 1 for part in parts if part.isdigit()]
    name = next(iter(named), "Draf")
    return f"{name} no. {numbers[-1]}" if numbers and named else name
