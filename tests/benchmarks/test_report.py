"""The table and pictures of docs/performance.md, made from numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks import report
from benchmarks.load import Measured, rasa_sender
from benchmarks.run import PARTS, machine
from bot.settings import ROOT


def quantiles(p50: float) -> dict[str, float]:
    return {"turns_per_second": 80.0, "p50_ms": p50, "p95_ms": p50 * 2, "p99_ms": p50 * 3}


RESULT: dict[str, Any] = {
    "date": "2026-11-22",
    "machine": {
        "processor": "Test <1>",
        "processors": 2,
        "memory_gb": 4,
        "system": "Linux 6",
        "load_before": 0.1,
    },
    "size": 30.0,
    "pandu": {
        "saturation": quantiles(100),
        "rates": {"2": quantiles(12), "10": quantiles(14.5)},
        "history": {"10": quantiles(10), "5000": quantiles(11), "ratio": 1.1},
        "webhooks": quantiles(4),
        "stored": {"1000000": {"saturation": quantiles(1), "at_10": quantiles(2)}},
        "scale": {"1": quantiles(1), "2": quantiles(2)},
        "cpu_seconds_per_1000_turns": 13.2,
    },
    "rasa": {
        "saturation": quantiles(1000) | {"turns_per_second": 17.7},
        "rates": {"2": quantiles(60), "10": quantiles(90)},
        "cpu_seconds_per_1000_turns": 70.1,
    },
    "ratio": 4.52,
}


def test_rows_say_what_was_measured_and_nothing_else() -> None:
    rows = {title: (ours, theirs) for title, ours, theirs in report.rows(RESULT)}
    assert rows["turns/s at saturation"] == ("80", "17.7")
    assert rows["p95 at 10 messages/s, ms"] == ("29", "180")
    assert rows["webhook acknowledged at 100/s, p99, ms"] == ("12", "–")
    assert rows["turns/s with 1,000,000 messages stored"] == ("80", "–")
    assert not any("memory" in title for title in rows)
    assert report.rows({"pandu": {}, "rasa": {}}) == []


def test_pictures_are_as_long_as_their_figures() -> None:
    pictures = report.pictures(RESULT)
    assert pictures.keys() == {"latency", "throughput"}
    for picture in pictures.values():
        root = ElementTree.fromstring(picture)
        bars = [bar for bar in root.iter("{http://www.w3.org/2000/svg}rect") if bar.get("height") == "16"]
        lengths = [float(bar.get("width", "0")) for bar in bars]
        assert len(bars) % 2 == 0
        assert max(lengths) < float(root.get("width", "0"))
    throughput = ElementTree.fromstring(pictures["throughput"])
    ours, theirs = [
        float(bar.get("width", "0"))
        for bar in throughput.iter("{http://www.w3.org/2000/svg}rect")
        if bar.get("height") == "16"
    ]
    assert theirs / ours == pytest.approx(17.7 / 80, rel=0.01)
    assert report.pictures({"pandu": RESULT["pandu"]}) == {}


def test_writing_renews_only_what_is_generated(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    page = tmp_path / "performance.md"
    page.write_text(f"# Head\n\n{report.BEGIN}\nold\n{report.END}\n\nTail\n")
    for _ in range(2):
        report.write(RESULT, tmp_path)
    text = page.read_text()
    assert text.startswith("# Head\n")
    assert text.endswith("\nTail\n")
    assert "old" not in text
    assert text.count("| turns/s at saturation | 80 | 17.7 |") == 1
    assert json.loads((tmp_path / "performance.json").read_text()) == RESULT
    assert (tmp_path / "images" / "latency.svg").is_file()


def test_the_page_has_its_marks() -> None:
    text = (ROOT / "docs" / "performance.md").read_text()
    assert text.count(report.BEGIN) == text.count(report.END) == 1


def test_quantiles() -> None:
    measured = Measured(100, 10.0, [float(number) for number in range(100)])
    assert (measured.per_second, measured.quantile(0.5), measured.quantile(0.99)) == (10.0, 50.0, 99.0)
    assert Measured(0, 1.0, []).summary()["turns"] == 0


def test_the_machine_and_the_people() -> None:
    assert machine()["processors"] >= 1
    assert int(rasa_sender("sat1")) != int(rasa_sender("sat2"))
    assert len(set(PARTS)) == len(PARTS)
