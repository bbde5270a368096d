"""Long texts cut into messages, at the end of a sentence where there is one."""

from __future__ import annotations

import re
import unicodedata

# A full stop after these is no sentence end.
_ABBREVIATIONS = frozenset(
    [
        "a",
        "b",
        "c",
        "d",
        "e",
        "f",
        "g",
        "h",
        "i",
        "j",
        "k",
        "l",
        "m",
        "n",
        "no",
        "nomor",
        "jl",
        "jln",
        "kab",
        "kec",
        "kel",
        "kop",
        "dll",
        "dsb",
        "dst",
        "dr",
        "drs",
        "ir",
        "h",
        "hj",
        "pt",
        "cv",
        "ud",
        "tbk",
        "ps",
        "psl",
        "hlm",
        "vs",
        "st",
        "prof",
        "bpk",
        "sdr",
        "tgl",
        "tlp",
        "telp",
        "ext",
        "sd",
        "s.d",
        "a.n",
        "u.p",
    ]
)
_BREAKS = (
    re.compile(r"\n[ \t]*\n\s*"),  # paragraph
    re.compile(r"\n\s*"),  # line
    re.compile(r"(?<=[.!?…])[\"')\]]*\s+"),  # sentence
    re.compile(r"\s+"),  # word
)
_SENTENCE = 2
_LONGEST_WORD = 40


def split_text(text: str, limit: int) -> list[str]:
    """`text` in parts of at most `limit` UTF-16 units (as some providers count; never less than characters).

    Nothing but white space at the cuts is lost. An empty text gives no part. `limit` must be at least 2.
    """
    if limit < 2:
        raise ValueError("limit must be at least 2")
    parts = []
    rest = text.strip()
    while _units(rest) > limit:
        end, begin = _cut(rest, _fitting(rest, limit))
        parts.append(rest[:end].rstrip())
        rest = rest[begin:].lstrip()
    return [part for part in [*parts, rest] if part]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fitting(text: str, limit: int) -> int:
    """How many characters from the start fit into `limit` units."""
    used = 0
    for position, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > limit:
            return position
    return len(text)


def _cut(text: str, room: int) -> tuple[int, int]:
    """Where the first part ends and the next begins, with at most `room` characters in the first.

    Better kinds of break are taken only from the second half, so that no part is needlessly short.
    """
    for kind, pattern in enumerate(_BREAKS):
        least = 1 if kind == len(_BREAKS) - 1 else room // 2
        best = None
        for found in pattern.finditer(text, 0, min(len(text), room + 1)):
            if least <= found.start() <= room and not (kind == _SENTENCE and _abbreviated(text, found.start())):
                best = found
        if best is not None:
            return best.start(), best.end()
    end = room
    while end > 1 and _joined(text, end):
        end -= 1
    end = end if end > 1 else room
    return end, end


def _abbreviated(text: str, end: int) -> bool:
    before = re.search(r"(?<![^\s(])([^\s(]+)\.$", text[max(0, end - _LONGEST_WORD) : end])
    return before is not None and (before[1].casefold() in _ABBREVIATIONS or before[1].isdecimal())


def _joined(text: str, position: int) -> bool:
    """Whether a cut before `position` would tear one visible sign apart."""
    joiners = "\u200d\ufe0f"
    return (
        unicodedata.combining(text[position]) != 0
        or text[position] in joiners
        or text[position - 1] == "\u200d"
        or "\U0001f3fb" <= text[position] <= "\U0001f3ff"
    )
