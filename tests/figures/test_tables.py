"""Figures as CSV."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import openpyxl
import pytest

from bot.figures.tables import Grid, as_csv, as_xlsx, safe


@pytest.mark.parametrize("text", ["=1+1", "+62811", "-2", "@SUM(A1)", "\t=1", "\r=1", " =cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe(text) == "'" + text.replace("\r", "\n")


def test_other_cells_stay_as_they_are() -> None:
    assert [safe(cell) for cell in ("Syarat", "a=b", -3, 2.123456, 1500.0, None)] == [
        "Syarat",
        "a=b",
        -3,
        "2,1235",
        "1500",
        None,
    ]


def test_a_table_is_read_back() -> None:
    text = as_csv(["nama", "jumlah"], [["Kudus, kota", 3], ['kata "kutip"\nbaris', None]])
    assert list(csv.reader(io.StringIO(text), delimiter=";")) == [
        ["nama", "jumlah"],
        ["Kudus, kota", "3"],
        ['kata "kutip"\nbaris', ""],
    ]


def read_back(content: bytes, sheet: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [tuple(cell.value for cell in row) for row in book[sheet].iter_rows()]


@pytest.mark.parametrize("text", ["=1+1", "+62811", "@SUM(A1)", " =cmd|' /C calc'!A0", "-2"])
def test_no_cell_of_a_workbook_is_a_formula(text: str) -> None:
    content = as_xlsx([Grid("Uji", [text], [[text]])])
    book = openpyxl.load_workbook(io.BytesIO(content))
    for row in book["Uji"].iter_rows():
        for cell in row:
            assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)


def test_a_workbook_keeps_numbers_days_and_long_names() -> None:
    name = "Nguyễn " * 40
    rows = [[name, 3, 2.5, date(2026, 11, 30), datetime(2026, 11, 30, 9, 5), None], ["a\x00b", 0, 0.0, None, None, "x"]]
    head = ["Nama", "n", "x", "hari", "saat", "catatan"]
    content = as_xlsx([Grid("A/B: [x]?*", head, rows, "Catatan di bawah."), Grid("A/B: [x]?*", head, [])])
    found = read_back(content, "A B   x")
    assert found[0] == tuple(head)
    assert found[1] == (name, 3, 2.5, datetime(2026, 11, 30), datetime(2026, 11, 30, 9, 5), None)
    assert found[2][0] == "ab"
    assert found[4][0] == "Catatan di bawah."
    assert read_back(content, "A B   x 2") == [tuple(head)]


def test_numbers_are_indonesian_in_csv() -> None:
    text = as_csv(["a"], [[3.5], [-0.25], [1e6], [date(2026, 11, 30)]])
    assert text.splitlines() == ["a", "3,5", "-0,25", "1000000", "2026-11-30"]
