"""Numbers, letters and bullets before the items of a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Style = Literal["number.", "number)", "(number)", "lower", "upper", "bullet", "bare"]

_BULLET = re.compile(
    r"[\u2022\u25aa\u25e6\u25cf\u25cb\u25a0\u25a1\u2713\u2714\u2756\u27a2\uf0b7\uf0d8\uf0a7*\u00b7]\s*|[-\u2013\u2014]\s+"
)
_NUMBER = re.compile(r"(\d{1,2})\s?([.)])(?!\d)\s*")
_NUMBER_LETTER = re.compile(r"(\d{1,2})[a-z][.)]\s+")
_ENCLOSED = re.compile(r"\((\d{1,2})\)\s*")
_LETTER = re.compile(r"([a-zA-Z])([.)])(?=\s|[A-Z])\s*")
_BARE = re.compile(r"(\d{1,2})\s+(?=[^\W\d_])")
_BARE_DUPLICATE = re.compile(r"(\d{1,2})\s+(?=\1[.)])")

_BEFORE_COUNT = re.compile(
    r"(?:\b(?:nomor|no|no\.|nomer|pasal|ayat|huruf|angka|butir|lampiran|tanggal|tahun|dan|atau|dalam|selama|maksimal|maks|"
    r"minimal|maksimum|minimum|kurang|lebih|sampai|hingga|s/d|s\.d\.|rp|rp\.|bulan|seri|form|formulir|model|ukuran|lantai|"
    r"kelas|tipe|langkah|sebanyak|paling|lama|lambat|telp|telepon|fax|kav|blok|jl|ke|x|di|untuk|dari|setiap)|[-\u2013/+x(&,]|ke-)\s*$",
    re.IGNORECASE,
)
_BEFORE_NUMBER = re.compile(
    r"\b(?:nomor|no|no\.|pasal|ayat|huruf|angka|butir|langkah|rp|rp\.|dan|atau)\s*$", re.IGNORECASE
)
_AFTER_COUNT = re.compile(
    r"(?:\(|tahun|hari|bulan|minggu|jam|menit|detik|lembar|lbr|lb|rangkap|orang|kali|buah|cm|mm|km|ha|hektar|meter|m2|m|"
    r"persen|%|set|eksemplar|unit|ruang|juta|ribu|miliar|rupiah|januari|februari|maret|april|mei|juni|juli|agustus|"
    r"september|oktober|november|desember|x)\b|\(",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Mark:
    style: Style
    number: int

    def follows(self, other: Mark) -> bool:
        return self.style == other.style and self.number == other.number + 1


def split_mark(text: str, *, bare: int | None = None) -> tuple[list[Mark], str]:
    """All marks before a text ("1. a. Surat": two), and the text. `bare`: a number without a dot that is awaited."""
    marks: list[Mark] = []
    rest = text.strip()
    while len(marks) < 3:
        found = _one(rest)
        if found is None:
            break
        marks.append(found[0])
        rest = found[1]
    if not [mark for mark in marks if mark.style != "bullet"]:
        number = bare_number(rest)
        if number is not None and (bare is None or number == bare):
            return [*marks, Mark("bare", number)], _BARE.sub("", rest, count=1)
    return marks, rest


def bare_number(text: str) -> int | None:
    """The number at the start, unless it counts something ("5 hari", "3 lembar")."""
    found = _BARE.match(text)
    if found is None or _AFTER_COUNT.match(text[found.end() :]):
        return None
    return int(found[1])


def _one(text: str) -> tuple[Mark, str] | None:
    if found := _BULLET.match(text):
        return Mark("bullet", 0), text[found.end() :]
    if found := _NUMBER.match(text):
        return Mark("number." if found[2] == "." else "number)", int(found[1])), text[found.end() :]
    if found := _NUMBER_LETTER.match(text):
        return Mark("number.", int(found[1])), text[found.end() :]
    if found := _ENCLOSED.match(text):
        return Mark("(number)", int(found[1])), text[found.end() :]
    if found := _LETTER.match(text):
        letter = found[1]
        style: Style = "lower" if letter.islower() else "upper"
        return Mark(style, ord(letter.lower()) - 96), text[found.end() :]
    if found := _BARE_DUPLICATE.match(text):
        return Mark("bare", int(found[1])), text[found.end() :]
    return None


def find_inline(text: str, mark: Mark, start: int = 0) -> tuple[int, int] | None:
    """Where `mark` stands inside a text, as (start, end of the mark)."""
    for found in _pattern(mark).finditer(text, start):
        before = text[max(0, found.start() - 12) : found.start()]
        if before and (_BEFORE_COUNT if mark.style == "bare" else _BEFORE_NUMBER).search(before):
            continue
        if mark.style == "bare" and _AFTER_COUNT.match(text[found.end() :]):
            continue
        return found.start(), found.end()
    return None


def _pattern(mark: Mark) -> re.Pattern[str]:
    letter = chr(96 + mark.number) if 0 < mark.number <= 26 else "a"
    shapes: dict[Style, str] = {
        "number.": rf"(?<!\S){mark.number}\s?\.(?!\d)\s*(?=[^\W\d_]|[(\"\u201c])",
        "number)": rf"(?<!\S){mark.number}\s?\)\s*(?=\S)",
        "(number)": rf"(?<!\S)\({mark.number}\)\s*(?=\S)",
        "lower": rf"(?<!\S){letter}[.)]\s+(?=\S)",
        "upper": rf"(?<!\S){letter.upper()}[.)]\s+(?=\S)",
        "bare": rf"(?<!\S){mark.number}\s+(?=[^\W\d_])",
        "bullet": r"(?<!\S)[\u2022\u25aa\u25cf\u25e6]\s*(?=\S)",
    }
    return re.compile(shapes[mark.style])
