"""Typed codes, groups and letters."""

from __future__ import annotations

import pytest

from bot.kbli.lookup import Typed, look_up, typed_in
from tests.kbli.small import IMPORTED


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("56304 itu apa", ["56304"]),
        ("kbli 56.304", ["56304"]),
        ("kode 56 304 benar?", ["56304"]),
        ("I56304", ["56304"]),
        ("kbli 2025 kopi", []),
        ("56304 edisi 2020", ["56304"]),
        ("modal 50 juta usaha kopi", []),
        ("modal Rp30.000.000", []),
        ("karyawan 12 orang", []),
        ("ternak ayam kampung 50 ekor", []),
        ("punya kos 10 kamar di kota", []),
        ("kode 47 untuk toko saya apa ya", ["47"]),
        ("14111 sama 14120 bedanya apa", ["14111", "14120"]),
        ("kategori G", ["G"]),
        ("g", ["G"]),
        ("kategori z", []),
        ("5630", ["5630"]),
        ("563041", ["563041"]),
        ("", []),
    ],
)
def test_typed_in(said: str, values: list[str]) -> None:
    assert [one.value for one in typed_in(said)] == values


def test_edition_is_heard() -> None:
    assert typed_in("13133 kbli 2020") == [Typed("13133", 2020)]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        (Typed("56304"), "current"),
        (Typed("13133"), "both"),
        (Typed("13133", 2025), "current"),
        (Typed("13133", 2020), "old"),
        (Typed("56999"), "old"),
        (Typed("77777"), "old"),
        (Typed("99998"), "missing"),
        (Typed("5630"), "group"),
        (Typed("56"), "group"),
        (Typed("563041"), "digits"),
        (Typed("G"), "letter"),
    ],
)
def test_imported(typed: Typed, kind: str) -> None:
    assert look_up(typed, IMPORTED).kind == kind


def test_heirs_without_mediators_and_doubtful_last() -> None:
    heirs = look_up(Typed("56999"), IMPORTED).heirs
    assert [(one.entry.code, one.doubtful) for one in heirs] == [("56304", False), ("56301", False), ("17091", True)]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("56304", "current"), ("96200", "old"), ("13133", "both"), ("99998", "unsure"), ("5630", "group")],
)
def test_without_an_import_the_table_answers(typed: str, kind: str) -> None:
    assert look_up(Typed(typed)).kind == kind


def test_laundry_of_2020() -> None:
    assert [one.entry.code for one in look_up(Typed("96200")).heirs] == ["96100"]
