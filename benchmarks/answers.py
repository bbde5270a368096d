"""Hits of the search for long messages, and the curve of coverage and accuracy that being sure is worth.

    python -m benchmarks.answers [--write docs/understanding.md]

The search alone, as `pandu answers why` shows it, on `tests/answers/own_situations.yml` with the trained engine.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import yaml

from benchmarks.report import curve
from bot.answers import finding
from bot.answers.context import Context
from bot.dialogue.parse_engine import Parse, parsing_engine
from bot.hearing import listen
from bot.knowledge.load import get_knowledge
from bot.settings import ROOT

SET = ROOT / "tests" / "answers" / "own_situations.yml"
BEGIN, END = "<!-- benchmarks.answers writes from here -->", "<!-- to here, curve -->"
_FEWEST = 0.05  # share of the messages from which on the picture shows the line
PICTURE = "answers-curve.svg"
SCORES = (0.2, 0.3, finding.BETWEEN, 0.5, 0.6, finding.SURE, 0.75, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Message:
    """A labelled message: passages that help, passages that are acceptable; both empty where nothing is held."""

    say: str
    gold: frozenset[str]
    fits: frozenset[str]


@dataclass(frozen=True, slots=True)
class Searched:
    """What a message found: ids of passages, best first, and the score of the first (0 to 1; 0 without any)."""

    message: Message
    found: tuple[str, ...]
    score: float

    @property
    def place(self) -> int | None:
        """Place of the first passage that helps, from 1."""
        return next((number for number, one in enumerate(self.found, 1) if one in self.message.gold), None)

    @property
    def acceptable(self) -> bool:
        return self.found[:1] != () and self.found[0] in self.message.gold | self.message.fits


@dataclass(frozen=True, slots=True)
class Point:
    """Of messages whose best score is at least `score`: their share of all, and the share that is acceptable."""

    score: float
    coverage: float
    accuracy: float


def messages(file: Path = SET) -> list[Message]:
    found = yaml.safe_load(file.read_text("utf-8"))
    return [Message(one["say"], frozenset(one["gold"]), frozenset(one["fits"])) for one in found]


def search(asked: Sequence[Message], parse: Parse) -> list[Searched]:
    """Each message's candidates, in the scope and with the intent that a turn would have."""
    knowledge, found = get_knowledge(), []
    for one, meant in zip(asked, parse([one.say for one in asked]), strict=True):
        likely = {str(name): float(chance) for name, chance in meant.get("answers") or []}
        heard = listen(knowledge, one.say, meant["intent"], meant["confidence"], likely=likely)
        candidates = finding.find(knowledge, heard, Context()).candidates
        ids = tuple(each.passage.id for each in candidates)
        found.append(Searched(one, ids, candidates[0].score if candidates else 0.0))
    return found


def measures(found: Sequence[Searched]) -> dict[str, float]:
    """hit@1, hit@3 and MRR of the messages that a passage holds."""
    places = [one.place for one in found if one.message.gold]
    return {
        "n": len(places),
        "hit@1": fmean(place == 1 for place in places),
        "hit@3": fmean(place is not None and place <= 3 for place in places),
        "MRR": fmean(1 / place if place else 0.0 for place in places),
    }


def points(found: Sequence[Searched], scores: Sequence[float]) -> list[Point]:
    """The curve at these scores; where no message reaches one, it ends. What nothing holds is never acceptable."""
    curve_ = []
    for score in scores:
        said = [one.acceptable for one in found if one.score >= score]
        if not said:
            break
        curve_.append(Point(score, len(said) / len(found), fmean(said)))
    return curve_


def section(found: Sequence[Searched]) -> str:
    """The part of the page: hits, the curve as a table, the picture."""
    of, unheld = measures(found), [one.score for one in found if not one.message.gold]
    lines = [
        f"`{SET.relative_to(ROOT)}`, {len(found)} messages, of which {of['n']} have a passage that helps: hit@1 "
        f"{of['hit@1']:.2f}, hit@3 {of['hit@3']:.2f}, MRR {of['MRR']:.2f}. Of the {len(unheld)} that nothing holds "
        f"{sum(one >= finding.SURE for one in unheld)} are answered as sure, "
        f"{sum(finding.BETWEEN <= one < finding.SURE for one in unheld)} with doubt.",
        "",
        "| score at least | messages that have it (coverage) | acceptable among these (accuracy) |",
        "| ---: | ---: | ---: |",
        *(f"| {_named(one.score)} | {one.coverage:.2f} | {one.accuracy:.2f} |" for one in points(found, SCORES)),
        "",
        f"![How many messages are answered, and how many of these acceptably](images/{PICTURE})",
    ]
    return "\n".join(lines)


def picture(found: Sequence[Searched]) -> str:
    every = sorted({one.score for one in found})
    marks = {finding.SURE: f"sure, from {finding.SURE:g}", finding.BETWEEN: f"with doubt, from {finding.BETWEEN:g}"}
    marked = [(one.coverage, one.accuracy, marks[one.score]) for one in points(found, sorted(marks))]
    return curve([(one.coverage, one.accuracy) for one in points(found, every) if one.coverage >= _FEWEST], marked)


def _named(score: float) -> str:
    names = {finding.SURE: " (sure)", finding.BETWEEN: " (with doubt)"}
    return f"{score:.2f}{names.get(score, '')}"


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path, help="page whose part is renewed, with its picture beside it")
    options = parser.parse_args(arguments)
    with parsing_engine() as parse:
        found = search(messages(), parse)
    if options.write:
        page = options.write.read_text("utf-8")
        before, rest = page.split(BEGIN)
        options.write.write_text(f"{before}{BEGIN}\n\n{section(found)}\n\n{END}{rest.split(END)[1]}", "utf-8")
        (options.write.parent / "images" / PICTURE).write_text(picture(found), "utf-8")
    return {**measures(found), "curve": [(one.score, one.coverage, one.accuracy) for one in points(found, SCORES)]}


if __name__ == "__main__":
    print(json.dumps(main(), indent=1))
