"""docs/petugas.md, from which front-office staff work: what it calls by name stands in the console by that name."""

from __future__ import annotations

import re

import pytest

from bot.console import words
from bot.console.routes import SECTIONS
from bot.settings import ROOT

PAGE = (ROOT / "docs/petugas.md").read_text()
BOLD = sorted(set(re.findall(r"\*\*([A-Z][^*]+)\*\*", PAGE)))
CONSOLE = "\n".join(
    one.read_text() for pattern in ("templates/*.html", "*.py") for one in sorted((ROOT / "bot/console").glob(pattern))
)
BADGES = re.findall(r"^\| ([^|]+) \|", PAGE, re.MULTILINE)[2:]


@pytest.mark.parametrize("name", BOLD)
def test_a_name_that_staff_look_for_is_on_a_page(name: str) -> None:
    assert name.rstrip(".") in CONSOLE or name in {one.title for one in SECTIONS}


def test_the_signs_are_those_of_the_list() -> None:
    kinds = {title for title, _ in words.KINDS.values()} | {title for _, title in words.STATUSES.values()}
    known = [one for badge in BADGES for one in badge.split(", ") if one[0].isupper()]
    assert known and set(known) <= kinds


def test_it_takes_ten_minutes() -> None:
    assert len(PAGE.split()) < 200 * 10 / 2  # of 200 words a minute, half the time is for trying
