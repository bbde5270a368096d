"""Trades that somebody else wrote down, without knowing the table: the right code among the three that are shown."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.kbli.find import find

TRADES = yaml.safe_load(Path(__file__).with_name("trades_apart.yml").read_text("utf-8"))


def shown(said: str) -> list[str]:
    found = find(said)
    return [one.code for one in found.candidates] or [part.candidates[0].code for part in found.parts]


def test_right_code_among_three() -> None:
    hits = sum(bool(set(shown(one["say"])) & set(one["codes"])) for one in TRADES)
    assert hits / len(TRADES) >= 0.92, hits


def test_no_wrong_code_without_another_beside_it() -> None:
    alone = [
        one["say"] for one in TRADES if len(shown(one["say"])) == 1 and not set(shown(one["say"])) & set(one["codes"])
    ]
    assert alone == []
