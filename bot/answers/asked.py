"""The check that a passage holds what was asked for: how long, who, or a number of the unit named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.answers.ranking import Candidate
from bot.answers.wordings import aspects
from bot.hearing import Heard

_UNITS = "persen|menit|jam|hari|minggu|bulan|tahun|lembar|rangkap|digit|langkah|meter|orang|lantai|kali|rupiah|juta"
_UNIT = re.compile(rf"\bberapa ({_UNITS})\b|\b({_UNITS})(?:nya)? berapa\b")
_TIME = re.compile(
    r"\bberapa (?:lama|menit|hari|minggu|bulan)\b|\b(?:lama|waktu)nya\b|\b\d+ (?:menit|hari|minggu|bulan)\b"
)
_WHO = re.compile(r"\bsiapa\b|\b(?:dinas|bagian|bidang) (?:apa|mana)\b")
_SILENT = re.compile(
    r"tidak (?:\w+ )?(?:di|ter)?(?:sebut|tulis|rinci|atur|ada)|belum (?:saya )?(?:ketahui|punya)|tidak bisa"
)
"""How an answer says that what was asked is written nowhere: it is one."""
_ANOTHER = 0.45  # score at which another passage that holds it goes before


def holding(heard: Heard, found: Sequence[Candidate], sure: float) -> tuple[Candidate, ...]:
    """The candidates, led by one that holds what was asked for; where none does, the first is doubtful."""
    if not found or heard.wish == "mend" or found[0].passage.kind == "card":
        return tuple(found)
    first, *rest = found
    for aspect, pattern in (("duration", _TIME), ("who", _WHO)):
        if pattern.search(heard.plain) and not _about(first, aspect):
            other = next((one for one in rest if one.score >= _ANOTHER and _about(one, aspect)), None)
            if other is not None:
                return (replace(other, score=max(other.score, sure)), first, *(one for one in rest if one is not other))
    if first.score >= sure and _lacks_unit(heard.plain, first.passage.about):
        return (replace(first, score=sure - 0.01), *rest)
    return tuple(found)


def _about(one: Candidate, aspect: str) -> bool:
    return aspect in aspects(one.wording) or one.passage.aspect == aspect


def _lacks_unit(plain: str, text: str) -> bool:
    """Whether a number of a unit is asked for, and the passage neither names that unit nor says that it is silent."""
    asked = _UNIT.search(plain)
    said = text.lower()
    return asked is not None and bool(said) and (asked[1] or asked[2]) not in said and not _SILENT.search(said)
