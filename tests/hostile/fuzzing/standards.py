"""Files of service standards: text, HTML, CSV, Word, Excel and PDF, spoiled, against what reads them.

Fed in this process; Pandu reads them in one that is killed at its limits (tests/hostile/test_files_apart.py).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from random import Random

import docx
import openpyxl

from bot.standards.child import draft
from tests.hostile.fuzzing import odd
from tests.hostile.fuzzing.targets import Target, of

LINES = (
    "STANDAR PELAYANAN",
    "Izin Usaha Industri",
    "Dasar hukum: Undang-Undang Nomor 3 Tahun 2014",
    "Persyaratan:",
    "1. KTP pemohon",
    "2. NPWP",
    "a. asli",
    "Jangka waktu: 5 hari kerja",
    "Biaya: Rp 0",
    "Produk layanan: Izin Usaha Industri",
    "Pengaduan: 0812-3456-7890, lapor@contoh.go.id",
)
Case = tuple[bytes, str]


def standards_target() -> Target:
    return of("service standards", 20, _maker(), _read)


def _read(case: Case) -> None:
    answer = draft(*case)
    assert ("refused" in answer) != ("draft" in answer), sorted(answer)


def _maker() -> Callable[[Random], Case]:
    rights = [
        ("\n".join(LINES).encode(), ".txt"),
        ("\n".join(f"{number};{line}" for number, line in enumerate(LINES)).encode(), ".csv"),
        (_page(), ".html"),
        (_word(), ".docx"),
        (_book(), ".xlsx"),
        (_PDF, ".pdf"),
    ]

    def make(source: Random) -> Case:
        data, suffix = source.choice(rights)
        if suffix in (".docx", ".xlsx") and source.randrange(4):
            data = _repacked(source, data)
        elif source.randrange(10):
            data = odd.data(source, data)
        return data, source.choice([suffix, suffix, suffix, suffix, "", ".pdf", ".txt"])

    return make


def _repacked(source: Random, data: bytes) -> bytes:
    """One part of the archive spoiled, or left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = source.choice(sorted(parts))
    if source.randrange(10):
        parts[name] = odd.data(source, parts[name])
    else:
        del parts[name]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return packed.getvalue()


def _page() -> bytes:
    rows = "".join(f"<tr><td>{number}</td><td>{line}</td></tr>" for number, line in enumerate(LINES))
    return (
        f"<html><body><h1>{LINES[0]}</h1><ol><li>KTP<ul><li>asli</ul></ol><table>{rows}</table></body></html>".encode()
    )


def _word() -> bytes:
    document = docx.Document()
    for line in LINES:
        document.add_paragraph(line)
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Persyaratan", "KTP"
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _book() -> bytes:
    book = openpyxl.Workbook()
    for number, line in enumerate(LINES):
        book.active.append([number, line])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


_PDF = b"""%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R
/Resources << /Font << /F 5 0 R >> >> >> endobj
4 0 obj << /Length 66 >> stream
BT /F 12 Tf 20 200 Td (Persyaratan: 1. KTP pemohon) Tj ET
endstream endobj
5 0 obj << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> endobj
trailer << /Size 6 /Root 1 0 R >>
%%EOF
"""
