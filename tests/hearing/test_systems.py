"""The system that a message is about: a citizen's report is LAPOR!'s, a portal's account is its keeper's."""

import pytest

from bot.hearing import listen
from bot.knowledge.load import get_knowledge


@pytest.mark.parametrize(
    ("text", "system", "other"),
    [
        ("aduan saya soal lampu jalan sudah sebulan belum ada kabar", "lapor", ""),
        ("laporan saya kemarin hilang dari daftar, kenapa", "lapor", ""),
        ("keluhan saya tidak ditanggapi dinas", "lapor", ""),
        ("laporan produksi semester ini belum bisa dikirim", "", ""),
        ("laporan siinas saya dikembalikan", "siinas", ""),
        ("mau lapor petugas minta uang", "office", ""),
        ("lupa kata sandi SiCantik", "other", "SiCantik"),
        ("akun jakevo saya terkunci", "other", "JakEVO"),
        ("biaya balik nama motor berapa", "other", "Samsat"),
        ("datang ke kantor untuk urus paspor", "other", "imigrasi"),
        ("NIK di oss tidak cocok, kata dukcapil sudah benar", "oss", "Dukcapil"),
        ("web desa saya tidak bisa dibuka", "other", "aplikasi daerah"),
    ],
)
def test_whose_affair(text: str, system: str, other: str) -> None:
    heard = listen(get_knowledge(), text)
    assert (heard.system, heard.other) == (system, other)
