"""Typed codes: one of either edition, a group, a letter, or nothing that exists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bot.kbli.classification import Classification, Entry, Heir, plain_title
from bot.knowledge.trades import get_table

Kind = Literal["current", "old", "both", "group", "letter", "digits", "missing", "unsure"]

CATEGORIES = {  # KBLI 2025: letter -> what it is about, first and last division (Peraturan BPS 7/2025)
    "A": ("pertanian, kehutanan, dan perikanan", 1, 3),
    "B": ("pertambangan dan penggalian", 5, 9),
    "C": ("industri pengolahan", 10, 33),
    "D": ("listrik, gas, dan udara dingin", 35, 35),
    "E": ("air, limbah, dan daur ulang", 36, 39),
    "F": ("konstruksi", 41, 43),
    "G": ("perdagangan besar dan eceran", 46, 47),
    "H": ("angkutan dan pergudangan", 49, 53),
    "I": ("penginapan, makanan, dan minuman", 55, 56),
    "J": ("penerbitan, penyiaran, dan konten", 58, 60),
    "K": ("telekomunikasi dan komputer", 61, 63),
    "L": ("keuangan dan asuransi", 64, 66),
    "M": ("real estat", 68, 68),
    "N": ("jasa profesional dan teknis", 69, 75),
    "O": ("penyewaan dan penunjang usaha", 77, 82),
    "P": ("pemerintahan", 84, 84),
    "Q": ("pendidikan", 85, 85),
    "R": ("kesehatan dan sosial", 86, 88),
    "S": ("seni, olahraga, dan rekreasi", 90, 93),
    "T": ("jasa lain, reparasi, dan perorangan", 94, 96),
    "U": ("rumah tangga", 97, 98),
    "V": ("badan internasional", 99, 99),
}
LONGEST = 7  # digits of a mistyped code; what is longer is a number of a person, and is never repeated

_SPACED = re.compile(r"(?<![\d.,])(\d{2})[. ](\d{3})(?![\d.,]|\s*\d)")
_NUMBER = re.compile(r"(?<![\w.,/-])([a-v]?)(\d{2,})(?![\w/-]|[.,]\d)")
_ANNOUNCED = re.compile(r"\b(?:kbli|kode|nomor|no|golongan|subgolongan|kelompok|r[ei]siko|risikonya|resikonya)\W*$")
_AMOUNT = re.compile(
    r"(?:rp\.?\s*)[\d.,]+|(?<![\d.,])[\d.,]+\s{0,3}(?:jt|juta|rb|ribu|m|miliar|milyar|k|%|persen|orang|hari|bulan|tahun|th|kg|meter)\b"
)
_BEFORE = 40  # characters before a number, in which what announces it stands
_ALONE = 200  # a longer text is no number that stands nearly alone
_YEAR = re.compile(r"\b(2020|2025)\b")
_EDITION = re.compile(r"(?:edisi|tahun|kbli|versi|yang)\s*(?:tahun\s*)?(2020|2025)\b")
_LETTER = re.compile(r"\b(?:kategori|kelompok|kode|huruf|kbli)\s+([a-v])\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Typed:
    """`value`: digits, or one capital letter. `edition`: 2020 or 2025 when the text says it."""

    value: str
    edition: int | None = None


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a typed code is.

    current: a code of 2025 (`entry`). old: only of 2020; `heirs` took over. both: it means something else in each
    edition and the text does not say which. group: two to four digits; `near` begins with them. letter: a category.
    digits: more than five. missing: in neither edition. unsure: not in the table, and nothing is imported.
    """

    kind: Kind
    typed: str
    entry: Entry | None = None
    old: Entry | None = None
    was: tuple[str, ...] = ()
    heirs: tuple[Heir, ...] = ()
    near: tuple[Entry, ...] = ()


def typed_in(text: str) -> list[Typed]:
    """The codes, groups and category letters that a text names."""
    low = text.lower()
    edition = _EDITION.search(low)
    year = int(edition[1]) if edition else None
    bare = _YEAR.sub(" ", _SPACED.sub(r"\1\2", _AMOUNT.sub(" ", low)))
    found = [Typed(match[2], year) for match in _NUMBER.finditer(bare) if _is_code(match, bare)]
    if found:
        return found
    letter = _LETTER.search(text) or re.fullmatch(r"\s*([A-Va-v])\s*", text)
    return [Typed(letter[1].upper(), year)] if letter else []


