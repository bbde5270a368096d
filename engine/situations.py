"""Messages out of people's lives, each with the written answer that it needs: nlu_data/situations.jsonl."""

from __future__ import annotations

import json
from pathlib import Path
from typing import List, NamedTuple

from engine.fingerprint import ROOT

FILE = ROOT / "nlu_data" / "situations.jsonl"


class Situation(NamedTuple):
    """What somebody writes, and the id of the entry or card that answers."""

    say: str
    answer: str


def situations(file: Path = FILE) -> List[Situation]:
    """Return every message of the file, in its order."""
    lines = (json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip())
    return [Situation(one["say"], one["answer"]) for one in lines]
