"""Buttons that promise the same, and those that only look alike."""

from __future__ import annotations

import pytest

from bot.answers.alike import alike, distinct
from bot.answers.payloads import TO_PERSON, button
from bot.answers.saying import ALL_TRIED, TEXT
from bot.knowledge.load import of_files
from bot.messages import Button


def to(identity: str, title: str = "", option: str = "") -> Button:
    return button(title or identity, "ask_entry", topic=identity, option=option)


OTP = to("kode-otp-tidak-datang", "OTP tidak datang")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (OTP, to("kode-otp-telat", "Kode OTP telat"), True),
        (OTP, button("Kode OTP tidak masuk", "otp_not_received"), True),
        (OTP, to("tidak-bisa-masuk", "Tidak bisa masuk OSS"), False),
        (to("nib-cara", "Cara membuat NIB"), to("nib-buat", "Membuat NIB"), True),
        (to("nib-biaya", "Biaya NIB"), to("nib-syarat", "Syarat NIB"), False),
        (to("beda-nib-npwp", "Beda NIB dan NPWP"), to("npwp-16-digit", "NPWP 16 digit"), False),
        (to("a", "Sudah dicoba semua", ALL_TRIED), to("a", "Minta teksnya", TEXT), False),
    ],
)
def test_alike(one: Button, other: Button, same: bool) -> None:
    assert alike(of_files(), one, other) is same
    assert alike(of_files(), other, one) is same


def test_the_answer_itself_is_no_next_question() -> None:
    text = to("kode-otp-tidak-datang", "Minta teksnya", TEXT)
    shown = distinct(
        of_files(), (OTP, text, to("kode-otp-telat", "Kode OTP telat"), TO_PERSON), "kode-otp-tidak-datang"
    )
    assert [one.title for one in shown] == ["Minta teksnya", "Kode OTP telat", "Bicara petugas"]
