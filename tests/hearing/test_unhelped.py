"""Advice that was followed, or did not help, is heard."""

from __future__ import annotations

import pytest

from bot.hearing import listen
from bot.knowledge.load import of_files


@pytest.mark.parametrize(
    "message",
    [
        "sudah saya coba, tetap tidak bisa",
        "udh dicoba smua ga mempan",
        "msh blm bs",
        "gak ngaruh min",
        "sami mawon",
        "tidak membantu",
        "sudah saya lakukan kak",
        "udah ganti password ttp ditolak",
        "belum dibalas juga",
        "semuanya sudah",
    ],
)
def test_it_did_not_help(message: str) -> None:
    assert listen(of_files(), message).unhelped


@pytest.mark.parametrize(
    "message",
    [
        "nib itu apa",
        "berapa lama izinnya",
        "kode otp tidak masuk",
        "terima kasih sudah membantu",
        "sudah jadi, makasih",
    ],
)
def test_nothing_is_said_of_advice(message: str) -> None:
    assert not listen(of_files(), message).unhelped