def _is_code(match: re.Match[str], text: str) -> bool:
    """Five digits always; fewer or more only with "kbli" or a letter before them, or nearly alone."""
    if len(match[2]) == 5 or match[1] or _ANNOUNCED.search(text[max(0, match.start() - _BEFORE) : match.start()]):
        return True
    return len(text) <= _ALONE and len(re.sub(r"[^a-z]+", " ", text.replace(match[0], " ")).split()) <= 2


def look_up(typed: Typed, classification: Classification | None = None) -> Lookup:
    """What `typed` is, in the imported classification or else in the table of everyday trades."""
    value = typed.value
    if value.isalpha():
        return Lookup("letter", value)
    if len(value) > 5:
        near = _known(value[:5], classification) if len(value) <= LONGEST else ()
        return Lookup("digits", value, near=near)
    if len(value) < 5:
        return Lookup("group", value, near=_beginning(value, classification))
    entry, old = _entry(value, classification), _old(value, classification)
    if typed.edition == 2020:
        return _as_old(value, old, classification)
    if entry and old and typed.edition is None and not _same(value, classification):
        return Lookup("both", value, entry, old, heirs=_heirs(value, classification))
    if entry:
        return Lookup("current", value, entry, was=was_of(value, classification))
    if old or typed.edition is None:
        return _as_old(value, old, classification)
    return _absent(value, classification)


def was_of(code: str, classification: Classification | None = None) -> tuple[str, ...]:
    """The nearest codes of 2020 of a code of 2025: those of the table, else those of the imported links."""
    words = get_table().codes.get(code)
    if words:
        return tuple(words.was)
    return tuple(classification.ancestors(code)[:2]) if classification else ()


def _entry(code: str, classification: Classification | None) -> Entry | None:
    if classification and code in classification.codes:
        return classification.codes[code]
    words = get_table().codes.get(code)
    return Entry(code, words.title, words.when) if words and not (classification and classification.codes) else None


def _old(code: str, classification: Classification | None) -> Entry | None:
    if classification and classification.codes_2020:
        return classification.codes_2020.get(code)
    if classification and code in classification.links:
        return Entry(code, "")
    return Entry(code, "") if code in _table_heirs() else None


def _same(code: str, classification: Classification | None) -> bool:
    """The number means the same in both editions."""
    if classification and classification.links:
        return classification.links.get(code, {}).get(code) is False
    words = get_table().codes.get(code)
    return words is not None and code in words.was


@lru_cache
def _table_heirs() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, words in get_table().codes.items():
        for old in words.was:
            found.setdefault(old, []).append(code)
    return found


def _heirs(code: str, classification: Classification | None) -> tuple[Heir, ...]:
    if classification and classification.links:
        return tuple(classification.heirs(code))
    words = get_table().codes
    return tuple(Heir(Entry(one, words[one].title), False) for one in _table_heirs().get(code, []))


def _as_old(code: str, old: Entry | None, classification: Classification | None) -> Lookup:
    heirs = _heirs(code, classification)
    if old is None and not heirs:
        return _absent(code, classification)
    return Lookup("old", code, old=old, heirs=heirs)


def _absent(code: str, classification: Classification | None) -> Lookup:
    whole = classification is not None and bool(classification.codes)
    near = next((found for size in (4, 3) if (found := _beginning(code[:size], classification))), ())
    return Lookup("missing" if whole else "unsure", code, near=near)


def _known(code: str, classification: Classification | None) -> tuple[Entry, ...]:
    entry = _entry(code, classification)
    return (entry,) if entry else ()


def _beginning(digits: str, classification: Classification | None) -> tuple[Entry, ...]:
    if classification and classification.codes:
        found = [one for code, one in sorted(classification.codes.items()) if code.startswith(digits)]
    else:
        words = sorted(get_table().codes.items())
        found = [Entry(code, one.title) for code, one in words if code.startswith(digits)]
    return tuple(found)


def everyday_title(entry: Entry) -> str:
    """Its title in everyday words, where the table has them."""
    words = get_table().codes.get(entry.code)
    return words.title if words else plain_title(entry.title)
