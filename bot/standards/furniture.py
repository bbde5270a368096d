"""Furniture of a page or a table, which is no content: menus, counters, column heads, dividers."""

from __future__ import annotations

import re

_FURNITURE = re.compile(
    r"^(?:anda di halaman \d+\s*dari\s*\d+|ukuran:\s*px|mulai penontonan dengan halaman:?|download \".*\"|transkripsi|"
    r"unduh sebagai .*|bagikan|n/a|protected|academic year:.*|copied!|teks penuh.*|\(\d{1,3}\)|halaman \d+( dari \d+)?|"
    r"-\s*\d{1,3}\s*-|page \d+( of \d+)?|\u2022?\s*tidak ada hasil yang ditemukan|membagikan \".*\"|"
    r"dokumen-dokumen yang mirip|"
    r"\[handwritten signature\]|\[.*(?:tanda tangan|stempel|cap)\]|revisi ke\s*:.*)$",
    re.IGNORECASE,
)
_HEAD_WORDS = {"no", "nomor", "komponen", "uraian", "standar", "pelayanan", "keterangan", "unsur", "nomer", "deskripsi"}
_DIVIDER = re.compile(
    r"^(?:[A-Z0-9]{1,3}[.)]\s{0,5})?(?:bagian\s{1,3}|proses\s{1,3})?(?:komponen\s+(?:sp|standar|standard|pelayanan|yang)\b.*|"
    r"(?:penyampaian|pengelolaan)\s+pelayanan.*|\(?\s{0,3}(?:service\s+delivery|manufacturing)\s{0,3}\)?\s{0,3}:?|"
    r".*(?:service\s{1,3}delivery|manufacturing).*)$",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"^(?:isu dan keluhan|klik banner di ?bawah|website lapor!?|unduh di (?:play|app) store|"
    r"melalui lapor!?, anda dapat|kunjungi website|hak cipta|copyright|\u00a9)",
    re.IGNORECASE,
)


def is_furniture(text: str) -> bool:
    return bool(_FURNITURE.match(text))


def is_footer(text: str) -> bool:
    """Fixed lines under every service of the national catalogue."""
    return bool(_FOOTER.match(text))


def is_column_head(text: str) -> bool:
    words = re.findall(r"[a-z]+", text.lower())
    return (
        bool(words)
        and len(words) <= 6
        and set(words) <= _HEAD_WORDS
        and bool({"komponen", "uraian", "no"} & set(words))
    )


def names_columns(text: str) -> bool:
    """The head of the usual table: No, Komponen, Uraian."""
    words = set(re.findall(r"[a-z]+", text.lower()))
    return is_column_head(text) and bool({"komponen", "uraian"} & words)


def is_divider(text: str) -> bool:
    return len(text.split()) <= 18 and bool(_DIVIDER.match(text))
