"""Long texts in parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations.text import split_text


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("", 10, []),
        ("  \n ", 10, []),
        ("Singkat.", 10, ["Singkat."]),
        ("Kalimat satu. Kalimat dua.", 16, ["Kalimat satu.", "Kalimat dua."]),
        ("Apa syaratnya? Ada tiga.", 18, ["Apa syaratnya?", "Ada tiga."]),
        ("Bagian satu yang panjang\n\nBagian dua", 30, ["Bagian satu yang panjang", "Bagian dua"]),
        ("Datang ke Jl. Merdeka No. 5 Kudus. Bawa KTP.", 40, ["Datang ke Jl. Merdeka No. 5 Kudus.", "Bawa KTP."]),
        ("kata kata kata kata", 10, ["kata kata", "kata kata"]),
        ("x" * 25, 10, ["x" * 10, "x" * 10, "x" * 5]),
        ("😀😀😀", 4, ["😀😀", "😀"]),
        ("ab👩‍🌾", 5, ["ab", "👩‍🌾"]),
        ("1. Buka situs.\n2. Pilih menu.", 20, ["1. Buka situs.", "2. Pilih menu."]),
    ],
)
def test_parts(text: str, limit: int, parts: list[str]) -> None:
    assert split_text(text, limit) == parts


@given(st.text(max_size=400), st.integers(min_value=2, max_value=60))
def test_every_part_fits_and_nothing_but_space_is_lost(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    assert all(0 < units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_very_long_text_is_quick() -> None:
    text = "Kalimat yang biasa saja. " * 4000
    parts = split_text(text, 1250)
    assert len(parts) < 100
    assert all(part.endswith(".") for part in parts)


def test_a_limit_that_no_sign_fits_into_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        split_text("abc", 1)
