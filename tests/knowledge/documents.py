"""The numbered lists of the stored documents, read independently of the YAML."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "knowledge" / "sources"
_ITEM = re.compile(r"^[ \xa0]*(\d+)[.)][ \xa0]+(\S.*)$", re.M)


def text(document: str) -> str:
    return (SOURCES / f"{document}.txt").read_text("utf-8")


def lists(document: str) -> list[list[str]]:
    """Every list whose lines are numbered from 1, in the order of the document."""
    found: list[list[str]] = []
    for number, line in _ITEM.findall(text(document)):
        if int(number) == 1:
            found.append([])
        if found and int(number) == len(found[-1]) + 1:
            found[-1].append(plain(line))
    return found


def magetan(component: str) -> list[str]:
    """The numbered parts in a cell of Magetan's table."""
    cell = re.search(rf"^\d+\t{component}\t(.*)$", text("S2"), re.M)
    assert cell
    marks = [*re.finditer(r"(?<= )(\d+)\. ", cell[1])]
    ends = [(mark.end(), following.start()) for mark, following in pairwise(marks)]
    return [plain(cell[1][start:end]) for start, end in [*ends, (marks[-1].end(), len(cell[1]))]]


def kudus() -> list[list[tuple[str, str]]]:
    """Per SOP the steps as (activity, time)."""
    rows = re.findall(r"^(\d)\.\t([^\t]+)\t.*?\t(\d+ (?:menit|hari))\t", text("S3"), re.M)
    steps = [(plain(activity), time) for _, activity, time in rows]
    return [steps[:8], steps[8:]]


def plain(sentence: str) -> str:
    """White space as one space, no full stop or semicolon at the end."""
    return " ".join(sentence.split()).rstrip(".; ")
