"""The measures of how well long messages are found, the curve, and the page that holds them."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from benchmarks.answers import BEGIN, END, PICTURE, Message, Searched, measures, messages, picture, points, section
from bot.answers.finding import SURE
from bot.settings import ROOT

HELPS, FITS, NONE = (
    Message("a", frozenset({"x"}), frozenset({"y"})), Message("b", frozenset({"x"}), frozenset({"y"})),
    Message("c", frozenset(), frozenset()),
)  # fmt: skip
FOUND = [Searched(HELPS, ("x", "z"), 0.9), Searched(FITS, ("y", "x"), 0.7), Searched(NONE, ("x",), 0.3)]


def test_what_helps_is_counted_by_its_place_and_only_where_something_is_held() -> None:
    assert measures(FOUND) == {"n": 2, "hit@1": 0.5, "hit@3": 1.0, "MRR": 0.75}
    assert measures([Searched(HELPS, (), 0.0)])["MRR"] == 0


def test_the_curve_counts_what_nothing_holds_as_wrong_and_ends_where_nobody_is_sure() -> None:
    curve = [(one.coverage, one.accuracy) for one in points(FOUND, (0.2, 0.7, 0.95, 0.99))]
    assert curve == [(1.0, pytest.approx(2 / 3)), (pytest.approx(2 / 3), 1.0)]


def test_the_picture_shows_the_line_and_both_decisions() -> None:
    drawn = ElementTree.fromstring(picture(FOUND))
    words = " ".join(drawn.itertext())
    assert f"sure, from {SURE:g}" in words and "with doubt" in words
    (line,) = drawn.findall("{http://www.w3.org/2000/svg}polyline")
    assert len(line.attrib["points"].split()) == len(FOUND)


def test_the_page_holds_the_part_that_is_written() -> None:
    page = (ROOT / "docs" / "understanding.md").read_text("utf-8")
    part = page.split(BEGIN)[1].split(END)[0]
    assert f"{len(messages())} messages" in part and "hit@1" in part and PICTURE in part
    assert (ROOT / "docs" / "images" / PICTURE).is_file()
    assert "answered as sure" in section(FOUND)
