"""Moods: negated toil is praise, a trouble that is over is thanked, a report that waits is LAPOR!'s."""

from __future__ import annotations

import pytest

from bot.hearing import listen
from bot.knowledge.load import get_knowledge


@pytest.mark.parametrize(
    "words",
    [
        "urus izin sekarang gampang, ga ribet dan ga capek antri, mantap",
        "memudahkan sekali, tidak berbelit belit dan tanpa antre",
        "kemarin sertifikat saya tertahan dua minggu, setelah ditelepon akhirnya terbit juga, terima kasih banyak",
        "nib saya sempat hilang dari akun, lalu lapor, langsung dibereskan hari itu. makasih pak",
    ],
)
def test_praise_is_heard(words: str) -> None:
    heard = listen(get_knowledge(), words)
    assert (heard.tone, heard.wish) == ("praising", "praise")


@pytest.mark.parametrize(
    "words",
    [
        "akhirnya nib saya terbit tapi namanya salah, terima kasih",
        "cara gampang bikin nib gimana",
        "sekarang sudah jadi belum ya sertifikatnya? terima kasih",
        "capek bolak balik ke dinas",
    ],
)
def test_a_trouble_or_a_question_is_no_praise(words: str) -> None:
    assert listen(get_knowledge(), words).wish != "praise"


@pytest.mark.parametrize(
    "words",
    [
        "mohon perkembangan tindak lanjut laporan kami pak",
        "bikin laporan dari tanggal 5 belum diverifikasi sampai sekarang",
        "sudah kirim laporan jalan rusak tapi tidak ditanggapi",
    ],
)
def test_a_report_that_waits_is_lapor_s(words: str) -> None:
    assert listen(get_knowledge(), words).system == "lapor"


@pytest.mark.parametrize(
    "words", ["buat laporan lkpm belum bisa diproses", "laporan produksi semester belum diverifikasi"]
)
def test_a_report_that_a_company_owes_is_not(words: str) -> None:
    assert listen(get_knowledge(), words).system != "lapor"
