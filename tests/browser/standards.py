"""An invented page of the national catalogue, as its copied text, and what is in it."""

from __future__ import annotations

TITLE = "Izin Operasional Depot Air Minum"
REGION = "Kabupaten Semarang"
OFFICE = "Dinas Kesehatan Kabupaten Semarang"
REQUIREMENTS = (
    "Surat permohonan kepada Kepala Dinas Kesehatan",
    "Fotokopi KTP pemilik depot",
    "Nomor Induk Berusaha (NIB)",
    "Denah ruang depot",
    "Hasil uji laboratorium air",
)
STEPS = (
    "Pemohon mengisi formulir permohonan di loket Dinas Kesehatan",
    "Pemohon menyerahkan formulir dan persyaratan",
    "Petugas memeriksa kelengkapan berkas",
    "Tim pemeriksa meninjau lokasi depot",
    "Kepala Dinas menandatangani izin",
    "Pemohon mengambil izin di loket",
)
DURATION = "9 hari kerja"
COST = "Tidak dipungut biaya"
PHONE = "0298-555321"
MAIL = "aduan.dinkes@contoh.go.id"


def _numbered(lines: tuple[str, ...]) -> str:
    return "\n".join(f"  {number}. {line}" for number, line in enumerate(lines, start=1))


PAGE = f"""{TITLE}

No. SK : 440/17/2026

{OFFICE}

{_numbered(REQUIREMENTS)}

{_numbered(STEPS)}

{DURATION}

{COST}

{TITLE}

{_numbered(("Kotak saran di loket", f"Telepon: {PHONE}", f"Email: {MAIL}"))}

Anda juga dapat menyampaikan pengaduan melalui SP4N-LAPOR!
"""
