"""One invented standard, written as every kind of file that offices keep theirs in."""

from __future__ import annotations

import csv
import html
import io

from docx import Document
from fpdf import FPDF
from openpyxl import Workbook

TITLE = "STANDAR PELAYANAN IZIN OPERASIONAL LABORATORIUM"
OFFICE = "DINAS KESEHATAN KABUPATEN MEKARWANGI"
ROWS = [
    ("Persyaratan", ["Surat permohonan kepada Kepala Dinas", "Fotokopi KTP penanggung jawab", "Denah bangunan"]),
    ("Sistem, Mekanisme dan Prosedur", ["Pemohon mendaftar", "Tim meninjau lokasi", "Kepala Dinas meneken izin"]),
    ("Jangka Waktu Penyelesaian", ["12 hari kerja sejak berkas lengkap"]),
    ("Biaya/Tarif", ["Tidak dipungut biaya"]),
    ("Produk Pelayanan", ["Izin Operasional Laboratorium"]),
    ("Penanganan Pengaduan, Saran dan Masukan", ["Telepon 0298-555321", "Email pengaduan@mekarwangi.go.id"]),
    ("Dasar Hukum", ["Undang-Undang Nomor 17 Tahun 2023 tentang Kesehatan", "Peraturan Daerah Nomor 2 Tahun 2024"]),
]  # fmt: skip


def numbered(items: list[str]) -> str:
    return items[0] if len(items) == 1 else "\n".join(f"{n}. {item}" for n, item in enumerate(items, start=1))


def text() -> bytes:
    lines = [TITLE, OFFICE, "", *(f"{label} :\n{numbered(items)}" for label, items in ROWS)]
    return "\n".join(lines).encode()


def tabbed() -> bytes:
    rows = [
        f"{n}\t{label}\t{' '.join(numbered(items).split(chr(10)))}" for n, (label, items) in enumerate(ROWS, start=1)
    ]
    return "\n".join([TITLE, OFFICE, "", "No\tKomponen\tUraian", *rows]).encode()


def page() -> bytes:
    rows = []
    for number, (label, items) in enumerate(ROWS, start=1):
        value = "".join(f"<li>{html.escape(item)}</li>" for item in items) if len(items) > 1 else items[0]
        value = f"<ol>{value}</ol>" if len(items) > 1 else f"<p>{value}</p>"
        rows.append(f"<tr><td>{number}</td><td><b>{label}</b></td><td>{value}</td></tr>")
    table = f"<table><tr><th>No</th><th>Komponen</th><th>Uraian</th></tr>{''.join(rows)}</table>"
    return f"<!doctype html><html><body><h2>{TITLE}</h2><p>{OFFICE}</p>{table}</body></html>".encode()


def word() -> bytes:
    document = Document()
    document.add_paragraph(TITLE)
    document.add_paragraph(OFFICE)
    table = document.add_table(rows=1, cols=3)
    for cell, head in zip(table.rows[0].cells, ("No", "Komponen", "Uraian"), strict=True):
        cell.text = head
    for number, (label, items) in enumerate(ROWS, start=1):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = str(number), label
        cells[2].text = items[0]
        if len(items) > 1:
            cells[2].paragraphs[0].style = "List Number"
            for item in items[1:]:
                cells[2].add_paragraph(item, style="List Number")
    return _saved(document)


def word_lines() -> bytes:
    """Headings and Word's own numbering, without a table."""
    document = Document()
    document.add_paragraph(TITLE)
    document.add_paragraph(OFFICE)
    for label, items in ROWS:
        document.add_heading(label, level=2)
        for item in items:
            document.add_paragraph(item, style="List Number" if len(items) > 1 else None)
    return _saved(document)


def _saved(document: object) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def pdf(password: str | None = None) -> bytes:
    document = FPDF()
    document.add_page()
    document.set_font("helvetica", size=10)
    document.cell(text=TITLE, new_x="LMARGIN", new_y="NEXT")
    document.cell(text=OFFICE, new_x="LMARGIN", new_y="NEXT")
    with document.table(col_widths=(10, 50, 120)) as table:
        table.row(["No", "Komponen", "Uraian"])
        for number, (label, items) in enumerate(ROWS, start=1):
            table.row([str(number), label, numbered(items)])
    if password:
        document.set_encryption(owner_password=password, user_password=password)
    return bytes(document.output())


def pdf_lines() -> bytes:
    """A PDF without ruled lines: only its text is left."""
    document = FPDF()
    document.add_page()
    document.set_font("helvetica", size=10)
    for line in text().decode().split("\n"):
        document.cell(text=line or " ", new_x="LMARGIN", new_y="NEXT")
    return bytes(document.output())


def sheet() -> bytes:
    book = Workbook()
    page = book.active
    page.append([TITLE])
    page.append([OFFICE])
    page.append(["No", "Komponen", "Uraian"])
    for number, (label, items) in enumerate(ROWS, start=1):
        page.append([number, label, numbered(items)])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet_columns() -> bytes:
    """The components as columns, one service a row."""
    book = Workbook()
    page = book.active
    page.append([OFFICE])
    page.append(["No", "Jenis Pelayanan", *(label for label, _ in ROWS)])
    page.append([1, TITLE.removeprefix("STANDAR PELAYANAN "), *(numbered(items) for _, items in ROWS)])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def comma() -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([TITLE])
    writer.writerow([OFFICE])
    writer.writerow(["No", "Komponen", "Uraian"])
    for number, (label, items) in enumerate(ROWS, start=1):
        writer.writerow([number, label, numbered(items)])
    return buffer.getvalue().encode()


KINDS = {
    "text.txt": text,
    "tabbed.txt": tabbed,
    "page.html": page,
    "word.docx": word,
    "word-lines.docx": word_lines,
    "ruled.pdf": pdf,
    "lines.pdf": pdf_lines,
    "sheet.xlsx": sheet,
    "columns.xlsx": sheet_columns,
    "comma.csv": comma,
}
