"""Files that end in one sentence instead of a draft."""

from __future__ import annotations

import zipfile
import zlib

BROKEN_PARTS = (
    *(KeyError, ValueError, TypeError, OSError, EOFError, AttributeError, IndexError, SyntaxError),
    *(NotImplementedError, zipfile.BadZipFile, zlib.error),
)
"""What libraries raise for a Word or Excel file with a part that is broken, missing or another's."""


class Refused(Exception):
    """Nothing is kept. The message is one Indonesian sentence for the officer who gave the file."""


TOO_BIG = "Berkas ini lebih besar dari 20 MB; simpan hanya halaman standar pelayanannya lalu coba lagi."
UNPACKS_TOO_BIG = "Isi berkas ini terlalu besar bila dibuka; simpan hanya lembar standar pelayanannya lalu coba lagi."
TOO_LONG = "Berkas ini terlalu lama dibaca dan dihentikan; simpan hanya halaman standar pelayanannya lalu coba lagi."
TOO_MUCH = "Berkas ini memerlukan terlalu banyak memori dan dihentikan; simpan hanya halaman standar pelayanannya."
EMPTY = "Berkas ini kosong."
NO_STANDARD = (
    "Tidak ada standar pelayanan yang dikenali di berkas ini: persyaratan, prosedur, atau biayanya tidak ditemukan."
)
UNKNOWN_KIND = "Jenis berkas ini tidak dikenal; berikan teks, HTML, PDF, Word (.docx), Excel (.xlsx), atau CSV."
OLD_OFFICE = (
    "Berkas ini Word/Excel lama atau terkunci kata sandi; simpan ulang sebagai .docx atau .xlsx tanpa kata sandi."
)
MACROS = "Berkas ini memuat makro; simpan ulang sebagai .docx atau .xlsx tanpa makro lalu coba lagi."
BROKEN = "Berkas ini rusak dan tidak bisa dibuka; simpan ulang lalu coba lagi."
PDF_LOCKED = "PDF ini terkunci kata sandi; simpan salinan tanpa kata sandi lalu coba lagi."
PDF_SCAN = (
    "PDF ini hasil pindai (gambar tanpa teks); berikan berkas aslinya atau ketik isinya, karena gambar tidak dibaca."
)
HTML_EMPTY = "Halaman ini tidak memuat teks, hanya skrip atau gambar; simpan halaman setelah selesai tampil."
NOT_THERE = "Berkas itu tidak ada atau tidak bisa dibuka."
