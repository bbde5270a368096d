"""Measuring how well messages are understood: `pandu nlu test FILE.jsonl [--json] [--confusion FILE.svg]`.

A file has one object a line: `{"text", "family"}`, and, where known, `"id"`, `"also"` (families that another fair
reader could choose), `"domain"`, `"authorship"`. Strict: the predicted family is `family`. Lenient: it is `family` or
in `also`. A message answered with "Maksud Anda …?" (not direct) counts with the engine's best guess.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bot.dialogue.confusion import drawn
from bot.dialogue.intents import FALLBACK_INTENT, FAMILIES, family_of
from bot.dialogue.parse_engine import parsing_engine
from bot.errors import CannotRun

Understood = dict[str, Any]
"""The `understood` object of the engine's contract."""
Parse = Callable[[Sequence[str]], list[Understood]]


class UnusableFile(ValueError):
    """A line of the file is no labelled message; the text says which."""


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A labelled message."""

    id: str
    text: str
    family: str
    also: frozenset[str]
    groups: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """A row and what the engine made of it; `guesses` are families, best first."""

    row: LabelledRow
    guesses: list[str]
    direct: bool

    @property
    def predicted(self) -> str:
        return self.guesses[0]

    @property
    def strict(self) -> bool:
        return self.predicted == self.row.family

    @property
    def lenient(self) -> bool:
        return self.fits(self.predicted)

    def fits(self, family: str) -> bool:
        return family == self.row.family or family in self.row.also


@dataclass(frozen=True, slots=True)
class NluReport:
    """Shares are between 0 and 1; `right` is lenient, and a message that was asked back counts as wrong.

    `macro_f1` is strict, over the families that occur in the file.
    """

    n: int
    strict: float
    lenient: float
    macro_f1: float
    direct_share: float
    direct_right: float
    right: float
    top3: float
    confusions: list[dict[str, Any]]
    slices: dict[str, dict[str, dict[str, float]]]


def run(path: Path, as_json: bool, confusion: Path | None = None) -> int:
    """Print the report on the messages of `path`; returns the exit code (2: the file or the engine cannot be used).

    `confusion` is where the picture of what was taken for what goes.
    """
    try:
        rows = read_rows(path)
        with parsing_engine() as parse:
            judged = judge(rows, parse)
        report = counted(judged)
        if confusion:
            confusion.write_text(drawn([(one.row.family, one.predicted, one.lenient) for one in judged]), "utf-8")
    except (UnusableFile, CannotRun, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(asdict(report), ensure_ascii=False) if as_json else as_text(report))
    return 0


def read_rows(path: Path) -> list[LabelledRow]:
    """Return the labelled messages of a JSONL file; raises UnusableFile, also when there is none."""
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.strip():
            rows.append(_row(line, f"{path}, line {number}"))
    if not rows:
        raise UnusableFile(f"{path} holds no labelled message")
    return rows


def _row(line: str, where: str) -> LabelledRow:
    try:
        raw = json.loads(line)
        text, family, also = raw["text"], raw["family"], raw.get("also") or []
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnusableFile(f"{where}: not an object with text and family") from error
    if not isinstance(text, str) or family not in FAMILIES:
        raise UnusableFile(f"{where}: no text, or unknown family {family}")
    groups = {name: str(raw[name]) for name in ("domain", "authorship") if raw.get(name)}
    return LabelledRow(str(raw.get("id", where)), text, family, frozenset(also), groups)


def evaluate(rows: Sequence[LabelledRow], parse: Parse) -> NluReport:
    """Parse every row once and count."""
    return counted(judge(rows, parse))


def judge(rows: Sequence[LabelledRow], parse: Parse) -> list[Judged]:
    """Parse every row once."""
    answers = parse([row.text for row in rows])
    return [_judge(row, answer) for row, answer in zip(rows, answers, strict=True)]


def counted(judged: Sequence[Judged]) -> NluReport:
    """The figures of judged rows."""
    direct = [entry for entry in judged if entry.direct]
    return NluReport(
        n=len(judged),
        strict=_share(entry.strict for entry in judged),
        lenient=_share(entry.lenient for entry in judged),
        macro_f1=_macro_f1(judged),
        direct_share=_share(entry.direct for entry in judged),
        direct_right=_share(entry.lenient for entry in direct),
        right=_share(entry.direct and entry.lenient for entry in judged),
        top3=_share(any(map(entry.fits, entry.guesses[:3])) for entry in judged),
        confusions=_confusions(judged),
        slices=_slices(judged),
    )


def _judge(row: LabelledRow, answer: Understood) -> Judged:
    names = [entry["name"] for entry in answer["ranking"]] or [answer["intent"]]
    return Judged(row, [family_of(name) for name in names], direct=answer["intent"] != FALLBACK_INTENT)


def _share(values: Iterable[bool]) -> float:
    counted = list(values)
    return round(sum(counted) / len(counted), 4) if counted else 0.0


def _macro_f1(judged: Sequence[Judged]) -> float:
    wanted = Counter(entry.row.family for entry in judged)
    predicted = Counter(entry.predicted for entry in judged)
    right = Counter(entry.row.family for entry in judged if entry.strict)
    scores = [2 * right[family] / (wanted[family] + predicted[family]) for family in wanted]
    return round(sum(scores) / len(scores), 4)


def _confusions(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """What was taken for what (lenient), most frequent first."""
    wrong = Counter((entry.row.family, entry.predicted) for entry in judged if not entry.lenient)
    return [{"family": family, "predicted": taken, "count": count} for (family, taken), count in wrong.most_common()]


def _slices(judged: Sequence[Judged]) -> dict[str, dict[str, dict[str, float]]]:
    """Figures by family, length, and what else the file tells of its rows."""
    sorted_out: dict[str, dict[str, list[Judged]]] = {}
    for entry in judged:
        groups = {"family": entry.row.family, "words": _length(entry.row.text), **entry.row.groups}
        for kind, name in groups.items():
            sorted_out.setdefault(kind, {}).setdefault(name, []).append(entry)
    return {
        kind: {name: _slice(entries) for name, entries in sorted(named.items())} for kind, named in sorted_out.items()
    }


def _slice(entries: Sequence[Judged]) -> dict[str, float]:
    return {
        "n": len(entries),
        "strict": _share(entry.strict for entry in entries),
        "lenient": _share(entry.lenient for entry in entries),
    }


def _length(text: str) -> str:
    words = len(text.split())
    for most, name in ((5, "01-05"), (17, "06-17"), (33, "18-33")):
        if words <= most:
            return name
    return "34+"


def as_text(report: NluReport) -> str:
    """Return the report as lines for a terminal."""
    lines = [
        f"messages            {report.n}",
        f"right, strict       {report.strict:.1%}   (macro-F1 {report.macro_f1:.3f})",
        f"right, lenient      {report.lenient:.1%}   (among the first three: {report.top3:.1%})",
        f"right, not asked    {report.right:.1%}   (asked back counts as wrong)",
        f"answered directly   {report.direct_share:.1%}   (of these right: {report.direct_right:.1%})",
    ]
    if report.confusions:
        lines += ["", "taken for something else:"]
        lines += [f"  {row['count']:3d}  {row['family']} -> {row['predicted']}" for row in report.confusions[:15]]
    for kind, named in report.slices.items():
        lines += ["", f"by {kind}:"]
        lines += [
            f"  {name:22s} {figures['n']:4.0f}   strict {figures['strict']:.1%}   lenient {figures['lenient']:.1%}"
            for name, figures in named.items()
        ]
    return "\n".join(lines)
