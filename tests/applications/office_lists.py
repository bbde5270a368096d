"""Workbooks as offices really keep them, with invented people: made by code, so that every oddity has a name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

PEOPLE = ("Budi Contoh", "Siti Rasyīd", "Nguyễn Thị Contoh")


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def agenda() -> bytes:
    """An agenda with letterhead, a heading of two merged rows, column numbers, a sum and who signs."""
    book = openpyxl.Workbook()
    page: Worksheet = book.active
    for title in ("PEMERINTAH KABUPATEN CONTOH", "DINAS PENANAMAN MODAL", "DAFTAR PERMOHONAN BULAN NOVEMBER 2026"):
        page.append([title])
        page.merge_cells(start_row=page.max_row, end_row=page.max_row, start_column=1, end_column=8)
    page.append([])
    page.append(["No.", "Permohonan", None, "Pemohon", None, None, "Jenis Izin", "Status"])
    page.append([None, "Nomor", "Tanggal", "Nama", "Perusahaan", "No. HP/WA", None, None])
    for first, last in (("B5", "C5"), ("D5", "F5"), ("A5", "A6"), ("G5", "G6"), ("H5", "H6")):
        page.merge_cells(f"{first}:{last}")
    page.append([f"({number})" for number in range(1, 9)])
    page.append(["I. PERMOHONAN BARU"])
    page.append(
        [1, "503/IUI/01", "Senin, 02/11/2026", PEOPLE[0], "UD Contoh", 81200000001, "Izin Usaha Industri", None]
    )
    page.append([2, "503/IUI/02", datetime(2026, 11, 3, 9, 30), PEOPLE[1], "CV Contoh", None, "iui", None])
    page.append(["II. PERLUASAN"])
    page.append([3, "503/PER/01", "4-Nop-26", PEOPLE[2], "PT Contoh", "0812-0000-0003", "Perluasan Industri", None])
    page.append([4] + [None] * 7)
    page.append(["Jumlah", None, None, 3, None, None, None, None])
    page.append([])
    page.append([None, "Mengetahui,", None, None, None, "Kudus, 30 November 2026", None, None])
    page.append([None, "Kepala Dinas", None, None, None, "Petugas loket", None, None])
    page.append([None, "Drs. Contoh Pejabat", None, None, None, "Sari Contoh", None, None])
    page.append([None, "NIP 19700101 200001 1 001", None, None, None, "NIP 19900101 201501 2 001", None, None])
    return saved(book)


def oss_export() -> bytes:
    """Columns as OSS names them in an export of licences with their projects' contacts."""
    head = (
        "id_permohonan_izin nama_perusahaan nib day_of_tanggal_terbit_oss uraian_status_penanaman_modal propinsi "
        "kab_kota kd_resiko kbli day_of_tgl_izin uraian_jenis_perizinan nama_dokumen uraian_kewenangan "
        "uraian_status_respon kewenangan kl_sektor nama_user email nomor_telp"
    )
    row = [
        "I-202611020900000000001", "UD CONTOH MAJU", 1234567890123, "2026-11-02T18:30:00.000Z", "PMDN", "Jawa Tengah",
        "Kab. Kudus", "MT", 10799, "2026-11-16", "Sertifikat Standar", "Izin Usaha Industri", "Kabupaten/Kota",
        "Izin terbit atau Sertifikat Standar terverifikasi",
        "Bupati", "Kementerian Perindustrian", "BUDI CONTOH", "budi@contoh.example",
        81200000001,
    ]  # fmt: skip
    return workbook([head.split(), row])


def with_wrong_size() -> bytes:
    """The agenda, of which the file itself says that it is one cell large."""
    source, target = zipfile.ZipFile(io.BytesIO(agenda())), io.BytesIO()
    with zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                start = part.index(b'<dimension ref="') + len(b'<dimension ref="')
                part = part[:start] + b"A1" + part[part.index(b'"', start) :]
            copy.writestr(name, part)
    return target.getvalue()


def web_page() -> bytes:
    """What many systems call XLS: a page with a table."""
    return b"""<html><body><table><tr><td>Laporan</td></tr></table><table border=1>
        <tr><th rowspan=2>No</th><th colspan=2>Permohonan</th><th rowspan=2>Jenis Izin</th></tr>
        <tr><th>Nomor</th><th>Tanggal</th></tr>
        <tr><td>1</td><td>503/IUI/01</td><td>02/11/2026</td><td>Izin Usaha Industri</td></tr>
        <tr><td>2</td><td>503/IUI/02</td><td>03/11/2026</td><td>Izin Usaha Industri</td></tr>
        </table></body></html>"""
