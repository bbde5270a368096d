"""Figures as CSV."""

from __future__ import annotations

import csv
import io

import pytest

from bot.figures.tables import as_csv, safe


@pytest.mark.parametrize("text", ["=1+1", "+62811", "-2", "@SUM(A1)", "\t=1", "\r=1", " =cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe(text) == "'" + text.replace("\r", "\n")


def test_other_cells_stay_as_they_are() -> None:
    assert [safe(cell) for cell in ("Syarat", "a=b", -3, 2.123456, None)] == ["Syarat", "a=b", -3, 2.1235, None]


def test_a_table_is_read_back() -> None:
    text = as_csv(["nama", "jumlah"], [["Kudus, kota", 3], ['kata "kutip"\nbaris', None]])
    assert list(csv.reader(io.StringIO(text))) == [
        ["nama", "jumlah"],
        ["Kudus, kota", "3"],
        ['kata "kutip"\nbaris', ""],
    ]
