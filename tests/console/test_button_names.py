"""The name of a button that is proposed for a question says what it is about."""

from __future__ import annotations

import pytest

from bot.console.proposals import SHORT, _short


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("halo kak, apakah bisa urus izin depot lewat online?", "Urus izin depot"),
        ("kalau akta saya hilang gimana ya", "Akta hilang"),
        ("syarat perpanjangan izin praktik perawat gigi di sini apa aja ya pak", "Syarat perpanjangan izin"),
        ("apa?", "Apa"),
        ("x" * 60, "X" + "x" * 23),
    ],
)
def test_it_leaves_out_what_every_question_has(asked: str, name: str) -> None:
    assert _short(asked) == name
    assert len(name) <= SHORT
