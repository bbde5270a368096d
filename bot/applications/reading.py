"""Lists of applications: what their columns are called, and days as people write them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from bot import sheets
from bot.applications.errors import Unreadable
from bot.sheets import MAX_BYTES, Row

COLUMNS: dict[str, tuple[str, ...]] = {
    "nomor": ("nomor_berkas", "no_berkas", "nomor_permohonan", "no_permohonan", "no", "referensi", "reference"),
    "layanan": ("jenis_layanan", "jenis_izin", "service"),
    "tanggal_masuk": ("tgl_masuk", "tanggal_permohonan", "tgl_permohonan", "tanggal", "received_on"),
    "alur": ("prosedur", "procedure"),
    "nama": ("nama_pemohon", "pemohon", "applicant"),
    "usaha": ("nama_usaha", "perusahaan", "nama_perusahaan", "business"),
    "telepon": ("no_hp", "nomor_hp", "hp", "whatsapp", "no_wa", "nomor_wa", "no_telepon", "phone"),
    "email": ("e_mail", "surel"),
    "tahap": ("status", "stage"),
    "kd_status": ("kode_status",),
    "tanggal_tahap": ("tgl_tahap", "tanggal_status", "tgl_status", "stage_on"),
    "tanggal_lengkap": ("tgl_lengkap", "tanggal_lengkap_benar", "tgl_lengkap_benar", "mulai_dihitung", "counted_from"),
    "keterangan": ("alasan", "catatan", "reason"),
}
"""Our name of a column, and what offices' lists call it (case and punctuation do not matter)."""

REQUIRED = ("nomor", "layanan", "tanggal_masuk")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january",
            "februari feb pebruari february",
            "maret mar march",
            "april apr",
            "mei may",
            "juni jun june",
            "juli jul july",
            "agustus agu agt ags aug august",
            "september sep sept",
            "oktober okt oct october",
            "november nov nop nopember",
            "desember des dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_EXCEL_DAY_ZERO = date(1899, 12, 30)


def too_large(size: int) -> Unreadable:
    """For a file of `size` bytes; also for those who see it before it is a file."""
    error = sheets.too_large(size)
    return Unreadable(str(error), error.said)


def read(path: Path) -> list[Row]:
    """All rows that are not empty. Raises Unreadable with a reason."""
    try:
        return sheets.read(path, COLUMNS, REQUIRED)
    except sheets.Unreadable as error:
        raise Unreadable(str(error), error.said) from None


async def read_upload(content: bytes) -> list[Row]:
    """The same for the web process. Not inside a transaction."""
    try:
        return await sheets.read_upload(content, COLUMNS, REQUIRED)
    except sheets.Unreadable as error:
        raise Unreadable(str(error), error.said) from None


def parse_date(typed: str) -> date:
    """Day before month, as Indonesians write: 20-11-2026, 20/11/2026, 20.11.2026, 2026-11-20, 20 November 2026.

    A spreadsheet's day number is understood too. Raises ValueError for anything else.
    """
    text = typed.strip().lower()
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ][\d:.]+)?", text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"(\d{1,2})\s{0,3}[-/. ]\s{0,3}(\d{1,2})\s{0,3}[-/. ]\s{0,3}(\d{4})(?: [\d:.]+)?", text):
        return date(int(found[3]), int(found[2]), int(found[1]))
    if found := re.fullmatch(r"(\d{1,2})[\s-]{1,5}([a-z]+)\.?[\s-]{1,5}(\d{4})", text):
        return date(int(found[3]), _MONTHS.get(found[2], 0), int(found[1]))
    if re.fullmatch(r"[345]\d{4}", text):
        return _EXCEL_DAY_ZERO + timedelta(days=int(text))
    raise ValueError(typed)


__all__ = ["COLUMNS", "MAX_BYTES", "REQUIRED", "Row", "parse_date", "read", "read_upload", "too_large"]
