"""Identity numbers (NIK, sixteen digits), whatever stands between the digits.

Sixteen digits in one piece are always taken for one (bank cards have as many); seventeen are one with a digit too many.
In pieces they are one when they are built like one (province, a day, a month at their places), when its pieces are, or
when a word for it stands before: dates, prices and telephone numbers in a row add up to sixteen, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

NIK_DIGITS = 16
_RUN = re.compile(r"\d+(?:\u200d{0,16}[\W_]{1,5}\d+)*")  # blanks of every kind, signs, line breaks; no letters
_GROUP = re.compile(r"\d+")
_WORD = re.compile(
    r"(?<!\[)n[.\s]{0,2}i[.\s]{0,2}k(?:nya|ku|mu)?\b|ktp|kependudukan|dukcapil|identitas|kartu\s+tanda|\bkk\b|kartu\s+keluarga",
    re.IGNORECASE,
)
_MISREAD = re.compile(r"(?<![\dOoIl])(?=(?:[OoIl]{0,3}\d){13})[\dOoIl]{16}(?![\dA-Za-z])")
"""Letters that look like digits, as phones and scanners write them."""
_PIECE = re.compile(r"([^\d\n]{1,22})(\d{2,16})")
_OTHERS = ("nib", "npwp", "kbli", "hp", "telp", "tel", "wa ", "no ", "nomor", "otp", "pin", "tahun", "rp")
_NEAR = 40  # characters before, in which a word for it counts
_PROVINCES = frozenset(
    f"{code:02}"
    for code in (
        *range(11, 20),
        21,
        *range(31, 37),
        *range(51, 54),
        *range(61, 66),
        *range(71, 77),
        81,
        82,
        *range(91, 98),
    )
)
_USUAL = ((4, 4, 4, 4), (6, 6, 4), (2, 2, 2, 6, 4), (2, 2, 2, 2, 2, 2, 4), (8, 8), (6, 10), (12, 4), (5, 5, 6))


def identity_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where they stand; may overlap, in no order."""
    yield from _in_pieces(text)
    yield from _in_words(text)
    for one in _MISREAD.finditer(text):
        yield one.span()


def _in_words(text: str) -> Iterator[tuple[int, int]]:
    """Told piece by piece: "nik depan 33190123 belakangnya 05908901"."""
    for word in _WORD.finditer(text):
        digits, start, end = "", 0, word.end()
        while len(digits) < NIK_DIGITS and (piece := _PIECE.match(text, end)):
            if any(other in piece[1].lower() for other in _OTHERS):
                break
            start, end = start or piece.start(2), piece.end()
            digits += piece[2]
        if len(digits) == NIK_DIGITS and not text[end : end + 1].isdigit():
            yield start, end


def _in_pieces(text: str) -> Iterator[tuple[int, int]]:
    for run in _RUN.finditer(text):
        groups = [(run.start() + one.start(), run.start() + one.end()) for one in _GROUP.finditer(run[0])]
        for first, until in _numbers(text, groups):
            yield groups[first][0], groups[until - 1][1]


def _numbers(text: str, groups: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Which groups are one number: from, until."""
    first = begin = 0
    while first < len(groups):
        length = _length(text, groups, first)
        if length:
            yield first, first + length
            yield from _ending_at(text, groups, begin, first)
            begin = first + length
        first += length or 1


def _ending_at(text: str, groups: Sequence[tuple[int, int]], begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Those before one that was found: no digits follow them when it is masked. Seen at once, however long the row."""
    at = max(begin, end - NIK_DIGITS)
    while at < end:
        if _length(text, groups[at:end], 0) == end - at:
            yield at, end
            end, at = at, max(begin, at - NIK_DIGITS)
        else:
            at += 1


def _length(text: str, groups: Sequence[tuple[int, int]], first: int) -> int:
    """How many of the groups, from `first` on, are one number; 0: none."""
    digits = ""
    for count, (start, end) in enumerate(groups[first : first + NIK_DIGITS + 1], start=1):
        digits += text[start:end]
        if len(digits) > NIK_DIGITS + 1:
            return 0
        if len(digits) >= NIK_DIGITS:
            parts = [until - begin for begin, until in groups[first : first + count]]
            follows = first + count < len(groups)
            if _is_one(text, groups[first][0], digits, parts, follows):
                return count + (follows and _is_one_more(text, groups[first : first + count + 2]))
    return 0


def _is_one_more(text: str, groups: Sequence[tuple[int, int]]) -> bool:
    """A single digit close behind the sixteen."""
    (_, end), (start, until) = groups[-2], groups[-1]
    return until - start == 1 and start - end == 1 and text[until : until + 2].strip(" ")[:1] not in tuple(".)")


def _is_one(text: str, start: int, digits: str, parts: list[int], follows: bool) -> bool:
    named = _WORD.search(text, max(0, start - _NEAR), start) is not None
    if len(parts) == 1:
        return len(digits) == NIK_DIGITS or named or not text[max(0, start - 1) : start].isalpha()
    if len(digits) > NIK_DIGITS:
        return named or (_fits(digits[:NIK_DIGITS]) and not follows)
    return named or _fits(digits) or _is_usual(text, start, digits, parts, follows)


def _is_usual(text: str, start: int, digits: str, parts: list[int], follows: bool) -> bool:
    """Cut as people cut it; not a row of years."""
    if parts == [1] * NIK_DIGITS:
        return not follows and len(set(digits)) > 2
    if tuple(parts) not in _USUAL or follows:
        return False
    if parts == [4, 4, 4, 4]:
        return not all(digits[at : at + 2] in ("19", "20") for at in range(0, NIK_DIGITS, 4))
    return parts != [8, 8] and _fits(digits)


def _fits(digits: str) -> bool:
    """Built like one: a province, then at its place the day of birth (plus 40 for women) and the month."""
    day, month = int(digits[6:8]), int(digits[8:10])
    return digits[:2] in _PROVINCES and (1 <= day <= 31 or 41 <= day <= 71) and 1 <= month <= 12 and digits[2:4] != "00"
