"""Frauds that were passed on."""

from __future__ import annotations

import pytest

from actions.forwarded import looks_fraudulent


@pytest.mark.parametrize(
    "words",
    [
        "NIB Anda akan dibekukan. Segera transfer biaya aktivasi Rp 750.000 ke rekening berikut",
        "Layanan percepatan izin, dijamin jadi. Klik https://oss-go-id.xyz/nib",
        "Dari OSS: unduh aplikasi APK ini dan masukkan OTP Anda hari ini juga",
        "Bayar meterai lewat wa.me/62812000 agar NIB tidak hangus",
    ],
)
def test_signs_of_several_kinds_are_a_fraud(words: str) -> None:
    assert looks_fraudulent(words)


@pytest.mark.parametrize(
    "words",
    [
        "Biaya izin usaha industri berapa?",
        "Buka https://oss.go.id lalu pilih masuk",
        "Undangan sosialisasi LKPM, Selasa pukul 09.00 di aula DPMPTSP",
        "Syarat: KTP, NPWP, akta",
    ],
)
def test_ordinary_words_are_none(words: str) -> None:
    assert not looks_fraudulent(words)
