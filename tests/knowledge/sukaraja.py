"""An invented office with one standard, as entries to publish."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from bot.knowledge.publications import Key

TEXT = """STANDAR PELAYANAN IZIN REKLAME
Persyaratan:
1. Fotokopi KTP
2. Gambar desain reklame
Alur Pelayanan:
1. Pemohon mendaftar di loket
2. Kepala Dinas menandatangani izin
Jangka Waktu: 3 hari kerja
Biaya: Tidak dipungut biaya
Produk Layanan: Izin Penyelenggaraan Reklame
Pengaduan: Telepon 0299-555777
Dasar Hukum: Peraturan Daerah Nomor 4 Tahun 2023
"""

_ENTRIES: dict[Key, dict[str, Any]] = {
    ("sources", "SUKARAJA1.txt"): {"text": TEXT},
    ("documents", "SUKARAJA1"): {
        "id": "SUKARAJA1",
        "title": "Izin Reklame",
        "short": "Standar Sukaraja 2026",
        "file": "sources/SUKARAJA1.txt",
    },
    ("offices", "sukaraja"): {
        "id": "sukaraja",
        "name": "DPMPTSP Kota Sukaraja",
        "label": "Kota Sukaraja",
        "region": "Kota Sukaraja",
        "aliases": ["sukaraja", "kota sukaraja"],
        "source": "SUKARAJA1, kepala dokumen",
        "contacts": [
            {"kind": "phone", "label": "Telepon", "value": "0299-555777", "source": "SUKARAJA1, Pengaduan"},
        ],
    },
    ("services", "sukaraja-reklame"): {
        "id": "sukaraja-reklame",
        "office": "sukaraja",
        "title": "Izin Reklame di Kota Sukaraja",
        "label": "Izin Reklame",
        "kind": "reklame",
        "document": "SUKARAJA1",
        "system": "office",
        "aliases": ["izin reklame", "reklame"],
        "summary": {"text": "Mengurus izin reklame di Kota Sukaraja.", "source": "SUKARAJA1, judul"},
        "applies_to": {"not_stated": True, "source": "SUKARAJA1, judul"},
        "requirements": [
            {"id": "r1", "text": "Fotokopi KTP", "printed": "Fotokopi KTP", "source": "SUKARAJA1, Persyaratan no. 1"},
            {"id": "r2", "text": "Gambar desain reklame", "source": "SUKARAJA1, Persyaratan no. 2"},
        ],
        "procedures": [
            {
                "id": "utama",
                "title": "Mengurus izin reklame",
                "label": "Langkah izin reklame",
                "summary": "2 langkah.",
                "steps": [
                    {
                        "number": 1,
                        "text": "Daftarkan permohonan Anda di loket.",
                        "actor": "applicant",
                        "actor_label": "Anda",
                        "printed": "Pemohon mendaftar di loket",
                        "source": "SUKARAJA1, Alur no. 1",
                    },
                    {
                        "number": 2,
                        "text": "Kepala Dinas menandatangani izin. Anda menunggu.",
                        "actor": "office",
                        "actor_label": "Kepala Dinas",
                        "printed": "Kepala Dinas menandatangani izin",
                        "source": "SUKARAJA1, Alur no. 2",
                    },
                ],
            }
        ],
        "duration": {"text": "3 hari kerja", "days": 3, "printed": "3 hari kerja", "source": "SUKARAJA1, Jangka Waktu"},
        "cost": {"text": "Tidak dipungut biaya", "source": "SUKARAJA1, Biaya"},
        "product": [{"text": "Izin Penyelenggaraan Reklame", "source": "SUKARAJA1, Produk"}],
        "legal_basis": {"not_stated": True, "source": "SUKARAJA1, Dasar Hukum"},
        "complaints": [
            {"kind": "phone", "label": "Telepon", "value": "0299-555777", "source": "SUKARAJA1, Pengaduan"},
        ],
    },
}


def entries() -> dict[Key, dict[str, Any] | None]:
    return {key: deepcopy(content) for key, content in _ENTRIES.items()}
