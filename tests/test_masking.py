"""Masked parts, and what must stay readable."""

from __future__ import annotations

import pytest

from bot.masking import holds_secret, mask_personal, mask_secrets

PERSONAL = {
    "nama saya siti aminah mau tanya": "nama saya [nama] mau tanya",
    "Nama: Budi Santoso, NIK 3319 0123 4567 8901": "Nama: [nama], NIK [NIK]",
    "saya Budi dari Kudus": "saya [nama] dari Kudus",
    "permisi pak Joko, an. Siti Rahma": "permisi pak [nama], an. [nama]",
    "hp 0812-3456-7890 atau +62 812 3456 7890": "hp [telepon] atau [telepon]",
    "nib 1234567890123 belum muncul": "nib [NIB] belum muncul",
    "npwp 09.254.294.3-407.000": "npwp [NPWP]",
    "emailnya a.b@gmail.com ya": "emailnya [e-mail] ya",
    "lahir 01-02-1990": "lahir [angka]",
    "nomor pdu-7k2m-94xq": "nomor [nomor]",
    "jl. sudirman no 5 rt 02/03": "[alamat] no 5 [alamat]",
}
UNTOUCHED = [
    "nama saya salah di nib",
    "nama usaha saya beda dengan ktp",
    "nama saya tidak sesuai dukcapil",
    "Saya Mau Daftar Oss",
    "usaha sudah jalan 2 tahun, kbli 10710, modal 10.000.000",
    "PP 28/2025 pasal 207 ayat 6",
    "otp tidak masuk 3 kali",
    "password: lupa terus",
    "Pak Bupati tolong",
]


@pytest.mark.parametrize("text", PERSONAL)
def test_personal_data_is_masked(text: str) -> None:
    assert mask_personal(text) == PERSONAL[text]
    assert mask_personal(PERSONAL[text]) == PERSONAL[text]  # twice is once


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_a_question_needs_stays(text: str) -> None:
    assert mask_personal(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("nik saya 3319012345678901 kok ditolak", "nik saya [NIK] kok ditolak"),
        ("nik 3319.0123.4567.8901", "nik [NIK]"),
        ("kode otp: 998877", "kode otp: [kode]"),
        ("password saya: rahasia123", "password saya: [sandi]"),
    ],
)
def test_secrets_are_masked_and_still_noticed(text: str, kept: str) -> None:
    assert mask_secrets(text) == kept
    assert holds_secret(text)
    assert holds_secret(kept)


@pytest.mark.parametrize("text", ["nib saya 9120001234567", "berapa biayanya?", "hp 081234567890"])
def test_no_secret(text: str) -> None:
    assert mask_secrets(text) == text
    assert not holds_secret(text)


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("nik 3319O21205908901", "3319O21205908901"),
        ("nik331902120590890l", "331902120590890l"),
        (
            "nik: tiga tiga satu sembilan nol dua satu dua nol lima sembilan nol delapan sembilan nol satu",
            "sembilan nol satu",
        ),
        ("0tp 482193", "482193"),
        ("passcode saya 482193", "482193"),
        ("2fa: 481920", "481920"),
        ("kode pemulihan: 8f3k29dk", "8f3k29dk"),
        ("p@ssword: Getuk123", "Getuk123"),
    ],
)
def test_what_a_second_look_got_through(said: str, secret: str) -> None:
    assert secret not in mask_secrets(said)


@pytest.mark.parametrize(
    "said",
    [
        "OLO2O26 Ol1 IOI 10l0 OlOlOlOlOlOlOlOl",
        "satu dua tiga empat lima langkah lagi",
        "nomor saya nol delapan satu dua tiga empat lima enam tujuh delapan",
        "0tp tidak masuk, saya tunggu 30 menit",
    ],
)
def test_what_only_looks_like_it_stays(said: str) -> None:
    assert mask_secrets(said) == said
