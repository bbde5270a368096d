"""The heading of a table, its columns' meanings, and the lines below it that are no rows.

Offices' lists begin with titles, have headings of two rows with merged cells, rows of column numbers, sums, and end
with who signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

LOOKED_AT = 40  # lines in which a heading is looked for
_NUMBERING = re.compile(r"\(?(\d{1,2})\)?\.?")
_CLOSING = re.compile(
    r"(?:sub ?total|grand total|total|jumlah|jml|rekap(?:itulasi)?|mengetahui|menyetujui|diketahui|disetujui"
    r"|kepala(?: (?:dinas|dpmptsp|dpmptspnaker|bidang|seksi|kantor|badan|sub|upt).*)?|plt|plh|a n kepala|an kepala|nip"
    r"|catatan|sumber|dicetak|ttd|dibuat oleh|operator|petugas|keterangan|ket)\b"
)


@dataclass(frozen=True, slots=True)
class Titled:
    """A column: where it stands, its title, the key of the title, our name of it or "", how sure that is (0 best)."""

    place: int
    title: str
    key: str
    name: str
    rank: int = 0


@dataclass(slots=True)
class Heading:
    """The heading of a table, on one or two lines up to `last_line`. `twice`: name, title of a second one as sure."""

    line: int
    last_line: int
    columns: list[Titled]
    texts: list[str]
    twice: list[tuple[str, str]] = field(default_factory=list)

    @property
    def names(self) -> dict[str, int]:
        return {one.name: one.place for one in self.columns if one.name}

    @property
    def weight(self) -> tuple[int, int]:
        words = sum(1 for one in self.columns if re.search(r"[^\W\d]", one.title) and len(one.title) < 60)
        return len(self.names), words

    def better(self, other: Heading) -> bool:
        return self.weight > other.weight if self.names or other.names else False


def key_of(title: str) -> str:
    """A title without case, blanks and punctuation: "No. Berkas" is no_berkas."""
    return re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")


def find(
    lines: Iterator[tuple[int, list[str]]], columns: Mapping[str, Sequence[str]], chosen: Mapping[str, str]
) -> Heading | None:
    """The likeliest heading among the first lines: that with most known columns, else that with most words."""
    first = [line for line, _ in zip(lines, range(LOOKED_AT), strict=False)]
    meanings = _meanings(columns)
    best: Heading | None = None
    for number, (line, texts) in enumerate(first):
        below = first[number + 1] if number + 1 < len(first) else None
        found = [_heading(line, line, [(one, one) for one in texts], meanings, chosen, texts)]
        if below and not is_numbering(below[1]) and len(list(filter(None, texts))) > 1:  # one alone is a list's title
            titles = _joined(texts, below[1])
            found.append(_heading(line, below[0], titles, meanings, chosen, texts))
        for one in found:
            if best is None or (one.names and one.better(best)) or (not best.names and _wordier(one, best)):
                best = one
    return best


def _wordier(one: Heading, other: Heading) -> bool:
    return one.line == one.last_line and one.weight > other.weight


def _meanings(columns: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, int]]:
    """Key of a title -> our name, and its place in the list of names, the surest first."""
    found: dict[str, tuple[str, int]] = {}
    for name, aliases in columns.items():
        for rank, alias in enumerate(aliases if name in aliases else (name, *aliases)):
            found[alias] = (name, rank)
    return found


def _joined(above: Sequence[str], below: Sequence[str]) -> list[tuple[str, str]]:
    """Titles of two lines: (whole, its lower part). A merged cell above reaches over the blanks to its right."""
    titles, group = [], ""
    for place in range(max(len(above), len(below))):
        upper = above[place] if place < len(above) else ""
        lower = below[place] if place < len(below) else ""
        group = upper or (group if lower else "")
        if lower:
            titles.append((f"{group} / {lower}" if group else lower, lower))
        else:
            titles.append((upper, upper))
    return titles


def _heading(
    line: int,
    last: int,
    titles: Sequence[tuple[str, str]],
    meanings: Mapping[str, tuple[str, int]],
    chosen: Mapping[str, str],
    texts: list[str],
) -> Heading:
    found: list[Titled] = []
    seen: dict[str, int] = {}
    for place, (title, lower) in enumerate(titles):
        if not title:
            continue
        key = key_of(title) or f"kolom_{place + 1}"
        seen[key] = seen.get(key, 0) + 1
        key = key if seen[key] == 1 else f"{key}_{seen[key]}"
        if key in chosen:
            found.append(Titled(place, title, key, chosen[key], -1))
            continue
        name, rank = meanings.get(key_of(title)) or meanings.get(key_of(lower)) or ("", 0)
        found.append(Titled(place, title, key, name, rank))
    return _settled(Heading(line, last, found, texts))


def _settled(heading: Heading) -> Heading:
    """Of several columns that mean the same, the surest counts."""
    best: dict[str, Titled] = {}
    for one in heading.columns:
        if one.name and (one.name not in best or one.rank < best[one.name].rank):
            best[one.name] = one
    for one in heading.columns:
        if one.name and best[one.name] is not one and one.rank == best[one.name].rank:
            heading.twice.append((one.name, one.title))
    heading.columns = [
        one if not one.name or best[one.name] is one else Titled(one.place, one.title, one.key, "")
        for one in heading.columns
    ]
    return heading


def is_numbering(texts: Sequence[str]) -> bool:
    """A line that numbers the columns: 1, 2, 3 or (1), (2), (3)."""
    found = [_NUMBERING.fullmatch(one) for one in texts if one]
    numbers = [int(one[1]) for one in found if one]
    return len(numbers) == len(found) >= 3 and all(b - a == 1 for a, b in pairwise(numbers))


class Body:
    """The lines below a heading."""

    def __init__(self, heading: Heading, required: Sequence[str]) -> None:
        self._heading = heading
        self._places = heading.names
        self._required = [self._places[name] for name in required if name in self._places]
        self._complete = len(self._required) == len(required)
        self._again = [one.casefold() for one in heading.texts]
        self._closed = False

    def values(self, texts: Sequence[str]) -> dict[str, str]:
        return {name: texts[place] for name, place in self._places.items() if place < len(texts)}

    def leaves_out(self, texts: Sequence[str]) -> bool:
        """Whether a line is no row: the heading once more, column numbers, a section's title, a sum, who signs."""
        written = [one for one in texts if one]
        if len(written) == 1 or is_numbering(texts):
            return True
        if [one.casefold() for one in texts[: len(self._again)]] == self._again:
            return True
        full = sum(1 for place in self._required if place < len(texts) and texts[place])
        if full >= 2:
            return self._closed and len(written) <= 3 and full < len(self._required)
        words = next((one for one in written if not one.isdecimal()), "").casefold()
        if _CLOSING.match(" ".join(re.findall(r"\w+", words))):
            self._closed = True
            return True
        known = any(place < len(texts) and texts[place] for place in self._places.values())
        return (self._complete and not known) or (self._closed and len(written) <= 3)
