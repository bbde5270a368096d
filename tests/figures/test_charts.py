"""The pictures: well-formed, readable by machines, safe with any label, and the same for the same figures."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

from bot.figures import charts

SVG = "{http://www.w3.org/2000/svg}"
DAYS = [(f"{day}/11", float(day % 7)) for day in range(1, 31)]


def parsed(picture: str) -> ElementTree.Element:
    root = ElementTree.fromstring(picture)
    named = root.attrib["aria-labelledby"].split()
    assert [root[0].attrib["id"], root[1].attrib["id"]] == named
    assert root[0].tag == f"{SVG}title" and root[1].tag == f"{SVG}desc" and root[1].text
    return root


@pytest.mark.parametrize(
    "picture",
    [
        charts.bars("Topik", [("Syarat", 12), ("Biaya", 0)]),
        charts.columns("Pesan tiap hari", DAYS),
        charts.line("IKM", [("Okt", 80.5), ("Nov", None), ("Des", 91.0)], least=25, most=100, digits=1),
        charts.bars("Kosong", []),
        charts.columns("Kosong", []),
        charts.line("Kosong", [("Nov", None)]),
    ],
)
def test_every_picture_is_named_and_colours_itself(picture: str) -> None:
    root = parsed(picture)
    colours = {one.attrib[name] for one in root.iter() for name in ("fill", "stroke") if name in one.attrib}
    assert colours <= {"currentColor", "none"}
    assert not [one for one in root.iter() if "style" in one.attrib]  # a strict page allows no inline style


def test_bars_are_as_long_as_their_values() -> None:
    root = parsed(charts.bars("NRR", [("U1", 4.0), ("U2", 2.0), ("U3", 0.0)], most=4.0, digits=2))
    wide = [float(one.attrib["width"]) for one in root.iter(f"{SVG}rect")]
    assert wide[0] == 2 * wide[1] and wide[2] == 0
    assert [one.text for one in root.iter(f"{SVG}text") if one.attrib["class"] == "value"] == ["4,00", "2,00", "0,00"]
    assert root[1].text == "U1: 4,00; U2: 2,00; U3: 0,00"


def test_columns_stay_inside_and_the_highest_has_the_highest_value() -> None:
    root = parsed(charts.columns("Pesan", DAYS))
    tall = [float(one.attrib["height"]) for one in root.iter(f"{SVG}rect")]
    assert len(tall) == 30 and tall.index(max(tall)) == [value for _, value in DAYS].index(6.0)
    assert all(float(one.attrib["y"]) >= 0 for one in root.iter(f"{SVG}rect"))
    assert root[1].text == "Dari 1/11 (1) sampai 30/11 (2); tertinggi 6 pada 6/11."


def test_a_line_breaks_where_nothing_is_known() -> None:
    root = parsed(charts.line("IKM", [("a", 30.0), ("b", 40.0), ("c", None), ("d", 50.0)], least=25, most=100))
    runs = [one.attrib["points"].split() for one in root.iter(f"{SVG}polyline")]
    assert [len(run) for run in runs] == [2, 1]
    heights = [float(point.split(",")[1]) for run in runs for point in run]
    assert heights == sorted(heights, reverse=True)


def test_labels_are_text_and_cut() -> None:
    picture = charts.bars("<script>", [('"><script>alert(1)</script>', 3), ("x" * 80, 1)])
    root = parsed(picture)
    assert "<script" not in picture
    assert any((one.text or "").endswith("…") for one in root.iter(f"{SVG}text"))


@pytest.mark.parametrize(
    ("value", "top"), [(0, 4), (3, 4), (4, 4), (5, 5), (7, 10), (11, 20), (21, 40), (45, 50), (99, 100), (1234, 2000)]
)
def test_scales_end_with_round_numbers(value: float, top: float) -> None:
    assert charts.nice(value) == top


def test_numbers_are_indonesian() -> None:
    assert [charts.said(1234567), charts.said(3.14159, 2), charts.said(-1.5, 1)] == ["1.234.567", "3,14", "-1,5"]
