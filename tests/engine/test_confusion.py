"""The picture of confusions: one cell a pair, well-formed."""

from __future__ import annotations

from xml.etree import ElementTree

from bot.dialogue.confusion import drawn

SVG = "{http://www.w3.org/2000/svg}"


def test_each_pair_is_a_cell_with_its_count() -> None:
    pairs = [("greet", "greet", True)] * 3 + [("thanks", "greet", False), ("thanks", "goodbye", True)]
    root = ElementTree.fromstring(drawn(pairs))
    counts = [one.text for one in root.iter(f"{SVG}text") if "count" in one.get("class", "")]
    colours = [one.get("fill") for one in root.iter(f"{SVG}rect") if one.get("rx")]
    assert sorted(zip(counts, colours, strict=True)) == [("1", "#6b9080"), ("1", "#c0392b"), ("3", "#127a4b")]
    names = {one.text for one in root.iter(f"{SVG}text")}
    assert {"greet", "thanks", "goodbye", "n = 2"} <= names
    assert "deny" not in names


def test_no_message_is_an_empty_picture() -> None:
    assert ElementTree.fromstring(drawn([])).tag == f"{SVG}svg"
