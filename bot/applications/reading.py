"""Lists of applications: what their columns are called, and which of them no list can do without."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from bot import sheets
from bot.applications.days import parse_date
from bot.applications.errors import Unreadable
from bot.sheets import MAX_BYTES, Row, Table, Wanted

COLUMNS: dict[str, tuple[str, ...]] = {
    "nomor": (
        "id_permohonan_izin",
        "id_permohonan",
        "nomor_permohonan",
        "no_permohonan",
        "nomor_berkas",
        "no_berkas",
        "nomor_registrasi",
        "no_registrasi",
        "no_reg",
        "nomor_pendaftaran",
        "no_pendaftaran",
        "nomor_agenda",
        "no_agenda",
        "referensi",
        "reference",
        "nomor",
    ),
    "layanan": (
        "layanan",
        "jenis_layanan",
        "nama_layanan",
        "nama_izin",
        "jenis_izin",
        "jenis_perizinan",
        "nama_dokumen",
        "uraian_jenis_perizinan",
        "service",
    ),
    "tanggal_masuk": (
        "tanggal_masuk",
        "tgl_masuk",
        "tanggal_permohonan",
        "tgl_permohonan",
        "tanggal_pengajuan",
        "tgl_pengajuan",
        "day_of_tanggal_pengajuan",
        "day_of_tanggal_pengajuan_proyek",
        "tanggal_daftar",
        "tgl_daftar",
        "tanggal_pendaftaran",
        "tgl_pendaftaran",
        "tanggal_terima",
        "tgl_terima",
        "received_on",
        "tanggal",
        "tgl",
        "day_of_tanggal_terbit_oss",
        "tanggal_terbit_oss",
        "tgl_terbit_oss",
    ),
    "alur": ("prosedur", "procedure"),
    "nama": (
        "nama_pemohon",
        "pemohon",
        "nama_user",
        "nama_pelaku_usaha",
        "penanggung_jawab",
        "nama_penanggung_jawab",
        "applicant",
        "nama",
    ),
    "usaha": ("nama_usaha", "nama_perusahaan", "perusahaan", "nama_badan_usaha", "badan_usaha", "business", "usaha"),
    "telepon": (
        "telepon",
        "no_hp",
        "nomor_hp",
        "hp",
        "whatsapp",
        "no_wa",
        "nomor_wa",
        "wa",
        "no_telepon",
        "nomor_telepon",
        "nomor_telp",
        "no_telp",
        "telp",
        "no_hp_wa",
        "no_telp_hp",
        "handphone",
        "phone",
    ),
    "email": ("email", "e_mail", "surel", "email_user", "alamat_email"),
    "tahap": (
        "tahap",
        "uraian_status_respon",
        "status_respon",
        "status_permohonan",
        "status_perizinan",
        "stage",
        "status",
    ),
    "kd_status": ("kode_status",),
    "tanggal_tahap": (
        "tgl_tahap",
        "tanggal_status",
        "tgl_status",
        "tanggal_proses",
        "tgl_proses",
        "day_of_tgl_izin",
        "day_of_tanggal_izin",
        "stage_on",
    ),
    "tanggal_lengkap": ("tgl_lengkap", "tanggal_lengkap_benar", "tgl_lengkap_benar", "mulai_dihitung", "counted_from"),
    "keterangan": ("keterangan", "alasan", "catatan", "ket", "reason"),
}
"""Our name of a column, and what offices' lists and OSS's exports call it, the surest first (case and punctuation do
not matter). "No" is none of them: it numbers the rows."""

REQUIRED = ("nomor", "layanan", "tanggal_masuk")
_KEY_DIGITS = 5  # a running number has no more


def too_large(size: int) -> Unreadable:
    """For a file of `size` bytes; also for those who see it before it is a file."""
    error = sheets.too_large(size)
    return Unreadable(str(error), error.said)


def wanted(chosen: Mapping[str, str] | None = None, service: str = "", sheet: str = "") -> Wanted:
    """`chosen`: what an office said its columns mean; `service`: the one that the whole list is about."""
    required = [name for name in REQUIRED if not (service and name == "layanan")]
    return Wanted(COLUMNS, required, chosen or {}, sheet)


def read(path: Path) -> list[Row]:
    """All rows of a list whose columns are known. Raises Unreadable with a reason."""
    try:
        return complete(sheets.read(path, wanted()))
    except sheets.Unreadable as error:
        raise Unreadable(str(error), error.said) from None


def complete(table: Table) -> list[Row]:
    """The rows. Raises Unreadable where a column is missing, or its number is only a running one."""
    wrong = table.wrong(list(COLUMNS)) or _only_running(table)
    if wrong:
        raise Unreadable(str(wrong), wrong.said)
    return table.rows


async def read_upload(content: bytes, asked: Wanted) -> Table:
    """The table of an upload, whatever its columns are. Not inside a transaction."""
    try:
        return await sheets.read_upload(content, asked)
    except sheets.Unreadable as error:
        raise Unreadable(str(error), error.said) from None


def _only_running(table: Table) -> sheets.Unreadable | None:
    """A key that counts the rows, 1, 2, 3: it is another application's next month."""
    numbers = [row.values.get("nomor", "") for row in table.rows]
    numbers = [one for one in numbers if one]
    if len(numbers) < 2 or not all(one.isdecimal() and len(one) <= _KEY_DIGITS for one in numbers):
        return None
    values = [int(one) for one in numbers]
    if any(after - before != 1 for before, after in pairwise(values)):
        return None
    title = next((one.title for one in table.columns if one.name == "nomor"), "nomor")
    return sheets.Unreadable(
        f"the column '{title}' only numbers the rows ({numbers[0]}, {numbers[1]}, …)",
        f"kolom “{title}” hanya nomor urut ({numbers[0]}, {numbers[1]}, …), bukan nomor permohonan; "
        "pilih kolom yang berisi nomor berkas atau nomor permohonan",
    )


__all__ = [
    "COLUMNS",
    "MAX_BYTES",
    "REQUIRED",
    "Row",
    "Table",
    "complete",
    "parse_date",
    "read",
    "read_upload",
    "too_large",
    "wanted",
]
