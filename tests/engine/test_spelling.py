"""Chat spelling, as pure text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.spelling import normalise, spellings


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Gmn cara daftarnya kakkkk??", "bagaimana cara daftarnya kak ? ?"),
        ("ijin sy gk bs di donlod", "izin saya tidak bisa di unduh"),
        ("syarat2nya apa", "syarat syaratnya apa"),
        ("udh bolak² daftar", "sudah bolak bolak daftar"),
        ("NIK 3374012345670001", "nik angka"),
        ("cek https://oss.go.id/x?y=1 atau a.b@gmail.com", "cek tautan atau tautan"),
        ("be\u200brapa\u00a0biaya", "berapa biaya"),
        ("ｋｕｄｕｓ ２", "kudus 2"),
        ("klbi saya 31001", "kbli saya angka"),
        ("\u202e\ufeff", ""),
    ],
)
def test_known_spellings(written: str, plain: str) -> None:
    assert normalise(written) == plain


@given(st.text(max_size=300))
def test_any_text_becomes_single_spaced_lower_case(text: str) -> None:
    plain = normalise(text)
    assert plain == plain.strip()
    assert "  " not in plain
    assert normalise(plain + " izin").endswith("izin")


def test_the_table_is_flat_and_leads_to_plain_words() -> None:
    table = spellings()
    assert len(table) > 300
    for written, plain in table.items():
        assert written == written.lower()
        assert plain
        again = " ".join(table.get(word, word) for word in plain.split())
        assert again == plain, f"{written} -> {plain} -> {again}"
