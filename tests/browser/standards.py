"""Standards as offices have them: a page of the national catalogue, invented, and one of the real ones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_BESIDE = (one / "shared" / "standards" / "15_kabsemarang_laiksehat.txt" for one in ROOT.parents[:2])
REGION = "Kabupaten Semarang"
PLACES = "kabupaten semarang, kab semarang, ungaran"
SILENT = "Tidak disebutkan"


@dataclass(frozen=True)
class Standard:
    """A document, what an officer writes beside it, and what applicants must read afterwards.

    `asked` is how they name the service; `fields` are the labels that are filled in the draft, `duration`, `cost` and
    `contact` what is answered. One of `text` (pasted) and `file` (chosen) is given.
    """

    title: str
    asked: str
    fields: dict[str, str]
    requirements: tuple[str, ...]
    duration: str
    cost: str
    contact: str
    steps: int
    first_step: str
    text: str = ""
    file: Path | None = None

    @property
    def called(self) -> str:
        """On buttons and in a status."""
        return self.fields.get("Nama di tombol", self.title)

    @property
    def words(self) -> int:
        return len((self.text or (self.file.read_text("utf-8") if self.file else "")).split())


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
_PHONE = "0298-555321"


def _numbered(lines: tuple[str, ...]) -> str:
    return "\n".join(f"  {number}. {line}" for number, line in enumerate(lines, start=1))


_TITLE = "Izin Operasional Depot Air Minum"
DEPOT = Standard(
    title=_TITLE,
    asked="izin depot air minum",
    fields={
        "Daerah": REGION,
        "Nama daerah yang dipakai orang": PLACES,
        "Nama lain yang dipakai orang": "izin depot air minum, depot air minum, depot isi ulang",
    },
    requirements=REQUIREMENTS[1:4],
    duration="9 hari kerja",
    cost="Tidak dipungut biaya",
    contact=_PHONE,
    steps=len(STEPS),
    first_step="formulir permohonan",
    text=f"""{_TITLE}

No. SK : 440/17/2026

Dinas Kesehatan Kabupaten Semarang

{_numbered(REQUIREMENTS)}

{_numbered(STEPS)}

9 hari kerja

Tidak dipungut biaya

{_TITLE}

{_numbered(("Kotak saran di loket", f"Telepon: {_PHONE}", "Email: aduan.dinkes@contoh.go.id"))}

Anda juga dapat menyampaikan pengaduan melalui SP4N-LAPOR!
""",
)


def real() -> Standard | None:
    """The regency's own standard, read from beside the repository where it is, and never kept here: it is silent
    about days, cost and contacts, and so is Pandu."""
    file = next((one for one in _BESIDE if one.is_file()), None)
    return file and Standard(
        title="Pemberian Ijin Laik Kesehatan",
        asked="izin laik sehat",
        fields={
            "Nama di tombol": "Izin Laik Sehat",
            "Nama lain yang dipakai orang": "izin laik sehat, laik sehat, laik kesehatan",
            "Nama kantor": "Dinas Kesehatan Kabupaten Semarang",
            "Daerah": REGION,
            "Nama daerah yang dipakai orang": PLACES,
        },
        requirements=("Kartu Tanda Penduduk", "denah dan gambar lokasi"),
        duration=SILENT,
        cost=SILENT,
        contact=SILENT,
        steps=3,
        first_step="formulir Ijin Laik Sehat",
        file=file,
    )
